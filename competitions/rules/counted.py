"""An event, counted, with everything that the count passed through.

What explains a result, and what tries how firm it is, begin from this: the product's own counter,
ranking and awards, and no second arithmetic beside them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from competitions.rules.awards import Reach, awards, reaches
from competitions.rules.bundle import Bundle, Mark
from competitions.rules.checks import problems_of
from competitions.rules.marking import State
from competitions.rules.ranking import Decisions, Ranked, ranking
from competitions.rules.reading import Problem
from competitions.rules.records import Row, marks_by_code, record_of, row_of
from competitions.rules.totals import Counter, EntryTotal, deductions_of, totals

Cell = dict[str, int | State]
"""Judge to record, a value in 1/10,000."""


@dataclass(frozen=True)
class Counted:
    """A bundle that counts: its marks by entry, its totals in the bundle's order, its ranking."""

    bundle: Bundle
    decided: Decisions
    counter: Counter
    marks: Mapping[str, Sequence[Mark]]
    deductions_e4: Mapping[str, Mapping[str, int]]
    entries: tuple[EntryTotal, ...]
    ranked: tuple[Ranked, ...]

    @classmethod
    def of(cls, bundle: Bundle, decided: Decisions = ()) -> "Counted | list[Problem]":
        """Count a well-shaped bundle, or return everything that is wrong with it."""
        if problems := problems_of(bundle):
            return problems
        counter = Counter.of(bundle.modules, bundle.rule_set)
        entries, problems = totals(bundle, counter)
        if problems:
            return problems
        marks, _ = marks_by_code(bundle)
        ranked = tuple(ranking(counter, entries, bundle.times, decided))
        return cls(bundle, decided, counter, marks, deductions_of(bundle), tuple(entries), ranked)

    @cached_property
    def reaches(self) -> list[Reach]:
        """How far each award reached."""
        return reaches(self.counter.rules, self.ranked)

    @cached_property
    def awards(self) -> Mapping[str, str]:
        """The award of each code that has one."""
        return awards(self.counter.rules, self.ranked)

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """The records of each entry that competed, sorted by aspect: for counting them again."""
        places = self.counter.places
        return {one.code: row_of(self.marks[one.code], places)[0] for one in self.entries}

    def cells_of(self, code: str) -> Mapping[str, Cell]:
        """Return what each judge said of an entry, by aspect; empty where nobody said anything."""
        found: dict[str, Cell] = defaultdict(dict)
        for mark in self.marks[code]:
            found[mark.aspect][mark.judge] = record_of(mark)
        return found

    def ranked_of(self, code: str) -> Ranked | None:
        """Return an entry in its place, None where it did not compete."""
        return next((item for item in self.ranked if item.entry.code == code), None)
