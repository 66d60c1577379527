"""Do the judges of a panel mark alike: severity, spread, drift over the day, home preference.

Each mark of a judge is set beside the mean of all judges of the same cell, as a share of what the
aspect gives. What this says changes no mark; below its fewest samples it says nothing at all.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from competitions.rules.averages import Box, box, mean

FEWEST_JUDGES = 3
"""Values of a cell below which there is no panel to be set beside."""
FEWEST_MARKS = 10
FEWEST_FOR_DRIFT = 15
FEWEST_AT_HOME = 5
"""Marks of each kind, at home and away."""
PARTS = 5
CLOSE = Fraction(1, 100)
"""A hundredth of the maximum: closer than that is called close."""


@dataclass(frozen=True)
class Given:
    """One mark of one judge: `share` of the aspect's maximum, its place in the order of marking."""

    judge: str
    code: str
    aspect: str
    share: Fraction
    moment: int
    is_home: bool | None = None


@dataclass(frozen=True)
class JudgeLine:
    """One judge beside the panel; None where the samples are too few."""

    judge: str
    marks: int
    severity: Fraction | None
    spread: Fraction | None
    box: Box | None
    drift: Fraction | None
    parts: tuple[Fraction, ...]
    home_marks: int
    home: Fraction | None


@dataclass(frozen=True)
class AspectLine:
    """How far the judges of an aspect lie apart on average."""

    aspect: str
    cells: int
    spread: Fraction


def judge_lines(given: Sequence[Given]) -> list[JudgeLine]:
    """Return every judge who marked with a panel, by name."""
    apart: dict[str, list[tuple[Given, Fraction]]] = defaultdict(list)
    for cell in _cells(given):
        middle = mean([one.share for one in cell])
        for one in cell:
            apart[one.judge].append((one, one.share - middle))
    return [
        _judge(judge, sorted(found, key=lambda item: item[0].moment))
        for judge, found in sorted(apart.items(), key=lambda item: (len(item[0]), item[0]))
    ]


def aspect_lines(given: Sequence[Given]) -> list[AspectLine]:
    """Return the aspects that a panel marked, those first over which it is least at one."""
    found: dict[str, list[Fraction]] = defaultdict(list)
    for cell in _cells(given):
        shares = [one.share for one in cell]
        found[cell[0].aspect].append(max(shares) - min(shares))
    lines = [AspectLine(aspect, len(spans), mean(spans)) for aspect, spans in found.items()]
    return sorted(lines, key=lambda line: (-line.spread, line.aspect))


def _cells(given: Sequence[Given]) -> list[list[Given]]:
    cells: dict[tuple[str, str], list[Given]] = defaultdict(list)
    for one in given:
        cells[one.aspect, one.code].append(one)
    return [cell for cell in cells.values() if len(cell) >= FEWEST_JUDGES]


def _judge(judge: str, found: Sequence[tuple[Given, Fraction]]) -> JudgeLine:
    away = [value for _, value in found]
    is_enough = len(away) >= FEWEST_MARKS
    at_home = [value for one, value in found if one.is_home]
    abroad = [value for one, value in found if one.is_home is False]
    has_home = min(len(at_home), len(abroad)) >= FEWEST_AT_HOME
    drifts = len(away) >= FEWEST_FOR_DRIFT
    return JudgeLine(
        judge=judge,
        marks=len(away),
        severity=mean(away) if is_enough else None,
        spread=mean([abs(value) for value in away]) if is_enough else None,
        box=box(away) if is_enough else None,
        drift=_drift(away) if drifts else None,
        parts=_parts(away) if drifts else (),
        home_marks=len(at_home),
        home=mean(at_home) - mean(abroad) if has_home else None,
    )


def _drift(away: Sequence[Fraction]) -> Fraction:
    """Return the mean of the last third less that of the first, in the order of marking."""
    third = len(away) // 3
    return mean(away[-third:]) - mean(away[:third])


def _parts(away: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Return the means of five equal parts of the day."""
    ends = [len(away) * at // PARTS for at in range(PARTS + 1)]
    return tuple(mean(away[ends[at] : ends[at + 1]]) for at in range(PARTS))


def loudest(values: Sequence[tuple[str, Fraction | None]]) -> tuple[str, Fraction] | None:
    """Return whose value lies farthest from 0; None where all are close to it or unknown."""
    known = [(judge, value) for judge, value in values if value is not None]
    if not known:
        return None
    judge, value = max(known, key=lambda item: abs(item[1]))
    return (judge, value) if abs(value) >= CLOSE else None
