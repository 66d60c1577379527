"""A competition steps forward only; an act belongs to its stage; duties have their limits."""

from itertools import product

import pytest

from app.rules.actors import EXCLUSIVE, Duty
from competitions.rules import duties
from competitions.rules.duties import SeatKind
from competitions.rules.lifecycle import (
    CompetitionStatus,
    EventStatus,
    WrongCompetitionStep,
    WrongEventStage,
    require_stage,
    step_competition,
)

ORDER = list(CompetitionStatus)


@pytest.mark.parametrize(("now", "wanted"), list(product(ORDER, repeat=2)))
def test_a_competition_takes_the_next_step_and_no_other(now, wanted):
    if ORDER.index(wanted) == ORDER.index(now) + 1:
        assert step_competition(now, wanted) is wanted
    else:
        with pytest.raises(WrongCompetitionStep) as refused:
            step_competition(now, wanted)
        assert (refused.value.now, refused.value.wanted) == (now, wanted)


def test_an_act_belongs_to_its_stages():
    require_stage(EventStatus.DRAWN, EventStatus.PREPARING, EventStatus.DRAWN)

    with pytest.raises(WrongEventStage) as refused:
        require_stage(EventStatus.LOCKED, EventStatus.PREPARING, EventStatus.DRAWN)
    assert (refused.value.now, refused.value.wanted) == (
        EventStatus.LOCKED,
        EventStatus.PREPARING,
    )


class TestDuties:
    def test_who_marks_reads_no_results_before_the_public(self):
        assert Duty.MARKING_JUDGE not in duties.READING
        assert Duty.EXAMINER not in duties.READING

    def test_the_system_never_parts_equals_and_no_organizer_does(self):
        assert duties.PARTING == (Duty.CHIEF_JUDGE,)

    def test_every_seat_has_a_letter_and_a_duty_that_never_meets_coding(self):
        assert set(duties.LETTERS) == set(duties.SEAT_DUTIES) == set(SeatKind)
        assert len(set(duties.LETTERS.values())) == len(SeatKind)
        for duty in duties.SEAT_DUTIES.values():
            assert frozenset({duty, Duty.CODING_JUDGE}) in EXCLUSIVE
