"""Read the calendar of working days."""

from datetime import date, datetime
from typing import Any

import msgspec

from app.holidays.tables import Holiday
from app.rules.holidays import DayKind, NamedDay
from app.rules.notice import SHANGHAI, HolidayCalendar, NoticePeriod, notice_period


class HolidayLine(msgspec.Struct, frozen=True):
    """A day as it was entered, and how it ended where it did."""

    id: int
    day: date
    kind: DayKind
    name: str
    entered_by: str
    entered_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    reason: str | None

    @property
    def named(self) -> NamedDay:
        return NamedDay(self.day, self.kind, self.name)


async def notice(opens_at: datetime, working_days: int) -> NoticePeriod:
    """Return the notice that opens now and runs for so many days, by what was entered so far."""
    this_year = opens_at.astimezone(SHANGHAI).year
    return notice_period(opens_at, working_days=working_days, calendar=await calendar(this_year))


async def calendar(first_year: int) -> HolidayCalendar:
    """Return the days that count, from a year on."""
    rows = await Holiday.select(Holiday.day, Holiday.kind).where(
        Holiday.ended_at.is_null(), Holiday.day >= date(first_year, 1, 1)
    )
    days: dict[str, set[date]] = {kind.value: set() for kind in DayKind}
    for row in rows:
        days[row["kind"]].add(row["day"])
    return HolidayCalendar(frozenset(days[DayKind.REST]), frozenset(days[DayKind.WORK]))


async def years() -> list[int]:
    """Return the years of which days count."""
    rows = await Holiday.select(Holiday.day).where(Holiday.ended_at.is_null())
    return sorted({row["day"].year for row in rows})


async def days(year: int) -> list[HolidayLine]:
    """Return the days of a year that count, in order."""
    return await _lines(year, Holiday.ended_at.is_null())


async def ended_days(year: int) -> list[HolidayLine]:
    """Return what was corrected or taken back of a year, the latest first."""
    found = await _lines(year, Holiday.ended_at.is_not_null())
    return sorted(found, key=lambda line: (line.ended_at, line.id), reverse=True)


async def _lines(year: int, condition: Any) -> list[HolidayLine]:
    rows = (
        await Holiday.select()
        .where(condition, Holiday.day >= date(year, 1, 1), Holiday.day <= date(year, 12, 31))
        .order_by(Holiday.day)
        .order_by(Holiday.id)
    )
    return msgspec.convert(rows, list[HolidayLine])
