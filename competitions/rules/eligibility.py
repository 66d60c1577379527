"""May this person enter this event (domain.md C1, C8). Its numbers are settings."""

from dataclasses import dataclass
from datetime import date, datetime

from app.errors import N_, RuleBroken, refusal
from app.rules.identity import Sex

YOUNGEST = 16
MALE_MONTHS, FEMALE_MONTHS = 63 * 12, 58 * 12
MALE_BASE, FEMALE_BASE = 60 * 12, 55 * 12
MALE_FROM, FEMALE_FROM = date(1965, 1, 1), date(1970, 1, 1)


@dataclass(frozen=True)
class AgeWindow:
    """Ages in whole years on a cut-off day; `oldest` None is the statutory retirement age."""

    on: date
    youngest: int = YOUNGEST
    oldest: int | None = None


@refusal
class TooYoungToEnter(RuleBroken):
    """Younger than the least age on the cut-off day."""

    says = N_("到 {on} 未满 {least} 周岁，不能参赛。")
    field = "id_number"
    on: date
    least: int


@refusal
class TooOldToEnter(RuleBroken):
    """Past the greatest age on the cut-off day."""

    says = N_("到 {on} 已超过 {most} 周岁，不能参赛。")
    field = "id_number"
    on: date
    most: int


@refusal
class PastRetirement(RuleBroken):
    """Past the statutory retirement age on the cut-off day."""

    says = N_("到 {on} 已超过法定退休年龄（{years} 岁 {months} 个月），不能参赛。")
    field = "id_number"
    on: date
    years: int
    months: int


@refusal
class EnteredElsewhere(RuleBroken):
    """One person, one event of a competition."""

    says = N_("{name}已报名“{event}”，同一大赛每人限报一项。")
    field = "id_number"
    name: str
    event: str


@refusal
class EntriesNotOpen(RuleBroken):
    """The window for entries has not begun."""

    says = N_("报名还没有开始，开始时间是 {opens}。")
    opens: str


@refusal
class EntriesClosed(RuleBroken):
    """The window for entries has passed; an organizer may still register somebody."""

    says = N_("报名已于 {closes} 截止。确需补报的，请组织者登记，系统会留痕。")
    closes: str


def refuse_wrong_age(birth_on: date | None, sex: Sex | None, window: AgeWindow) -> None:
    """Raise for somebody too young or too old on the cut-off day; an unknown birth date passes."""
    if birth_on is None:
        return
    on = window.on
    months = (on.year - birth_on.year) * 12 + on.month - birth_on.month - (on.day < birth_on.day)
    if months < window.youngest * 12:
        raise TooYoungToEnter(on, window.youngest)
    if window.oldest is not None:
        if months >= (window.oldest + 1) * 12:
            raise TooOldToEnter(on, window.oldest)
        return
    limit = retirement_months(birth_on, sex)
    if months > limit:
        raise PastRetirement(on, limit // 12, limit % 12)


def retirement_months(birth_on: date, sex: Sex | None) -> int:
    """Return the statutory retirement age in months, rising since 1 January 2025.

    Men 60 to 63, women (cadres) 55 to 58, one month for each four months of birth; the later of a
    woman's two ages counts, since a spreadsheet does not say which post she holds.
    """
    base, most, since = (
        (FEMALE_BASE, FEMALE_MONTHS, FEMALE_FROM)
        if sex is Sex.FEMALE
        else (MALE_BASE, MALE_MONTHS, MALE_FROM)
    )
    after = (birth_on.year - since.year) * 12 + birth_on.month - since.month
    return base if after < 0 else min(most, base + after // 4 + 1)


def is_open(at: datetime, *, opens: datetime, closes: datetime) -> bool:
    """Tell whether entries are taken now: the window is [opens, closes)."""
    return opens <= at < closes
