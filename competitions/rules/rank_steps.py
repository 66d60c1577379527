"""How modules became a total and a total a place, step by step, beside the neighbors in rank."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from app.errors import N_
from app.rules.points import E4
from competitions.rules.bundle import Bundle
from competitions.rules.counted import Counted
from competitions.rules.mark_steps import Step
from competitions.rules.phrases import AspectId, Code, Fact, Phrase, clock, number, phrase, rounding
from competitions.rules.ranking import Ranked, spread_of
from competitions.rules.rule_set import (
    AspectKey,
    ModuleKey,
    NoScale,
    TieKey,
    TimeKey,
)


def total_steps(counted: Counted, item: Ranked) -> tuple[Step, ...]:
    """Sum the modules and round."""
    rule = counted.counter.rules.total.round
    whole = sum(item.entry.modules, Fraction(0))
    steps = [Step(phrase(N_("各模块相加")), number(whole))]
    if not isinstance(rule, str):
        told = phrase(N_("总分{round}"), round=rounding(rule))
        steps.append(Step(phrase(N_("总分舍入")), number(item.entry.total, rule), told))
    return tuple(steps)


def scale_steps(counted: Counted, item: Ranked) -> tuple[Step, ...]:
    """Set the total on the scale of marking.md §3; nothing where the rule set has none."""
    rule = counted.counter.rules.scale
    if isinstance(rule, NoScale):
        return ()
    spread = spread_of(counted.entries)
    told = phrase(
        N_(
            "换算分 = {centre} + {spread} ×（总分 − 中位数）÷（1.4826 × 离差中位数），"
            "四舍五入到整数；离差为 0 时都是 {centre}"
        ),
        centre=str(rule.centre),
        spread=str(rule.spread),
    )
    return (
        Step(phrase(N_("参赛者总分的中位数")), number(spread.median)),
        Step(phrase(N_("各人离中位数多远的中位数")), number(spread.deviation)),
        Step(phrase(N_("总分换算")), str(item.scale), told),
    )


def rank_steps(counted: Counted, item: Ranked) -> tuple[Step, ...]:
    """Set the entry between its neighbors in rank."""
    rule = counted.counter.rules.ranking
    ranked = counted.ranked
    at = ranked.index(item)
    by = phrase(N_("换算分") if rule.by == "scale" else N_("总分"))
    told = (
        phrase(N_("按{by}从高到低排名；相同的依次比较：{keys}"), by=by, keys=_keys(counted.bundle))
        if rule.tie_break
        else phrase(N_("按{by}从高到低排名"), by=by)
    )
    steps = [Step(phrase(N_("{count} 名参赛，按{by}排名"), count=len(ranked), by=by), "", told)]
    equal = [one for one in ranked if _is_equal(counted, one, item)]
    before = [one for one in ranked[:at] if one not in equal]
    after = [one for one in ranked[at:] if one not in equal]
    if before:
        steps.append(Step(_against(counted, before[-1], item, is_before=True)))
    if len(equal) > 1:
        steps.append(_shared(counted, item, equal))
    if after:
        steps.append(Step(_against(counted, after[0], item, is_before=False)))
    return tuple(steps)


def _keys(bundle: Bundle) -> list[Phrase]:
    return [_key(key, bundle) for key in bundle.rule_set.ranking.tie_break]


def _key(key: TieKey, bundle: Bundle) -> Phrase:
    names = {module.id: module.name for module in bundle.modules}
    is_less = key.order == "ascending"
    if isinstance(key, TimeKey):
        says = N_("{module}用时（少的在前）") if is_less else N_("{module}用时（多的在前）")
        return phrase(says, module=names[key.module])
    if isinstance(key, ModuleKey):
        says = N_("{module}得分（低的在前）") if is_less else N_("{module}得分（高的在前）")
        return phrase(says, module=names[key.module])
    if isinstance(key, AspectKey):
        says = N_("{aspect}得分（低的在前）") if is_less else N_("{aspect}得分（高的在前）")
        return phrase(says, aspect=AspectId(key.aspect))
    return phrase(N_("扣分（少的在前）") if is_less else N_("扣分（多的在前）"))


def _is_equal(counted: Counted, one: Ranked, other: Ranked) -> bool:
    return all(mine == yours for mine, yours, _ in _compared(counted, one, other))


Compared = tuple[Fraction | None, Fraction | None, TieKey | None]
"""What two entries have of one key; the first is the total or the scale, without a key."""


def _compared(counted: Counted, one: Ranked, other: Ranked) -> Iterator[Compared]:
    rule = counted.counter.rules.ranking
    yield one.value(rule.by), other.value(rule.by), None
    for key in rule.tie_break:
        yield _value(counted, one, key), _value(counted, other, key), key


def _value(counted: Counted, item: Ranked, key: TieKey) -> Fraction | None:
    """Look up what a key compares; None for a time that was not taken."""
    entry, counter = item.entry, counted.counter
    if isinstance(key, TimeKey):
        taken = {(one.code, one.module): one.seconds for one in counted.bundle.times}
        seconds = taken.get((entry.code, key.module))
        return None if seconds is None else Fraction(seconds)
    if isinstance(key, ModuleKey):
        return entry.modules[[module.id for module in counter.modules].index(key.module)]
    if isinstance(key, AspectKey):
        return Fraction(*entry.aspects[counter.places[key.aspect].number])
    return Fraction(entry.deducted_e4, E4)


def _against(counted: Counted, other: Ranked, item: Ranked, *, is_before: bool) -> Phrase:
    """Say what parts the entry from a neighbor: the first thing in which they differ."""
    mine, yours, key = next(
        found for found in _compared(counted, item, other) if found[0] != found[1]
    )
    facts: dict[str, Fact] = {"rank": other.place, "other": Code(other.entry.code)}
    if key is None:
        says = (
            N_("前面是第 {rank} 名 {other}：{yours}，高于本人的 {mine}")
            if is_before
            else N_("后面是第 {rank} 名 {other}：{yours}，低于本人的 {mine}")
        )
        return phrase(says, **facts, yours=worth(counted, other), mine=worth(counted, item))
    says = (
        N_("前面是第 {rank} 名 {other}：同为 {equal}，但{key}是 {yours}，本人是 {mine}")
        if is_before
        else N_(
            "后面是第 {rank} 名 {other}：同为 {equal}，"
            "但{key}是 {yours}，本人是 {mine}，所以本人在前"
        )
    )
    return phrase(
        says,
        **facts,
        equal=worth(counted, item),
        key=_key(key, counted.bundle),
        yours=_told(key, yours),
        mine=_told(key, mine),
    )


def worth(counted: Counted, item: Ranked) -> str:
    """Write the value that ranks an entry."""
    rules = counted.counter.rules
    if rules.ranking.by == "scale":
        return str(item.scale)
    return number(item.entry.total, rules.total.round)


def _told(key: TieKey, value: Fraction | None) -> Phrase | str:
    if value is None:
        return phrase(N_("没有记录"))
    return clock(int(value)) if isinstance(key, TimeKey) else number(value)


def _shared(counted: Counted, item: Ranked, equal: Sequence[Ranked]) -> Step:
    others = [Code(one.entry.code) for one in equal if one is not item]
    if item.is_undecided:
        how = phrase(N_("与 {others} 完全相同，名次待裁判长裁定"), others=others)
        return Step(how, "", phrase(N_("评分规则不允许并列，系统不替任何人决定")))
    if counted.counter.rules.ranking.ties == "forbidden":
        how = phrase(N_("与 {others} 完全相同，由裁判长裁定先后"), others=others)
        return Step(how, "", phrase(N_("评分规则不允许并列，裁定写明了理由")))
    how = phrase(N_("与 {others} 完全相同，并列第 {rank} 名"), others=others, rank=item.place)
    return Step(how, "", phrase(N_("完全相同的并列，并占去后面的名次（1、2、2、4）")))
