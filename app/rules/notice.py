"""公示: how long results stand in public before they are final (domain.md B2 and C6)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one time and no summer time; notice days are its days."""
SATURDAY = 5
WORKING_DAYS = 5
"""五个工作日 is usual; a competition or a sitting may set another number."""
FEWEST_DAYS, MOST_DAYS = 1, 30


@dataclass(frozen=True)
class HolidayCalendar:
    """放假安排: the State Council's days of rest and of work, as far as somebody entered them."""

    rest: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Tell whether offices work; 调休 makes a weekend work."""
        return day in self.work or (day.weekday() < SATURDAY and day not in self.rest)

    @property
    def years(self) -> frozenset[int]:
        """Return the years of which anything was entered."""
        return frozenset(day.year for day in self.rest | self.work)


NOTHING_ENTERED = HolidayCalendar()


@dataclass(frozen=True)
class NoticePeriod:
    """From publication to the end of the last working day; objections are taken in between.

    Of the `missing_years` it runs through no holidays were known: Mondays to Fridays count.
    """

    opens_at: datetime
    closes_at: datetime
    missing_years: tuple[int, ...] = ()

    @property
    def missing_text(self) -> str:
        """Return the missing years as records keep them, empty for none."""
        return " ".join(map(str, self.missing_years))

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
    calendar: HolidayCalendar = NOTHING_ENTERED,
) -> NoticePeriod:
    """Return the period of so many working days after the day of publication."""
    day = opens_at.astimezone(SHANGHAI).date()
    left, years = working_days, set[int]()
    while left > 0:
        day += timedelta(days=1)
        years.add(day.year)
        left -= calendar.is_workday(day)
    midnight = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
    return NoticePeriod(
        opens_at, midnight.astimezone(opens_at.tzinfo), tuple(sorted(years - calendar.years))
    )
