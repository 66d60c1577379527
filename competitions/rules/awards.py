"""Places into awards (marking.md section 5)."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from app.rules.points import whole
from competitions.rules.bundle import (
    FractionTier,
    PercentTier,
    RankTier,
    RuleSet,
    ScoreTier,
    Tier,
    TierAwards,
    WorldSkillsAwards,
    setting,
)
from competitions.rules.ranking import Ranked

GOLD, SILVER, BRONZE, MEDALLION = "gold", "silver", "bronze", "medallion"
MANY_GOLDS = 3
MANY_SILVERS = 2


def awards(rules: RuleSet, ranked: Sequence[Ranked]) -> dict[str, str | None]:
    """Return the award of each code. Undecided entries use up their places and get none."""

    def value(item: Ranked) -> Fraction:
        return Fraction(item.scale or 0) if rules.ranking.by == "scale" else item.entry.total

    given: dict[str, str] = {}
    if isinstance(rules.awards, TierAwards):
        for tier in rules.awards.tiers:
            if len(ranked) >= tier.field_at_least:
                _give_tier(tier, ranked, value, given)
    elif isinstance(rules.awards, WorldSkillsAwards):
        _give_medals(rules.awards, ranked, value, given)
    return {
        item.entry.code: None if item.is_undecided else given.get(item.entry.code)
        for item in ranked
    }


def _give_tier(
    tier: Tier, ranked: Sequence[Ranked], value: Callable[[Ranked], Fraction], given: dict[str, str]
) -> None:
    open_to = [item for item in ranked if item.entry.code not in given]
    if not open_to:
        return
    last = _last_place(tier, len(ranked), open_to[0].place)
    for item in open_to:
        reaches = (
            value(item) >= setting(tier.from_)
            if isinstance(tier, ScoreTier)
            else item.place <= last
        )
        if reaches and (tier.min_score is None or value(item) >= setting(tier.min_score)):
            given[item.entry.code] = tier.label


def _last_place(tier: Tier, field: int, first_open: int) -> int:
    """Return the last place that a tier reaches: absolute, but a percentage counts from the first open."""
    if isinstance(tier, RankTier):
        return tier.to
    if isinstance(tier, FractionTier):
        return whole(field * Fraction(tier.to), tier.round)
    if isinstance(tier, PercentTier):
        return first_open - 1 + whole(field * setting(tier.to) / 100, tier.round)
    return 0


def _give_medals(
    rule: WorldSkillsAwards,
    ranked: Sequence[Ranked],
    value: Callable[[Ranked], Fraction],
    given: dict[str, str],
) -> None:
    """Give medals by value alone; a medal ties within tau of its first holder, not chained.

    Two golds: no silver. Three or more golds, or one gold and two or more silvers: a bronze only
    where the next is within tau of the last medal.
    """
    tau = setting(rule.tie_threshold)
    waiting = sorted(ranked, key=value, reverse=True)

    def give(medal: str) -> list[Ranked]:
        holders = [item for item in waiting if value(waiting[0]) - value(item) <= tau]
        given.update({item.entry.code: medal for item in holders})
        del waiting[: len(holders)]
        return holders

    def is_near(holders: list[Ranked]) -> bool:
        return bool(waiting) and value(holders[-1]) - value(waiting[0]) <= tau

    golds = give(GOLD) if waiting else []
    silvers = give(SILVER) if len(golds) == 1 and waiting else []
    is_crowded = len(golds) >= MANY_GOLDS or len(silvers) >= MANY_SILVERS
    if waiting and (not is_crowded or is_near(silvers or golds)):
        give(BRONZE)
    for item in waiting:
        if value(item) >= setting(rule.medallion_from):
            given[item.entry.code] = MEDALLION
