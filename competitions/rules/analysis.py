"""What marks tell of the tasks: how totals lie, which modules and which aspects were hard.

Shares are of what could be had: 1 is the full mark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.rules.points import E4
from competitions.rules.averages import mean, median
from competitions.rules.bundle import Gate, Module, Panel
from competitions.rules.counted import Counted
from competitions.rules.marking import points_of
from competitions.rules.totals import EntryTotal, maxima

MOST_BINS = 10
WIDTHS = tuple(step * Fraction(10) ** power for power in range(-1, 8) for step in (1, 2, 5))
FEWEST_TO_COMPARE = 9
"""Contestants below whom thirds of the field say nothing about an aspect."""


@dataclass(frozen=True)
class Bin:
    """How many totals lie from `low` up to, but not at, `high`; the last takes its end in."""

    low: Fraction
    high: Fraction
    count: int


@dataclass(frozen=True)
class ModuleShare:
    """A module: the median share of the field, and of one contestant where one is asked for."""

    id: str
    name: str
    typical: Fraction
    own: Fraction | None = None


@dataclass(frozen=True)
class AspectShare:
    """An aspect: the mean share, and how much better the upper third does than the lower."""

    id: str
    module: str
    mean: Fraction
    discrimination: Fraction | None


def distribution(values: Sequence[Fraction]) -> list[Bin]:
    """Sort totals into at most ten bins of a round width; none for no totals."""
    if not values:
        return []
    low, high = min(values), max(values)
    width = next(one for one in WIDTHS if (high // one) - (low // one) < MOST_BINS)
    first = low // width
    counts = [0] * (high // width - first + 1)
    for value in values:
        counts[value // width - first] += 1
    return [
        Bin((first + at) * width, (first + at + 1) * width, count)
        for at, count in enumerate(counts)
    ]


def module_shares(counted: Counted, code: str = "") -> list[ModuleShare]:
    """Return each module that gives points, with the share of a code beside the field's."""
    own = next((entry for entry in counted.entries if entry.code == code), None)
    return [
        ModuleShare(
            module.id,
            module.name,
            median([entry.modules[at] / most for entry in counted.entries]),
            own.modules[at] / most if own else None,
        )
        for at, module in enumerate(counted.bundle.modules)
        if counted.entries and (most := _most_of(module))
    ]


def aspect_shares(counted: Counted) -> list[AspectShare]:
    """Return each aspect that gives points, the hardest first."""
    if not counted.entries:
        return []
    thirds = _thirds(counted)
    found = []
    numbered = enumerate(
        (module, aspect) for module in counted.bundle.modules for aspect in module.aspects
    )
    for at, (module, aspect) in numbered:
        if isinstance(aspect, Gate):
            continue
        most = Fraction(points_of(aspect.max), E4)
        if isinstance(aspect, Panel):
            most *= Fraction(points_of(aspect.factor), E4)
        shares = [_share(entry, at, most) for entry in counted.entries]
        apart = None
        if thirds:
            upper, lower = (mean([_share(entry, at, most) for entry in one]) for one in thirds)
            apart = upper - lower
        found.append(AspectShare(aspect.id, module.id, mean(shares), apart))
    return sorted(found, key=lambda one: one.mean)


def _share(entry: EntryTotal, at: int, most: Fraction) -> Fraction:
    return Fraction(*entry.aspects[at]) / most


def _thirds(counted: Counted) -> tuple[list[EntryTotal], list[EntryTotal]] | None:
    ordered = [item.entry for item in counted.ranked]
    if len(ordered) < FEWEST_TO_COMPARE:
        return None
    third = len(ordered) // 3
    return ordered[:third], ordered[-third:]


def _most_of(module: Module) -> Fraction:
    if isinstance(module.weight, str):
        return Fraction(points_of(module.weight), E4)
    return maxima(module)
