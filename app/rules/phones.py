"""Phones: a mobile number, or a landline with its area."""

import re

from app.errors import N_, RuleBroken, refusal
from app.rules.widths import narrowed

PHONE = re.compile(r"1[3-9][0-9]{9}|0[0-9]{9,11}")
COUNTRY = re.compile(r"^(\+|00)86(?=1[3-9])")


@refusal
class WrongPhone(RuleBroken):
    """A phone is a mobile number, or a landline with its area."""

    says = N_("电话号码格式不对，应为 11 位手机号，或带区号的座机号。")
    field = "phone"


def checked_phone(text: str, wrong: type[WrongPhone] = WrongPhone) -> str:
    """Return a phone as digits, empty for none; raise `WrongPhone`."""
    if not text or PHONE.fullmatch(text):
        return text
    plain = re.sub(r"[\s-]", "", narrowed(text))
    plain = COUNTRY.sub("", plain)
    if plain and not PHONE.fullmatch(plain):
        raise wrong
    return plain
