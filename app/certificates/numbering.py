"""Official numbers by template: `S000052{region:6}{yy}3{serial:6}`.

A template is fixed characters and parts in braces. The serial counts apart for every different
rendering of the other parts, so it starts anew with the year where the year is a part. The
official number, the system's serial and the verification ID are three different things.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from app.errors import N_, RuleBroken, refusal
from app.rules.certificate_claim import CertificateKind
from app.rules.check_characters import ISO_7064, mod_37_36
from app.rules.widths import narrowed

PART = re.compile(r"\{([a-z]+)(?::(\d{1,2}))?\}")
FIXED = re.compile(r"[A-Z0-9〔〕（）()第号字/-]*")
WIDTHS = {
    "year": 4,
    "yy": 2,
    "month": 2,
    "region": 6,
    "body": 4,
    "serial": 6,
    "check": 1,
}
WIDE_BRACKETS = str.maketrans("()", "（）")
FIXED_WIDTH = frozenset({"year", "yy", "month", "check"})
LONGEST = 40

DEFAULTS = {
    CertificateKind.ABILITY: "{yy}{region:4}{body:4}6{serial:5}",
    CertificateKind.AWARD: "J{year}{region:6}{serial:5}",
    CertificateKind.PARTICIPATION: "C{year}{region:6}{serial:5}",
}
"""Used where no template is set: for abilities the 16 digits of the old scheme (domain.md B6)."""


class TemplateFault(StrEnum):
    """What can be wrong with a template."""

    SERIAL = "serial"
    CHECK = "check"
    LENGTH = "length"
    FIXED = "fixed"
    PART = "part"
    LEVEL = "level"
    WIDTH = "width"


LABELS: Mapping[TemplateFault, str] = MappingProxyType(
    {
        TemplateFault.SERIAL: N_("要有且只有一个顺序号 serial"),
        TemplateFault.CHECK: N_("校验字符 check 只能在最后"),
        TemplateFault.LENGTH: N_("编号太长"),
        TemplateFault.FIXED: N_("固定部分只能用大写字母、数字、〔〕（）第、号、字和 / -"),
        TemplateFault.PART: N_("有不认识的部分，可用 year yy month region body serial check"),
        TemplateFault.LEVEL: N_("发证时没有等级，请把等级的数字直接写进模板，一个等级一个模板"),
        TemplateFault.WIDTH: N_("某一部分的位数不对"),
    }
)


@refusal
class BadTemplate(RuleBroken):
    """A number template cannot be read."""

    says = N_("编号模板“{pattern}”不能使用：{why}。")
    field = "pattern"
    pattern: str
    why: TemplateFault


@refusal
class SerialsUsedUp(RuleBroken):
    """The serial has no more places."""

    says = N_("编号模板“{pattern}”的顺序号已用完（{width} 位），请设置新的模板。")
    field = "pattern"
    pattern: str
    width: int


@refusal
class PartMissing(RuleBroken):
    """A part of the number is not known for this certificate."""

    says = N_("编号模板“{pattern}”需要“{part}”，这张证书没有这一项。")
    field = "pattern"
    pattern: str
    part: str


@dataclass(frozen=True)
class NumberFacts:
    """What a number may be made of besides its serial."""

    issued_on: date
    region_code: str
    body_code: str = ""


Segments = tuple[tuple[str, int], ...]
"""Each a part's name and width; fixed characters are `("=TEXT", 0)`."""


def parse_template(pattern: str) -> Segments:
    """Read a template; raise `BadTemplate` with what is wrong."""
    segments: list[tuple[str, int]] = []
    place = 0
    for found in PART.finditer(pattern):
        _add_fixed(segments, pattern, pattern[place : found.start()])
        segments.append(_part(pattern, found[1], found[2]))
        place = found.end()
    _add_fixed(segments, pattern, pattern[place:])
    names = [name for name, _ in segments]
    if names.count("serial") != 1:
        raise BadTemplate(pattern, TemplateFault.SERIAL)
    if "check" in names[:-1]:
        raise BadTemplate(pattern, TemplateFault.CHECK)
    if _length(segments) > LONGEST:
        raise BadTemplate(pattern, TemplateFault.LENGTH)
    return tuple(segments)


def render(segments: Segments, facts: NumberFacts, serial: int | None) -> str:
    """Write a number; with no serial, the counter's name (`#` for the serial, no check)."""
    pattern = written(segments)
    text = ""
    for name, width in segments:
        if name.startswith("="):
            text += name[1:]
        elif name == "serial":
            text += "#" if serial is None else _serial(pattern, serial, width)
        elif name == "check":
            text += "" if serial is None else _check(text)
        else:
            text += _fact(pattern, name, width, facts)
    return text


def written(segments: Segments) -> str:
    """Write segments back as a template."""
    return "".join(
        name[1:]
        if name.startswith("=")
        else f"{{{name}}}"
        if name in FIXED_WIDTH
        else f"{{{name}:{width}}}"
        for name, width in segments
    )


def _add_fixed(segments: list[tuple[str, int]], pattern: str, text: str) -> None:
    if not FIXED.fullmatch(text):
        raise BadTemplate(pattern, TemplateFault.FIXED)
    if text:
        segments.append((f"={text}", 0))


def _part(pattern: str, name: str, width: str | None) -> tuple[str, int]:
    if name == "level":
        raise BadTemplate(pattern, TemplateFault.LEVEL)
    if name not in WIDTHS:
        raise BadTemplate(pattern, TemplateFault.PART)
    chosen = int(width) if width else WIDTHS[name]
    most = WIDTHS[name] if name in FIXED_WIDTH or name == "region" else 12
    if chosen == 0 or chosen > most or (name in FIXED_WIDTH and chosen != most):
        raise BadTemplate(pattern, TemplateFault.WIDTH)
    return name, chosen


def _length(segments: list[tuple[str, int]]) -> int:
    return sum(width or len(name) - 1 for name, width in segments)


def _serial(pattern: str, serial: int, width: int) -> str:
    text = f"{serial:0{width}d}"
    if len(text) > width:
        raise SerialsUsedUp(pattern, width)
    return text


def _check(text: str) -> str:
    return mod_37_36("".join(character for character in text if character in ISO_7064))


def _fact(pattern: str, name: str, width: int, facts: NumberFacts) -> str:
    values = {
        "year": f"{facts.issued_on.year:04d}",
        "yy": f"{facts.issued_on.year % 100:02d}",
        "month": f"{facts.issued_on.month:02d}",
        "region": facts.region_code[:width],
        "body": facts.body_code,
    }
    value = values[name]
    if len(value) != width:
        raise PartMissing(pattern, name)
    return value


def asked(typed: str) -> str:
    """Return the form under which numbers that people type are compared: plain capitals."""
    return narrowed(typed).strip().upper()


def spellings(typed: str) -> tuple[str, ...]:
    """Return how a number that somebody types may have been issued.

    In capitals; in small letters only where an issuer's code once held them. Brackets are wide in
    some templates.
    """
    plain = asked(typed)
    return typed.strip(), plain, plain.translate(WIDE_BRACKETS)
