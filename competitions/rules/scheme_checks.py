"""Is a scheme ready for use, and what should a chief judge look at twice (marking.md §1 and §2)."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import msgspec

from app.errors import N_
from app.rules.points import e4_of
from competitions.rules.bundle import Module
from competitions.rules.checks import scheme_problems, tie_key_problems
from competitions.rules.reading import Problem
from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_sets import read_rule_set
from competitions.rules.scheme import (
    SchemeAspect,
    SchemeFacts,
    SchemeIncomplete,
    SchemeModule,
    modules_of,
)

JUDGEMENT_STEPS = 4
FEWEST_ON_A_PANEL = 3
MOST_ASPECTS = 500
MOST_THEORY = 30
WHOLE = 100
THEORY = "理论"


def faults(scheme: SchemeFacts) -> list[Problem]:
    """List what keeps a scheme from use; empty where it is ready."""
    if not any(scheme.aspects()):
        return [Problem("scheme", "", N_("还没有评分点。"))]
    try:
        modules = modules_of(scheme)
    except msgspec.ValidationError as error:
        return [Problem("scheme", "", N_("格式不符：{why}"), {"why": str(error)})]
    return [*scheme_problems(modules), *_parts(scheme), *_sums(scheme)]


def _parts(scheme: SchemeFacts) -> Iterator[Problem]:
    if sum(1 for _ in scheme.aspects()) > MOST_ASPECTS:
        yield Problem("scheme", "", N_("评分点太多，最多 500 个。"))
    for module in scheme.modules:
        if not module.aspects:
            yield Problem(
                "scheme", module.id, N_("模块 {name} 没有评分点。"), {"name": module.name}
            )
    for aspect in scheme.aspects():
        if not aspect.title.strip():
            yield Problem("scheme", aspect.id, N_("评分点 {id} 没有名称。"), {"id": aspect.id})
        if aspect.kind == "judgement" and len(aspect.descriptors) != JUDGEMENT_STEPS:
            yield Problem(
                "scheme",
                aspect.id,
                N_("评判项 {id} 应写明 0、1、2、3 四档的描述。"),
                {"id": aspect.id},
            )


def _sums(scheme: SchemeFacts) -> Iterator[Problem]:
    if not any(module.weight for module in scheme.modules):
        return
    found = sum(map(worth, scheme.modules), Fraction(0))
    if found != WHOLE:
        yield Problem(
            "scheme", "", N_("各模块的权重合计应为 100，现为 {sum}。"), {"sum": f"{float(found):g}"}
        )


def worth(module: SchemeModule) -> Fraction:
    """Return how many points a module may give: its weight, or what its aspects add up to."""
    if module.weight:
        return Fraction(e4_of(module.weight) or 0, 10_000)
    return sum(map(_most, module.aspects), Fraction(0))


def _most(aspect: SchemeAspect) -> Fraction:
    return Fraction(e4_of(aspect.max) or 0, 10_000) * Fraction(
        e4_of(aspect.factor or "1") or 0, 10_000
    )


def shortcomings(scheme: SchemeFacts) -> list[str]:
    """Return the faults as sentences."""
    return [problem.text for problem in faults(scheme)]


def refuse_incomplete(scheme: SchemeFacts) -> None:
    """Raise `SchemeIncomplete` for the first fault."""
    for problem in faults(scheme):
        raise SchemeIncomplete(problem.text)


def misfits(rules: RuleSet, scheme: SchemeFacts) -> list[Problem]:
    """List the tie keys of a rule set that name nothing of this scheme."""
    modules: tuple[Module, ...] = modules_of(scheme)
    return list(tie_key_problems(rules, modules))


def warnings(scheme: SchemeFacts, rules: RuleSet, *, judges: int) -> list[Problem]:
    """List what deserves a second look, with so many judges; none of it forbids."""
    found = []
    theory = sum((worth(item) for item in scheme.modules if THEORY in item.name), Fraction(0))
    whole = sum(map(worth, scheme.modules), Fraction(0))
    if whole and theory * 100 > MOST_THEORY * whole:
        found.append(Problem("theory", "", N_("理论占比超过 30%。")))
    if whole != WHOLE:
        found.append(
            Problem("sum", "", N_("满分合计为 {sum}，不是 100。"), {"sum": f"{float(whole):g}"})
        )
    if any(aspect.kind == "panel" for aspect in scheme.aspects()):
        found += _panel(rules, judges)
    return found


def cautions(scheme: SchemeFacts, rule_set: Mapping[str, Any], *, judges: int) -> list[str]:
    """Return the warnings as sentences, and what of the rule set does not fit the scheme."""
    rules = read_rule_set(rule_set)
    if not isinstance(rules, RuleSet) or faults(scheme):
        return []
    found = [*misfits(rules, scheme), *warnings(scheme, rules, judges=judges)]
    return [problem.text for problem in found]


def _panel(rules: RuleSet, judges: int) -> Iterator[Problem]:
    if 0 < judges < FEWEST_ON_A_PANEL:
        yield Problem("panel", "", N_("评委打分不足三人，一人的偏差影响过大。"))
    drops = rules.panel.drop_highest + rules.panel.drop_lowest
    if drops and judges and judges % 2 == 0:
        yield Problem("panel", "", N_("去掉最高分和最低分时，评委人数宜为单数。"))
    if rules.panel.drop_highest != rules.panel.drop_lowest:
        yield Problem("panel", "", N_("去掉的最高分和最低分个数不同，平均分会偏向一边。"))
