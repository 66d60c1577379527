"""Means and medians of exact numbers."""

from collections.abc import Sequence
from fractions import Fraction


def mean(values: Sequence[Fraction]) -> Fraction:
    """Return the mean; there must be a value."""
    by_denominator: dict[int, int] = {}
    for value in values:
        below = value.denominator
        by_denominator[below] = by_denominator.get(below, 0) + value.numerator
    # Fractions are added one for each denominator: a field of thousands has a dozen of them.
    parts = (Fraction(above, below) for below, above in by_denominator.items())
    return sum(parts, Fraction(0)) / len(values)


def median(values: Sequence[Fraction]) -> Fraction:
    """Return the middle value; of two middle ones the mean."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


Box = tuple[Fraction, Fraction, Fraction, Fraction, Fraction]


def box(values: Sequence[Fraction]) -> Box:
    """Return the least, the middle of the lower half, the median, of the upper half, the most.

    A single middle value belongs to neither half; of one value alone all five are that one.
    """
    ordered = sorted(values)
    half = len(ordered) // 2
    lower, upper = ordered[:half] or ordered, ordered[len(ordered) - half :] if half else ordered
    return ordered[0], median(lower), median(ordered), median(upper), ordered[-1]
