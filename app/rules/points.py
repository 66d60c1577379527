"""Exact points: fractions, rounded only where a rule set names a rounding (marking.md section 2)."""

from fractions import Fraction
from math import ceil, floor
from typing import Literal, Protocol

HALF = Fraction(1, 2)


class Decimals(Protocol):
    """Decimals and a mode: `half_up`, `half_even`, `down`."""

    @property
    def decimals(self) -> int: ...
    @property
    def mode(self) -> Literal["half_up", "half_even", "down"]: ...


def rounded(value: Fraction, rule: "Decimals | Literal['exact']") -> Fraction:
    """Round to a rule's decimals; `exact` changes nothing."""
    if isinstance(rule, str):
        return value
    unit = 10**rule.decimals
    return Fraction(whole(value * unit, rule.mode), unit)


def whole(value: Fraction, mode: str) -> int:
    """Round to a whole number: half_up (a half rises), half_even, down (towards 0), up."""
    if mode == "up":
        return ceil(value)
    if mode == "down":
        return floor(value) if value >= 0 else ceil(value)
    if mode == "half_even":
        return round(value)
    return floor(value + HALF)


def shown(value: Fraction, rule: "Decimals | Literal['exact']") -> str:
    """Write a rounded value with its decimals, an exact one as short as it goes, or as a fraction."""
    if not isinstance(rule, str):
        return fixed(value, rule.decimals)
    if value.denominator == 1:
        return str(value.numerator)
    places = _decimal_places(value.denominator)
    return f"{value.numerator}/{value.denominator}" if places is None else fixed(value, places)


def fixed(value: Fraction, decimals: int) -> str:
    """Write a value that has at most these decimals."""
    sign, scaled = "-" if value < 0 else "", abs(value) * 10**decimals
    before, after = divmod(scaled.numerator // scaled.denominator, 10**decimals)
    return f"{sign}{before}.{after:0{decimals}d}" if decimals else f"{sign}{before}"


def _decimal_places(denominator: int) -> int | None:
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None
