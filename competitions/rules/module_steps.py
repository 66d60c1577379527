"""How the marks of a module became its points, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.errors import N_
from app.rules.points import E4, Ratio
from competitions.rules.bundle import Module
from competitions.rules.counted import Counted
from competitions.rules.mark_steps import AspectSteps, Step, aspect_steps
from competitions.rules.phrases import number, phrase, plain, rounding
from competitions.rules.records import row_of
from competitions.rules.totals import UNDEDUCTED, EntryTotal, ModuleSum, maxima


@dataclass(frozen=True)
class ModuleSteps:
    """One module: its aspects, what was done with their sum, the points."""

    id: str
    name: str
    aspects: tuple[AspectSteps, ...]
    steps: tuple[Step, ...]
    points: str


def module_steps(counted: Counted, entry: EntryTotal) -> tuple[ModuleSteps, ...]:
    """Walk through an entry's modules."""
    counter, cells = counted.counter, counted.cells_of(entry.code)
    rules = counter.rules
    deducted = counted.deductions_e4.get(entry.code, UNDEDUCTED)
    gates = _gates_shut(counted, entry.code)
    found = []
    for module, ready, points in zip(
        counted.bundle.modules, counter.modules, entry.modules, strict=True
    ):
        places = range(ready.first, ready.end)
        aspects = tuple(
            aspect_steps(
                aspect, cells[aspect.id], gates.get(at, ()), entry.aspects[at], counter.rules
            )
            for aspect, at in zip(module.aspects, places, strict=True)
        )
        marks = entry.aspects[ready.first : ready.end]
        steps = _module(module, ready, marks, deducted.get(module.id, 0))
        shown = number(points, rules.module.round)
        if not isinstance(rule := rules.module.round, str):
            told = phrase(N_("模块得分{round}"), round=rounding(rule))
            steps.append(Step(phrase(N_("模块舍入")), shown, told))
        found.append(ModuleSteps(module.id, module.name, aspects, tuple(steps), shown))
    return tuple(found)


def _gates_shut(counted: Counted, code: str) -> dict[int, tuple[str, ...]]:
    """Return which failed gates set an aspect's place to 0."""
    counter = counted.counter
    row, _ = row_of(counted.marks[code], counter.places)
    zeroed = counter.zeroed(row)
    found: dict[int, tuple[str, ...]] = {}
    for gate, places in counter.gates:
        if gate in zeroed or row.fails(gate):
            for place in places:
                found[place] = (*found.get(place, ()), counter.markings[gate].id)
    return found


def _module(module: Module, ready: ModuleSum, marks: Sequence[Ratio], deducted: int) -> list[Step]:
    points = sum((Fraction(*mark) for mark in marks), Fraction(0))
    steps = [Step(phrase(N_("各评分点相加")), number(points))]
    if isinstance(module.weight, str) and ready.scale != 1:
        rule = phrase(
            N_("本模块占 {weight} 分，评分点满分合计 {most}"),
            weight=module.weight,
            most=number(maxima(module)),
        )
        points *= ready.scale
        steps.append(Step(phrase(N_("按权重折算")), number(points), rule))
    if deducted:
        points = max(points - Fraction(deducted, E4), Fraction(0))
        how = phrase(N_("违规扣 {points} 分"), points=plain(deducted))
        rule = phrase(N_("扣分从模块得分中扣，扣到 0 分为止"))
        steps.append(Step(how, number(points), rule))
    return steps
