"""Identity documents and names: GB 11643 numbers, permits, passports; masking; name normalisation.

The region prefix of a resident number is never checked against a list: it is the place of birth
registration, often a code abolished since (domain.md D1).
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

from app.errors import N_, RuleBroken, refusal
from app.rules.widths import narrowed


class IdKind(StrEnum):
    """Kind of identity document (domain.md B4, D4)."""

    RESIDENT = "resident"
    HONG_KONG_MACAO_PERMIT = "hong_kong_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PASSPORT = "passport"
    FOREIGNER_RESIDENCE = "foreigner_residence"


class Sex(StrEnum):
    """GB/T 2261.1, the two values that documents carry."""

    MALE = "male"
    FEMALE = "female"


LABELS: Mapping[IdKind | Sex, str] = MappingProxyType(
    {
        IdKind.RESIDENT: N_("居民身份证"),
        IdKind.HONG_KONG_MACAO_PERMIT: N_("港澳居民来往内地通行证"),
        IdKind.TAIWAN_PERMIT: N_("台湾居民来往大陆通行证"),
        IdKind.PASSPORT: N_("护照"),
        IdKind.FOREIGNER_RESIDENCE: N_("外国人永久居留身份证"),
        Sex.MALE: N_("男"),
        Sex.FEMALE: N_("女"),
    }
)

CHECK_CHARACTERS = "10X98765432"
EARLIEST_BIRTH = date(1900, 1, 1)
LONGEST_NAME = 50
DOTS = "•‧∙⋅・･·．"
NO_DOTS = str.maketrans("", "", DOTS)
PLAIN_NAME = re.compile("[\u4e00-\u9fff]{1,50}")
"""Nearly every name: Unicode knows one way to write these letters, so there is nothing to mend."""
HAN = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
HAN_LETTER = re.compile(HAN)
STOP_AFTER_HAN = re.compile(rf"(?<={HAN})\.+(?={HAN}|$)")
RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
FIGURE = re.compile(r"[0-9]\.[0-9]+E\+?[0-9]{2}")
ROMAN_TEN = "Ⅹ"
"""What the letter X of a resident number stands for, and some keyboards write."""
QUOTES = "'‘’`"
"""What people put before a number to keep it a text; in some files it has become part of it."""
SPELLED_OUT = re.compile(r"\d(?:[\s-]?\d){13,}[\s-]?[\dXxⅩ]|[A-Za-z]{0,3}\d{10,}[\dXxⅩ]|[HM]\d{8}")
"""What may be a number of a person: fifteen places with gaps, eleven without, a permit."""
PATTERNS: Mapping[IdKind, re.Pattern[str]] = MappingProxyType(
    {
        IdKind.HONG_KONG_MACAO_PERMIT: re.compile(r"[HM][0-9]{8}([0-9]{2})?"),
        IdKind.TAIWAN_PERMIT: re.compile(r"[0-9]{8}"),
        IdKind.PASSPORT: re.compile(r"[A-Z0-9]{5,17}"),
        IdKind.FOREIGNER_RESIDENCE: re.compile(r"[A-Z]{3}[0-9]{12}"),
    }
)


@refusal
class WrongIdLength(RuleBroken):
    """A resident number has 18 places."""

    says = N_("居民身份证号应为 18 位，现有 {found} 位。")
    field = "id_number"
    found: int


@refusal
class NumberCutShort(RuleBroken):
    """The text is a figure in short, such as 5.2E+17: its last places are lost."""

    says = N_("号码被表格软件当成了数值，末几位已经丢失。请把这一列设为“文本”格式后重新填写。")
    field = "id_number"


@refusal
class WrongIdCharacters(RuleBroken):
    """Seventeen digits, then a digit or X."""

    says = N_("居民身份证号前 17 位应为数字，最后一位为数字或 X。")
    field = "id_number"


@refusal
class WrongBirthDate(RuleBroken):
    """Places 7 to 14 are no date, or one that cannot be."""

    says = N_("身份证号第 7 至 14 位不是有效的出生日期，请对照证件核对。")
    field = "id_number"


@refusal
class WrongCheckCharacter(RuleBroken):
    """ISO 7064 mod 11-2 does not hold: a digit is mistyped."""

    says = N_("身份证号校验不符，可能有一位输错，请对照证件核对。")
    field = "id_number"


@refusal
class WrongDocumentNumber(RuleBroken):
    """The number has not the form of its document."""

    says = N_("“{kind}”的号码格式不对，请对照证件核对。")
    field = "id_number"
    kind: IdKind


@refusal
class BirthDateDiffers(RuleBroken):
    """The date given is not the one in the number."""

    says = N_("出生日期与身份证号不一致：身份证号中是 {in_number}。")
    field = "birth_on"
    in_number: date


@refusal
class SexDiffers(RuleBroken):
    """The sex given is not the one in the number."""

    says = N_("性别与身份证号不一致：身份证号中是{in_number}。")
    field = "sex"
    in_number: Sex


@refusal
class WrongName(RuleBroken):
    """A name is empty, too long, or holds what no name holds."""

    says = N_("姓名“{found}”不符合要求：应为 1 到 50 个字，只含文字、空格、连字符和间隔号“·”。")
    field = "name"
    found: str


class IdNumber(Struct, frozen=True, gc=False):
    """A checked document number; birth date and sex where the number itself says them."""

    kind: IdKind
    text: str
    birth_on: date | None = None
    sex: Sex | None = None

    @property
    def masked(self) -> str:
        return masked(self.text)


def parse_id(kind: IdKind, text: str, today: date) -> IdNumber:
    """Check a document number; raise the refusal that says what is wrong with it.

    HK, Macao and Taiwan residence permits (810000, 820000, 830000) and the foreigners' card of
    2023 (first digit 9) have 18 places with the same check character (domain.md D4).
    """
    clean = text.upper() if text.isascii() and text.isalnum() else _without_spaces(text)
    if FIGURE.fullmatch(clean):
        raise NumberCutShort
    if kind is IdKind.RESIDENT or (kind is IdKind.FOREIGNER_RESIDENCE and len(clean) == 18):
        return _parse_resident(kind, clean, today)
    if not PATTERNS[kind].fullmatch(clean):
        raise WrongDocumentNumber(kind)
    return IdNumber(kind, clean)


def _without_spaces(text: str) -> str:
    plain = narrowed(text).strip().lstrip(QUOTES)
    return re.sub(r"[\s-]", "", plain).upper().replace(ROMAN_TEN, "X")


def _parse_resident(kind: IdKind, text: str, today: date) -> IdNumber:
    if len(text) != 18:
        raise WrongIdLength(len(text))
    if not RESIDENT.fullmatch(text):
        raise WrongIdCharacters
    try:
        birth_on = date.fromisoformat(text[6:14])
    except ValueError:
        raise WrongBirthDate from None
    if not EARLIEST_BIRTH <= birth_on <= today:
        raise WrongBirthDate
    if check_character(text[:17]) != text[17]:
        raise WrongCheckCharacter
    return IdNumber(kind, text, birth_on, Sex.MALE if text[16] in "13579" else Sex.FEMALE)


def check_character(seventeen: str) -> str:
    """Return the 18th place of a resident number (GB 11643-1999, ISO 7064 mod 11-2).

    The weights are the powers of two modulo 11, and 13 is two: so the digits, read in base 13 and
    doubled, leave the remainder of the weighted sum.
    """
    return CHECK_CHARACTERS[2 * int(seventeen, 13) % 11]


def agree(number: IdNumber, *, birth_on: date | None, sex: Sex | None) -> None:
    """Raise `BirthDateDiffers` or `SexDiffers` where the form says other than the number."""
    if number.birth_on and birth_on and number.birth_on != birth_on:
        raise BirthDateDiffers(number.birth_on)
    if number.sex and sex and number.sex != sex:
        raise SexDiffers(number.sex)


def masked(text: str) -> str:
    """Show at most the first six and last four of a number; less of a short one."""
    if len(text) == 18:
        return f"{text[:6]}********{text[-4:]}"
    return text[:2] + "*" * max(0, len(text) - 4) + text[-2:] if len(text) > 4 else "*" * len(text)


def without_numbers(text: str) -> str:
    """Mask every document's number and telephone in a text, however its digits are spaced."""
    return SPELLED_OUT.sub(lambda found: masked(found[0]), text)


def masked_name(name: str) -> str:
    """Show the first character of a name and `**` (certificates.md section 2)."""
    return name[:1] + "**"


def normalized_name(text: str) -> str:
    """Return a name in NFC with one kind of dot (U+00B7) and single spaces.

    Between Chinese letters a full stop is that dot too; after an initial it stays one.

    Raise `WrongName` for an empty one, one over 50 characters, digits or control characters.
    CJK extensions A to H are letters to Unicode and pass.
    """
    if PLAIN_NAME.fullmatch(text):
        return text
    name = unicodedata.normalize("NFC", text)
    name = re.sub(rf"\s*[{DOTS}]\s*", "·", name)
    name = re.sub(r"\s+", " ", name).strip()
    if HAN_LETTER.search(name):
        name = STOP_AFTER_HAN.sub("·", name.replace(" ", ""))
    allowed = all(is_letter(char) or char in "· -'’." for char in name)
    if not 0 < len(name) <= LONGEST_NAME or not allowed or name[0] in "·-." or name[-1] in "·-":
        raise WrongName(text.strip()[:60])
    return name


def name_key(name: str) -> str:
    """Return the form under which two spellings of a normalised name are compared."""
    if PLAIN_NAME.fullmatch(name):
        return name
    return unicodedata.normalize("NFKC", name).casefold().replace("·", "").replace(" ", "")


def asked_name_key(name: str) -> str:
    """Return the form under which a name that somebody types is compared with a holder's.

    Neither the dots nor the blanks count, nor the full stop after an initial.
    """
    return name_key("".join(name.split()).translate(NO_DOTS)).replace(".", "")


def is_letter(char: str) -> bool:
    """Tell whether a character is a letter, or a mark on one."""
    # Extensions H and I are newer than the character table of Python 3.11.
    return unicodedata.category(char)[0] in "LM" or 0x20000 <= ord(char) <= 0x323AF
