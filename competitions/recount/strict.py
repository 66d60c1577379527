"""Read JSON strictly: every key known, every number a plain decimal, nothing said twice."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]{1,4})?")
MOST_DIGITS = 12


@dataclass
class Problems:
    """What is wrong, in the order found; the first thousand are kept."""

    found: list[dict[str, str]] = field(default_factory=list)

    def add(self, code: str, where: str, text: str) -> None:
        if len(self.found) < 1000:
            self.found.append({"code": code, "where": where, "text": text})


class Unreadable(Exception):
    """The file is no JSON that this program takes."""


def parse(raw: bytes) -> Any:
    """Parse JSON; refuse duplicate keys, NaN, floats and numbers of absurd length."""
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse,
            parse_float=_refuse,
        )
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"duplicate key {next(name for name in names if names.count(name) > 1)!r}")
    return found


def _refuse(text: str) -> Any:
    raise ValueError(f"{text[:40]} is not allowed: numbers with a point are decimal strings")


class Reader:
    """Checks of one bundle; each wrong place becomes a problem and reading goes on."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def wrong(self, where: str, text: str) -> None:
        self.problems.add("malformed", where, text)

    def keys(self, given: Any, where: str, needed: str, optional: str = "") -> bool:
        """Tell whether `given` is an object with exactly these keys (space separated)."""
        if not isinstance(given, dict):
            self.wrong(where, "should be an object")
            return False
        must, may = set(needed.split()), set(optional.split())
        for name in sorted(must - given.keys()):
            self.wrong(f"{where}.{name}", "is missing")
        for name in sorted(given.keys() - must - may):
            self.wrong(f"{where}.{name[:60]}", "is not a known key")
        return must <= given.keys() <= must | may

    def items(self, given: Any, where: str) -> list[Any]:
        if isinstance(given, list):
            return given
        self.wrong(where, "should be a list")
        return []

    def text(self, given: Any, where: str) -> str:
        if isinstance(given, str) and given.strip() and given.isprintable():
            return given
        self.wrong(where, "should be a text that is not empty")
        return ""

    def one_of(self, given: Any, where: str, allowed: Iterable[str]) -> str:
        allowed = tuple(allowed)
        if isinstance(given, str) and given in allowed:
            return given
        self.wrong(where, f"should be one of {', '.join(allowed)}")
        return allowed[0]

    def whole(self, given: Any, where: str, least: int = 0) -> int:
        is_number = isinstance(given, int) and not isinstance(given, bool)
        if is_number and least <= given < 10**MOST_DIGITS:
            return int(given)
        self.wrong(where, f"should be a whole number, at least {least}")
        return least

    def number(self, given: Any, where: str, *, is_signed: bool = False) -> Fraction:
        """Read a decimal string: at most four decimals, twelve digits, no exponent."""
        is_plain = isinstance(given, str) and PLAIN.fullmatch(given, 0, 40)
        if is_plain and sum(char.isdigit() for char in given) <= MOST_DIGITS:
            value = Fraction(given)
            if value >= 0 or is_signed:
                return value
            self.wrong(where, "should not be negative")
            return Fraction(0)
        self.wrong(where, "should be a decimal string with at most four decimals and twelve digits")
        return Fraction(0)

    def either_number(self, given: Any, where: str, *, is_signed: bool = False) -> Fraction:
        """Read a setting that may stand as a whole number or as a decimal string."""
        if isinstance(given, int) and not isinstance(given, bool) and abs(given) < 10**MOST_DIGITS:
            if given >= 0 or is_signed:
                return Fraction(given)
            self.wrong(where, "should not be negative")
            return Fraction(0)
        return self.number(given, where, is_signed=is_signed)

    def unique(self, given: Iterable[Any], where: str, what: str) -> None:
        seen = set()
        for name in given:
            if name in seen:
                self.problems.add("duplicate", where, f"{what} {name} stands twice")
            seen.add(name)
