"""Would an award change: without one judge, with another rounding, one mark a step up or down?

What is tried, exactly:
- each judge left out of every panel and judgement where others marked too; the rule set's fewest
  judges count one less, its drops stay;
- each of the five roundings as exact, and as two decimals half up, half to even and cut off;
- for the two entries on either side of each award's edge, each mark of each judge one step up and
  one down: a step is one level of a judgement, one error, the other answer of a yes or no, the next
  band, and for points the finest decimal that this aspect's marks use. Gates are not tried.
A change that the rules refuse (judgements too far apart, too few judges left) is counted apart.
"""

from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from app.rules.points import Round
from competitions.rules.awards import awards
from competitions.rules.bundle import Bundle
from competitions.rules.counted import Cell, Counted
from competitions.rules.mark_moves import moves_of, units
from competitions.rules.marking import State, Unmarkable
from competitions.rules.ranking import Decisions, ranking
from competitions.rules.records import Row, row_of
from competitions.rules.rule_set import Rounding, RuleSet
from competitions.rules.totals import UNDEDUCTED, Counter, EntryTotal
from competitions.rules.trials import REFUSED, AwardMove, Moved, Trial, TrialKind

NEAR = 2
"""Entries on either side of an award's edge whose marks are moved."""
PLACES = ("panel", "factored", "aspect", "module", "total")
ROUNDINGS: tuple[Round, ...] = (
    "exact",
    Rounding(2, "half_up"),
    Rounding(2, "half_even"),
    Rounding(2, "down"),
)
EXAMPLES = 3
EVERY_KIND = tuple(TrialKind)


@dataclass(frozen=True)
class Robustness:
    """How many changes were tried and refused, by kind; near which edges; which change awards."""

    tried: Mapping[TrialKind, int]
    refused: Mapping[TrialKind, int]
    near: tuple[str, ...]
    trials: tuple[Trial, ...]

    @property
    def is_firm(self) -> bool:
        """Tell whether no award would change."""
        return not self.trials


def robustness_of(
    document: Mapping[str, object],
    decided: Decisions,
    kinds: Sequence[TrialKind] = tuple(TrialKind),
) -> Robustness:
    """Try a bundle that counts; for a process of its own."""
    counted = Counted.of(msgspec.convert(document, Bundle), decided)
    assert isinstance(counted, Counted), counted
    return robustness(counted, kinds)


def joined(parts: Sequence[Robustness]) -> Robustness:
    """Put together what was tried kind by kind."""
    return Robustness(
        {kind: count for part in parts for kind, count in part.tried.items()},
        {kind: count for part in parts for kind, count in part.refused.items()},
        parts[0].near,
        tuple(trial for part in parts for trial in part.trials),
    )


def robustness(counted: Counted, kinds: Sequence[TrialKind] = EVERY_KIND) -> Robustness:
    """Try every change of these kinds and return what would change an award."""
    near = edges(counted)
    ways: Mapping[TrialKind, Callable[[], Iterable[Trial]]] = {
        TrialKind.JUDGE: lambda: _judges(counted),
        TrialKind.ROUNDING: lambda: _roundings(counted),
        TrialKind.STEP: lambda: _steps(counted, near),
    }
    tried: Tally[TrialKind] = Tally()
    refused: Tally[TrialKind] = Tally()
    found: list[Trial] = []
    for trial in (trial for kind in kinds for trial in ways[kind]()):
        tally = refused if trial.moves == REFUSED else tried
        tally[trial.kind] += trial.count
        if trial.moves and trial.moves != REFUSED:
            found.append(trial)
    return Robustness(dict(tried), dict(refused), near, tuple(found))


def edges(counted: Counted) -> tuple[str, ...]:
    """Return the codes next to where one award ends and another, or none, begins."""
    given = [counted.awards.get(item.entry.code) for item in counted.ranked]
    places = {
        place
        for at in range(1, len(given))
        if given[at - 1] != given[at]
        for place in range(max(0, at - NEAR), min(len(given), at + NEAR))
    }
    return tuple(counted.ranked[at].entry.code for at in sorted(places))


def _moves(
    counted: Counted, rules: RuleSet, entries: Sequence[EntryTotal]
) -> tuple[AwardMove, ...]:
    ranked = ranking(counted.counter, entries, counted.bundle.times, counted.decided)
    after, before = awards(rules, ranked), counted.awards
    return tuple(
        AwardMove(item.entry.code, before.get(item.entry.code), after.get(item.entry.code))
        for item in counted.ranked
        if before.get(item.entry.code) != after.get(item.entry.code)
    )


def _recounted(counted: Counted, rules: RuleSet, rows: Mapping[str, Row]) -> tuple[AwardMove, ...]:
    """Count everybody by other rules or from other records."""
    counter = Counter.of(counted.bundle.modules, rules)
    entries = []
    for entry in counted.entries:
        deducted = counted.deductions_e4.get(entry.code, UNDEDUCTED)
        total, problems = counter.total(entry.code, rows[entry.code], deducted)
        if problems:
            return REFUSED
        entries.append(total)
    return _moves(counted, rules, entries)


def _judges(counted: Counted) -> Iterator[Trial]:
    rules = counted.counter.rules
    one_less = msgspec.structs.replace(
        rules,
        panel=msgspec.structs.replace(
            rules.panel, min_remaining=max(1, rules.panel.min_remaining - 1)
        ),
        judgement=msgspec.structs.replace(
            rules.judgement, min_judges=max(1, rules.judgement.min_judges - 1)
        ),
    )
    shared = _shared_cells(counted)
    for judge in sorted({one for judges in shared.values() for one in judges}, key=_by_number):
        left = {code: _row_without(counted, code, judge, shared) for code in counted.rows}
        yield Trial(TrialKind.JUDGE, _recounted(counted, one_less, left), judge=judge)


def _row_without(
    counted: Counted, code: str, judge: str, shared: Collection[tuple[str, str]]
) -> Row:
    """Return an entry's records without those that a judge gave beside others."""
    left = [
        mark
        for mark in counted.marks[code]
        if mark.judge != judge or (mark.aspect, mark.code) not in shared
    ]
    return row_of(left, counted.counter.places)[0]


def _shared_cells(counted: Counted) -> dict[tuple[str, str], list[str]]:
    """Return who marked together: the judges of each aspect and code that more than one marked."""
    places = counted.counter.places
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for mark in counted.bundle.marks:
        if places[mark.aspect].marking.takes_missing:
            found[mark.aspect, mark.code].append(mark.judge)
    return {cell: judges for cell, judges in found.items() if len(judges) > 1}


def _by_number(judge: str) -> tuple[int, str]:
    """J2 stands before J10."""
    return len(judge), judge


def _roundings(counted: Counted) -> Iterator[Trial]:
    rules = counted.counter.rules
    for place in PLACES:
        part = getattr(rules, place)
        for rounding in ROUNDINGS:
            if rounding == part.round:
                continue
            other = msgspec.structs.replace(part, round=rounding)
            changed = msgspec.structs.replace(rules, **{place: other})
            moves = _recounted(counted, changed, counted.rows)
            yield Trial(TrialKind.ROUNDING, moves, place=place, rounding=rounding)


def _steps(counted: Counted, near: Sequence[str]) -> list[Trial]:
    """Move each mark of the entries near an edge, and put together what has the same effect."""
    found: dict[tuple[str, bool, tuple[AwardMove, ...]], list[Moved]] = {}
    unit_of = units(counted)
    for code in near:
        known: dict[object, tuple[AwardMove, ...]] = {}
        at = next(at for at, entry in enumerate(counted.entries) if entry.code == code)
        deducted = counted.deductions_e4.get(code, UNDEDUCTED)
        for move in moves_of(counted, code, unit_of):
            marking = counted.counter.markings[move.number]
            moved = Moved(marking.id, move.judge, move.before_e4, move.after_e4)
            try:
                mark = marking.of_records(*_parted(move.cell))
            except Unmarkable:
                found.setdefault((code, move.is_up, REFUSED), []).append(moved)
                continue
            entry = counted.counter.with_mark(counted.entries[at], move.number, mark, deducted)
            key = entry.modules, entry.total, _key_marks(counted, entry)
            if key not in known:
                entries = [*counted.entries[:at], entry, *counted.entries[at + 1 :]]
                known[key] = _moves(counted, counted.counter.rules, entries)
            found.setdefault((code, move.is_up, known[key]), []).append(moved)
    return [
        Trial(
            TrialKind.STEP,
            moves,
            code=code,
            is_up=is_up,
            examples=tuple(moved[:EXAMPLES]),
            count=len(moved),
        )
        for (code, is_up, moves), moved in found.items()
    ]


def _parted(cell: Cell) -> tuple[list[int], list[State]]:
    """Part a cell's values from its states."""
    records = cell.values()
    return (
        [record for record in records if not isinstance(record, State)],
        [record for record in records if isinstance(record, State)],
    )


def _key_marks(counted: Counted, entry: EntryTotal) -> tuple[object, ...]:
    """Return the marks that tie keys look at: with equal totals they may still part equals."""
    keys = counted.counter.rules.ranking.tie_break
    names = [str(key.aspect) for key in keys if hasattr(key, "aspect")]
    return tuple(entry.aspects[counted.counter.places[name].number] for name in names)
