"""From an entry's marks to its modules and its total (marking.md section 2).

Order: aspect marks are summed, the sum is scaled to the module's weight, deductions leave it,
`module` rounds, a module never falls below 0, modules are summed, `total` rounds.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from msgspec import UNSET

from app.rules.points import rounded
from competitions.rules.bundle import Bundle, Gate, Mark, Module, Panel, Problem
from competitions.rules.marking import ZERO, Records, Unmarkable, mark, zeroed


@dataclass(frozen=True)
class EntryTotal:
    """An entry's marks, exact: by aspect, by module, deducted, in all."""

    code: str
    aspects: Mapping[str, Fraction]
    modules: Mapping[str, Fraction]
    deducted: Fraction
    total: Fraction


@dataclass(frozen=True)
class Scales:
    """What each weighted module's sum is multiplied by; 1 where there is no weight."""

    by_module: Mapping[str, Fraction]

    @classmethod
    def of(cls, modules: Iterable[Module]) -> "Scales":
        return cls({module.id: _scale(module) for module in modules})


def _scale(module: Module) -> Fraction:
    if module.weight is None:
        return Fraction(1)
    most = sum(
        (
            Fraction(aspect.max) * Fraction(aspect.factor if isinstance(aspect, Panel) else 1)
            for aspect in module.aspects
            if not isinstance(aspect, Gate)
        ),
        ZERO,
    )
    return Fraction(module.weight) / most


def records_by_code(marks: Iterable[Mark]) -> dict[str, dict[str, Records]]:
    """Group marks by entry and aspect."""
    grouped: dict[str, dict[str, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for item in marks:
        grouped[item.code][item.aspect].append(item)
    return {
        code: {aspect: _records(given) for aspect, given in aspects.items()}
        for code, aspects in grouped.items()
    }


def _records(given: list[Mark]) -> Records:
    return Records(
        values=tuple(Fraction(item.value) for item in given if item.value is not UNSET),
        missing=sum(item.state == "missing" for item in given),
        not_attempted=sum(item.state == "not_attempted" for item in given),
    )


def total(
    bundle: Bundle,
    code: str,
    records: Mapping[str, Records],
    deductions: Mapping[str, Fraction],
    scales: Scales,
) -> tuple[EntryTotal, list[Problem]]:
    """Return one entry's total from its own records, without looking at any other entry."""
    rules = bundle.rule_set
    gates = {aspect.id: aspect for aspect in bundle.aspects() if isinstance(aspect, Gate)}
    nothing = zeroed(gates, records)
    marks: dict[str, Fraction] = {}
    problems: list[Problem] = []
    for aspect in bundle.aspects():
        found = (
            ZERO if aspect.id in nothing else mark(aspect, records.get(aspect.id, Records()), rules)
        )
        if isinstance(found, Unmarkable):
            problems.append(Problem(found.code, f"{code}/{aspect.id}", found.text))
            found = ZERO
        marks[aspect.id] = found
    modules = {
        module.id: max(
            ZERO,
            rounded(
                sum((marks[aspect.id] for aspect in module.aspects), ZERO)
                * scales.by_module[module.id]
                - deductions.get(module.id, ZERO),
                rules.module.round,
            ),
        )
        for module in bundle.modules
    }
    in_all = rounded(sum(modules.values(), ZERO), rules.total.round)
    return EntryTotal(code, marks, modules, sum(deductions.values(), ZERO), in_all), problems


def totals(bundle: Bundle) -> tuple[list[EntryTotal], list[Problem]]:
    """Return the totals of all entries that competed, and every mark that is missing or invalid."""
    records, scales = records_by_code(bundle.marks), Scales.of(bundle.modules)
    deductions: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for item in bundle.deductions:
        deductions[item.code][item.module] += Fraction(item.points)
    found: list[EntryTotal] = []
    problems: list[Problem] = []
    for entry in bundle.entries:
        if entry.status == "competed":
            own, wrong = total(
                bundle, entry.code, records.get(entry.code, {}), deductions[entry.code], scales
            )
            found.append(own)
            problems += wrong
    return found, problems
