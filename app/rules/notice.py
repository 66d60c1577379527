"""公示: how long results stand in public before they are final (domain.md B2 and C6)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one time and no summer time; notice days are its days."""
SATURDAY = 5
WORKING_DAYS = 5
"""五个工作日 is usual; a competition may set another number."""


@dataclass(frozen=True)
class NoticePeriod:
    """From publication to the end of the last working day; objections are taken in between."""

    opens_at: datetime
    closes_at: datetime

    def is_open(self, at: datetime) -> bool:
        """Tell whether an objection comes in time; the last moment is outside."""
        return self.opens_at <= at < self.closes_at


def last_day(closes_at: datetime) -> date:
    """Return the last day of a period that ends at this moment, as it is announced."""
    return (closes_at - timedelta.resolution).astimezone(SHANGHAI).date()


def notice_period(
    opens_at: datetime,
    *,
    working_days: int = WORKING_DAYS,
    holidays: Collection[date] = (),
    extra_working_days: Collection[date] = (),
) -> NoticePeriod:
    """Return the period of so many working days after the day of publication.

    `holidays` and `extra_working_days` (调休) are the State Council's calendar of the year.
    """
    day = opens_at.astimezone(SHANGHAI).date()
    left = working_days
    while left > 0:
        day += timedelta(days=1)
        is_workday = day.weekday() < SATURDAY and day not in holidays
        left -= is_workday or day in extra_working_days
    midnight = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    return NoticePeriod(opens_at, midnight.astimezone(opens_at.tzinfo))
