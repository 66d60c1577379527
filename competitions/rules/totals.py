"""From an entry's marks to its modules and its total (marking.md §2).

Order: aspect marks are summed, the sum is scaled to the module's weight, deductions leave it,
`module` rounds, a module never falls below 0, modules are summed, `total` rounds.

`Counter.total` counts one entry from its own records, without looking at any other.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.rules.points import E4, Ratio, Rounder, rounded, rounder
from competitions.rules.bundle import Bundle, Gate, Mark, Module, Panel
from competitions.rules.marking import NOTHING, Marking, Unmarkable, points_of
from competitions.rules.reading import Problem
from competitions.rules.records import Place, Row, marks_by_code, places, row_of
from competitions.rules.rule_set import RuleSet

ZERO = Fraction(0)
UNDEDUCTED: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class EntryTotal:
    """An entry's points, exact: by aspect and by module in the scheme's order, deducted, in all."""

    code: str
    aspects: tuple[Ratio, ...]
    modules: tuple[Fraction, ...]
    deducted_e4: int
    total: Fraction


@dataclass(frozen=True)
class ModuleSum:
    """A module, made ready: where its aspects lie in a row, and what scales their sum."""

    id: str
    first: int
    end: int
    scale: Fraction
    to_module: Rounder

    def points(self, marks: Sequence[Ratio], deducted_e4: int) -> Fraction:
        """Return the points: marks summed, scaled, less deductions, rounded, never below 0."""
        by_denominator: dict[int, int] = {}
        for numerator, denominator in marks[self.first : self.end]:
            by_denominator[denominator] = by_denominator.get(denominator, 0) + numerator
        above, below = 0, 1
        for denominator, numerator in by_denominator.items():
            above, below = above * denominator + numerator * below, below * denominator
        above *= self.scale.numerator * E4
        below *= self.scale.denominator * E4
        above -= deducted_e4 * (below // E4)
        return Fraction(*self.to_module(above, below)) if above > 0 else ZERO


@dataclass(frozen=True)
class Counter:
    """A scheme and a rule set, made ready to count entries."""

    rules: RuleSet
    markings: tuple[Marking, ...]
    modules: tuple[ModuleSum, ...]
    gates: tuple[tuple[int, tuple[int, ...]], ...]
    places: Mapping[str, Place]

    @classmethod
    def of(cls, modules: Sequence[Module], rules: RuleSet) -> "Counter":
        """Make a checked scheme and rule set ready."""
        aspects = [aspect for module in modules for aspect in module.aspects]
        markings = tuple(Marking.of(aspect, rules) for aspect in aspects)
        number = {aspect.id: place for place, aspect in enumerate(aspects)}
        gates = tuple(
            (number[aspect.id], tuple(number[name] for name in aspect.zeroes))
            for aspect in aspects
            if isinstance(aspect, Gate)
        )
        return cls(rules, markings, _sums(modules, rules), gates, places(markings))

    def total_of_marks(
        self, code: str, marks: Collection[Mark], deductions_e4: Mapping[str, int] = UNDEDUCTED
    ) -> tuple[EntryTotal, list[Problem]]:
        """Count one entry from its own marks; with problems the total is no result."""
        row, wrong = row_of(marks, self.places)
        total, incomplete = self.total(code, row, deductions_e4)
        return total, wrong or incomplete

    def total(
        self, code: str, row: Row, deductions_e4: Mapping[str, int] = UNDEDUCTED
    ) -> tuple[EntryTotal, list[Problem]]:
        """Count one entry; with problems the total is what the rest makes, and no result."""
        marks, problems = self._marks(code, row)
        modules = tuple(
            module.points(marks, deductions_e4.get(module.id, 0)) for module in self.modules
        )
        in_all = rounded(sum(modules, ZERO), self.rules.total.round)
        deducted = sum(deductions_e4.values())
        return EntryTotal(code, tuple(marks), modules, deducted, in_all), problems

    def with_mark(
        self, entry: EntryTotal, number: int, mark: Ratio, deductions_e4: Mapping[str, int]
    ) -> EntryTotal:
        """Return a counted entry with another mark on one aspect; its other marks are not read."""
        aspects = (*entry.aspects[:number], mark, *entry.aspects[number + 1 :])
        modules = tuple(
            module.points(aspects, deductions_e4.get(module.id, 0))
            if module.first <= number < module.end
            else points
            for module, points in zip(self.modules, entry.modules, strict=True)
        )
        in_all = rounded(sum(modules, ZERO), self.rules.total.round)
        return replace(entry, aspects=aspects, modules=modules, total=in_all)

    def _marks(self, code: str, row: Row) -> tuple[list[Ratio], list[Problem]]:
        zeroed = self.zeroed(row) if self.gates else frozenset[int]()
        states = row.states
        marks: list[Ratio] = []
        problems: list[Problem] = []
        for number, (marking, values) in enumerate(zip(self.markings, row.values, strict=True)):
            found = NOTHING
            if number not in zeroed:
                try:
                    found = (
                        marking.of_records(values, states[number])
                        if number in states
                        else marking.mark(values)
                    )
                except Unmarkable as why:
                    problems.append(why.problem(f"{code}/{marking.id}"))
            marks.append(found)
        return marks, problems

    def zeroed(self, row: Row) -> frozenset[int]:
        """Return the places that failed gates set to 0; a gate so zeroed fails too."""
        zeroes = dict(self.gates)
        failed = [number for number in zeroes if row.fails(number)]
        found: set[int] = set()
        while failed:
            new = set(zeroes[failed.pop()]) - found
            found |= new
            failed += new & zeroes.keys()
        return frozenset(found)


def _sums(modules: Iterable[Module], rules: RuleSet) -> tuple[ModuleSum, ...]:
    found: list[ModuleSum] = []
    to_module = rounder(rules.module.round)
    first = 0
    for module in modules:
        end = first + len(module.aspects)
        found.append(ModuleSum(module.id, first, end, _scale(module), to_module))
        first = end
    return tuple(found)


def _scale(module: Module) -> Fraction:
    """Return the weight over the sum of the maxima; 1 without a weight."""
    if not isinstance(module.weight, str):
        return Fraction(1)
    return Fraction(points_of(module.weight), E4) / maxima(module)


def maxima(module: Module) -> Fraction:
    """Return what the aspects of a module give at most, each times its factor."""
    most = sum(
        points_of(aspect.max) * (points_of(aspect.factor) if isinstance(aspect, Panel) else E4)
        for aspect in module.aspects
        if not isinstance(aspect, Gate)
    )
    return Fraction(most, E4 * E4)


def deductions_of(bundle: Bundle) -> dict[str, dict[str, int]]:
    """Return what is deducted, in 1/10,000, by code and module."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for item in bundle.deductions:
        found[item.code][item.module] += points_of(item.points)
    return found


def totals(bundle: Bundle, counter: Counter) -> tuple[list[EntryTotal], list[Problem]]:
    """Return the totals of all entries that competed, and every mark that is missing or invalid.

    The marks of who did not compete are part of the record: they are read, and not counted.
    """
    marks, problems = marks_by_code(bundle)
    deductions = deductions_of(bundle)
    found: list[EntryTotal] = []
    for entry in bundle.entries:
        own = marks[entry.code]
        if entry.status != "competed":
            problems += row_of(own, counter.places)[1]
            continue
        total, wrong = counter.total_of_marks(
            entry.code, own, deductions.get(entry.code, UNDEDUCTED)
        )
        found.append(total)
        problems += wrong
    return found, problems
