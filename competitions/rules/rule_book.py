"""A rule set as the rule book says it: each number in a sentence, with what it is for.

A sentence is Chinese and translatable, like every sentence of the rules; what fills its blanks may
be a sentence itself. Each clause has a key, by which two versions are compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.errors import N_
from app.rules.points import Round
from competitions.rules.phrases import Fact, Phrase, phrase
from competitions.rules.rule_set import (
    AspectKey,
    FractionTier,
    ModuleKey,
    NoAwards,
    NoScale,
    PercentTier,
    RankTier,
    RuleSet,
    TieKey,
    Tier,
    TierAwards,
    TimeKey,
    WorldSkillsAwards,
)

PANEL, JUDGEMENT, ROUNDING = N_("评委打分"), N_("评判 0—3"), N_("舍入")
SCALE, RANKING, AWARDS = N_("换算"), N_("名次与并列"), N_("奖项")


@dataclass(frozen=True)
class Clause:
    """One sentence of the rule book; `meaning` says what it is for, with the same blanks."""

    key: str
    section: str
    said: Phrase
    meaning: str = ""


MODES = {
    "half_up": N_("四舍五入到{decimals}"),
    "half_even": N_("四舍六入五成双到{decimals}"),
    "down": N_("舍去{decimals}以后的部分"),
}
PLACE_MODES = {"up": N_("进一"), "half_up": N_("四舍五入到整数"), "down": N_("舍去")}


def clauses(rules: RuleSet) -> list[Clause]:
    """Return the rule book in the order in which a result comes about."""
    return [
        *_panel(rules),
        *_judgement(rules),
        *_roundings(rules),
        *_scale(rules),
        *_ranking(rules),
        *_awards(rules),
    ]


def rounding(rule: Round) -> Phrase:
    """Return how one rounding is said."""
    if isinstance(rule, str):
        return Phrase(N_("不舍入，按精确值计算"))
    unit = (
        Phrase(N_("小数点后 {count} 位"), {"count": rule.decimals})
        if rule.decimals
        else Phrase(N_("整数"))
    )
    return Phrase(MODES[rule.mode], {"decimals": unit})


def tie_key(key: TieKey) -> Phrase:
    """Return how one tie key is said."""
    is_less = key.order == "ascending"
    if isinstance(key, TimeKey):
        says = N_("模块 {name} 用时少的在前") if is_less else N_("模块 {name} 用时多的在前")
        return Phrase(says, {"name": key.module})
    if isinstance(key, ModuleKey):
        says = N_("模块 {name} 得分低的在前") if is_less else N_("模块 {name} 得分高的在前")
        return Phrase(says, {"name": key.module})
    if isinstance(key, AspectKey):
        says = N_("评分点 {name} 得分低的在前") if is_less else N_("评分点 {name} 得分高的在前")
        return Phrase(says, {"name": key.aspect})
    return Phrase(N_("扣分少的在前") if is_less else N_("扣分多的在前"))


def _panel(rules: RuleSet) -> Iterator[Clause]:
    rule = rules.panel
    drops = {"highest": rule.drop_highest, "lowest": rule.drop_lowest}
    says = (
        N_("每个评分点去掉 {highest} 个最高分和 {lowest} 个最低分，其余取平均。")
        if rule.drop_highest or rule.drop_lowest
        else N_("每个评分点不去分，全部评委的分数取平均。")
    )
    yield Clause(
        "panel.drops",
        PANEL,
        Phrase(says, drops),
        N_("去分是为了不让个别评委的偏差左右结果；缺的分数不是 0 分，不参加去分。"),
    )
    judges = rule.drop_highest + rule.drop_lowest + rule.min_remaining
    yield Clause(
        "panel.min_remaining",
        PANEL,
        Phrase(
            N_("去分后至少剩 {left} 个分数，也就是至少要有 {judges} 名评委打分。"),
            {"left": rule.min_remaining, "judges": judges},
        ),
        N_("不足的评分点不完整，不能出成绩。"),
    )
    yield Clause(
        "panel.round",
        PANEL,
        Phrase(N_("平均分{how}。"), {"how": rounding(rule.round)}),
        N_("在乘以系数之前。"),
    )
    yield Clause(
        "factored.round",
        PANEL,
        Phrase(N_("乘以系数后的得分{how}。"), {"how": rounding(rules.factored.round)}),
        N_("系数写在评分标准里，没有写的为 1。"),
    )


def _judgement(rules: RuleSet) -> Iterator[Clause]:
    rule = rules.judgement
    yield Clause(
        "judgement.min_judges",
        JUDGEMENT,
        Phrase(N_("由至少 {judges} 名裁判同时亮出 0、1、2、3 之一。"), {"judges": rule.min_judges}),
        N_("同时亮分，谁也不跟着谁。"),
    )
    yield Clause(
        "judgement.max_spread",
        JUDGEMENT,
        Phrase(
            N_("最高与最低相差不得超过 {most}，超过的说明理由后重评。"), {"most": rule.max_spread}
        ),
        N_("得分 = 满分 × 平均档 ÷ 3。"),
    )


def _roundings(rules: RuleSet) -> Iterator[Clause]:
    for name, says, meaning in (
        ("aspect", N_("每个评分点的得分{how}。"), N_("各种评分点都适用，在打分和系数之后。")),
        (
            "module",
            N_("每个模块的得分{how}。"),
            N_("先折算权重、减去扣分，再舍入；模块得分不低于 0。"),
        ),
        ("total", N_("总分{how}。"), N_("总分是各模块得分之和；舍入的先后不同，名次可能不同。")),
    ):
        how = rounding(getattr(rules, name).round)
        yield Clause(f"{name}.round", ROUNDING, Phrase(says, {"how": how}), meaning)


def _scale(rules: RuleSet) -> Iterator[Clause]:
    if isinstance(rules.scale, NoScale):
        yield Clause("scale", SCALE, Phrase(N_("不作换算，总分就是成绩。")))
        return
    yield Clause(
        "scale",
        SCALE,
        Phrase(
            N_(
                "换算分 = {centre} + {spread} ×（总分 − 中位数）÷（1.4826 × 离差中位数），"
                "四舍五入到整数。"
            ),
            {"centre": rules.scale.centre, "spread": rules.scale.spread},
        ),
        N_("中间的选手得 {centre} 分；离差是各人与中位数之差的中位数，为 0 时人人得 {centre} 分。"),
    )


def _ranking(rules: RuleSet) -> Iterator[Clause]:
    rule = rules.ranking
    by = N_("按换算分从高到低排名。") if rule.by == "scale" else N_("按总分从高到低排名。")
    yield Clause(
        "ranking.by", RANKING, Phrase(by), N_("缺考、弃权、取消资格的不排名，也不算参赛人数。")
    )
    for place, key in enumerate(rule.tie_break):
        first = N_("相同的，{key}。") if place == 0 else N_("仍相同的，{key}。")
        yield Clause(f"ranking.tie_break.{place}", RANKING, Phrase(first, {"key": tie_key(key)}))
    if rule.ties == "shared":
        ties, meaning = N_("仍相同的名次并列，并列的占去后面的名次。"), N_("例如第 1、2、2、4 名。")
    else:
        ties = N_("不允许并列：仍相同的由裁判长书面裁定先后。")
        meaning = N_("系统不替任何人决定；裁定之前不授奖、不公布。")
    yield Clause("ranking.ties", RANKING, Phrase(ties), meaning)


def _awards(rules: RuleSet) -> Iterator[Clause]:
    awards = rules.awards
    if isinstance(awards, NoAwards):
        yield Clause("awards", AWARDS, Phrase(N_("不设奖项。")))
    elif isinstance(awards, TierAwards):
        for place, tier in enumerate(awards.tiers):
            yield Clause(f"awards.{place}", AWARDS, _tier(tier))
        yield Clause(
            "awards",
            AWARDS,
            Phrase(
                N_("各档依次授予，得了前一档的不再得后一档；一档的边上名次并列的，都在这一档之内。")
            ),
        )
    else:
        yield from _medals(awards)


def _medals(awards: WorldSkillsAwards) -> Iterator[Clause]:
    yield Clause(
        "awards.tie_threshold",
        AWARDS,
        Phrase(
            N_("与同色奖牌第一名相差不超过 {tau} 分的，同得这块奖牌。"),
            {"tau": awards.tie_threshold},
        ),
        N_(
            "两块金牌则不设银牌；三块以上金牌，或一金两银以上，铜牌只给与最后一块奖牌相差不超过这一分差的人。"
        ),
    )
    yield Clause(
        "awards.medallion_from",
        AWARDS,
        Phrase(N_("没有得奖牌而达到 {least} 分的，得优胜奖。"), {"least": awards.medallion_from}),
        N_("含 {least} 分。"),
    )


def _tier(tier: Tier) -> Phrase:
    facts: dict[str, Fact] = {"label": tier.label, "more": _conditions(tier)}
    if isinstance(tier, RankTier):
        return Phrase(N_("{label}：到第 {to} 名为止{more}。"), facts | {"to": tier.to})
    if isinstance(tier, PercentTier | FractionTier):
        facts |= {"to": tier.to, "how": Phrase(PLACE_MODES[tier.round])}
        says = (
            N_("{label}：接着往下取参赛人数的 {to}%，不足一人的{how}{more}。")
            if isinstance(tier, PercentTier)
            else N_("{label}：往下取到参赛人数的 {to}，不足一人的{how}{more}。")
        )
        return Phrase(says, facts)
    return Phrase(N_("{label}：{least} 分以上（含）{more}。"), facts | {"least": tier.from_})


def _conditions(tier: Tier) -> Phrase:
    least, field = tier.min_score, tier.field_at_least
    if least is not None and field:
        says = N_("；低于 {least} 分的不授，参赛不满 {field} 人的不设")
        return phrase(says, least=least, field=field)
    if least is not None:
        return phrase(N_("；低于 {least} 分的不授"), least=least)
    return phrase(N_("；参赛不满 {field} 人的不设"), field=field) if field else phrase("")
