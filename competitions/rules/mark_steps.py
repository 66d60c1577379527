"""How judges' records became an aspect's mark, step by step.

The marks are the counter's own; what lies between them comes from the same functions
that the counter is put together from, and every walk ends at the counter's value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.errors import N_
from app.rules.panel import judgement_share, trimmed_mean
from app.rules.points import E4, Ratio, Round, rounded, rounder
from competitions.rules.bundle import (
    Aspect,
    Bands,
    Deduct,
    Gate,
    Judgement,
    Measurement,
    YesNo,
)
from competitions.rules.bundle import Panel as PanelAspect
from competitions.rules.counted import Cell
from competitions.rules.marking import State, points_of
from competitions.rules.phrases import AspectId, Phrase, number, phrase, plain, rounding
from competitions.rules.rule_set import RuleSet


@dataclass(frozen=True)
class Step:
    """What was done, by which rule, and the value that came of it; empty where it gave none."""

    how: Phrase
    value: str = ""
    rule: Phrase | None = None


@dataclass(frozen=True)
class JudgeValue:
    """What one judge recorded: a value, or a state that says why there is none."""

    judge: str
    value: str
    state: State | None = None
    is_dropped: bool = False


@dataclass(frozen=True)
class AspectSteps:
    """One aspect: what the judges recorded, what was done with it, the mark."""

    id: str
    kind: str
    most: str
    values: tuple[JudgeValue, ...]
    steps: tuple[Step, ...]
    mark: str


def aspect_steps(
    aspect: Aspect, cell: Cell, shut: Sequence[str], mark: Ratio, rules: RuleSet
) -> AspectSteps:
    """Walk from what the judges recorded to the mark; `shut` are the gates that took it."""
    dropped = _dropped(cell, rules) if isinstance(aspect, PanelAspect) and not shut else set()
    values = tuple(
        JudgeValue(judge, "", record)
        if isinstance(record, State)
        else JudgeValue(judge, plain(record), None, judge in dropped)
        for judge, record in sorted(cell.items(), key=lambda item: (len(item[0]), item[0]))
    )
    points = Fraction(*mark)
    return AspectSteps(
        id=aspect.id,
        kind=str(aspect.__struct_config__.tag),
        most="" if isinstance(aspect, Gate) else plain(_most(aspect)),
        values=values,
        steps=_mark(aspect, cell, shut, points, rules),
        mark="" if isinstance(aspect, Gate) else number(points),
    )


def _most(aspect: Aspect) -> int:
    assert not isinstance(aspect, Gate)
    factor = points_of(aspect.factor) if isinstance(aspect, PanelAspect) else E4
    return points_of(aspect.max) * factor // E4


def _dropped(cell: Cell, rules: RuleSet) -> set[str]:
    """Return whose values the panel left out; of equal values any one is the same."""
    given = sorted((value, judge) for judge, value in cell.items() if not isinstance(value, State))
    rule = rules.panel
    ends = given[: rule.drop_lowest] + given[len(given) - rule.drop_highest :]
    return {judge for _, judge in ends}


def _mark(
    aspect: Aspect, cell: Cell, shut: Sequence[str], mark: Fraction, rules: RuleSet
) -> tuple[Step, ...]:
    if shut:
        how = phrase(
            N_("{gates}没有达到要求，本项计 0 分"), gates=[AspectId(name) for name in shut]
        )
        return (Step(how, "0"),)
    if State.NOT_ATTEMPTED in cell.values():
        return (Step(phrase(N_("未做，计 0 分")), "0"),)
    values = [record for record in cell.values() if not isinstance(record, State)]
    if isinstance(aspect, Gate):
        return (_gate(aspect, values[0]),)
    if isinstance(aspect, PanelAspect):
        steps = _panel(aspect, values, rules)
    elif isinstance(aspect, Judgement):
        steps = (_judgement(aspect, values, rules),)
    else:
        steps = (_single(aspect, values[0], mark, rules),)
    if not isinstance(rules.aspect.round, str):
        rule = phrase(N_("评分点得分{round}"), round=rounding(rules.aspect.round))
        steps = (*steps, Step(phrase(N_("评分点舍入")), number(mark, rules.aspect.round), rule))
    return steps


def _gate(aspect: Gate, value: int) -> Step:
    zeroes = [AspectId(name) for name in aspect.zeroes]
    rule = phrase(N_("没有达到要求时，{zeroes}计 0 分"), zeroes=zeroes)
    return Step(phrase(N_("达到要求") if value else N_("没有达到要求")), "", rule)


def _panel(aspect: PanelAspect, values: Sequence[int], rules: RuleSet) -> tuple[Step, ...]:
    rule = rules.panel
    high, low = rule.drop_highest, rule.drop_lowest
    mean = trimmed_mean(values, high, low)
    at_once = rounder(rule.round)(*mean)
    says = phrase(
        N_("去掉 {high} 个最高分、{low} 个最低分，其余取平均，{round}"),
        high=high,
        low=low,
        round=rounding(rule.round),
    )
    left = len(values) - high - low
    steps = [Step(phrase(N_("{left} 个分数的平均"), left=left), number(Fraction(*mean)), says)]
    if not isinstance(rule.round, str):
        steps.append(Step(phrase(N_("平均分舍入")), number(Fraction(*at_once), rule.round)))
    return (*steps, *_factored(aspect, Fraction(*at_once), rules.factored.round))


def _factored(aspect: PanelAspect, mean: Fraction, rule: Round) -> list[Step]:
    """Multiply by the factor and round; say nothing where both change nothing."""
    times = mean * Fraction(points_of(aspect.factor), E4)
    value = rounded(times, rule)
    if times == mean == value:
        return []
    how = phrase(N_("乘以系数 {factor}"), factor=aspect.factor)
    steps = [Step(how, number(times))]
    if not isinstance(rule, str):
        told = phrase(N_("乘系数后{round}"), round=rounding(rule))
        steps.append(Step(phrase(N_("乘系数后舍入")), number(value, rule), told))
    return steps


def _judgement(aspect: Judgement, values: Sequence[int], rules: RuleSet) -> Step:
    above, below = judgement_share(values)
    how = phrase(
        N_("{count} 个评判共 {sum} 级：{sum} ÷ {top} × {most}"),
        count=len(values),
        sum=plain(above),
        top=plain(below),
        most=aspect.max,
    )
    rule = phrase(
        N_("0 到 3 级评判，相差不超过 {spread} 级，得分是满分乘以平均级数再除以 3"),
        spread=rules.judgement.max_spread,
    )
    share = points_of(aspect.max) * above, E4 * below
    return Step(how, number(Fraction(*share)), rule)


def _single(aspect: Aspect, value: int, mark: Fraction, rules: RuleSet) -> Step:
    assert not isinstance(aspect, Gate)
    shown = number(mark) if isinstance(rules.aspect.round, str) else ""
    how = aspect.calculation if isinstance(aspect, Measurement) else None
    if isinstance(how, YesNo):
        told = phrase(N_("达到要求")) if value else phrase(N_("没有达到要求"))
        return Step(told, shown, phrase(N_("达到得满分 {most}，否则 0 分"), most=aspect.max))
    if isinstance(how, Deduct):
        rule = phrase(
            N_("满分 {most}，每个错误扣 {each}，扣完为止"), most=aspect.max, each=how.per_error
        )
        return Step(phrase(N_("{count} 个错误"), count=plain(value)), shown, rule)
    if isinstance(how, Bands):
        bands: list[Phrase] = [
            phrase(N_("±{within} 以内得 {mark}"), within=band.within, mark=band.mark)
            for band in how.bands
        ]
        rule = phrase(N_("标准值 {nominal}，{bands}，再远 0 分"), nominal=how.nominal, bands=bands)
        return Step(phrase(N_("测得 {value}"), value=plain(value)), shown, rule)
    return Step(phrase(N_("直接记分")), shown)
