"""Modules and totals: weights, deductions, roundings in their order (marking.md §2)."""

from fractions import Fraction

import msgspec
import pytest

from competitions.rules.bundle import Bundle, Mark
from competitions.rules.standings import standings
from competitions.rules.totals import Counter
from tests.builders.bundles import TWO, a_bundle

HUNDRED = {"id": "A1", "kind": "points", "max": "100"}
DOWN = {"decimals": 1, "mode": "down"}


def line(bundle):
    found = standings(bundle)
    assert not found["problems"], found["problems"]
    return found["standings"][0]


def of_points(value, **parts):
    return a_bundle(HUNDRED, marks=[("A1", "001", "J1", value)], **parts)


class TestWeight:
    def test_scales_the_sum_to_itself(self):
        assert line(of_points("88", module={"weight": "20"}))["modules"] == {"A": "17.6"}

    def test_absent_leaves_the_sum_as_it_is(self):
        assert line(of_points("88"))["modules"] == {"A": "88"}

    def test_counts_a_panels_maximum_times_its_factor(self):
        """Maxima 100 and 10 x 0.8 = 8: 54 of 108 is half of the weight of 30."""
        bundle = a_bundle(
            HUNDRED,
            {"id": "P", "kind": "panel", "max": "10", "factor": "0.8"},
            {"id": "G", "kind": "gate", "zeroes": ["P"]},
            marks=[("A1", "001", "J1", "50"), ("P", "001", "J1", "5"), ("G", "001", "J1", "1")],
            module={"weight": "30"},
        )

        assert line(bundle)["modules"] == {"A": "15"}

    def test_without_points_to_scale_is_refused(self):
        bundle = a_bundle(
            {"id": "G", "kind": "gate", "zeroes": ["H"]},
            {"id": "H", "kind": "gate", "zeroes": ["G"]},
            module={"weight": "30"},
        )

        assert [problem["code"] for problem in standings(bundle)["problems"]] == ["weight"]


class TestDeductions:
    def deducted(self, *points, value="88", **parts):
        deductions = [{"code": "001", "module": "A", "points": text} for text in points]
        return line(of_points(value, deductions=deductions, **parts))

    def test_leave_the_scaled_sum(self):
        assert self.deducted("0.5", module={"weight": "20"})["modules"] == {"A": "17.1"}

    def test_add_up(self):
        assert self.deducted("0.5", "1.25")["total"] == "86.25"

    def test_never_take_a_module_below_0(self):
        assert self.deducted("88.0001")["total"] == "0"
        assert self.deducted("999999", rules={"module": {"round": TWO}})["modules"] == {"A": "0.00"}

    def test_leave_before_the_module_rounds(self):
        """88.06 - 0.03 = 88.03, down to 88.0; rounding first would give 88.0 - 0.03."""
        assert self.deducted("0.03", value="88.06", rules={"module": {"round": DOWN}})[
            "modules"
        ] == {"A": "88.0"}

    @pytest.mark.parametrize("points", ["-1", "1e2", "0.00001"])
    def test_are_plain_and_not_negative(self, points):
        bundle = of_points("88", deductions=[{"code": "001", "module": "A", "points": points}])

        assert [problem["code"] for problem in standings(bundle)["problems"]] == ["number"]


class TestOrder:
    def test_rounds_modules_before_they_are_summed(self):
        """0.05 + 0.05: each module rounds up to 0.1, so the total is 0.2; exact it is 0.1."""
        bundle = a_bundle(HUNDRED, marks=[("A1", "001", "J1", "0.05"), ("B1", "001", "J1", "0.05")])
        bundle["modules"].append({"id": "B", "name": "乙", "aspects": [HUNDRED | {"id": "B1"}]})
        tenths = {"round": {"decimals": 1, "mode": "half_up"}}

        assert line(bundle)["total"] == "0.1"
        bundle["rule_set"]["module"] = tenths
        assert line(bundle)["total"] == "0.2"

    def test_rounds_the_total_last(self):
        rules = {"total": {"round": {"decimals": 1, "mode": "half_even"}}}

        assert line(of_points("88.25", rules=rules))["total"] == "88.2"


class TestOneEntry:
    """A mark's update looks at its own entry only."""

    def test_is_counted_from_its_own_marks(self):
        bundle = msgspec.convert(of_points("88"), Bundle)
        counter = Counter.of(bundle.modules, bundle.rule_set)

        total, problems = counter.total_of_marks("001", bundle.marks, {"A": 5_000})

        assert (total.total, problems) == (Fraction("87.5"), [])

    def test_names_what_is_missing(self):
        bundle = msgspec.convert(of_points("88"), Bundle)
        counter = Counter.of(bundle.modules, bundle.rule_set)

        _, nothing = counter.total_of_marks("001", [])
        _, other = counter.total_of_marks("001", [Mark("B7", "001", "J1", "3")])

        assert [problem.where for problem in nothing] == ["001/A1"]
        assert [problem.code for problem in other] == ["unknown"]
