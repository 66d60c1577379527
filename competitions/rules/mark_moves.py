"""One mark a step up or down: what a step is depends on the kind of the aspect."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import gcd

from app.rules.points import DIGITS, E4
from competitions.rules.bundle import (
    Aspect,
    Bands,
    Deduct,
    Gate,
    Judgement,
    Measurement,
    YesNo,
)
from competitions.rules.counted import Cell, Counted
from competitions.rules.marking import State, points_of
from competitions.rules.records import row_of

TOP = 3 * E4
DECIMALS = (E4, 1000, 100, 10, 1)


@dataclass(frozen=True)
class MarkMove:
    """A mark of an aspect's place that was moved: whose, from what to what, and the cell then."""

    number: int
    judge: str
    before_e4: int
    after_e4: int
    is_up: bool
    cell: Cell


def moves_of(counted: Counted, code: str, units: Mapping[str, int]) -> Iterator[MarkMove]:
    """Move each mark of an entry a step up and a step down, one at a time.

    In a panel or a judgement each judge's mark moves alone; what one value decides moves as a
    whole. What a gate took, what was not attempted and gates themselves stay.
    """
    cells, counter = counted.cells_of(code), counted.counter
    zeroed = counter.zeroed(row_of(counted.marks[code], counter.places)[0])
    for number, aspect in enumerate(counted.bundle.aspects()):
        cell = cells[aspect.id]
        values = {judge: one for judge, one in cell.items() if not isinstance(one, State)}
        if number in zeroed or isinstance(aspect, Gate) or not values:
            continue
        unit = units[aspect.id]
        is_shared = counter.markings[number].takes_missing
        for judge, value in values.items() if is_shared else [*values.items()][:1]:
            for is_up in (True, False):
                moved = _moved(aspect, value, unit, is_up=is_up)
                if moved is not None:
                    changed = [judge] if is_shared else [*values]
                    others = cell | dict.fromkeys(changed, moved)
                    yield MarkMove(number, judge, value, moved, is_up, others)


def units(counted: Counted) -> Mapping[str, int]:
    """Return the finest decimal that the marks of each aspect use, in 1/10,000."""
    finest: dict[str, int] = defaultdict(lambda: E4)
    for mark in counted.bundle.marks:
        if isinstance(mark.value, str):
            value = points_of(mark.value)
            finest[mark.aspect] = gcd(finest[mark.aspect], value)
    return {
        name: max(unit for unit in DECIMALS if value % unit == 0) for name, value in finest.items()
    }


def _moved(aspect: Aspect, value: int, unit: int, *, is_up: bool) -> int | None:
    """Return the next value that is better or worse; None where there is none."""
    sign = 1 if is_up else -1
    if isinstance(aspect, Judgement):
        return _within(value + sign * E4, TOP)
    how = aspect.calculation if isinstance(aspect, Measurement) else None
    if isinstance(how, YesNo):
        return _within(value + sign * E4, E4)
    if isinstance(how, Deduct):
        return _within(value - sign * E4, 10**DIGITS)
    if isinstance(how, Bands):
        return _next_band(how, value, is_up=is_up)
    assert not isinstance(aspect, Gate)
    return _within(value + sign * unit, points_of(aspect.max))


def _within(value: int, most: int) -> int | None:
    return value if 0 <= value <= most else None


def _next_band(how: Bands, value: int, *, is_up: bool) -> int | None:
    """Return a value at the edge of the next nearer or farther band."""
    nominal = points_of(how.nominal)
    edges = [points_of(band.within) for band in how.bands]
    edges.append(edges[-1] + 1)  # just beyond the last band
    held = next(
        (at for at, edge in enumerate(edges) if abs(value - nominal) <= edge), len(edges) - 1
    )
    wanted = held - 1 if is_up else held + 1
    return nominal + edges[wanted] if 0 <= wanted < len(edges) else None
