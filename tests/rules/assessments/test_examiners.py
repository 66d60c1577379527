"""Who may examine: the group's size, cards, recusal, rotation (domain.md B3)."""

from dataclasses import replace
from datetime import date

import pytest

from assessments.rules.examiners import (
    CardExpired,
    ExaminerFacts,
    GroupTooSmall,
    NobodySupervises,
    NotOneLead,
    TooFewChanged,
    TooOftenInARow,
    must_stand_aside,
    refuse_without_rotation,
    refuse_wrong_group,
    standing_aside,
)

DAY = date(2026, 12, 10)


def group(*ids: int) -> list[ExaminerFacts]:
    return [
        ExaminerFacts(number, f"考评员{number}", f"单位{number}", is_lead=place == 0)
        for place, number in enumerate(ids)
    ]


class TestGroup:
    def test_has_three_or_more(self):
        refuse_wrong_group(group(1, 2, 3), fewest=3, supervisors=1, on=DAY)

        with pytest.raises(GroupTooSmall) as refused:
            refuse_wrong_group(group(1, 2), fewest=3, supervisors=1, on=DAY)
        assert (refused.value.found, refused.value.fewest) == (2, 3)

    @pytest.mark.parametrize("leads", [0, 2])
    def test_has_one_lead(self, leads):
        several = [replace(item, is_lead=at < leads) for at, item in enumerate(group(1, 2, 3))]

        with pytest.raises(NotOneLead) as refused:
            refuse_wrong_group(several, fewest=3, supervisors=1, on=DAY)
        assert refused.value.found == leads

    def test_is_watched_by_a_quality_supervisor(self):
        with pytest.raises(NobodySupervises):
            refuse_wrong_group(group(1, 2, 3), fewest=3, supervisors=0, on=DAY)

    def test_has_cards_that_hold_on_the_day(self):
        last_day = ExaminerFacts(3, "丙", card_valid_until=DAY)
        past = ExaminerFacts(3, "丙", card_valid_until=date(2026, 12, 9))

        refuse_wrong_group([*group(1, 2), last_day], fewest=3, supervisors=1, on=DAY)
        with pytest.raises(CardExpired) as refused:
            refuse_wrong_group([*group(1, 2), past], fewest=3, supervisors=1, on=DAY)
        assert refused.value.name == "丙"


class TestRotation:
    def test_lets_a_person_come_three_times_in_a_row(self):
        refuse_without_rotation(group(1, 2, 3), [])
        refuse_without_rotation(group(1, 4, 5), [frozenset({1, 2, 3}), frozenset({1, 6, 7})])

    def test_refuses_the_fourth_time(self):
        earlier = [frozenset({1, 2}), frozenset({1, 3}), frozenset({1, 4})]

        with pytest.raises(TooOftenInARow) as refused:
            refuse_without_rotation(group(1, 8, 9), earlier)
        assert (refused.value.name, refused.value.times) == ("考评员1", 3)

    def test_counts_again_after_a_pause(self):
        refuse_without_rotation(group(1, 8, 9), [frozenset({2}), *[frozenset({1})] * 5])

    def test_changes_a_third_where_somebody_has_to_leave(self):
        earlier = [frozenset({1, 2, 3, 4, 5}), frozenset({1, 6}), frozenset({1, 7})]

        refuse_without_rotation(group(2, 3, 4, 8, 9), earlier)
        with pytest.raises(TooFewChanged) as refused:
            refuse_without_rotation(group(2, 3, 4, 5, 8), earlier)
        assert (refused.value.needed, refused.value.found) == (2, 1)

    def test_asks_for_no_change_while_nobody_is_due(self):
        refuse_without_rotation(group(1, 2, 3), [frozenset({1, 2, 3})] * 2)


class TestRecusal:
    def test_is_for_oneself_and_for_colleagues(self):
        one = ExaminerFacts(1, "甲", "榕江县职校")

        assert must_stand_aside(one, candidate_person=1, candidate_employer="")
        assert must_stand_aside(one, candidate_person=2, candidate_employer="榕江县职校")
        assert not must_stand_aside(one, candidate_person=2, candidate_employer="别的单位")

    def test_knows_an_employer_otherwise_written(self):
        one = ExaminerFacts(1, "甲", "黔东南 刺梨（集团）有限公司")

        assert must_stand_aside(
            one, candidate_person=2, candidate_employer="黔东南刺梨(集团)有限公司"
        )

    def test_is_not_for_two_who_have_no_employer(self):
        free = ExaminerFacts(1, "甲")

        assert not must_stand_aside(free, candidate_person=2, candidate_employer="")

    def test_names_those_of_a_group(self):
        assert standing_aside(group(1, 2, 3), candidate_person=3, candidate_employer="单位1") == {
            1,
            3,
        }
