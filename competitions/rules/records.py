"""The raw marks of an event, sorted into cells: an entry's aspect, with one record a judge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec import UNSET

from app.errors import N_
from competitions.rules.bundle import Bundle, Mark
from competitions.rules.marking import Marking, Record, State
from competitions.rules.reading import Problem

Cell = dict[str, Record]
"""Judge to record."""
Row = list[Cell | None]
"""An entry's cells, in the order of the scheme; None where nothing was recorded."""


@dataclass(frozen=True)
class Place:
    """An aspect's place in a row, and what it takes; values already read are kept by their text."""

    number: int
    marking: Marking
    known: dict[object, int]

    def value(self, text: str) -> int | str:
        """Return the value of a text, or the sentence why it is none."""
        found = self.marking.read(text)
        if isinstance(found, int):
            self.known[text] = found
        return found


def rows_of(bundle: Bundle, markings: Sequence[Marking]) -> tuple[dict[str, Row], list[Problem]]:
    """Sort every mark into its entry's row; whatever does not belong there is a problem."""
    rows: dict[str, Row] = {entry.code: [None] * len(markings) for entry in bundle.entries}
    problems = add_marks(rows, bundle.marks, places(markings))
    return rows, problems


def places(markings: Sequence[Marking]) -> dict[str, Place]:
    """Return each aspect's place, by its identifier."""
    return {marking.id: Place(number, marking, {}) for number, marking in enumerate(markings)}


def add_marks(
    rows: Mapping[str, Row], marks: Iterable[Mark], by_aspect: Mapping[str, Place]
) -> list[Problem]:
    """Add marks to the rows of their entries; return what is wrong with them."""
    problems: list[Problem] = []
    record: Record | str | None
    for number, mark in enumerate(marks):
        row, place = rows.get(mark.code), by_aspect.get(mark.aspect)
        if row is None or place is None:
            problems.append(_problem(number, mark, "unknown", N_("没有这个加密号或评分点")))
            continue
        record = place.known.get(mark.value) if mark.state is UNSET else None
        if record is None:
            record = _record(mark, place)
        if isinstance(record, str) and not isinstance(record, State):
            problems.append(_problem(number, mark, "value", record))
            continue
        cell = row[place.number]
        if cell is None:
            row[place.number] = {mark.judge: record}
        elif mark.judge in cell:
            problems.append(_problem(number, mark, "duplicate", N_("同一裁判的分数出现了两次")))
        else:
            cell[mark.judge] = record
    return problems


def _record(mark: Mark, place: Place) -> Record | str:
    """Return the record, or the sentence why there is none."""
    value, state = mark.value, mark.state
    if isinstance(value, str):
        return place.value(value) if not isinstance(state, str) else N_("既有分数又有状态")
    if not isinstance(state, str):
        return N_("既没有分数也没有状态")
    if state == State.MISSING.value and not place.marking.takes_missing:
        return N_("只有评委打分或评判的一名裁判可以记为缺分")
    return State(state)


def _problem(number: int, mark: Mark, code: str, says: str) -> Problem:
    return Problem(code, f"marks[{number}] {mark.aspect}/{mark.code}/{mark.judge}", says)
