"""Is a scheme ready for use, and what should a chief judge look at twice (marking.md §1 and §2)."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import msgspec

from app.errors import N_
from competitions.rules.bundle import Module
from competitions.rules.checks import scheme_problems, tie_key_problems
from competitions.rules.reading import Problem
from competitions.rules.rule_set import RuleSet, WorldSkillsScale
from competitions.rules.rule_sets import read_rule_set
from competitions.rules.scheme import SchemeFacts, SchemeIncomplete, modules_of
from competitions.rules.scheme_parts import part_faults, part_warnings, shape_faults
from competitions.rules.sections import (
    WHOLE,
    points,
    section_faults,
    section_warnings,
    whole_of,
    worth,
)

FEWEST_JUDGES = 3
MOST_ASPECTS = 500
MOST_THEORY = 30
FEWEST_CRITERIA, MOST_CRITERIA = 5, 9
THEORY = "理论"


def faults(scheme: SchemeFacts) -> list[Problem]:
    """List what keeps a scheme from use, each at its place; empty where it is ready."""
    if not any(scheme.aspects()):
        return [Problem("scheme", "scheme", N_("还没有评分点。"))]
    return [
        *(list(shape_faults(scheme)) or _read_faults(scheme)),
        *_size(scheme),
        *part_faults(scheme),
        *_sums(scheme),
        *section_faults(scheme),
    ]


def _read_faults(scheme: SchemeFacts) -> list[Problem]:
    try:
        modules = modules_of(scheme)
    except msgspec.ValidationError as error:
        return [Problem("scheme", "scheme", N_("格式不符：{why}"), {"why": str(error)})]
    return list(scheme_problems(modules))


def _size(scheme: SchemeFacts) -> Iterator[Problem]:
    if sum(1 for _ in scheme.aspects()) > MOST_ASPECTS:
        yield Problem("scheme", "scheme", N_("评分点太多，最多 500 个。"))


def _sums(scheme: SchemeFacts) -> Iterator[Problem]:
    if any(module.weight for module in scheme.modules) and whole_of(scheme) != WHOLE:
        yield Problem(
            "scheme",
            "scheme",
            N_("各模块的权重合计应为 100，现为 {sum}。"),
            {"sum": points(whole_of(scheme))},
        )


def refuse_incomplete(scheme: SchemeFacts) -> None:
    """Raise `SchemeIncomplete` for the first fault."""
    for problem in faults(scheme):
        raise SchemeIncomplete(problem)


def misfits(rules: RuleSet, scheme: SchemeFacts) -> list[Problem]:
    """List the tie keys of a rule set that name nothing of this scheme."""
    modules: tuple[Module, ...] = modules_of(scheme)
    return list(tie_key_problems(rules, modules))


def warnings(scheme: SchemeFacts, rules: RuleSet, *, judges: int) -> list[Problem]:
    """List what deserves a second look, with so many judges; none of it forbids."""
    found = []
    theory = sum((worth(item) for item in scheme.modules if THEORY in item.name), Fraction(0))
    whole = whole_of(scheme)
    if whole and theory * 100 > MOST_THEORY * whole:
        found.append(Problem("theory", "scheme", N_("理论占比超过 30%。")))
    if whole != WHOLE:
        found.append(
            Problem("sum", "scheme", N_("满分合计为 {sum}，不是 100。"), {"sum": points(whole)})
        )
    found += _panel(scheme, rules, judges)
    found += _criteria(scheme, rules)
    return [*found, *part_warnings(scheme), *section_warnings(scheme)]


def cautions(scheme: SchemeFacts, rule_set: Mapping[str, Any], *, judges: int) -> list[Problem]:
    """List the warnings, and what of the rule set does not fit the scheme, once both are sound."""
    rules = read_rule_set(rule_set)
    if not isinstance(rules, RuleSet) or faults(scheme):
        return []
    return [*misfits(rules, scheme), *warnings(scheme, rules, judges=judges)]


def _first(scheme: SchemeFacts, kind: str) -> str:
    """Name the place of the first aspect of a kind; empty where there is none."""
    found = (f"aspect {item.id} kind" for item in scheme.aspects() if item.kind == kind)
    return next(found, "")


def _panel(scheme: SchemeFacts, rules: RuleSet, judges: int) -> Iterator[Problem]:
    if where := _first(scheme, "panel"):
        if 0 < judges < FEWEST_JUDGES:
            yield Problem("panel", where, N_("评委打分不足三人，一人的偏差影响过大。"))
        drops = rules.panel.drop_highest + rules.panel.drop_lowest
        if drops and judges and judges % 2 == 0:
            yield Problem("panel", where, N_("去掉最高分和最低分时，评委人数宜为单数。"))
        if rules.panel.drop_highest != rules.panel.drop_lowest:
            yield Problem("panel", where, N_("去掉的最高分和最低分个数不同，平均分会偏向一边。"))
    if (where := _first(scheme, "judgement")) and rules.judgement.min_judges < FEWEST_JUDGES:
        yield Problem("judgement", where, N_("0—3 评判不足三人，难以看出分歧。"))


def _criteria(scheme: SchemeFacts, rules: RuleSet) -> Iterator[Problem]:
    count = len(scheme.modules)
    is_usual = FEWEST_CRITERIA <= count <= MOST_CRITERIA
    if isinstance(rules.scale, WorldSkillsScale) and not is_usual:
        yield Problem(
            "criteria",
            "scheme",
            N_("世界技能大赛的评分大项（这里的模块）宜为 5 至 9 个，现为 {count} 个。"),
            {"count": count},
        )
