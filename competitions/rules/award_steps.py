"""How a place became an award, step by step: from the best award down, and why not the better."""

from fractions import Fraction

from app.errors import N_
from competitions.rules.awards import GOLD, MEDALLION, SILVER, WORDS, Reach
from competitions.rules.counted import Counted
from competitions.rules.mark_steps import Step
from competitions.rules.phrases import Label, Phrase, number, phrase
from competitions.rules.rank_steps import worth
from competitions.rules.ranking import Ranked
from competitions.rules.rule_set import (
    FractionTier,
    PercentTier,
    RankTier,
    ScoreTier,
    Tier,
    TierAwards,
    WorldSkillsAwards,
)

TAKEN_UP = {"up": N_("进位到整数"), "down": N_("舍去小数"), "half_up": N_("四舍五入到整数")}


def award_steps(counted: Counted, item: Ranked) -> tuple[Step, ...]:
    """Go through the awards from the best: why not, until the one that the entry has."""
    steps: list[Step] = []
    if item.is_undecided:
        return (Step(phrase(N_("名次裁定之后才有奖项"))),)
    for at, reach in enumerate(counted.reaches):
        is_inside = item.entry.code in reach.codes
        steps.append(_reach(counted, item, at, reach))
        if is_inside:
            return tuple(steps)
    nothing = N_("没有奖项") if steps else N_("评分规则没有设奖")
    return (*steps, Step(phrase(nothing)))


def _reach(counted: Counted, item: Ranked, at: int, reach: Reach) -> Step:
    rule = counted.counter.rules.awards
    if isinstance(rule, TierAwards):
        return _tier(counted, item, rule.tiers[at], reach)
    assert isinstance(rule, WorldSkillsAwards)
    return _medal(counted, item, rule, reach)


def _tier(counted: Counted, item: Ranked, tier: Tier, reach: Reach) -> Step:
    told, award = _tier_rule(tier), Label(reach.award)
    if len(counted.ranked) < tier.field_at_least:
        says = N_("{award}：参赛不足 {fewest} 名，不设")
        return Step(phrase(says, award=award, fewest=tier.field_at_least), "", told)
    assert reach.last_place is not None
    is_inside = item.entry.code in reach.codes
    if isinstance(tier, ScoreTier) and is_inside:
        return Step(phrase(N_("{award}：达到分数线，在内"), award=award), "", told)
    if item.place <= reach.last_place and not is_inside:
        says = N_("{award}：要达到 {least} 分，本人 {value} 分，没有达到")
        least = number(reach.least or Fraction(0))
        return Step(phrase(says, award=award, least=least, value=worth(counted, item)), "", told)
    if isinstance(tier, RankTier):
        says = N_("{award}：第 {rank} 名在内") if is_inside else N_("{award}：第 {rank} 名不在内")
        return Step(phrase(says, award=award, rank=item.place), "", told)
    says = (
        N_("{award}：取到第 {last} 名，第 {rank} 名在内")
        if is_inside
        else N_("{award}：取到第 {last} 名，第 {rank} 名不在内")
    )
    return Step(phrase(says, award=award, last=reach.last_place, rank=item.place), "", told)


def _tier_rule(tier: Tier) -> Phrase:
    label = Label(tier.label)
    if isinstance(tier, RankTier):
        told = phrase(N_("{award}取到第 {to} 名"), award=label, to=tier.to)
    elif isinstance(tier, PercentTier):
        told = phrase(
            N_("{award}取参赛名额的 {to}%，{round}，接着前一奖项往下取"),
            award=label,
            to=str(tier.to),
            round=phrase(TAKEN_UP[tier.round]),
        )
    elif isinstance(tier, FractionTier):
        told = phrase(
            N_("{award}取到参赛名额的 {to}，{round}"),
            award=label,
            to=tier.to,
            round=phrase(TAKEN_UP[tier.round]),
        )
    else:
        told = phrase(N_("{award}从 {from_} 分起"), award=label, from_=str(tier.from_))
    if tier.min_score is None:
        return told
    return phrase(N_("{rule}，不低于 {least} 分"), rule=told, least=str(tier.min_score))


def _medal(counted: Counted, item: Ranked, rule: WorldSkillsAwards, reach: Reach) -> Step:
    award, value = phrase(WORDS[reach.award]), worth(counted, item)
    if reach.award == MEDALLION:
        told = phrase(N_("没有奖牌、达到 {least} 分的得优胜奖"), least=str(rule.medallion_from))
    else:
        told = phrase(
            N_("与本奖牌第一人相差不超过 {tau} 分的都得本奖牌"), tau=str(rule.tie_threshold)
        )
    if reach.least is None:
        says = N_("{award}：金牌有 {golds} 枚、银牌有 {silvers} 枚，不再设")
        held = {one.award: len(one.codes) for one in counted.reaches}
        return Step(phrase(says, award=award, golds=held[GOLD], silvers=held[SILVER]), "", told)
    is_inside = item.entry.code in reach.codes
    says = (
        N_("{award}：{least} 分以上，本人 {value}，在内")
        if is_inside
        else N_("{award}：{least} 分以上，本人 {value}，没有达到")
    )
    return Step(phrase(says, award=award, least=number(reach.least), value=value), "", told)
