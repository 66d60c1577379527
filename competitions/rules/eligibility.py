"""May this person enter this event (domain.md C1, C8). Numbers are settings of the competition."""

from datetime import date

from app.errors import N_, RuleBroken, refusal
from app.rules.identity import Sex

YOUNGEST = 16
MALE_MONTHS, FEMALE_MONTHS = 63 * 12, 58 * 12
MALE_BASE, FEMALE_BASE = 60 * 12, 55 * 12
MALE_FROM, FEMALE_FROM = date(1965, 1, 1), date(1970, 1, 1)


@refusal
class TooYoungToEnter(RuleBroken):
    """Sixteen on the first day."""

    says = N_("比赛首日未满 {least} 周岁，不能参赛。")
    field = "id_number"
    least: int = YOUNGEST


@refusal
class PastRetirement(RuleBroken):
    """Within the statutory retirement age on the first day."""

    says = N_("比赛首日已超过法定退休年龄（{years} 岁 {months} 个月），不能参赛。")
    field = "id_number"
    years: int
    months: int


@refusal
class QuotaExceeded(RuleBroken):
    """A delegation enters at most so many in an event."""

    says = N_("代表队“{delegation}”在“{event}”的名额为 {most} 个，已经用完。")
    field = "delegation"
    delegation: str
    event: str
    most: int


@refusal
class EnteredElsewhere(RuleBroken):
    """One person, one event of a competition."""

    says = N_("{name}已报名“{event}”，同一大赛每人限报一项。")
    field = "id_number"
    name: str
    event: str


def refuse_wrong_age(birth_on: date | None, sex: Sex | None, on: date) -> None:
    """Raise for somebody under sixteen or past the statutory retirement age on the first day."""
    if birth_on is None:
        return
    months = (on.year - birth_on.year) * 12 + on.month - birth_on.month - (on.day < birth_on.day)
    if months < YOUNGEST * 12:
        raise TooYoungToEnter
    limit = retirement_months(birth_on, sex)
    if months > limit:
        raise PastRetirement(limit // 12, limit % 12)


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
