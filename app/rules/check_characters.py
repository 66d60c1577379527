"""Verification IDs: 80 bits in Crockford base32, with an ISO 7064 mod 37,36 character for typing.

The check character is only for people who type: addresses and signatures hold the 16 characters.
"""

import re

from app.errors import N_, RuleBroken, refusal
from app.rules.widths import narrowed

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ISO_7064 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ID_BYTES = 10
ID_LENGTH = 16
LOOKALIKES = str.maketrans("ILO", "110")
WRITTEN = re.compile(f"[{CROCKFORD}]{{{ID_LENGTH}}}")
SEPARATORS = str.maketrans("", "", "- \u00a0\u2009\u2010\u2011\u2012\u2013\u2014")


@refusal
class WrongVerificationId(RuleBroken):
    """What was typed cannot be a verification ID."""

    says = N_(
        "验证码应为 16 位字母和数字，印在证书二维码旁边，最后可再加一位校验字符。"
        "请对照证书重新输入。"
    )
    field = "id"


@refusal
class WrongIdCheck(RuleBroken):
    """The check character does not agree: a character is mistyped."""

    says = N_("验证码的校验字符不符，可能有一位输错，请对照证书逐位核对。")
    field = "id"


def mod_37_36(text: str) -> str:
    """Return the check character of ISO 7064 MOD 37,36 for digits and capital letters."""
    product = 36
    for character in text:
        total = (product + ISO_7064.index(character)) % 36 or 36
        product = (2 * total) % 37
    return ISO_7064[(37 - product) % 36]


def id_of(raw: bytes) -> str:
    """Write 10 random bytes as the 16 characters of a verification ID."""
    if len(raw) != ID_BYTES:
        raise ValueError(len(raw))
    value = int.from_bytes(raw)
    return "".join(CROCKFORD[value >> 5 * place & 31] for place in reversed(range(ID_LENGTH)))


def id_bytes(verification_id: str) -> bytes:
    """Return the 10 bytes of a verification ID as `parse_id` gives it."""
    value = 0
    for character in verification_id:
        value = value << 5 | CROCKFORD.index(character)
    return value.to_bytes(ID_BYTES)


def printed_id(verification_id: str) -> str:
    """Write an ID for paper: four groups of four and the check character."""
    groups = [verification_id[start : start + 4] for start in range(0, ID_LENGTH, 4)]
    return "-".join([*groups, mod_37_36(verification_id)])


def parse_id(text: str) -> str:
    """Return the 16 characters of an ID in any case or width, with or without hyphens and check.

    Raise `WrongVerificationId` or `WrongIdCheck`. I and L are read as 1, O as 0.
    """
    if WRITTEN.fullmatch(text):
        return text
    clean = narrowed(text).translate(SEPARATORS).upper().strip()
    body, check = clean[:ID_LENGTH].translate(LOOKALIKES), clean[ID_LENGTH:]
    if len(body) != ID_LENGTH or len(check) > 1 or not set(body) <= set(CROCKFORD):
        raise WrongVerificationId
    if check and check.translate(LOOKALIKES) != mod_37_36(body).translate(LOOKALIKES):
        raise WrongIdCheck
    return body
