"""Exact points, rounded only where a rule set names a rounding (marking.md §2).

A mark is written with at most four decimals, so it is held as a whole number of 1/10,000 (`e4`).
What a mean or a share makes of it is held as a `Ratio`, numerator and denominator, until a rule
set rounds it. There is no binary floating point anywhere.
"""

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Literal, Protocol

E4 = 10_000
DIGITS = 12
PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]{1,4})?")
HALF = Fraction(1, 2)

Ratio = tuple[int, int]
"""Numerator and positive denominator, not reduced: cheap to make by the hundred thousand."""


class Decimals(Protocol):
    """Decimals and a mode: `half_up`, `half_even`, `down`."""

    @property
    def decimals(self) -> int: ...
    @property
    def mode(self) -> Literal["half_up", "half_even", "down"]: ...


Round = Decimals | Literal["exact"]
Rounder = Callable[[int, int], Ratio]


def e4_of(text: str) -> int | None:
    """Return a plain decimal's value in 1/10,000; None for anything else.

    Plain is what contracts.md §2 allows: digits, at most four decimals, at most twelve digits; no
    exponent, no plus, no -0, no leading zeros, no blanks.
    """
    if len(text) > DIGITS + 2 or not PLAIN.fullmatch(text):
        return None
    if sum(map(str.isdigit, text)) > DIGITS:
        return None
    before, _, after = text.partition(".")
    value = int(before + after.ljust(4, "0"))
    return None if value == 0 and text[0] == "-" else value


def rounder(rule: Round) -> Rounder:
    """Return the function that rounds a ratio by a rule; `exact` changes nothing."""
    if isinstance(rule, str):
        return _exact
    unit = 10**rule.decimals
    if rule.mode == "half_up":

        def to_half_up(numerator: int, denominator: int) -> Ratio:
            return (2 * numerator * unit + denominator) // (2 * denominator), unit

        return to_half_up
    mode = rule.mode

    def to_mode(numerator: int, denominator: int) -> Ratio:
        return whole(Fraction(numerator * unit, denominator), mode), unit

    return to_mode


def _exact(numerator: int, denominator: int) -> Ratio:
    return numerator, denominator


def rounded(value: Fraction, rule: Round) -> Fraction:
    """Round a fraction by a rule."""
    return Fraction(*rounder(rule)(value.numerator, value.denominator))


def whole(value: Fraction, mode: str) -> int:
    """Round to a whole number: half_up (a half rises), half_even, down (towards 0), up."""
    if mode == "up":
        return ceil(value)
    if mode == "down":
        return floor(value) if value >= 0 else ceil(value)
    if mode == "half_even":
        return round(value)
    return floor(value + HALF)


def shown(value: Fraction, rule: Round) -> str:
    """Write a rounded value with its decimals, an exact one as short as it goes or as 23/3."""
    if not isinstance(rule, str):
        return fixed(value, rule.decimals)
    if value.denominator == 1:
        return str(value.numerator)
    places = _decimal_places(value.denominator)
    return f"{value.numerator}/{value.denominator}" if places is None else fixed(value, places)


def fixed(value: Fraction, decimals: int) -> str:
    """Write a value that has at most these decimals."""
    unit = 10**decimals
    sign = "-" if value < 0 else ""
    before, after = divmod(abs(value.numerator) * unit // value.denominator, unit)
    return f"{sign}{before}.{after:0{decimals}d}" if decimals else f"{sign}{before}"


def _decimal_places(denominator: int) -> int | None:
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def on_one_scale(values: Iterable[Fraction]) -> list[int]:
    """Return whole numbers in the same proportions: they compare and sort as fast as numbers do."""
    given = [value.as_integer_ratio() for value in values]
    common = lcm(*{denominator for _, denominator in given})
    return [numerator * (common // denominator) for numerator, denominator in given]
