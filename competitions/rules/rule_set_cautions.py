"""What of a rule set deserves a second look; none of it forbids (marking.md §2, §4 and §5).

`where` is the place in the document, as in the problems of `rule_set_reading`.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from app.errors import N_
from competitions.rules.reading import Problem
from competitions.rules.rule_set import (
    AwardTier,
    DeductionsKey,
    FractionTier,
    NoScale,
    PercentTier,
    RankTier,
    RuleSet,
    ScoreTier,
    Setting,
    Tier,
    TierAwards,
    TimeKey,
    WorldSkillsAwards,
    WorldSkillsScale,
    setting,
)

FEWEST = 3
WHOLE = 100
LEAST_SCALE = 200
"""Below this a threshold on the WorldSkills scale keeps nobody out: it was meant for totals."""
FEW_KEYS = 2
BY_MODE = ("down", "half_up", "up")


def cautions_of(rules: RuleSet) -> list[Problem]:
    """List what a chief judge should look at twice, in the order of the rule book."""
    return [*_panel(rules), *_judgement(rules), *_scale(rules), *_ties(rules), *_awards(rules)]


def _panel(rules: RuleSet) -> Iterator[Problem]:
    where, rule = "rule_set.panel", rules.panel
    judges = rule.drop_highest + rule.drop_lowest + rule.min_remaining
    if rule.drop_highest != rule.drop_lowest:
        yield Problem(
            "drops",
            f"{where}.drop_highest",
            N_("去掉的最高分和最低分个数不同，平均分会偏向一边。"),
        )
    if (rule.drop_highest or rule.drop_lowest) and judges % 2 == 0:
        yield Problem(
            "even",
            f"{where}.min_remaining",
            N_("至少 {judges} 名评委是双数：去掉最高分和最低分时，评委人数宜为单数。"),
            {"judges": judges},
        )
    if rule.min_remaining < FEWEST:
        yield Problem(
            "few",
            f"{where}.min_remaining",
            N_("去分后只剩 {left} 个分数也算数，一人的偏差影响过大；宜不少于 3 个。"),
            {"left": rule.min_remaining},
        )


def _judgement(rules: RuleSet) -> Iterator[Problem]:
    where, rule = "rule_set.judgement", rules.judgement
    if rule.min_judges < FEWEST:
        yield Problem("few", f"{where}.min_judges", N_("评判少于三人，宜由三名裁判同时亮分。"))
    if rule.max_spread >= FEWEST:
        yield Problem(
            "spread",
            f"{where}.max_spread",
            N_("0—3 四档之间最多相差 3，允许相差 {most} 等于不作限制。"),
            {"most": rule.max_spread},
        )
    elif rule.max_spread != 1:
        yield Problem(
            "spread", f"{where}.max_spread", N_("世界技能大赛的惯例是最多相差 1，超过的须重评。")
        )


def _scale(rules: RuleSet) -> Iterator[Problem]:
    if isinstance(rules.scale, WorldSkillsScale):
        if setting(rules.scale.spread) == 0:
            yield Problem("scale", "rule_set.scale.spread", N_("离差为 0，所有人的换算分都一样。"))
        if rules.ranking.by == "total":
            yield Problem(
                "scale", "rule_set.ranking.by", N_("算了换算分，却按总分排名；换算分只供参考。")
            )


def _ties(rules: RuleSet) -> Iterator[Problem]:
    where, keys = "rule_set.ranking.tie_break", rules.ranking.tie_break
    if rules.ranking.ties == "forbidden" and len(keys) < FEW_KEYS:
        yield Problem(
            "ties",
            "rule_set.ranking.ties",
            N_("不允许并列，并列判据却只有 {count} 条：仍相同的都要由裁判长书面裁定。"),
            {"count": len(keys)},
        )
    seen = Counter((type(key), getattr(key, "module", getattr(key, "aspect", ""))) for key in keys)
    if any(count > 1 for count in seen.values()):
        yield Problem("ties", where, N_("有一条并列判据写了两遍，第二遍不起作用。"))
    for place, key in enumerate(keys):
        is_lesser_better = isinstance(key, TimeKey | DeductionsKey)
        if (key.order == "ascending") != is_lesser_better:
            says = (
                N_("第 {number} 条并列判据让用时多、扣分多的排在前面。")
                if is_lesser_better
                else N_("第 {number} 条并列判据让得分低的排在前面。")
            )
            yield Problem("order", f"{where}[{place}].order", says, {"number": place + 1})
    if not isinstance(rules.total.round, str) and rules.total.round.decimals == 0:
        yield Problem("round", "rule_set.total.round", N_("总分舍入到整数，并列会很多。"))


def _awards(rules: RuleSet) -> Iterator[Problem]:
    awards = rules.awards
    if isinstance(awards, WorldSkillsAwards):
        yield from _threshold(rules, awards.medallion_from, "rule_set.awards.medallion_from")
    if not isinstance(awards, TierAwards):
        return
    if not awards.tiers:
        yield Problem("tiers", "rule_set.awards.tiers", N_("还没有设任何一档奖项。"))
    shares = [tier for tier in awards.tiers if isinstance(tier, PercentTier)]
    in_all = sum((setting(tier.to) for tier in shares), Fraction(0))
    if in_all > WHOLE:
        yield Problem(
            "percent",
            "rule_set.awards.tiers",
            N_("按比例的各档合计 {sum}%，超过 100%。"),
            {"sum": f"{float(in_all):g}"},
        )
    labels = Counter(tier.label for tier in awards.tiers)
    for label, count in labels.items():
        if count > 1:
            yield Problem(
                "tiers", "rule_set.awards.tiers", N_("有两档奖项都叫“{label}”。"), {"label": label}
            )
    for place, tier in enumerate(awards.tiers):
        yield from _tier(rules, awards.tiers, place, tier)


def _tier(rules: RuleSet, tiers: tuple[Tier, ...], place: int, tier: Tier) -> Iterator[Problem]:
    where = f"rule_set.awards.tiers[{place}]"
    if isinstance(tier, ScoreTier):
        yield from _threshold(rules, tier.from_, f"{where}.from")
    if tier.min_score is not None:
        yield from _threshold(rules, tier.min_score, f"{where}.min_score")
    if isinstance(tier, PercentTier) and setting(tier.to) == 0:
        yield Problem(
            "reach", f"{where}.to", N_("“{label}”取 0%，不会有人得到。"), {"label": tier.label}
        )
    for earlier in tiers[:place]:
        if _covers(earlier, tier):
            yield Problem(
                "reach",
                where,
                N_("“{label}”不会有人得到：够得上的都已在前面的“{earlier}”里。"),
                {"label": tier.label, "earlier": earlier.label},
            )
            break


def _threshold(rules: RuleSet, value: Setting, where: str) -> Iterator[Problem]:
    """A threshold is of the value that ranks: totals go to 100, scales lie about their centre."""
    is_scale = rules.ranking.by == "scale" and not isinstance(rules.scale, NoScale)
    if not is_scale and setting(value) > WHOLE:
        yield Problem(
            "reach",
            where,
            N_("按总分排名，{value} 分的门槛高于满分 100，不会有人达到。"),
            {"value": value},
        )
    if is_scale and setting(value) < LEAST_SCALE:
        yield Problem(
            "reach",
            where,
            N_("按换算分排名，{value} 分的门槛远低于换算分，等于没有。"),
            {"value": value},
        )


def _covers(earlier: Tier, later: Tier) -> bool:
    """Tell whether whoever a later tier could reach has the earlier one already, in every field."""
    least = _least(earlier)
    if earlier.field_at_least > later.field_at_least:
        return False
    if least is not None and (_least(later) is None or least > (_least(later) or 0)):
        return False
    if isinstance(earlier, ScoreTier) or _is_everyone(earlier):
        return True
    if isinstance(earlier, RankTier) and isinstance(later, RankTier):
        return earlier.to >= later.to
    if isinstance(earlier, FractionTier) and isinstance(later, FractionTier):
        return (Fraction(earlier.to), BY_MODE.index(earlier.round)) >= (
            Fraction(later.to),
            BY_MODE.index(later.round),
        ) and BY_MODE.index(earlier.round) >= BY_MODE.index(later.round)
    return False


def _is_everyone(tier: Tier) -> bool:
    if isinstance(tier, PercentTier):
        return setting(tier.to) >= WHOLE
    return isinstance(tier, FractionTier) and Fraction(tier.to) == 1


def _least(tier: AwardTier) -> Fraction | None:
    given = [tier.min_score] if tier.min_score is not None else []
    if isinstance(tier, ScoreTier):
        given.append(tier.from_)
    return max(map(setting, given), default=None)
