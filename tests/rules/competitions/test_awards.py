"""Places into awards (marking.md §5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.awards import award_word
from competitions.rules.standings import standings
from tests.builders.bundles import a_field

TEN = [95, 90, 85, 80, 75, 70, 65, 60, 55, 50]


def given_awards(values, awards, ties="shared", **rules):
    """The awards in the order of the values."""
    ranking = {"by": "total", "tie_break": [], "ties": ties}
    found = standings(a_field(values, rules={"ranking": ranking, "awards": awards} | rules))
    assert not found["problems"], found["problems"]
    return [line["award"] for line in sorted(found["standings"], key=lambda line: line["code"])]


def tiers(values, *given, ties="shared"):
    return given_awards(values, {"kind": "tiers", "tiers": list(given)}, ties)


def medals(values, tau=2, medallion=700):
    awards = {"kind": "worldskills", "tie_threshold": tau, "medallion_from": medallion}
    short = {"gold": "G", "silver": "S", "bronze": "B", "medallion": "m", None: "-"}
    return "".join(short[award] for award in given_awards(values, awards))


def rank(label, to, **more):
    return {"label": label, "basis": "rank", "to": to} | more


def percent(label, to, mode="up", **more):
    return {"label": label, "basis": "percent_of_field", "to": to, "round": mode} | more


def fraction(label, to, mode="down", **more):
    return {"label": label, "basis": "fraction_of_field", "to": to, "round": mode} | more


def score(label, least, **more):
    return {"label": label, "basis": "score", "from": least} | more


MEDALS = (rank("金", 1), rank("银", 2), rank("铜", 3))
SHARES = (percent("一", "10"), percent("二", "20"), percent("三", "30"))


class TestRankTiers:
    def test_give_one_of_each_without_ties(self):
        assert tiers(TEN[:5], *MEDALS) == ["金", "银", "铜", None, None]

    def test_take_in_a_shared_rank_at_the_edge(self):
        assert tiers([90, 90, 80, 70], *MEDALS) == ["金", "金", "铜", None]
        assert tiers([95, 90, 90, 80], *MEDALS) == ["金", "银", "银", None]
        assert tiers([95, 90, 80, 80, 80], *MEDALS) == ["金", "银", "铜", "铜", "铜"]

    def test_reach_to_an_absolute_place(self):
        assert tiers(TEN[:6], rank("一", 1), rank("二", 3), rank("三", 5)) == [
            "一",
            "二",
            "二",
            "三",
            "三",
            None,
        ]


class TestFractionTiers:
    def test_reach_to_that_part_of_the_field_after_the_medals(self):
        """优胜奖 to the first half: 10 entries, places 4 and 5."""
        assert tiers(TEN, *MEDALS, fraction("优", "1/2"))[3:] == [
            "优",
            "优",
            None,
            None,
            None,
            None,
            None,
        ]

    @pytest.mark.parametrize(("mode", "last"), [("down", 4), ("up", 5), ("half_up", 5)])
    def test_round_as_they_say(self, mode, last):
        assert tiers(TEN[:9], fraction("优", "1/2", mode)).count("优") == last


class TestPercentTiers:
    def test_take_their_share_from_the_first_open_rank(self):
        assert tiers(TEN, *SHARES) == ["一", "二", "二", "三", "三", "三", None, None, None, None]

    @pytest.mark.parametrize(("mode", "count"), [("up", 2), ("down", 1), ("half_up", 1)])
    def test_round_their_share(self, mode, count):
        assert tiers(TEN, percent("一", "12.5", mode)).count("一") == count

    def test_round_half_up(self):
        assert tiers(TEN, percent("一", "15", "half_up")).count("一") == 2

    def test_count_on_after_a_shared_rank(self):
        """Two share rank 1; the next 20 % starts at rank 3."""
        assert tiers([95, 95, *TEN[2:]], *SHARES)[:8] == [
            "一",
            "一",
            "二",
            "二",
            "三",
            "三",
            "三",
            None,
        ]

    def test_count_only_who_competed(self):
        bundle = a_field(TEN, rules={"awards": {"kind": "tiers", "tiers": [percent("一", "50")]}})
        for entry in bundle["entries"][6:]:
            entry["status"] = "absent"

        found = standings(bundle)["standings"]

        assert [line["award"] for line in found].count("一") == 3


class TestScoreTiers:
    def test_give_levels_by_score(self):
        """County craft: thresholds give levels."""
        assert tiers([92, 85, 84, 60, 59], score("高", "85"), score("中", "60")) == [
            "高",
            "高",
            "中",
            "中",
            None,
        ]

    def test_see_the_value_that_ranks(self):
        rules = {
            "scale": {"kind": "worldskills", "centre": 700, "spread": 30},
            "ranking": {"by": "scale", "tie_break": [], "ties": "shared"},
            "awards": {"kind": "tiers", "tiers": [score("优", "700")]},
        }

        found = standings(a_field([80, 60, 40], rules=rules))["standings"]

        assert [line["award"] for line in found] == ["优", "优", None]


class TestConditions:
    def test_of_a_least_score_leave_the_rank_to_a_later_tier(self):
        given = tiers([95, 59, 58], rank("金", 1), rank("银", 2, min_score="60"), score("参", "0"))

        assert given == ["金", "参", "参"]

    def test_of_a_least_score_let_shares_start_at_the_first_open_rank(self):
        """Rank 2 missed the gold; the 20 % of 5 starts there."""
        assert tiers([95, 90, 85, 80, 75], rank("金", 2, min_score="92"), percent("银", "20")) == [
            "金",
            "银",
            None,
            None,
            None,
        ]

    @pytest.mark.parametrize(
        ("field", "expected"),
        [
            (6, ["金", "银", "铜"]),
            (5, ["金", "银", None]),
            (4, ["金", None, None]),
            (3, [None, None, None]),
        ],
    )
    def test_of_a_least_field_make_tiers_come_and_go(self, field, expected):
        """Six or more: three medals; five: two; four: gold; three or fewer: not held."""
        given = tiers(
            TEN[:field],
            rank("金", 1, field_at_least=4),
            rank("银", 2, field_at_least=5),
            rank("铜", 3, field_at_least=6),
        )

        assert given[:3] == expected


class TestUndecided:
    def test_get_nothing_and_use_up_their_places(self):
        assert tiers([90, 90, 80, 70], *MEDALS, ties="forbidden") == [None, None, "铜", None]

    def test_leave_others_what_they_have(self):
        assert tiers([95, 90, 90, 80], *MEDALS, score("参", "0"), ties="forbidden") == [
            "金",
            None,
            None,
            "参",
        ]

    def test_of_medals_too(self):
        awards = {"kind": "worldskills", "tie_threshold": 0, "medallion_from": 0}

        assert given_awards([90, 90, 80, 70], awards, "forbidden") == [
            None,
            None,
            "bronze",
            "medallion",
        ]


class TestMedals:
    @pytest.mark.parametrize(
        ("values", "given"),
        [
            ([540, 539, 538, 536], "GGGB"),  # the example of marking.md §5
            ([540, 539, 538, 535], "GGG-"),  # three golds, the next too far: no bronze
            ([540, 539, 538, 537], "GGGB"),  # not chained: 537 is 3 from the first
            ([540, 540, 540, 540, 538], "GGGGG"),
            ([540, 539, 536, 535, 533], "GGBB-"),  # two golds: no silver, then bronze
            ([540, 538, 500, 498, 497], "GGBB-"),  # … however far
            ([540, 537, 534, 531], "GSB-"),
            ([540, 537, 535, 533], "GSSB"),  # one gold, two silvers, bronze within 2 of the last
            ([540, 537, 535, 532], "GSS-"),  # … and not beyond
            ([540, 537, 536, 535, 534], "GSSSB"),
            ([540, 537, 534, 533, 532, 531], "GSBBB-"),
            ([540], "G"),
            ([540, 539], "GG"),
            ([540, 500], "GS"),
        ],
    )
    def test_tie_within_tau_of_their_first_holder(self, values, given):
        assert medals(values) == given

    def test_without_tolerance_tie_only_when_equal(self):
        assert medals([540, 540, 539, 538], tau=0) == "GGB-"
        assert medals([540, 539, 538, 537], tau=0) == "GSB-"
        assert medals([540, 540, 540, 539], tau=0) == "GGG-"
        assert medals([540, 539, 539, 538], tau=0) == "GSS-"

    def test_of_a_lone_bronze_tie_too(self):
        """Three golds, a bronze within tau of the last, and one within tau of that bronze."""
        assert medals([540, 539, 538, 536, 534, 533]) == "GGGBB-"

    def test_leave_a_medallion_to_the_rest_from_a_value_on(self):
        assert medals([760, 740, 720, 701, 700, "699.9999"]) == "GSBmm-"

    def test_do_not_see_tie_keys(self):
        bundle = a_field([540, 540, 530, 520], times=[{"code": "001", "module": "A", "seconds": 1}])
        key = {"key": "time", "module": "A", "order": "ascending"}
        bundle["rule_set"]["ranking"] = {"by": "total", "tie_break": [key], "ties": "shared"}
        bundle["rule_set"]["awards"] = {
            "kind": "worldskills",
            "tie_threshold": 0,
            "medallion_from": 700,
        }

        found = standings(bundle)["standings"]

        assert [line["rank"] for line in found] == [1, 2, 3, 4]
        assert [line["award"] for line in found] == ["gold", "gold", "bronze", None]

    @given(st.lists(st.integers(480, 540), max_size=10), st.integers(0, 3))
    def test_are_never_passed_by_somebody_better_without_one(self, values, tau):
        order = "GSBm-"
        ordered = sorted(values, reverse=True)

        found = [order.index(letter) for letter in medals(ordered, tau, 500)]

        assert found == sorted(found)


class TestQuota:
    @given(st.lists(st.integers(0, 15), min_size=1, max_size=20), st.integers(1, 8))
    def test_is_passed_only_by_a_shared_rank_at_the_edge(self, values, to):
        given = tiers(values, rank("金", to))

        winners = [value for value, award in zip(values, given, strict=True) if award]
        above_the_edge = [value for value in winners if value > min(winners)]
        assert len(above_the_edge) < to
        assert len(winners) >= min(to, len(values))

    @given(st.lists(st.integers(0, 15), min_size=1, max_size=20))
    def test_never_leaves_a_better_entry_with_a_lesser_tier(self, values):
        order = ["一", "二", "三", None]
        pairs = sorted(zip(values, tiers(values, *SHARES), strict=True), key=lambda pair: -pair[0])

        found = [order.index(award) for _, award in pairs]

        assert found == sorted(found)


@pytest.mark.parametrize(
    ("award", "word"), [("gold", "金牌"), ("优胜奖", "优胜奖"), ("", ""), (None, "")]
)
def test_an_award_has_its_word(award, word):
    assert award_word(award) == word
