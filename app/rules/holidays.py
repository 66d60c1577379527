"""放假安排 as people paste it: a day or a range a line, 休 or 班, and the holiday's name."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from app.errors import N_, RuleBroken, refusal
from app.rules.notice import SATURDAY

FIRST_YEAR = 2000
LONGEST = 31
"""No holiday is so long; a longer range has a wrong month or year."""
LONGEST_NAME = 20

DATE = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
RANGE = re.compile(rf"{DATE}(?:\s*(?:[-—–~至到])+\s*{DATE})?")
KIND = re.compile(
    r"[\s,:]*(?:(?P<rest>放假调休|放假|休息|休|rest\b)|调休上班|补班|上班|班|work\b)[\s,:]*(?P<name>.*)",
    re.IGNORECASE,
)
IN_BRACKETS = re.compile(r"\([^()]*\)")


class DayKind(StrEnum):
    """What the State Council says of a day that is not as its place in the week."""

    REST = "rest"
    WORK = "work"


LABELS: Mapping[DayKind, str] = MappingProxyType({DayKind.REST: N_("休"), DayKind.WORK: N_("班")})


@dataclass(frozen=True)
class NamedDay:
    """A day of the calendar; `name` is the holiday it belongs to, empty where nobody said."""

    day: date
    kind: DayKind
    name: str

    @property
    def said(self) -> str:
        """Return what is said of the day, as people paste it: 休 元旦."""
        return f"{LABELS[self.kind]} {self.name}".rstrip()

    def __str__(self) -> str:
        return f"{self.day} {self.said}"


@refusal
class NoSuchDay(RuleBroken):
    """A line begins with a day, or with two of a range."""

    says = N_("开头应是日期，例如 2027-01-01，或一段日期，例如 2027-02-05—2027-02-11。")


@refusal
class NotInCalendar(RuleBroken):
    """The numbers look like a day, and there is none."""

    says = N_("没有 {text} 这一天。")
    text: str


@refusal
class YearFarAway(RuleBroken):
    """Only the next year's days are ever announced."""

    says = N_("年份应在 {first} 到 {last} 之间。")
    first: int
    last: int


@refusal
class RangeBackwards(RuleBroken):
    """A range runs forwards."""

    says = N_("结束日期早于开始日期。")


@refusal
class RangeTooLong(RuleBroken):
    """A range has a wrong month or year."""

    says = N_("这一段有 {days} 天，一段最多 {most} 天，请核对起止日期。")
    days: int
    most: int


@refusal
class NoKind(RuleBroken):
    """Nobody said whether the day is free or worked."""

    says = N_("日期后面应写“休”或“班”。")


@refusal
class NoHoliday(RuleBroken):
    """A free day belongs to a holiday."""

    says = N_("“休”的后面应写节日名称，例如“休 元旦”。")


@refusal
class LongName(RuleBroken):
    """A holiday's name is short."""

    says = N_("节日名称最多 {most} 个字。")
    most: int


@refusal
class WorkedAnyway(RuleBroken):
    """Only a Saturday or Sunday can be made to work."""

    says = N_("{day} 不是周六、周日，本来就上班。")
    day: date


@refusal
class SaidTwice(RuleBroken):
    """Another line of the same text has this day."""

    says = N_("{day} 在第 {line} 行已经写过。")
    day: date
    line: int


@dataclass(frozen=True)
class BadLine:
    """A line that was not understood, by its number, and why."""

    number: int
    text: str
    why: RuleBroken


def read_days(text: str, *, last_year: int) -> tuple[list[NamedDay], list[BadLine]]:
    """Read lines like `2027-01-01 休 元旦`; return the days of good lines, and the bad lines."""
    found: list[NamedDay] = []
    bad: list[BadLine] = []
    lines: dict[date, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            days = read_line(line, last_year=last_year)
            for item in days:
                if item.day in lines:
                    raise SaidTwice(item.day, lines[item.day])
        except RuleBroken as why:
            bad.append(BadLine(number, line.strip(), why))
            continue
        lines.update((item.day, number) for item in days)
        found.extend(days)
    return found, bad


def read_line(line: str, *, last_year: int) -> list[NamedDay]:
    """Return the days of one line; what stands in brackets, as 周五, is passed over."""
    plain = IN_BRACKETS.sub(" ", unicodedata.normalize("NFKC", line)).strip()
    span = RANGE.match(plain)
    if span is None:
        raise NoSuchDay
    first = _day(*span.groups()[:3], last_year=last_year)
    last = _day(*span.groups()[3:], last_year=last_year) if span[4] else first
    kind, name = _said(plain[span.end() :])
    days = list(_days(first, last))
    for day in days:
        if kind is DayKind.WORK and day.weekday() < SATURDAY:
            raise WorkedAnyway(day)
    return [NamedDay(day, kind, name) for day in days]


def _day(year: str, month: str, day: str, *, last_year: int) -> date:
    if not FIRST_YEAR <= int(year) <= last_year:
        raise YearFarAway(FIRST_YEAR, last_year)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise NotInCalendar(f"{year}-{month}-{day}") from None


def _said(text: str) -> tuple[DayKind, str]:
    said = KIND.fullmatch(text)
    if said is None:
        raise NoKind
    kind = DayKind.REST if said["rest"] else DayKind.WORK
    name = " ".join(said["name"].split())
    if kind is DayKind.REST and not name:
        raise NoHoliday
    if len(name) > LONGEST_NAME:
        raise LongName(LONGEST_NAME)
    return kind, name


def _days(first: date, last: date) -> Iterator[date]:
    if last < first:
        raise RangeBackwards
    count = (last - first).days + 1
    if count > LONGEST:
        raise RangeTooLong(count, LONGEST)
    return (first + timedelta(days=at) for at in range(count))
