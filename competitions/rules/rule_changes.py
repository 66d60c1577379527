"""What differs between two rule sets, number by number, in words (see `changes`)."""

from collections.abc import Callable, Iterator

from app.errors import N_
from competitions.rules.changes import NOTHING, Change
from competitions.rules.phrases import Fact, Phrase, phrase, rounding
from competitions.rules.rule_set import (
    AspectKey,
    DeductionsKey,
    FractionTier,
    ModuleKey,
    NoAwards,
    NoScale,
    PercentTier,
    RankTier,
    RuleSet,
    TieKey,
    Tier,
    TimeKey,
    WorldSkillsAwards,
)

PLACES = {"up": N_("进一"), "down": N_("舍去"), "half_up": N_("四舍五入")}
BY = {"total": N_("总分"), "scale": N_("量表分")}
TIES = {"shared": N_("并列共享名次"), "forbidden": N_("不允许并列，由裁判长裁定")}
FIRST = {"ascending": N_("少者在前"), "descending": N_("多者在前")}

Look = Callable[[RuleSet], tuple[Fact, ...]]


def rule_set_changes(before: RuleSet, after: RuleSet) -> list[Change]:
    """List what differs between two rule sets, in the order in which they are applied."""
    return [
        Change(phrase(of), phrase(side), look(before), look(after))
        for of, side, look in _looks()
        if look(before) != look(after)
    ]


def _looks() -> Iterator[tuple[str, str, Look]]:
    panel, rounds = N_("评委打分"), N_("舍入")
    yield panel, N_("去掉最高分"), lambda rules: _count(rules.panel.drop_highest)
    yield panel, N_("去掉最低分"), lambda rules: _count(rules.panel.drop_lowest)
    yield panel, N_("去分后至少剩"), lambda rules: _count(rules.panel.min_remaining)
    yield rounds, N_("评委平均分"), lambda rules: (rounding(rules.panel.round),)
    yield rounds, N_("乘系数之后"), lambda rules: (rounding(rules.factored.round),)
    yield rounds, N_("评分点"), lambda rules: (rounding(rules.aspect.round),)
    yield rounds, N_("模块"), lambda rules: (rounding(rules.module.round),)
    yield rounds, N_("总分"), lambda rules: (rounding(rules.total.round),)
    judgement = N_("评判 0—3")
    yield judgement, N_("最大差距"), lambda rules: (rules.judgement.max_spread,)
    yield judgement, N_("至少几人评判"), lambda rules: _count(rules.judgement.min_judges)
    yield N_("量表分"), N_("换算"), _scale
    ranks = N_("名次")
    yield ranks, N_("依据"), lambda rules: (phrase(BY[rules.ranking.by]),)
    yield (
        ranks,
        N_("总分相同时"),
        lambda rules: tuple(map(_key, rules.ranking.tie_break)) or NOTHING,
    )
    yield ranks, N_("仍相同时"), lambda rules: (phrase(TIES[rules.ranking.ties]),)
    yield N_("奖项"), N_("设奖"), _awards


def _count(number: int) -> tuple[Fact, ...]:
    return (phrase(N_("{number} 个"), number=number),)


def _scale(rules: RuleSet) -> tuple[Fact, ...]:
    if isinstance(rules.scale, NoScale):
        return (phrase(N_("不换算")),)
    return (
        phrase(
            N_("世界技能大赛量表，中心 {centre}，幅度 {spread}"),
            centre=rules.scale.centre,
            spread=rules.scale.spread,
        ),
    )


def _keys(rules: RuleSet) -> tuple[Fact, ...]:
    return tuple(map(_key, rules.ranking.tie_break)) or NOTHING


def _key(key: TieKey) -> Phrase:
    order = phrase(FIRST[key.order])
    if isinstance(key, DeductionsKey):
        return phrase(N_("扣分，{order}"), order=order)
    if isinstance(key, AspectKey):
        return phrase(N_("评分点 {name} 得分，{order}"), name=key.aspect, order=order)
    if isinstance(key, ModuleKey):
        return phrase(N_("模块 {name} 得分，{order}"), name=key.module, order=order)
    assert isinstance(key, TimeKey)
    return phrase(N_("模块 {name} 用时，{order}"), name=key.module, order=order)


def _awards(rules: RuleSet) -> tuple[Fact, ...]:
    awards = rules.awards
    if isinstance(awards, NoAwards):
        return NOTHING
    if isinstance(awards, WorldSkillsAwards):
        return (
            phrase(
                N_("世界技能大赛奖牌，{tau} 分以内并列，{least} 分起优胜奖"),
                tau=awards.tie_threshold,
                least=awards.medallion_from,
            ),
        )
    return tuple(map(_tier, awards.tiers)) or NOTHING


def _tier(tier: Tier) -> Phrase:
    facts: dict[str, Fact] = {"label": tier.label, "extra": _conditions(tier)}
    if isinstance(tier, RankTier):
        return Phrase(N_("{label}：到第 {to} 名{extra}"), facts | {"to": tier.to})
    if isinstance(tier, PercentTier | FractionTier):
        facts |= {"to": tier.to, "round": phrase(PLACES[tier.round])}
        if isinstance(tier, PercentTier):
            return Phrase(N_("{label}：参赛人数的 {to}%（{round}）{extra}"), facts)
        return Phrase(N_("{label}：到参赛人数的 {to}（{round}）{extra}"), facts)
    return Phrase(N_("{label}：{least} 分起{extra}"), facts | {"least": tier.from_})


def _conditions(tier: Tier) -> Phrase:
    found: dict[str, Fact] = {"score": "", "field": ""}
    if tier.min_score is not None:
        found["score"] = phrase(N_("，不低于 {least} 分"), least=tier.min_score)
    if tier.field_at_least:
        found["field"] = phrase(N_("，至少 {field} 人参赛时"), field=tier.field_at_least)
    return Phrase("{score}{field}", found)
