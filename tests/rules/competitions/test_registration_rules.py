"""Who may enter, how many, and the steps of vetting."""

from datetime import UTC, date, datetime

import pytest

from app.rules.ethnic_groups import ETHNIC_GROUPS, UnknownGroup, ethnic_code, given_code
from app.rules.identity import Sex
from competitions.rules.eligibility import (
    AgeWindow,
    PastRetirement,
    TooOldToEnter,
    TooYoungToEnter,
    is_open,
    refuse_wrong_age,
    retirement_months,
)
from competitions.rules.entries import (
    ENTRY_STEPS,
    STANDING,
    EntryStatus,
    ReasonNeeded,
    WrongEntryStep,
    step_entry,
)
from competitions.rules.quotas import (
    QuotaExceeded,
    TeamFull,
    TeamNameNeeded,
    refuse_over_quota,
    refuse_team,
)

ON = date(2026, 11, 23)


class TestAges:
    def test_admits_on_the_sixteenth_birthday(self):
        refuse_wrong_age(date(2010, 11, 23), Sex.MALE, AgeWindow(ON))

    def test_refuses_the_day_before_the_sixteenth_birthday(self):
        with pytest.raises(TooYoungToEnter):
            refuse_wrong_age(date(2010, 11, 24), Sex.MALE, AgeWindow(ON))

    def test_admits_the_whole_year_of_the_greatest_age(self):
        refuse_wrong_age(date(1965, 11, 24), Sex.MALE, AgeWindow(ON, oldest=60))

    def test_refuses_past_the_greatest_age(self):
        with pytest.raises(TooOldToEnter):
            refuse_wrong_age(date(1965, 11, 23), Sex.MALE, AgeWindow(ON, oldest=60))

    def test_refuses_past_the_statutory_retirement_age(self):
        with pytest.raises(PastRetirement):
            refuse_wrong_age(date(1960, 1, 1), Sex.MALE, AgeWindow(ON))

    def test_lets_pass_whose_birth_date_is_not_known(self):
        refuse_wrong_age(None, None, AgeWindow(ON))

    @pytest.mark.parametrize(
        ("born", "sex", "months"),
        [
            (date(1964, 12, 31), Sex.MALE, 720),
            (date(1965, 1, 1), Sex.MALE, 721),
            (date(1976, 9, 1), Sex.MALE, 756),
            (date(1990, 1, 1), Sex.MALE, 756),
            (date(1969, 12, 1), Sex.FEMALE, 660),
            (date(1970, 1, 1), Sex.FEMALE, 661),
            (date(1990, 1, 1), Sex.FEMALE, 696),
        ],
    )
    def test_follows_the_table_of_retirement(self, born, sex, months):
        assert retirement_months(born, sex) == months

    def test_never_lets_the_retirement_age_fall_with_the_birth_date(self):
        born = [date(1960 + place // 12, place % 12 + 1, 1) for place in range(360)]

        for sex in Sex:
            months = [retirement_months(day, sex) for day in born]
            assert months == sorted(months)


class TestWindow:
    def test_takes_the_first_moment_and_not_the_last(self):
        opens, closes = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)

        assert is_open(opens, opens=opens, closes=closes)
        assert not is_open(closes, opens=opens, closes=closes)


class TestQuota:
    def test_admits_up_to_the_quota(self):
        refuse_over_quota(delegation="贵州", event="砌筑", most=2, held=1)

    def test_refuses_beyond_the_quota(self):
        with pytest.raises(QuotaExceeded, match="名额为 2 个"):
            refuse_over_quota(delegation="贵州", event="砌筑", most=2, held=2)

    def test_wants_a_name_for_those_who_compete_together(self):
        with pytest.raises(TeamNameNeeded):
            refuse_team(team="", event="插花", members=3, held=0)

    def test_refuses_a_team_that_is_full(self):
        with pytest.raises(TeamFull):
            refuse_team(team="一队", event="插花", members=3, held=3)

    def test_needs_no_name_for_one_alone(self):
        refuse_team(team="", event="砌筑", members=1, held=0)


class TestVettingSteps:
    def test_accepts_without_a_reason(self):
        wanted = step_entry(EntryStatus.REGISTERED, EntryStatus.ACCEPTED, note="")

        assert wanted is EntryStatus.ACCEPTED

    @pytest.mark.parametrize(
        "wanted", [EntryStatus.RETURNED, EntryStatus.REFUSED, EntryStatus.WITHDRAWN]
    )
    def test_asks_why_something_is_decided_against_somebody(self, wanted):
        with pytest.raises(ReasonNeeded):
            step_entry(EntryStatus.REGISTERED, wanted, note="  ")

    def test_goes_only_where_the_state_leads(self):
        for now in EntryStatus:
            for wanted in set(EntryStatus) - ENTRY_STEPS[now]:
                with pytest.raises(WrongEntryStep):
                    step_entry(now, wanted, note="原因")

    def test_lets_who_fell_come_back_to_vetting_only(self):
        for fallen in set(EntryStatus) - STANDING:
            assert ENTRY_STEPS[fallen] == {EntryStatus.REGISTERED}


class TestEthnicGroups:
    def test_holds_the_fifty_six(self):
        assert len([code for code in ETHNIC_GROUPS if int(code) <= 56]) == 56

    def test_reads_names_short_and_long_and_codes(self):
        assert {ethnic_code("苗"), ethnic_code("苗族"), ethnic_code("06")} == {"06"}

    def test_knows_no_other(self):
        assert ethnic_code("某族") is None

    def test_may_be_left_open_but_not_be_made_up(self):
        assert (given_code(""), given_code("侗族")) == (None, "12")
        with pytest.raises(UnknownGroup):
            given_code("某族")
