"""One aspect, several judges: the trimmed mean of a panel, the 0-3 judgement and its spread.

Values are whole numbers of 1/10,000; a judge who gave none is not among them (marking.md §1: a
missing value is never 0, and never trimmed).
"""

from collections.abc import Sequence

from app.rules.points import E4, Ratio

JUDGEMENT_TOP = 3
"""The highest of the four steps of a judgement: 0, 1, 2, 3."""


def trimmed_mean(values: Sequence[int], drop_highest: int, drop_lowest: int) -> Ratio:
    """Return the mean of what is left; there must be something left."""
    left = len(values) - drop_highest - drop_lowest
    if drop_highest or drop_lowest:
        values = sorted(values)[drop_lowest : drop_lowest + left]
    return sum(values), E4 * left


def judgement_share(values: Sequence[int]) -> Ratio:
    """Return which share of the aspect's maximum a judgement gives: the mean over 3."""
    return sum(values), E4 * JUDGEMENT_TOP * len(values)


def spread(values: Sequence[int]) -> int:
    """Return how far the highest and the lowest value lie apart, in 1/10,000."""
    return max(values) - min(values)
