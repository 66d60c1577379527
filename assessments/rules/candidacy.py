"""Whether a person may apply: of working age on the day (domain.md A1, C8)."""

from datetime import date

from app.errors import N_, RuleBroken, refusal

WORKING_AGE = 16


@refusal
class TooYoung(RuleBroken):
    """Sixteen on the day of the assessment (劳动法: 法定劳动年龄)."""

    says = N_("考核当日未满 {least} 周岁，未达到法定劳动年龄。")
    field = "id_number"
    least: int = WORKING_AGE


@refusal
class AppliedAlready(RuleBroken):
    """One person, one seat in one sitting."""

    says = N_("{name}已报名本批次考核，考号 {number}。")
    field = "id_number"
    name: str
    number: str


def refuse_too_young(birth_on: date | None, on: date) -> None:
    """Raise `TooYoung` for who is under sixteen on the day; an unknown birth date is vetted."""
    if birth_on is None:
        return
    age = on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))
    if age < WORKING_AGE:
        raise TooYoung
