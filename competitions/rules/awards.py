"""Places into awards (marking.md §5)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from app.errors import N_
from app.rules.points import whole
from competitions.rules.ranking import Ranked
from competitions.rules.rule_set import (
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

GOLD, SILVER, BRONZE, MEDALLION = "gold", "silver", "bronze", "medallion"
WORDS = MappingProxyType(
    {GOLD: N_("金牌"), SILVER: N_("银牌"), BRONZE: N_("铜牌"), MEDALLION: N_("优胜奖")}
)
"""Chinese for the medals of marking.md §5; a tier's award is its own label."""
MANY_GOLDS = 3
MANY_SILVERS = 2


def awards(rules: RuleSet, ranked: Sequence[Ranked]) -> dict[str, str]:
    """Return the award of each code that has one; who is undecided only uses up places."""
    given: Mapping[str, str] = {}
    if isinstance(rules.awards, TierAwards):
        given = _tiers(rules.awards.tiers, ranked, rules.ranking.by)
    elif isinstance(rules.awards, WorldSkillsAwards):
        given = _medals(rules.awards, ranked, rules.ranking.by)
    undecided = {item.entry.code for item in ranked if item.is_undecided}
    return {code: award for code, award in given.items() if code not in undecided}


def award_word(award: str | None) -> str:
    """Return an award as people read it; empty for none."""
    return WORDS.get(award or "", award or "")


def _tiers(tiers: Sequence[Tier], ranked: Sequence[Ranked], by: str) -> dict[str, str]:
    """Take the tiers in order, each from the first rank that has no award yet."""
    given: dict[str, str] = {}
    field = len(ranked)
    waiting = list(ranked)
    for tier in tiers:
        if not waiting:
            break
        if field < tier.field_at_least:
            continue
        last = _last_place(tier, field, waiting[0].place)
        least = _least_value(tier)
        left = []
        for item in waiting:
            if item.place <= last and (least is None or item.value(by) >= least):
                given[item.entry.code] = tier.label
            else:
                left.append(item)
        waiting = left
    return given


def _last_place(tier: Tier, field: int, first_open: int) -> int:
    """Return the last place a tier reaches: absolute, but a share counts from the first open place.

    A shared rank is one place, its first; so whoever shares the rank at the edge is inside.
    """
    if isinstance(tier, RankTier):
        return tier.to
    if isinstance(tier, FractionTier):
        return whole(field * Fraction(tier.to), tier.round)
    if isinstance(tier, PercentTier):
        return first_open - 1 + whole(field * setting(tier.to) / 100, tier.round)
    return field


def _least_value(tier: Tier) -> Fraction | None:
    given = [tier.from_] if isinstance(tier, ScoreTier) else []
    if tier.min_score is not None:
        given.append(tier.min_score)
    return max(map(setting, given), default=None)


def _medals(rule: WorldSkillsAwards, ranked: Sequence[Ranked], by: str) -> dict[str, str]:
    """Give medals by value alone; a medal ties within tau of its first holder, not chained.

    Two golds: no silver, then bronze. Three or more golds, or one gold and two or more silvers:
    a bronze only where the next is within tau of the last medal.
    """
    tau, least = setting(rule.tie_threshold), setting(rule.medallion_from)
    waiting = sorted(((item.value(by), item.entry.code) for item in ranked), reverse=True)
    given: dict[str, str] = {}

    def give(medal: str) -> list[Fraction]:
        """Give a medal to the next and to all within tau; return their values."""
        values = [value for value, _ in waiting if waiting[0][0] - value <= tau]
        given.update((code, medal) for _, code in waiting[: len(values)])
        del waiting[: len(values)]
        return values

    golds = give(GOLD)
    silvers = give(SILVER) if len(golds) == 1 else []
    is_crowded = len(golds) >= MANY_GOLDS or len(silvers) >= MANY_SILVERS
    last = (silvers or golds)[-1:]
    if not is_crowded or (waiting and last[0] - waiting[0][0] <= tau):
        give(BRONZE)
    given.update((code, MEDALLION) for value, code in waiting if value >= least)
    return given
