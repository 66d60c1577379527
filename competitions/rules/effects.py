"""What a change does to every contestant: two countings of the same records, side by side.

Before marking is complete only a part can be counted. What has no mark yet, or one that no longer
fits, is left out on its side and named; totals, ranks and awards are then what they are so far.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec.structs import replace

from competitions.rules.awards import award_word
from competitions.rules.bundle import Aspect, Bundle, Gate, Mark
from competitions.rules.checks import problems_of
from competitions.rules.ranking import Decisions
from competitions.rules.reading import Problem
from competitions.rules.records import marks_by_code, row_of
from competitions.rules.standings import count, to_json
from competitions.rules.totals import Counter

LEFT_OUT: Final = "—"
"""Whose record stands in a cell that cannot be counted."""


@dataclass(frozen=True)
class Gap:
    """A cell that cannot be counted, and why."""

    code: str
    aspect: str
    why: Problem


@dataclass(frozen=True)
class SoFar:
    """Everybody by rank as far as can be counted now, and what cannot."""

    lines: tuple[dict[str, Any], ...]
    gaps: tuple[Gap, ...]
    problems: tuple[Problem, ...]
    """What is wrong with the scheme or the rule set themselves; then nobody is counted."""

    @property
    def is_whole(self) -> bool:
        """Tell whether everything could be counted."""
        return not self.gaps and not self.problems


@dataclass(frozen=True)
class Side:
    """Where a contestant stands by one of the two countings."""

    total: str | None
    scale: int | None
    rank: int | None
    is_undecided: bool
    award: str | None
    gaps: int


@dataclass(frozen=True)
class Effect:
    """What a change does to one contestant."""

    code: str
    before: Side
    after: Side

    @property
    def is_award_changed(self) -> bool:
        """Tell whether another award comes out, as people read it, or none."""
        return award_word(self.before.award) != award_word(self.after.award)

    @property
    def is_rank_changed(self) -> bool:
        """Tell whether the place is another, or is disputed now."""
        return _place(self.before) != _place(self.after)

    @property
    def is_total_changed(self) -> bool:
        """Tell whether the points are others."""
        return (self.before.total, self.before.scale) != (self.after.total, self.after.scale)

    @property
    def weight(self) -> int:
        """Return how much changed: 3 the award, 2 the rank, 1 points alone, 0 nothing."""
        if self.is_award_changed:
            return 3
        return 2 if self.is_rank_changed else int(self.is_total_changed)


def _place(side: Side) -> tuple[int | None, bool]:
    return side.rank, side.is_undecided


def counted(bundle: Bundle, decided: Decisions = ()) -> SoFar:
    """Count what can be counted of a bundle; marks of aspects that the scheme lacks are ignored."""
    if problems := problems_of(replace(bundle, marks=())):
        return SoFar((), (), tuple(problems))
    counter = Counter.of(bundle.modules, bundle.rule_set)
    marks, gaps = _sorted(bundle, counter)
    found = count(replace(bundle, marks=tuple(marks)), decided)
    return SoFar(tuple(to_json(line, bundle.rule_set) for line in found.lines), tuple(gaps), ())


def _sorted(bundle: Bundle, counter: Counter) -> tuple[list[Mark], list[Gap]]:
    """Part the marks into those that count and the cells that cannot."""
    fillers = {aspect.id: _filler(aspect) for aspect in bundle.aspects()}
    by_code, _ = marks_by_code(bundle)
    kept: list[Mark] = []
    gaps: list[Gap] = []
    for entry in bundle.entries:
        if entry.status != "competed":
            continue
        marks = [mark for mark in by_code[entry.code] if mark.aspect in counter.places]
        wrong = _gaps(entry.code, marks, counter, fillers)
        gaps += [Gap(entry.code, aspect, why) for aspect, why in wrong.items()]
        kept += [mark for mark in marks if mark.aspect not in wrong]
        kept += [replace(fillers[aspect], code=entry.code) for aspect in wrong]
    return kept, gaps


def _filler(aspect: Aspect) -> Mark:
    """Return what leaves a cell out of the count: nothing attempted, and no gate failed."""
    if isinstance(aspect, Gate):
        return Mark(aspect=aspect.id, code=LEFT_OUT, judge=LEFT_OUT, value="1")
    return Mark(aspect=aspect.id, code=LEFT_OUT, judge=LEFT_OUT, state="not_attempted")


def _gaps(
    code: str, marks: Sequence[Mark], counter: Counter, fillers: Mapping[str, Mark]
) -> dict[str, Problem]:
    """Return the aspects of one entry that cannot be counted, each with the first reason.

    A gate that is left out counts as passed, and what it would have zeroed may be missing then.
    """
    _, unread = row_of(marks, counter.places)
    found: dict[str, Problem] = {}
    for aspect in {mark.aspect: None for mark in marks} if unread else ():
        own = [mark for mark in marks if mark.aspect == aspect]
        if problems := row_of(own, counter.places)[1]:
            found[aspect] = problems[0]
    while True:
        kept = [mark for mark in marks if mark.aspect not in found]
        row, _ = row_of([*kept, *(fillers[aspect] for aspect in found)], counter.places)
        fresh = counter.total(code, row)[1]
        if not fresh:
            return found
        found |= {problem.where.removeprefix(f"{code}/"): problem for problem in fresh}


def effects(before: SoFar, after: SoFar) -> list[Effect]:
    """Set two countings side by side: whose award changes first, then rank, then points.

    Among those to whom the same happens, the new order of places holds.
    """
    old = {line["code"]: line for line in before.lines}
    missing = [_tallied(side.gaps) for side in (before, after)]
    found = [
        Effect(
            line["code"],
            _side(old[line["code"]], missing[0].get(line["code"], 0)),
            _side(line, missing[1].get(line["code"], 0)),
        )
        for line in after.lines
        if line["status"] == "competed" and line["code"] in old
    ]
    return sorted(found, key=lambda item: -item.weight)


def _tallied(gaps: Sequence[Gap]) -> dict[str, int]:
    found: dict[str, int] = {}
    for gap in gaps:
        found[gap.code] = found.get(gap.code, 0) + 1
    return found


def _side(line: dict[str, Any], gaps: int) -> Side:
    return Side(line["total"], line["scale"], line["rank"], line["undecided"], line["award"], gaps)
