"""What of a rule set deserves a second look."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.awards import awards
from competitions.rules.ranking import Ranked
from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_set_cautions import cautions_of
from competitions.rules.rule_sets import NATIONAL, PRESETS, WORLDSKILLS, read_rule_set
from competitions.rules.totals import EntryTotal

TIME = {"key": "time", "module": "B", "order": "ascending"}
MODULE = {"key": "module", "module": "B", "order": "descending"}
DEDUCTIONS = {"key": "deductions", "order": "ascending"}


def cautions(document=NATIONAL, **parts):
    """The codes of what is said of a rule set with other parts."""
    rules = read_rule_set(document | parts)
    assert isinstance(rules, RuleSet), rules
    return [item.code for item in cautions_of(rules)]


def a_panel(highest, lowest, left):
    return {"drop_highest": highest, "drop_lowest": lowest, "min_remaining": left, "round": "exact"}


def a_ranking(*keys, by="total", ties="shared"):
    return {"by": by, "tie_break": list(keys), "ties": ties}


def tiers(*given_tiers):
    named = [{"label": f"奖{at}"} | tier for at, tier in enumerate(given_tiers)]
    return {"kind": "tiers", "tiers": named}


def rank(to, **more):
    return {"basis": "rank", "to": to} | more


def percent(to, mode="up", **more):
    return {"basis": "percent_of_field", "to": to, "round": mode} | more


def fraction(to, mode="down", **more):
    return {"basis": "fraction_of_field", "to": to, "round": mode} | more


def score(least, **more):
    return {"basis": "score", "from": least} | more


class TestPresets:
    @pytest.mark.parametrize("code", [code for code in PRESETS if code != "rural-province"])
    def test_say_nothing(self, code):
        assert cautions(PRESETS[code][1]) == []

    def test_of_a_province_name_the_few_tie_keys(self):
        assert cautions(PRESETS["rural-province"][1]) == ["ties"]


class TestPanels:
    @pytest.mark.parametrize(
        ("panel", "codes"),
        [
            ((1, 1, 3), []),
            ((0, 0, 4), []),
            ((1, 1, 4), ["even"]),
            ((2, 1, 4), ["drops"]),
            ((1, 0, 3), ["drops", "even"]),
            ((1, 1, 1), ["few"]),
        ],
    )
    def test_should_be_odd_even_handed_and_three(self, panel, codes):
        assert cautions(panel=a_panel(*panel)) == codes

    def test_say_how_many_judges_there_must_be(self):
        rules = read_rule_set(NATIONAL | {"panel": a_panel(1, 1, 4)})
        assert isinstance(rules, RuleSet)

        assert cautions_of(rules)[0].text.startswith("至少 6 名评委是双数")


class TestJudgements:
    @pytest.mark.parametrize(
        ("spread", "judges", "codes"),
        [(1, 3, []), (1, 2, ["few"]), (2, 3, ["spread"]), (0, 3, ["spread"]), (3, 3, ["spread"])],
    )
    def test_should_be_three_and_lie_close(self, spread, judges, codes):
        assert cautions(judgement={"max_spread": spread, "min_judges": judges}) == codes


class TestScales:
    def test_should_part_and_be_used(self):
        flat = {"kind": "worldskills", "centre": 700, "spread": 0}

        assert cautions(WORLDSKILLS, scale=flat) == ["scale"]
        assert cautions(NATIONAL, scale=flat | {"spread": 30}) == ["scale"]


class TestTies:
    @pytest.mark.parametrize(
        ("ranking", "codes"),
        [
            (a_ranking(), []),
            (a_ranking(ties="forbidden"), ["ties"]),
            (a_ranking(DEDUCTIONS, ties="forbidden"), ["ties"]),
            (a_ranking(TIME, MODULE, ties="forbidden"), []),
            (a_ranking(TIME, TIME), ["ties"]),
            (a_ranking(TIME | {"order": "descending"}), ["order"]),
            (a_ranking(DEDUCTIONS | {"order": "descending"}), ["order"]),
            (a_ranking(MODULE | {"order": "ascending"}), ["order"]),
            (a_ranking({"key": "aspect", "aspect": "B1", "order": "ascending"}), ["order"]),
        ],
    )
    def test_should_be_parted_the_usual_way(self, ranking, codes):
        assert cautions(ranking=ranking) == codes

    def test_come_often_where_totals_are_whole(self):
        whole = {"round": {"decimals": 0, "mode": "half_up"}}

        assert cautions(total=whole) == ["round"]
        assert cautions(total={"round": "exact"}) == []


class TestAwards:
    @pytest.mark.parametrize(
        ("given_tiers", "codes"),
        [
            ((), ["tiers"]),
            ((percent("50"), percent("60")), ["percent"]),
            ((percent("0"),), ["reach"]),
            ((rank(3), rank(3)), ["reach"]),
            ((rank(3), rank(4)), []),
            ((rank(3, min_score="60"), rank(2)), []),
            ((rank(3, min_score="60"), rank(2, min_score="70")), ["reach"]),
            ((rank(3, min_score="60"), rank(2, min_score="50")), []),
            ((rank(3, field_at_least=6), rank(2)), []),
            ((rank(3), rank(2, field_at_least=6)), ["reach"]),
            ((score("60"), score("90")), ["reach"]),
            ((score("90"), score("60")), []),
            ((score("90"), rank(3)), []),
            ((fraction("1/1"), rank(9)), ["reach"]),
            ((percent("100"), score("60")), ["reach"]),
            ((fraction("1/2"), fraction("1/3")), ["reach"]),
            ((fraction("1/2"), fraction("1/3", "up")), []),
            ((fraction("1/2"), percent("10")), []),
            ((rank(3), fraction("1/2")), []),
            ((score("120"),), ["reach"]),
            ((rank(1, min_score="101"),), ["reach"]),
            ((rank(1, label="奖"), rank(2, label="奖")), ["tiers"]),
        ],
    )
    def test_should_be_within_somebody_s_reach(self, given_tiers, codes):
        assert cautions(awards=tiers(*given_tiers)) == codes

    def test_have_their_scores_on_the_value_that_ranks(self):
        by_scale = a_ranking(by="scale")

        assert cautions(WORLDSKILLS, awards=tiers(score("60")), ranking=by_scale) == ["reach"]
        assert cautions(WORLDSKILLS, awards=tiers(score("700")), ranking=by_scale) == []
        medals = {"kind": "worldskills", "tie_threshold": 0, "medallion_from": 700}
        assert cautions(awards=medals) == ["reach"]
        assert cautions(awards={"kind": "none"}) == []


MODES = ["up", "half_up", "down"]
TIERS = st.one_of(
    st.builds(rank, st.integers(1, 12)),
    st.builds(percent, st.sampled_from(["0", "10", "60", "100"]), st.sampled_from(["up", "down"])),
    st.builds(fraction, st.sampled_from(["1/3", "1/2", "1/1"]), st.sampled_from(MODES)),
    st.builds(score, st.sampled_from(["60", "80"])),
    st.builds(lambda to: rank(to, min_score="70", field_at_least=3), st.integers(1, 5)),
)


class TestTiersOutOfReach:
    @given(st.lists(TIERS, min_size=1, max_size=4), st.lists(st.integers(0, 100), max_size=14))
    def test_are_given_to_nobody(self, given_tiers, totals):
        rules = read_rule_set(NATIONAL | {"awards": tiers(*given_tiers)})
        assert isinstance(rules, RuleSet)
        found = [item for item in cautions_of(rules) if item.code == "reach"]
        ordered = sorted(totals, reverse=True)
        field = [
            Ranked(
                EntryTotal(f"{at:02d}", (), (), 0, Fraction(total)),
                None,
                ordered.index(total) + 1,
                is_undecided=False,
            )
            for at, total in enumerate(ordered)
        ]

        got = set(awards(rules, field).values())

        assert not got & {str(item.facts["label"]) for item in found}
