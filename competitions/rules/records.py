"""The raw marks of one entry, sorted by aspect: values and states, and what is wrong with them."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from msgspec import UNSET

from app.errors import N_
from competitions.rules.bundle import Bundle, Mark
from competitions.rules.marking import Marking, State, points_of
from competitions.rules.reading import Problem

_WHOSE = attrgetter("aspect", "judge")


@dataclass(frozen=True, slots=True)
class Row:
    """An entry's records by the place of their aspect; which judge gave one matters no more."""

    values: list[list[int]]
    """In 1/10,000."""
    states: dict[int, list[State]]

    def fails(self, gate: int) -> bool:
        """Tell whether a gate's records say no."""
        return 0 in self.values[gate] or State.NOT_ATTEMPTED in self.states.get(gate, ())


@dataclass(frozen=True, slots=True)
class Place:
    """An aspect's place in a row. `known` keeps values by their text; aspects alike share it."""

    number: int
    marking: Marking
    known: dict[object, int]

    def value(self, text: str) -> int | str:
        """Return the value of a text, or the sentence why it is none."""
        found = self.marking.read(text)
        if isinstance(found, int):
            self.known[text] = found
        return found


def places(markings: Sequence[Marking]) -> dict[str, Place]:
    """Return each aspect's place, by its identifier."""
    shared: dict[Hashable, dict[object, int]] = {}
    return {
        marking.id: Place(number, marking, shared.setdefault(marking.takes, {}))
        for number, marking in enumerate(markings)
    }


def marks_by_code(bundle: Bundle) -> tuple[dict[str, list[Mark]], list[Problem]]:
    """Sort the marks by entry; a mark whose entry nobody knows is a problem."""
    found: dict[str, list[Mark]] = {entry.code: [] for entry in bundle.entries}
    strays: list[Mark] = []
    for mark in bundle.marks:
        found.get(mark.code, strays).append(mark)
    return found, [_problem(mark, "unknown", N_("没有这个加密号")) for mark in strays]


def row_of(marks: Collection[Mark], by_aspect: Mapping[str, Place]) -> tuple[Row, list[Problem]]:
    """Sort the marks of one entry; return them with what is wrong with them."""
    row = Row([[] for _ in by_aspect], {})
    values = row.values
    problems = list(_twice(marks))
    for mark in marks:
        try:
            place = by_aspect[mark.aspect]
            value = place.known[mark.value]
        except KeyError:
            problems += _put(mark, by_aspect.get(mark.aspect), row)
            continue
        if mark.state is UNSET:
            values[place.number].append(value)
        else:
            problems += _put(mark, place, row)
    return row, problems


def _twice(marks: Collection[Mark]) -> Iterator[Problem]:
    """Yield a judge who marked an aspect more than once."""
    if len(set(map(_WHOSE, marks))) < len(marks):
        times = Counter(map(_WHOSE, marks))
        for mark in {_WHOSE(mark): mark for mark in marks}.values():
            if times[_WHOSE(mark)] > 1:
                yield _problem(mark, "duplicate", N_("同一裁判的分数出现了两次"))


def _put(mark: Mark, place: Place | None, row: Row) -> Iterator[Problem]:
    """Put a record in its place, or yield why it has none there."""
    value, state = mark.value, mark.state
    if place is None:
        yield _problem(mark, "unknown", N_("没有这个评分点"))
    elif isinstance(value, str) and isinstance(state, str):
        yield _problem(mark, "value", N_("既有分数又有状态"))
    elif isinstance(value, str):
        found = place.value(value)
        if isinstance(found, str):
            yield _problem(mark, "value", found)
        else:
            row.values[place.number].append(found)
    elif not isinstance(state, str):
        yield _problem(mark, "value", N_("既没有分数也没有状态"))
    elif state == State.MISSING.value and not place.marking.takes_missing:
        yield _problem(mark, "value", N_("只有评委打分或评判的一名裁判可以记为缺分"))
    else:
        row.states.setdefault(place.number, []).append(State(state))


def record_of(mark: Mark) -> int | State:
    """Return what a checked mark says: a value in 1/10,000, or a state."""
    if isinstance(mark.state, str):
        return State(mark.state)
    assert isinstance(mark.value, str)
    return points_of(mark.value)


def _problem(mark: Mark, code: str, says: str) -> Problem:
    return Problem(code, f"marks {mark.aspect}/{mark.code}/{mark.judge}", says)
