"""What a certificate asserts, its canonical bytes, and whether they fit the paper's symbol.

The payload is a CWT claim set in deterministic CBOR (RFC 8949 section 4.2.1):
`{6: iat, 7: cti, -65537: [typ, number, name, title, result]}` (certificates.md section 1).
`iat` stands for the printed issue date: 00:00 UTC of that day, or the moment of signing if earlier.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from types import MappingProxyType

import cbor2

from app.errors import N_, RuleBroken, refusal
from app.rules import strict_cbor
from app.rules.check_characters import ID_BYTES, id_bytes, id_of
from app.rules.identity import is_letter

IAT, CTI, FACTS = 6, 7, -65537
FACTS_LENGTH = 5
LATEST = 2**37
CHINA = timezone(timedelta(hours=8))
NAME_DOT = "\u00b7"
LONGEST_SYMBOL = 15
USUAL_SYMBOL = 12
CODEWORDS_M = (16, 28, 44, 64, 86, 108, 124, 154, 182, 216, 254, 290, 334, 365, 415)
"""Data codewords of QR versions 1 to 15 at error correction level M (ISO/IEC 18004, table 7)."""
PROTECTED_BYTES = 9
SIGNATURE_BYTES = 64
MODULE_MM = 0.53
QUIET_MODULES = 4


class CertificateKind(IntEnum):
    """`typ` of the claim; never renumbered."""

    ABILITY = 1
    AWARD = 2
    PARTICIPATION = 3


_KINDS = frozenset(int(kind) for kind in CertificateKind)


class ClaimPart(StrEnum):
    """A signed text."""

    NUMBER = "number"
    NAME = "name"
    TITLE = "title"
    RESULT = "result"


LABELS: Mapping[CertificateKind | ClaimPart, str] = MappingProxyType(
    {
        CertificateKind.ABILITY: N_("专项职业能力证书"),
        CertificateKind.AWARD: N_("获奖证书"),
        CertificateKind.PARTICIPATION: N_("参赛证明"),
        ClaimPart.NUMBER: N_("证书编号"),
        ClaimPart.NAME: N_("姓名"),
        ClaimPart.TITLE: N_("名称"),
        ClaimPart.RESULT: N_("结果"),
    }
)


@refusal
class TooLongForPaper(RuleBroken):
    """The signed facts do not fit a symbol of version 15, even with the short title."""

    says = N_(
        "“{name}”的证书内容太长，二维码印不下。请缩短结果，或为“{title}”填写更短的简称"
        "（需减少约 {over} 个汉字）。"
    )
    field = "short_title"
    name: str
    title: str
    over: int


@refusal
class WrongText(RuleBroken):
    """A text of the claim holds what cannot be printed, and often cannot be seen."""

    says = N_(
        "证书的{part}“{found}”中有印不出来的字符（第 {place} 个，{code}），"
        "请删去它，重新输入这一处。"
    )
    part: ClaimPart
    found: str
    place: int
    code: str


@refusal
class MissingText(RuleBroken):
    """A text of the claim is empty."""

    says = N_("证书的{part}不能为空。")
    part: ClaimPart


@refusal
class IssuedInFuture(RuleBroken):
    """A certificate is never dated later than today."""

    says = N_("发证日期 {found} 晚于今天，请改为今天或更早的日期。")
    field = "issued_on"
    found: date


class BadPayload(ValueError):
    """The bytes are no claim in the one form that we write; the message says what is wrong."""


@dataclass(frozen=True)
class Claim:
    """The signed facts of one certificate; `issued_at` is `iat` in seconds."""

    verification_id: str
    kind: CertificateKind
    number: str
    name: str
    title: str
    result: str
    issued_at: int

    @property
    def issued_on(self) -> date:
        """The date that the paper prints, in Chinese time."""
        return datetime.fromtimestamp(self.issued_at, CHINA).date()


def issued_at(day: date, at: datetime) -> int:
    """Return `iat` for a printed date; raise `IssuedInFuture` for one after today in China."""
    if day > at.astimezone(CHINA).date():
        raise IssuedInFuture(day)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int(min(midnight, at.astimezone(UTC)).timestamp())


def clean_text(text: str, part: ClaimPart, *, may_be_empty: bool = False) -> str:
    """Return a text in NFC with plain single blanks, whatever blanks were typed.

    Raise `MissingText`, or `WrongText` with the first character that cannot be printed.
    """
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if not clean and not may_be_empty:
        raise MissingText(part)
    for place, character in enumerate(clean, start=1):
        if not _is_printable(character):
            raise WrongText(part, clean, place, f"U+{ord(character):04X}")
    return clean


def _is_printable(character: str) -> bool:
    kind = unicodedata.category(character)[0]
    return character == " " or kind not in "CZ" or is_letter(character)


def clean_name(text: str) -> str:
    """Return a holder's name as it is signed: NFC, one kind of name dot (U+00B7)."""
    clean = clean_text(text, ClaimPart.NAME)
    for dot in "•‧∙⋅・･．":
        clean = clean.replace(dot, NAME_DOT)
    return clean


def payload_bytes(claim: Claim) -> bytes:
    """Return the canonical bytes; equal claims give equal bytes."""
    facts = [int(claim.kind), claim.number, claim.name, claim.title, claim.result]
    claims = {IAT: claim.issued_at, CTI: id_bytes(claim.verification_id), FACTS: facts}
    return cbor2.dumps(claims, canonical=True)


def parse_payload(payload: bytes) -> Claim:
    """Read the canonical bytes; raise `BadPayload` for any other form, however equal in meaning."""
    try:
        claims = strict_cbor.loads(payload)
    except strict_cbor.BadCbor as error:
        raise BadPayload("not deterministic CBOR") from error
    if not isinstance(claims, dict) or list(claims) != [IAT, CTI, FACTS]:
        raise BadPayload("not the claims 6, 7, -65537")
    return _claim_of(claims[IAT], claims[CTI], claims[FACTS])


def _claim_of(iat: object, cti: object, facts: object) -> Claim:
    if not isinstance(iat, int) or not 0 <= iat < LATEST:
        raise BadPayload("iat is no time")
    if not isinstance(cti, bytes) or len(cti) != ID_BYTES:
        raise BadPayload("cti has not 10 bytes")
    if not isinstance(facts, list) or len(facts) != FACTS_LENGTH:
        raise BadPayload("-65537 has not five facts")
    if not isinstance(facts[0], int) or facts[0] not in _KINDS:
        raise BadPayload("typ is unknown")
    if not all(isinstance(fact, str) for fact in facts[1:]):
        raise BadPayload("a fact is no text")
    number, name, title, result = facts[1:]
    return Claim(id_of(cti), CertificateKind(facts[0]), number, name, title, result, issued_at=iat)


def cose_length(payload_length: int) -> int:
    """Return the bytes of the COSE_Sign1 around a payload."""
    header = 1 if payload_length < 24 else 2 if payload_length < 256 else 3
    return 2 + 1 + PROTECTED_BYTES + 1 + header + payload_length + 2 + SIGNATURE_BYTES


def symbol_version(prefix_length: int, digits: int) -> int | None:
    """Return the QR version (level M) for a byte segment and a numeric one; None beyond 15."""
    numeric = 10 * (digits // 3) + (0, 4, 7)[digits % 3]
    for version, codewords in enumerate(CODEWORDS_M, start=1):
        counts = 8 + 10 if version < 10 else 16 + 12
        if 4 + 4 + counts + 8 * prefix_length + numeric <= 8 * codewords:
            return version
    return None


def most_digits(length: int) -> int:
    """Return the most decimal digits that 01 and `length` bytes can need."""
    return len(str(2 * 256**length - 1))


def fitted(claim: Claim, short_title: str, prefix_length: int) -> Claim:
    """Return the claim as the paper can hold it: with its title, or with the short one.

    Raise `TooLongForPaper` where neither stays within version 15.
    """
    shorter = replace(claim, title=clean_text(short_title or claim.title, ClaimPart.TITLE))
    for candidate in (claim, shorter):
        if symbol_version(prefix_length, _digits(candidate)) is not None:
            return candidate
    raise TooLongForPaper(claim.name, claim.title, _characters_over(shorter, prefix_length))


def _digits(claim: Claim) -> int:
    return most_digits(cose_length(len(payload_bytes(claim))))


def _characters_over(claim: Claim, prefix_length: int) -> int:
    length = cose_length(len(payload_bytes(claim)))
    over = 0
    while length - over > 0 and symbol_version(prefix_length, most_digits(length - over)) is None:
        over += 1
    return -(-over // 3)


def symbol_mm(version: int) -> float:
    """Return the printed width of a symbol without its quiet zone, in millimetres."""
    return (17 + 4 * version) * MODULE_MM
