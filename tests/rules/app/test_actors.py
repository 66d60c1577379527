"""Duties, the scopes they hold in, and those that never meet in one person."""

from datetime import UTC, datetime, timedelta

import pytest

from app.errors import NotAllowed
from app.rules.actors import (
    EVERYWHERE,
    EXCLUSIVE,
    NOBODY,
    SYSTEM,
    Actor,
    DutiesExclude,
    Duty,
    Grant,
    Scope,
    refuse_exclusive,
    region_scopes,
    require,
)

AT = datetime(2026, 11, 23, tzinfo=UTC)
EVENT, OTHER = Scope("event", "12"), Scope("event", "13")
DAY = timedelta(days=1)


def grant(duty: Duty, scope: Scope = EVENT, days: int | None = None, first: int = 0) -> Grant:
    opens_at = AT + first * DAY
    return Grant(duty, scope, opens_at, None if days is None else opens_at + days * DAY)


class TestScope:
    @pytest.mark.parametrize("text", ["all", "event:12", "region:520000", "sitting:3"])
    def test_is_written_as_it_is_read(self, text):
        assert str(Scope.parse(text)) == text

    @pytest.mark.parametrize("text", ["", "event", "event:", "all:1", "village:7"])
    def test_is_refused_when_it_names_no_place(self, text):
        with pytest.raises(ValueError, match=f"^{text}$"):
            Scope.parse(text)


class TestGrant:
    def test_holds_from_its_first_instant_and_no_longer_at_its_last(self):
        one = grant(Duty.EXAMINER, days=1)

        assert [one.is_open(AT + shift) for shift in (-DAY, 0 * DAY, DAY / 2, DAY)] == [
            False,
            True,
            True,
            False,
        ]

    def test_without_an_end_holds_on(self):
        assert grant(Duty.EXAMINER).is_open(AT + 3650 * DAY)


class TestActor:
    def test_holds_a_duty_only_where_it_was_given(self):
        judge = Actor(1, "吴评分", (grant(Duty.MARKING_JUDGE),))

        assert judge.holds(Duty.MARKING_JUDGE, EVENT)
        assert judge.holds((Duty.CHIEF_JUDGE, Duty.MARKING_JUDGE), OTHER, EVENT)
        assert not judge.holds(Duty.MARKING_JUDGE, OTHER)
        assert not judge.holds(Duty.CHIEF_JUDGE, EVENT)
        assert not judge.holds(Duty.MARKING_JUDGE)

    def test_holds_everywhere_what_was_given_for_everything(self):
        organizer = Actor(1, "陈组织", (grant(Duty.ORGANIZER, EVERYWHERE),))

        assert organizer.holds(Duty.ORGANIZER, EVENT)
        assert organizer.holds(Duty.ORGANIZER)

    def test_says_whether_anything_is_held(self):
        judge = Actor(1, "吴评分", (grant(Duty.MARKING_JUDGE), grant(Duty.MARKING_JUDGE, OTHER)))

        assert judge.holds_anywhere()
        assert judge.holds_anywhere(Duty.EXAMINER, Duty.MARKING_JUDGE)
        assert not judge.holds_anywhere(Duty.EXAMINER)
        assert judge.scopes_of(Duty.MARKING_JUDGE) == {EVENT, OTHER}
        assert judge.is_signed_in

    def test_nobody_may_do_nothing_and_the_system_everything(self):
        assert not NOBODY.is_signed_in
        assert not NOBODY.holds_anywhere()
        for duty in Duty:
            require(SYSTEM, duty, EVENT)
            with pytest.raises(NotAllowed):
                require(NOBODY, duty, EVENT)


class TestExclusiveDuties:
    @pytest.mark.parametrize("pair", sorted(sorted(pair) for pair in EXCLUSIVE))
    def test_never_meet_in_one_place(self, pair):
        held, wanted = (Duty(duty) for duty in pair)

        with pytest.raises(DutiesExclude) as refused:
            refuse_exclusive(grant(wanted), [grant(held)])

        assert (refused.value.wanted, refused.value.held) == (wanted, held)

    def test_meet_where_one_of_them_holds_everywhere(self):
        coding = grant(Duty.CODING_JUDGE, EVERYWHERE)

        with pytest.raises(DutiesExclude):
            refuse_exclusive(grant(Duty.MARKING_JUDGE), [coding])
        with pytest.raises(DutiesExclude):
            refuse_exclusive(coding, [grant(Duty.MARKING_JUDGE)])

    def test_meet_where_the_caller_knows_that_one_place_is_in_the_other(self):
        coding = grant(Duty.CODING_JUDGE, Scope("competition", "3"))

        refuse_exclusive(grant(Duty.MARKING_JUDGE), [coding])
        with pytest.raises(DutiesExclude):
            refuse_exclusive(grant(Duty.MARKING_JUDGE), [coding], meets=True)

    def test_may_be_held_in_different_places_or_one_after_the_other(self):
        refuse_exclusive(grant(Duty.MARKING_JUDGE), [grant(Duty.CODING_JUDGE, OTHER)])
        refuse_exclusive(grant(Duty.MARKING_JUDGE, first=1), [grant(Duty.CODING_JUDGE, days=1)])
        refuse_exclusive(grant(Duty.CODING_JUDGE, days=1), [grant(Duty.MARKING_JUDGE, first=1)])
        with pytest.raises(DutiesExclude):
            refuse_exclusive(grant(Duty.MARKING_JUDGE, first=1), [grant(Duty.CODING_JUDGE, days=2)])

    def test_leave_others_alone(self):
        refuse_exclusive(grant(Duty.MARKING_JUDGE), [grant(Duty.EXAMINER), grant(Duty.AUDITOR)])


class TestRegionScopes:
    def test_a_county_lies_in_its_prefecture_and_its_province(self):
        assert [scope.key for scope in region_scopes("522632")] == ["522632", "522600", "520000"]

    def test_a_province_lies_in_itself_alone(self):
        assert region_scopes("520000") == (Scope("region", "520000"),)
