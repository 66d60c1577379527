"""Who decides about a change of what is locked, and when it is carried."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.actors import Duty
from competitions.rules.lifecycle import EventStatus
from competitions.rules.proposals import (
    MeansAnother,
    ModuleRecorded,
    NotLockedYet,
    PublishedAlready,
    UsedBefore,
    Vote,
    are_names_known,
    confirming_duty,
    refuse_broken_records,
    refuse_stage,
    seconds,
    standing_first,
    tally,
)
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule

CHIEF = 1
BENCH = {CHIEF: True, 2: False, 3: False, 4: False, 5: False}
COUNTS = SchemeAspect("A1", "points", "成品", "10")
ERRORS = SchemeAspect(
    "A2", "measurement", "误差", "10", calculation={"kind": "deduct", "per_error": "1"}
)
VOTES = st.dictionaries(st.integers(1, 7), st.sampled_from(Vote))


def a_scheme(*aspects, module="A"):
    return SchemeFacts((SchemeModule(module, "实操", "", aspects),))


class TestTally:
    def test_is_carried_by_more_than_half_with_the_chief_judge(self):
        found = tally(BENCH, {1: Vote.FOR, 2: Vote.FOR, 3: Vote.FOR}, are_names_known=False)

        assert (found.needed, found.agreed, found.waiting) == (3, 3, 2)
        assert found.is_carried

    def test_is_not_carried_against_the_chief_judge(self):
        others = dict.fromkeys((2, 3, 4, 5), Vote.FOR)

        for said in ({}, {CHIEF: Vote.AGAINST}, {CHIEF: Vote.ABSTAIN}):
            assert not tally(BENCH, others | said, are_names_known=False).is_carried

    def test_takes_no_abstention_for_agreement(self):
        votes = {1: Vote.FOR, 2: Vote.FOR, 3: Vote.ABSTAIN, 4: Vote.ABSTAIN, 5: Vote.ABSTAIN}

        assert not tally(BENCH, votes, are_names_known=False).is_carried

    def test_needs_everybody_once_names_are_known(self):
        four = dict.fromkeys((1, 2, 3, 4), Vote.FOR)

        assert not tally(BENCH, four, are_names_known=True).is_carried
        assert tally(BENCH, four | {5: Vote.FOR}, are_names_known=True).is_carried

    def test_is_carried_by_nobody_where_there_is_no_chief_judge(self):
        assert not tally({2: False}, {2: Vote.FOR}, are_names_known=False).is_carried
        assert not tally({}, {}, are_names_known=True).is_carried

    @given(VOTES, st.booleans())
    def test_counts_those_entitled_alone(self, votes, known):
        found = tally(BENCH, votes, are_names_known=known)

        assert sum(found.counts.values()) + found.waiting == found.entitled == len(BENCH)

    @given(VOTES, st.sampled_from(sorted(BENCH)), st.booleans())
    def test_is_never_lost_by_one_more_who_agrees(self, votes, key, known):
        before = tally(BENCH, votes, are_names_known=known)
        after = tally(BENCH, votes | {key: Vote.FOR}, are_names_known=known)

        assert after.is_carried or not before.is_carried


class TestConfirming:
    def test_takes_the_chief_judge_and_one_beside(self):
        assert seconds(are_names_known=False) == (Duty.SUPERVISOR, Duty.ORGANIZER)
        assert seconds(are_names_known=True) == (Duty.SUPERVISOR,)

    @pytest.mark.parametrize(
        ("held", "first", "known", "found"),
        [
            ({Duty.CHIEF_JUDGE}, None, False, Duty.CHIEF_JUDGE),
            ({Duty.ORGANIZER}, None, False, Duty.ORGANIZER),
            ({Duty.ORGANIZER}, None, True, None),
            ({Duty.MARKING_JUDGE}, None, False, None),
            ({Duty.SUPERVISOR}, Duty.CHIEF_JUDGE, True, Duty.SUPERVISOR),
            ({Duty.CHIEF_JUDGE, Duty.ORGANIZER}, Duty.CHIEF_JUDGE, False, Duty.ORGANIZER),
            ({Duty.CHIEF_JUDGE}, Duty.CHIEF_JUDGE, False, None),
            ({Duty.SUPERVISOR}, Duty.ORGANIZER, False, None),
            ({Duty.CHIEF_JUDGE}, Duty.SUPERVISOR, False, Duty.CHIEF_JUDGE),
        ],
    )
    def test_comes_from_both_sides(self, held, first, known, found):
        assert confirming_duty(held, first, are_names_known=known) == found

    def test_of_an_organizer_does_not_outlast_unsealing(self):
        assert standing_first(Duty.ORGANIZER, are_names_known=False) is Duty.ORGANIZER
        assert standing_first(Duty.ORGANIZER, are_names_known=True) is None
        assert standing_first(Duty.CHIEF_JUDGE, are_names_known=True) is Duty.CHIEF_JUDGE
        assert standing_first(None, are_names_known=False) is None


class TestStages:
    def test_are_those_between_the_lock_and_publication(self):
        for status in (EventStatus.MARKING, EventStatus.LOCKED, EventStatus.UNSEALED):
            refuse_stage(status)
        for status in (EventStatus.PREPARING, EventStatus.DRAWN):
            with pytest.raises(NotLockedYet):
                refuse_stage(status)
        with pytest.raises(PublishedAlready):
            refuse_stage(EventStatus.PUBLISHED)

    def test_know_names_from_unsealing_on(self):
        assert {status for status in EventStatus if are_names_known(status)} == {
            EventStatus.UNSEALED,
            EventStatus.PUBLISHED,
        }


def broken(before, after, *, marked=(), recorded=()):
    refuse_broken_records(before, after, marked=marked, recorded=recorded)


class TestRecords:
    def test_keep_their_meaning(self):
        before = a_scheme(COUNTS, ERRORS)
        dearer = {"kind": "deduct", "per_error": "2"}

        broken(before, a_scheme(replace(COUNTS, max="20"), ERRORS), marked={"A1", "A2"})
        broken(before, a_scheme(COUNTS, replace(ERRORS, calculation=dearer)), marked={"A2"})
        with pytest.raises(MeansAnother):
            broken(before, a_scheme(replace(COUNTS, kind="panel"), ERRORS), marked={"A1"})
        with pytest.raises(MeansAnother):
            broken(before, a_scheme(COUNTS, replace(ERRORS, calculation=None)), marked={"A2"})

    def test_may_change_meaning_where_there_are_none(self):
        broken(a_scheme(COUNTS), a_scheme(replace(COUNTS, kind="panel")))

    def test_are_not_taken_for_those_of_a_new_aspect(self):
        new = replace(COUNTS, id="A9")

        broken(a_scheme(COUNTS), a_scheme(COUNTS, new), marked={"A1"})
        with pytest.raises(UsedBefore):
            broken(a_scheme(COUNTS), a_scheme(COUNTS, new), marked={"A1", "A9"})

    def test_keep_their_module(self):
        broken(a_scheme(COUNTS), a_scheme(COUNTS, module="B"))
        with pytest.raises(ModuleRecorded):
            broken(a_scheme(COUNTS), a_scheme(COUNTS, module="B"), recorded={"A"})
