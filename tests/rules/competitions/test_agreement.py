"""Where two calculators part: which contestant, at which step, both values."""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competitions.recount.__main__ import recount
from competitions.rules.agreement import Difference, DifferenceStep, differences
from competitions.rules.standings import standings
from tests.builders.bundles import RandomBundle, a_field

AWARDS = {"awards": {"kind": "tiers", "tiers": [{"label": "一", "basis": "rank", "to": 1}]}}


def two(*values):
    ours = standings(a_field(values, rules=AWARDS))
    return ours, deepcopy(ours)


class TestDifferences:
    def test_of_equals_are_none(self):
        assert differences(*two(90, 80)) == []

    @pytest.mark.parametrize(
        ("name", "value", "found"),
        [
            ("total", "89", Difference(DifferenceStep.TOTAL, "90", "89", "001")),
            ("scale", 700, Difference(DifferenceStep.SCALE, "", "700", "001")),
            ("rank", None, Difference(DifferenceStep.RANK, "1", "", "001")),
            ("undecided", True, Difference(DifferenceStep.RANK, "False", "True", "001")),
            ("award", None, Difference(DifferenceStep.AWARD, "一", "", "001")),
            ("status", "absent", Difference(DifferenceStep.STATUS, "competed", "absent", "001")),
            ("modules", {"A": "9"}, Difference(DifferenceStep.MODULE, "90", "9", "001", "A")),
            ("modules", None, Difference(DifferenceStep.MODULE, "90", "", "001", "A")),
        ],
    )
    def test_name_contestant_step_and_both_values(self, name, value, found):
        ours, theirs = two(90, 80)
        theirs["standings"][0][name] = value

        assert differences(ours, theirs) == [found]

    def test_put_the_cause_before_what_follows_from_it(self):
        ours, theirs = two(90, 80)
        theirs["standings"][0] |= {"modules": {"A": "70"}, "total": "70", "rank": 2, "award": None}

        steps = [item.step for item in differences(ours, theirs)]

        assert steps == ["module", "total", "rank", "award"]

    def test_tell_who_is_missing_and_who_is_too_many(self):
        ours, theirs = two(90, 80)
        theirs["standings"][0]["code"] = "009"

        assert differences(ours, theirs) == [
            Difference(DifferenceStep.ENTRY, "001", "", "001"),
            Difference(DifferenceStep.ENTRY, "", "009", "009"),
        ]

    def test_tell_another_order_of_the_same_lines(self):
        ours, theirs = two(90, 80)
        theirs["standings"].reverse()

        assert differences(ours, theirs) == [Difference(DifferenceStep.ENTRY, "001 002", "002 001")]

    def test_tell_another_rule_set(self):
        ours, theirs = two(90)
        theirs["rule_set"]["sha256"] = "0"

        [found] = differences(ours, theirs)

        assert (found.step, found.theirs, found.code) == (DifferenceStep.RULE_SET, "0", "")

    def test_tell_what_only_one_could_not_count(self):
        ours, theirs = two(90, 80)
        theirs |= {"standings": [], "problems": [{"code": "x", "where": "A1", "text": "no"}]}

        assert differences(ours, theirs) == [Difference(DifferenceStep.PROBLEMS, "", "A1: no")]

    @given(st.integers(0, 10**9))
    def test_of_the_two_calculators_are_none(self, seed):
        document = RandomBundle(seed, is_sound=True).document()

        assert differences(standings(document), recount(json.dumps(document).encode())) == []
