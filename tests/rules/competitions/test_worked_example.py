"""The worked example shows what the real rules do."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_sets import NATIONAL, PRESETS, PROVINCE, WORLDSKILLS, read_rule_set
from competitions.rules.worked_example import (
    EQUAL,
    MOST_FIELD,
    PARTED,
    WAITING,
    default_marks,
    legible,
    panel_example,
    worked_example,
)

KEYS = [
    {"key": "time", "module": "B", "order": "ascending"},
    {"key": "module", "module": "R", "order": "descending"},
    {"key": "aspect", "aspect": "B.1", "order": "descending"},
    {"key": "aspect", "aspect": "R", "order": "descending"},
    {"key": "deductions", "order": "ascending"},
]


def rules(document=NATIONAL, **parts):
    found = read_rule_set(document | parts)
    assert isinstance(found, RuleSet), found
    return found


def a_ranking(*keys, ties="shared"):
    return {"by": "total", "tie_break": list(keys), "ties": ties}


class TestPanels:
    def test_show_what_is_dropped_the_mean_and_both_roundings(self):
        found = panel_example(rules(), "8.6 9.2 8.85 7.5 9.05")

        assert [item.value for item in found.values if item.is_dropped] == ["9.2", "7.5"]
        assert found.kept == ("8.6", "8.85", "9.05")
        assert (found.mean, found.rounded, found.factored) == ("8.833333…", "8.83", "7.06")

    def test_have_as_many_judges_as_the_rule_set_needs(self):
        wide = rules(
            panel={"drop_highest": 2, "drop_lowest": 2, "min_remaining": 5, "round": "exact"}
        )

        assert len(default_marks(wide).split()) == 9
        assert panel_example(wide, "").problem is None

    def test_drop_one_of_equals(self):
        found = panel_example(rules(), "9,9,9、9;9")

        assert [item.is_dropped for item in found.values].count(True) == 2
        assert found.mean == "9"

    def test_say_why_there_is_no_mark(self):
        few, wrong = panel_example(rules(), "8 9"), panel_example(rules(), "8 9 x 11 7")

        assert few.problem is not None
        assert few.problem.code == "incomplete"
        assert wrong.problem is not None
        assert wrong.problem.facts["word"] == "x"


class TestJudgements:
    def test_show_one_that_counts_and_one_to_be_judged_again(self):
        counted, again = worked_example(rules()).judgements

        assert (counted.mark, counted.problem) == ("1.555555…", None)
        assert again.problem is not None
        assert again.problem.code == "spread"


class TestFields:
    @pytest.mark.parametrize("code", PRESETS)
    def test_count_what_they_show(self, code):
        field = worked_example(rules(PRESETS[code][1])).field

        assert field is not None
        assert len(field.lines) == 12
        given_awards = [line.award for line in field.lines if line.award]
        assert sum(count for _, count in field.awards) == len(given_awards)

    def test_part_equal_totals_by_a_tie_key_and_share_the_rest(self):
        field = worked_example(rules(PROVINCE)).field

        assert field is not None
        assert [line.note for line in field.lines[1:6]] == [PARTED, PARTED, "", WAITING, WAITING]
        shared = worked_example(rules()).field
        assert shared is not None
        assert [line.note for line in shared.lines[1:3]] == [EQUAL, EQUAL]

    @pytest.mark.parametrize("key", KEYS)
    def test_show_each_kind_of_tie_key(self, key):
        field = worked_example(rules(ranking=a_ranking(key))).field

        assert field is not None
        assert {line.code: line.note for line in field.lines}["002"] == PARTED

    def test_take_names_that_are_used_already(self):
        assert worked_example(rules(ranking=a_ranking(*KEYS))).field is not None

    def test_are_left_out_where_too_many_keys_name_things(self):
        many = [{"key": "aspect", "aspect": f"A{at}", "order": "descending"} for at in range(21)]

        assert worked_example(rules(ranking=a_ranking(*many))).field is None

    def test_have_no_awards_where_there_are_none(self):
        field = worked_example(rules(awards={"kind": "none"})).field

        assert field is not None
        assert field.awards == ()

    @given(st.integers(-5, 400), st.sampled_from([NATIONAL, PROVINCE, WORLDSKILLS]))
    def test_are_as_large_as_asked_within_bounds(self, size, document):
        field = worked_example(rules(document), field=size).field

        assert field is not None
        assert len(field.lines) == max(1, min(size, MOST_FIELD))


@pytest.mark.parametrize(
    ("value", "text"),
    [("1/2", "0.5"), ("1/3", "0.333333…"), ("7", "7"), ("1/128", "0.007812…")],
)
def test_values_are_legible(value, text):
    assert legible(Fraction(value)) == text
