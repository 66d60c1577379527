"""The functions that a marking scheme's formulas use, over exact numbers."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from app.errors import N_

PLAIN = re.compile(r"-?\d{1,12}(?:[.,]\d{1,12})?")
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)?(.*)", re.DOTALL)
SIGNS: Mapping[str, frozenset[int]] = {
    "=": frozenset({0}),
    "<>": frozenset({-1, 1}),
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
}
"""How the left may lie beside the right: before it, with it, after it."""
MOST_DECIMALS = 8
MOST_BITS = 512
"""Of a numerator or denominator: numbers that grow from step to step would take hours."""
HALF = Fraction(1, 2)

Value = Fraction | str | bool | None
"""What a cell holds; None where it is empty."""


@dataclass(frozen=True)
class Range:
    """The cells of a range, row by row."""

    values: Sequence[Value]


Argument = Value | Range


class NotComputable(Exception):
    """The formula is none that is worked out here; `says` is the sentence why."""

    def __init__(self, says: str = N_("这个公式算不出来，请改成数值。"), **facts: str) -> None:
        super().__init__(says)
        self.says, self.facts = says, facts


class DividedByZero(NotComputable):
    """The formula divides by nothing."""

    def __init__(self) -> None:
        super().__init__(N_("公式除以了 0，请改正。"))


def value_of(text: str) -> Value:
    """Return what a cell's text is: nothing, a number with a point or a comma, or a text."""
    plain = text.strip()
    if not plain:
        return None
    return Fraction(plain.replace(",", ".")) if PLAIN.fullmatch(plain) else text


def number(value: Value) -> Fraction:
    """Return a value as a number, 0 for nothing; raise `NotComputable` for a text."""
    if isinstance(value, str):
        found = value_of(value)
        if isinstance(found, Fraction):
            return found
        raise NotComputable(N_("公式用到了不是数的内容“{text}”，请改正。"), text=value[:40])
    return within_bounds(Fraction(value or 0))


def within_bounds(value: Fraction) -> Fraction:
    """Return a number to go on with; raise `NotComputable` for one that is beyond all marks."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS:
        raise NotComputable(N_("公式算出的数太大或太细，请改正。"))
    return value


def holds(left: Value, sign: str, right: Value) -> bool:
    """Tell whether a comparison holds, as a spreadsheet compares: any text is beyond any number."""
    first, second = _place(left, beside=right), _place(right, beside=left)
    return (first > second) - (first < second) in SIGNS[sign]


def _place(value: Value, *, beside: Value) -> tuple[int, Fraction, str]:
    if isinstance(value, str) or (value is None and isinstance(beside, str)):
        return 1, Fraction(0), (value or "").strip().casefold()
    return 0, number(value), ""


def _numbers(given: Sequence[Argument]) -> Iterator[Fraction]:
    """Yield the numbers of arguments; of a range, texts and empty cells are passed over."""
    for item in given:
        if isinstance(item, Range):
            for value in item.values:
                found = value_of(value) if isinstance(value, str) else value
                if isinstance(found, Fraction):
                    yield found
        else:
            yield number(item)


def _sum(given: Sequence[Argument]) -> Value:
    return _total(_numbers(given))


def _total(values: Iterable[Fraction]) -> Fraction:
    found = Fraction(0)
    for value in values:
        found = within_bounds(found + value)
    return found


def _product(given: Sequence[Argument]) -> Value:
    return _multiplied(_numbers(given))


def _multiplied(values: Iterable[Fraction]) -> Fraction:
    found = Fraction(1)
    for value in values:
        found = within_bounds(found * value)
    return found


def _average(given: Sequence[Argument]) -> Value:
    values = list(_numbers(given))
    if not values:
        raise DividedByZero
    return _total(values) / len(values)


def _count(given: Sequence[Argument]) -> Value:
    return Fraction(len(list(_numbers(given))))


def _rounding(step: Callable[[Fraction], int]) -> Callable[[Sequence[Argument]], Value]:
    """Return a function of a number and its decimals that rounds the size, and keeps the sign."""

    def of(given: Sequence[Argument]) -> Value:
        value, decimals = _two(given)
        if decimals not in range(MOST_DECIMALS + 1):
            raise NotComputable
        unit = 10 ** int(decimals)
        size = Fraction(step(abs(value) * unit), unit)
        return -size if value < 0 else size

    return of


def _whole(given: Sequence[Argument]) -> Value:
    return Fraction(floor(_one(given)))


def _size(given: Sequence[Argument]) -> Value:
    return abs(_one(given))


def _one(given: Sequence[Argument]) -> Fraction:
    if len(given) != 1 or isinstance(given[0], Range):
        raise NotComputable
    return number(given[0])


def _two(given: Sequence[Argument]) -> tuple[Fraction, Fraction]:
    first, second = given if len(given) == 2 else (Range(()), None)
    if isinstance(first, Range) or isinstance(second, Range):
        raise NotComputable
    return number(first), number(second)


def _least(given: Sequence[Argument]) -> Value:
    return min(_numbers(given), default=Fraction(0))


def _most(given: Sequence[Argument]) -> Value:
    return max(_numbers(given), default=Fraction(0))


def _all(given: Sequence[Argument]) -> Value:
    return all(_numbers(given))


def _any(given: Sequence[Argument]) -> Value:
    return any(_numbers(given))


def _not(given: Sequence[Argument]) -> Value:
    return not _one(given)


def _sum_if(given: Sequence[Argument]) -> Value:
    looked_at, condition, *others = given if len(given) in {2, 3} else (None, None)
    summed = others[0] if others else looked_at
    if not isinstance(looked_at, Range) or not isinstance(summed, Range):
        raise NotComputable
    if len(looked_at.values) != len(summed.values):
        raise NotComputable
    fits = _fitting(condition)
    chosen = [
        value for seen, value in zip(looked_at.values, summed.values, strict=True) if fits(seen)
    ]
    return _sum([Range(chosen)])


def _count_if(given: Sequence[Argument]) -> Value:
    looked_at, condition = given if len(given) == 2 else (None, None)
    if not isinstance(looked_at, Range):
        raise NotComputable
    return Fraction(sum(map(_fitting(condition), looked_at.values)))


def _fitting(condition: Argument) -> Callable[[Value], bool]:
    """Return what a condition such as ">0", "M" or 3 asks of a cell."""
    if isinstance(condition, Range):
        raise NotComputable
    found = CONDITION.fullmatch(condition) if isinstance(condition, str) else None
    wanted = value_of(found[2]) if found else condition
    if isinstance(wanted, str) and re.search(r"[*?~]", wanted):
        raise NotComputable
    sign = (found and found[1]) or "="

    def fits(cell: Value) -> bool:
        seen = value_of(cell) if isinstance(cell, str) else cell
        is_alike = type(seen) is type(wanted)
        return holds(seen, sign, wanted) if is_alike else sign == "<>"

    return fits


def _sum_of_products(given: Sequence[Argument]) -> Value:
    columns = [item.values for item in given if isinstance(item, Range)]
    if not columns or len(columns) != len(given) or len({len(one) for one in columns}) != 1:
        raise NotComputable
    return _total(_multiplied(map(_factor, cells)) for cells in zip(*columns, strict=True))


def _factor(cell: Value) -> Fraction:
    """Return what a cell multiplies by: whatever is no number, by nothing."""
    value = value_of(cell) if isinstance(cell, str) else cell
    return value if isinstance(value, Fraction) else Fraction(0)


FUNCTIONS: Mapping[str, Callable[[Sequence[Argument]], Value]] = {
    "SUM": _sum,
    "PRODUCT": _product,
    "AVERAGE": _average,
    "COUNT": _count,
    "MIN": _least,
    "MAX": _most,
    "ABS": _size,
    "INT": _whole,
    "ROUND": _rounding(lambda value: floor(value + HALF)),
    "ROUNDUP": _rounding(ceil),
    "ROUNDDOWN": _rounding(floor),
    "TRUNC": _rounding(floor),
    "AND": _all,
    "OR": _any,
    "NOT": _not,
    "SUMIF": _sum_if,
    "COUNTIF": _count_if,
    "SUMPRODUCT": _sum_of_products,
}
"""By name; IF and IFERROR are read in `formulas`, because they leave out what does not count."""
