"""Order, ties and the scale (marking.md §3 and §4), with the two tie rules of domain.md C6."""

from fractions import Fraction
from math import floor
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.standings import standings
from tests.builders.bundles import TWO, a_bundle, a_field

FORBIDDEN = {"ranking": {"by": "total", "tie_break": [], "ties": "forbidden"}}
SCALE = {"kind": "worldskills", "centre": 700, "spread": 30}


def lines(bundle):
    found = standings(bundle)
    assert not found["problems"], found["problems"]
    return found["standings"]


def ranks(bundle):
    return {line["code"]: line["rank"] for line in lines(bundle)}


class TestTies:
    def test_share_a_rank_and_use_up_the_next(self):
        assert ranks(a_field([90, 80, 80, 70])) == {"001": 1, "002": 2, "003": 2, "004": 4}

    def test_are_undecided_where_they_are_forbidden(self):
        found = lines(a_field([80, 90, 90], rules=FORBIDDEN))

        assert [(line["code"], line["rank"], line["undecided"]) for line in found] == [
            ("002", None, True),
            ("003", None, True),
            ("001", 3, False),
        ]

    def test_are_decided_by_the_totals_as_rounded(self):
        assert ranks(a_field(["80.004", "80"], rules={"total": {"round": TWO}})) == {
            "001": 1,
            "002": 1,
        }

    def test_stand_by_code_within_a_rank(self):
        bundle = a_field([80, 80, 80])
        bundle["entries"].reverse()

        assert [line["code"] for line in lines(bundle)] == ["001", "002", "003"]


class TestTieKeys:
    """One full rule of the field: practical time, practical score, theory score, shared rank."""

    KEYS = (
        {"key": "time", "module": "B", "order": "ascending"},
        {"key": "module", "module": "B", "order": "descending"},
        {"key": "module", "module": "A", "order": "descending"},
    )

    def bundle(self, *entries, keys=KEYS, **parts):
        """Entries 001, 002, … as (theory, practice, seconds of practice or None)."""
        marks, times = [], []
        for at, (theory, practice, seconds) in enumerate(entries, start=1):
            code = f"{at:03d}"
            marks += [("A1", code, "J1", theory), ("B1", code, "J1", practice)]
            if seconds is not None:
                times.append({"code": code, "module": "B", "seconds": seconds})
        found = a_bundle(
            {"id": "A1", "kind": "points", "max": "100"},
            marks=marks,
            times=times,
            rules={"ranking": {"by": "total", "tie_break": list(keys), "ties": "shared"}},
            **parts,
        )
        found["modules"].append(
            {"id": "B", "name": "实操", "aspects": [{"id": "B1", "kind": "points", "max": "100"}]}
        )
        return found

    def test_take_the_total_first(self):
        assert ranks(self.bundle(("10", "70", 9000), ("10", "69", 1))) == {"001": 1, "002": 2}

    def test_then_the_shorter_time(self):
        assert ranks(self.bundle(("10", "70", 9120), ("11", "69", 9000))) == {"001": 2, "002": 1}

    def test_then_the_practical_score(self):
        assert ranks(self.bundle(("11", "69", 9000), ("10", "70", 9000))) == {"001": 2, "002": 1}

    def test_then_share(self):
        assert ranks(self.bundle(("10", "70", 9000), ("10", "70", 9000))) == {"001": 1, "002": 1}

    @pytest.mark.parametrize("order", ["ascending", "descending"])
    def test_sort_an_entry_without_the_time_last(self, order):
        keys = [{"key": "time", "module": "B", "order": order}]

        assert ranks(self.bundle(("10", "70", None), ("10", "70", 0), keys=keys)) == {
            "001": 2,
            "002": 1,
        }

    def test_may_be_an_aspect(self):
        keys = [{"key": "aspect", "aspect": "A1", "order": "descending"}]

        assert ranks(self.bundle(("10", "70", None), ("11", "69", None), keys=keys)) == {
            "001": 2,
            "002": 1,
        }

    def test_may_be_the_deductions(self):
        keys = [{"key": "deductions", "order": "ascending"}]
        bundle = self.bundle(("10", "71", None), ("10", "70", None), keys=keys)
        bundle["deductions"] = [{"code": "001", "module": "B", "points": "1"}]

        assert ranks(bundle) == {"001": 2, "002": 1}

    @pytest.mark.parametrize(
        "key",
        [
            {"key": "time", "module": "Z", "order": "ascending"},
            {"key": "module", "module": "Z", "order": "ascending"},
            {"key": "aspect", "aspect": "Z", "order": "ascending"},
        ],
    )
    def test_that_name_nothing_are_refused(self, key):
        found = standings(self.bundle(("10", "70", None), keys=[key]))

        assert [problem["code"] for problem in found["problems"]] == ["unknown"]


class TestNoTiesAllowed:
    """domain.md C6: ranks may not tie; the chief judge decides, never the system."""

    def test_leaves_everybody_else_at_their_place(self):
        found = lines(a_field([95, 90, 90, 90, 60], rules=FORBIDDEN))

        assert [line["rank"] for line in found] == [1, None, None, None, 5]
        assert [line["undecided"] for line in found] == [False, True, True, True, False]

    def test_is_content_with_a_tie_key_that_parts_them(self):
        bundle = a_field([90, 90], times=[{"code": "002", "module": "A", "seconds": 5}])
        key = {"key": "time", "module": "A", "order": "ascending"}
        bundle["rule_set"]["ranking"] = {"by": "total", "tie_break": [key], "ties": "forbidden"}

        assert ranks(bundle) == {"001": 2, "002": 1}


class TestScale:
    def scaled(self, *values, scale=SCALE, **rules):
        found = lines(a_field(values, rules={"scale": scale} | rules))
        return [line["scale"] for line in sorted(found, key=lambda line: line["code"])]

    def test_centres_on_the_median(self):
        """Median 60, MAD 20: 30 x 20 / (1.4826 x 20) = 20.2 on each side."""
        assert self.scaled(80, 60, 40) == [720, 700, 680]

    def test_takes_the_mean_of_two_middle_values(self):
        """Median 65, deviations 5, 5, 15, 25: MAD 10; 30 x 25 / 14.826 = 50.587."""
        assert self.scaled(90, 70, 60, 50) == [751, 710, 690, 670]

    def test_of_a_field_without_spread_is_the_centre(self):
        assert self.scaled(60, 60, 60, 99) == [700, 700, 700, 700]
        assert self.scaled(60) == [700]

    def test_has_its_centre_and_spread_from_the_rule_set(self):
        assert self.scaled(80, 60, 40, scale=SCALE | {"centre": 500, "spread": "100"}) == [
            567,
            500,
            433,
        ]

    def test_rounds_a_half_up(self):
        """centre 700.5 and MAD 0: 700.5 rounds to 701."""
        assert self.scaled(60, 60, scale=SCALE | {"centre": "700.5"}) == [701, 701]

    def test_leaves_out_who_did_not_compete(self):
        bundle = a_field([80, 60, 40, 0], rules={"scale": SCALE})
        bundle["entries"][3]["status"] = "disqualified"

        assert [line["scale"] for line in lines(bundle)] == [720, 700, 680, None]

    def test_may_rank(self):
        by_scale = {"by": "scale", "tie_break": [], "ties": "shared"}
        close = a_field(["60.01", "60", "20", "100"], rules={"scale": SCALE, "ranking": by_scale})

        assert {line["code"]: (line["scale"], line["rank"]) for line in lines(close)} == {
            "001": (700, 2),
            "002": (700, 2),
            "003": (660, 4),
            "004": (740, 1),
        }

    def test_must_be_there_to_rank(self):
        by_scale = {"by": "scale", "tie_break": [], "ties": "shared"}

        found = standings(a_field([60], rules={"ranking": by_scale}))

        assert [problem["code"] for problem in found["problems"]] == ["ranking"]

    @given(
        st.lists(st.integers(0, 1000), min_size=1, max_size=12), st.sampled_from([700, "512.25"])
    )
    def test_is_the_formula(self, hundredths, centre):
        values = [Fraction(value, 100) for value in hundredths]
        middle = median(values)
        deviation = median(abs(value - middle) for value in values)

        def formula(value):
            away = 30 * (value - middle) / (Fraction("1.4826") * deviation) if deviation else 0
            return floor(Fraction(centre) + away + Fraction(1, 2))

        found = self.scaled(
            *(f"{float(value):.2f}" for value in values), scale=SCALE | {"centre": centre}
        )

        assert found == [formula(value) for value in values]


class TestDecisions:
    """Where ties are forbidden the chief judge parts equals; nobody else's place moves."""

    VALUES = (95, 90, 90, 90, 60)

    def decided(self, *decisions, rules=FORBIDDEN):
        found = standings(a_field(self.VALUES, rules=rules), decisions)["standings"]
        return [(line["code"], line["rank"], line["undecided"]) for line in found]

    def test_give_the_disputed_places_in_their_order(self):
        assert self.decided(["004", "002", "003"]) == [
            ("001", 1, False),
            ("004", 2, False),
            ("002", 3, False),
            ("003", 4, False),
            ("005", 5, False),
        ]

    @pytest.mark.parametrize(
        "decision", [["002", "003"], ["002", "003", "004", "005"], ["001", "005"]]
    )
    def test_of_others_than_the_equals_count_for_nothing(self, decision):
        assert [rank for _, rank, _ in self.decided(decision)] == [1, None, None, None, 5]

    def test_do_not_touch_ranks_that_may_be_shared(self):
        assert [rank for _, rank, _ in self.decided(["004", "002", "003"], rules={})] == [
            1,
            2,
            2,
            2,
            5,
        ]

    def test_carry_the_awards_of_their_places(self):
        tiers = [
            {"label": name, "basis": "rank", "to": at} for at, name in enumerate("金银铜", start=1)
        ]
        bundle = a_field(
            self.VALUES, rules=FORBIDDEN | {"awards": {"kind": "tiers", "tiers": tiers}}
        )

        found = standings(bundle, [["004", "002", "003"]])["standings"]

        assert [line["award"] for line in found] == ["金", "银", "铜", None, None]
