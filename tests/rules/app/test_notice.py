"""Notice periods in working days."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.notice import SHANGHAI, HolidayCalendar, last_day, notice_period


def shanghai(*parts):
    year, month, day, *clock = parts
    return datetime.combine(date(year, month, day), time(*clock), SHANGHAI)


class TestNoticePeriod:
    def test_ends_with_the_fifth_working_day(self):
        """Published on Wednesday: Thursday, Friday, Monday, Tuesday, Wednesday."""
        period = notice_period(shanghai(2026, 9, 16, 18, 30))

        assert period.closes_at == shanghai(2026, 9, 24)

    def test_counts_the_days_of_shanghai(self):
        """17:00 UTC on Sunday is Monday there: the count begins on Tuesday."""
        period = notice_period(datetime(2026, 9, 13, 17, 0, tzinfo=UTC), working_days=1)

        assert period.closes_at == shanghai(2026, 9, 16)

    def test_passes_over_holidays_and_works_on_swapped_weekends(self):
        calendar = HolidayCalendar(
            rest=frozenset(date(2026, 10, day) for day in range(1, 9)),
            work=frozenset({date(2026, 10, 10)}),
        )

        period = notice_period(shanghai(2026, 9, 29, 9), working_days=3, calendar=calendar)

        assert period.closes_at == shanghai(2026, 10, 11)
        assert period.missing_text == ""

    @pytest.mark.parametrize(
        ("entered", "missing"),
        [
            ([], "2026 2027"),
            ([date(2026, 10, 1)], "2027"),
            ([date(2026, 10, 1), date(2027, 1, 1)], ""),
        ],
    )
    def test_says_of_which_years_no_holidays_are_known(self, entered, missing):
        """Published on Wednesday 30 December: the days are 31 December to 7 January."""
        calendar = HolidayCalendar(rest=frozenset(entered))

        assert notice_period(shanghai(2026, 12, 30, 9), calendar=calendar).missing_text == missing

    def test_does_not_ask_for_the_year_of_which_no_day_counts(self):
        calendar = HolidayCalendar(work=frozenset({date(2027, 2, 7)}))

        period = notice_period(shanghai(2026, 12, 31, 9), calendar=calendar)

        assert period.missing_years == ()

    def test_may_be_none(self):
        opens_at = shanghai(2026, 9, 16, 18, 30)

        assert notice_period(opens_at, working_days=0).closes_at == shanghai(2026, 9, 17)

    def test_is_open_until_its_last_moment(self):
        period = notice_period(shanghai(2026, 9, 16, 18, 30))
        last = period.closes_at - timedelta(microseconds=1)

        assert [period.is_open(at) for at in (period.opens_at, last, period.closes_at)] == [
            True,
            True,
            False,
        ]
        assert not period.is_open(period.opens_at - timedelta(seconds=1))

    def test_is_announced_by_its_last_day(self):
        """Published on Monday 23 November 2026: five working days end with Monday the 30th."""
        period = notice_period(shanghai(2026, 11, 23, 10))

        assert last_day(period.closes_at) == date(2026, 11, 30)
        assert last_day(shanghai(2026, 11, 30, 10)) == date(2026, 11, 30)

    @given(st.integers(0, 10**6), st.integers(0, 30))
    def test_has_as_many_working_days_as_asked(self, hours, working_days):
        opens_at = shanghai(2026, 1, 1) + timedelta(hours=hours)

        period = notice_period(opens_at, working_days=working_days)

        first, end = opens_at.date() + timedelta(days=1), period.closes_at.date()
        days = [first + timedelta(days=at) for at in range((end - first).days)]
        assert sum(day.weekday() < 5 for day in days) == working_days
