"""Who marks whom: the seats of each entry, with stand-ins (marking.md §6)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from competitions.rules.recusal import Conflict, EntryTies, JudgeTies, conflicts


@dataclass(frozen=True)
class Seated:
    """A judge in a seat, by the key of the assignment."""

    key: int
    seat: str
    ties: JudgeTies
    declared: Collection[int] = ()
    """Entries the judge has declared a conflict with."""


@dataclass(frozen=True)
class Place:
    """A seat for one entry: who marks there, instead of whom and why."""

    seat: str
    judge: Seated
    instead_of: Seated | None = None
    reasons: tuple[Conflict, ...] = ()


def bench(
    judges: Sequence[Seated],
    reserves: Sequence[Seated],
    entry_key: int,
    entry: EntryTies,
) -> list[Place]:
    """Return the places of an entry in order of seats.

    A judge in conflict gives the place to the first reserve without one; where there is none the
    place stays empty, and the rule set says whether the others are enough.
    """
    free = [item for item in reserves if not found(item, entry_key, entry)]
    places: list[Place] = []
    for judge in judges:
        reasons = found(judge, entry_key, entry)
        if not reasons:
            places.append(Place(judge.seat, judge))
        elif free:
            places.append(Place(judge.seat, free.pop(0), judge, reasons))
    return places


def found(judge: Seated, entry_key: int, entry: EntryTies) -> tuple[Conflict, ...]:
    """Return why a judge stands aside for an entry."""
    return conflicts(judge.ties, entry, is_declared=entry_key in judge.declared)


def fewest_judges(kinds: Collection[str], panel: int, judgement: int) -> int:
    """Return how many marking judges an entry needs, by the kinds of its aspects."""
    needs: Mapping[str, int] = {"panel": panel, "judgement": judgement}
    return max([1, *(needs[kind] for kind in kinds if kind in needs)])
