"""Each kind of aspect by a worked example (marking.md §1), and what has no mark."""

import pytest

from competitions.rules.standings import standings
from tests.builders.bundles import TWO, a_bundle

POINTS = {"id": "A1", "kind": "points", "max": "10"}
MEASURED = {"id": "A1", "kind": "measurement", "max": "2"}
JUDGED = {"id": "A1", "kind": "judgement", "max": "3"}
PANEL = {"id": "A1", "kind": "panel", "max": "10"}
GATE = {"id": "G", "kind": "gate", "zeroes": ["A1"]}
FIVE = {"drop_highest": 1, "drop_lowest": 1, "min_remaining": 3, "round": TWO}


def counted(aspect, *said, rules=None):
    """The mark of 001 for what J1, J2, … said, or the codes of the problems."""
    marks = [("A1", "001", f"J{at}", text) for at, text in enumerate(said, start=1)]
    found = standings(a_bundle(aspect, marks=marks, codes="001", rules=rules or {}))
    if found["problems"]:
        return [problem["code"] for problem in found["problems"]]
    return found["standings"][0]["modules"]["A"]


def calculated(**how):
    return MEASURED | {"calculation": how}


class TestPoints:
    def test_are_the_value(self):
        assert counted(POINTS, "8.25") == "8.25"

    def test_agree_when_several_judges_give_the_same(self):
        assert counted(POINTS, "8.5", "8.50") == "8.5"

    @pytest.mark.parametrize("said", ["0", "10", "10.0000"])
    def test_take_both_ends(self, said):
        assert counted(POINTS, said) == said.rstrip("0").rstrip(".") or "0"

    @pytest.mark.parametrize(
        ("said", "problem"),
        [
            (["8.25", "8.24"], "contradictory"),
            (["10.0001"], "value"),
            (["-1"], "value"),
            (["missing"], "value"),
            ([], "incomplete"),
        ],
    )
    def test_refuse(self, said, problem):
        assert counted(POINTS, *said) == [problem]


class TestMeasurement:
    @pytest.mark.parametrize(("said", "mark"), [("1", "2"), ("0", "0"), ("1.0", "2")])
    def test_is_all_or_nothing(self, said, mark):
        assert counted(calculated(kind="yes_no"), said) == mark

    @pytest.mark.parametrize(
        ("errors", "mark"), [("0", "2"), ("3", "1.25"), ("8", "0"), ("99", "0")]
    )
    def test_deducts_for_each_error_down_to_nothing(self, errors, mark):
        assert counted(calculated(kind="deduct", per_error="0.25"), errors) == mark

    @pytest.mark.parametrize(
        ("measured", "mark"),
        [
            ("100", "2"),
            ("100.5", "2"),
            ("99.5", "2"),
            ("100.5001", "1"),
            ("101", "1"),
            ("99", "1"),
            ("101.0001", "0"),
            ("-5", "0"),
        ],
    )
    def test_takes_the_first_band_that_holds_inclusive(self, measured, mark):
        bands = [{"within": "0.5", "mark": "2"}, {"within": "1", "mark": "1"}]

        assert counted(calculated(kind="bands", nominal="100", bands=bands), measured) == mark

    @pytest.mark.parametrize(
        ("how", "said"),
        [
            ({"kind": "yes_no"}, "2"),
            ({"kind": "yes_no"}, "0.5"),
            ({"kind": "deduct", "per_error": "1"}, "1.5"),
            ({"kind": "deduct", "per_error": "1"}, "-1"),
        ],
    )
    def test_refuses_what_it_cannot_count(self, how, said):
        assert counted(calculated(**how), said) == ["value"]


class TestJudgement:
    @pytest.mark.parametrize(
        ("said", "mark"),
        [
            (["2", "2", "3"], "7/3"),
            (["3", "3", "3"], "3"),
            (["0", "0", "1"], "1/3"),
            (["0", "0", "0"], "0"),
            (["1", "2", "1", "2"], "1.5"),
            (["2", "3", "3", "missing"], "8/3"),
        ],
    )
    def test_is_the_maximum_times_the_mean_over_three(self, said, mark):
        assert counted(JUDGED, *said) == mark

    def test_is_invalid_beyond_the_spread(self):
        assert counted(JUDGED, "1", "2", "3") == ["spread"]
        assert counted(JUDGED, "1", "2", "3", rules={"judgement": {"max_spread": 2}}) == "2"

    def test_needs_three_judges_unless_the_rule_set_says_otherwise(self):
        assert counted(JUDGED, "2", "2") == ["incomplete"]
        assert counted(JUDGED, "2", "2", "missing") == ["incomplete"]
        two = {"judgement": {"max_spread": 1, "min_judges": 2}}
        assert counted(JUDGED, "2", "2", rules=two) == "2"

    @pytest.mark.parametrize("said", ["4", "1.5", "-1"])
    def test_takes_only_its_four_steps(self, said):
        assert counted(JUDGED, said, "2", "2")[0] == "value"


class TestPanel:
    def test_drops_the_highest_and_the_lowest_of_five(self):
        assert counted(PANEL, "8.25", "9", "7", "8.5", "8.6", rules={"panel": FIVE}) == "8.45"

    def test_rounds_the_mean(self):
        assert (
            counted(
                PANEL, "8", "9", "9", rules={"panel": FIVE | {"drop_highest": 0, "drop_lowest": 0}}
            )
            == "8.67"
        )

    def test_never_counts_or_drops_a_missing_value(self):
        """8, 9, 9, 10 are given: 8 and 10 go, 9 stays; the missing value is none of them."""
        rules = {"panel": FIVE | {"min_remaining": 2}}

        assert counted(PANEL, "missing", "8", "9", "9", "10", rules=rules) == "9"

    def test_is_incomplete_with_too_few_left_after_the_drops(self):
        assert counted(PANEL, "8", "9", "9", "10", rules={"panel": FIVE}) == ["incomplete"]
        assert counted(PANEL, "8", "9", "9", "10", "missing", rules={"panel": FIVE}) == [
            "incomplete"
        ]

    def test_rounds_before_and_after_its_factor(self):
        """26/3 = 8.666…, rounded 8.67, times 0.85 = 7.3695, rounded 7.37."""
        rules = {"panel": FIVE | {"drop_highest": 0, "drop_lowest": 0}, "factored": {"round": TWO}}

        assert counted(PANEL | {"factor": "0.85"}, "8", "9", "9", rules=rules) == "7.37"

    def test_of_exact_rules_keeps_the_fraction(self):
        """26/3 x 0.85 = 221/30."""
        assert counted(PANEL | {"factor": "0.85"}, "8", "9", "9") == "221/30"

    def test_rounds_its_product_even_without_a_factor(self):
        rules = {"factored": {"round": {"decimals": 1, "mode": "down"}}}

        assert counted(PANEL, "8.25", "8.26", rules=rules) == "8.2"


class TestAspectRounding:
    @pytest.mark.parametrize(
        ("aspect", "said", "mark"),
        [
            (JUDGED, ["2", "2", "3"], "2.3"),
            (PANEL, ["8", "9", "9"], "8.6"),
            (POINTS, ["8.25"], "8.2"),
        ],
    )
    def test_comes_after_every_kind(self, aspect, said, mark):
        rules = {"aspect": {"round": {"decimals": 1, "mode": "down"}}}

        assert counted(aspect, *said, rules=rules) == mark


class TestNotAttempted:
    @pytest.mark.parametrize("aspect", [POINTS, MEASURED, JUDGED, PANEL])
    def test_counts_nothing_as_the_only_record(self, aspect):
        assert counted(aspect, "not_attempted", rules={"panel": FIVE}) == "0"

    @pytest.mark.parametrize("beside", ["1", "not_attempted", "missing"])
    def test_contradicts_every_other_record(self, beside):
        assert counted(PANEL, "not_attempted", beside) == ["contradictory"]


class TestGate:
    def gated(self, said, *marks, gate=None):
        found = standings(
            a_bundle(
                POINTS,
                {"id": "A2", "kind": "points", "max": "5"},
                gate or GATE,
                marks=[("A2", "001", "J1", "5"), ("G", "001", "J1", said), *marks],
            )
        )
        return [problem["code"] for problem in found["problems"]] or found["standings"][0][
            "modules"
        ]["A"]

    def test_that_holds_has_no_mark_of_its_own(self):
        assert self.gated("1", ("A1", "001", "J1", "8")) == "13"

    def test_that_fails_sets_what_it_names_to_nothing(self):
        assert self.gated("0", ("A1", "001", "J1", "8")) == "5"

    def test_that_fails_needs_no_mark_there(self):
        assert self.gated("0") == "5"
        assert self.gated("1") == ["incomplete"]

    def test_that_was_not_attempted_counts_0_and_fails(self):
        assert self.gated("not_attempted") == "5"

    def test_may_not_be_missing_or_half(self):
        assert self.gated("missing", ("A1", "001", "J1", "8")) == ["value"]
        assert self.gated("0.5", ("A1", "001", "J1", "8")) == ["value"]

    def test_reaches_into_other_modules(self):
        bundle = a_bundle(GATE, marks=[("G", "001", "J1", "0")])
        bundle["modules"].append({"id": "B", "name": "理论", "aspects": [POINTS]})

        assert standings(bundle)["standings"][0]["modules"] == {"A": "0", "B": "0"}

    def test_may_close_another_gate(self):
        closed = {"id": "H", "kind": "gate", "zeroes": ["A1"]}
        bundle = a_bundle(
            POINTS,
            closed,
            GATE | {"zeroes": ["H"]},
            marks=[("A1", "001", "J1", "8"), ("H", "001", "J1", "1"), ("G", "001", "J1", "0")],
        )

        assert standings(bundle)["standings"][0]["total"] == "0"

    @pytest.mark.parametrize("zeroes", [["nowhere"], ["G"]])
    def test_that_points_nowhere_is_refused(self, zeroes):
        assert "gate" in self.gated("1", gate=GATE | {"zeroes": zeroes})
