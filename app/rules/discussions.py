"""When judges must talk: scores of one judgement that lie too far apart (marking.md section 8).

Once every seat has given its score and they lie further apart than the rules allow, each seat that
gave one owes a word: a new mark with what was said. Only then is the discussion over; where the new
scores lie apart as well, it begins anew. While a seat has taken its score back, all lie sealed
again and nobody owes a word. A mark that was put right before anybody could see the others' scores
opens no discussion: what the ledger took in one moment is looked at as a whole.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.rules.mark_ledger import CellMark, heads, is_conflict, present
from app.rules.mark_sheet import E4, MarkState


@dataclass(frozen=True)
class Said:
    """One mark of a judgement, in the order of the ledger; `moment` when the ledger took it.

    `is_word`: it carries what was said, or was keyed in from paper that does.
    """

    seat: str
    mark: CellMark
    moment: Hashable
    is_word: bool = False


def owing(said: Sequence[Said], seats: Iterable[str], most: int) -> frozenset[str]:
    """Return the seats that owe a word; none while the scores are sealed or near enough."""
    values = [one.mark.value_e4 for one in said if one.mark.value_e4 is not None]
    if not values or max(values) - min(values) <= most * E4:
        return frozenset()
    cells: dict[str, list[CellMark]] = {seat: [] for seat in seats}
    owed: frozenset[str] = frozenset()
    for _, moment in groupby((one for one in said if one.seat in cells), lambda one: one.moment):
        for one in moment:
            if _is_answer(one, cells[one.seat]):
                owed -= {one.seat}
            cells[one.seat].append(one.mark)
        owed = owed or _apart(cells, most)
    return frozenset() if any(map(_has_no_score, cells.values())) else owed


def _has_no_score(marks: Iterable[CellMark]) -> bool:
    return all(mark.state is MarkState.CLEARED for mark in heads(marks))


def _is_answer(one: Said, before: Iterable[CellMark]) -> bool:
    """Tell whether a mark is a seat's word; the choice between two tablets' marks is none."""
    replaced = [mark for mark in before if mark.id in one.mark.parents]
    return one.is_word and one.mark.state is not MarkState.CLEARED and not is_conflict(replaced)


def _apart(cells: Mapping[str, Sequence[CellMark]], most: int) -> frozenset[str]:
    found = {seat: present(heads(marks)) for seat, marks in cells.items()}
    values = {seat: mark.value_e4 for seat, mark in found.items() if mark}
    scores = [value for value in values.values() if value is not None]
    if len(values) < len(found) or not scores or max(scores) - min(scores) <= most * E4:
        return frozenset()
    return frozenset(seat for seat, value in values.items() if value is not None)
