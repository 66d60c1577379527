"""Places into awards (marking.md §5)."""

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Reach:
    """An award as it was given out: how far it reached, and who has it."""

    award: str
    codes: tuple[str, ...]
    last_place: int | None = None
    """Of a tier: the last place inside it; None where the field is too small for the tier."""
    least: Fraction | None = None
    """The least value that gets it; of a medal, its first holder's less tau."""


def awards(rules: RuleSet, ranked: Sequence[Ranked]) -> dict[str, str]:
    """Return the award of each code that has one; who is undecided only uses up places."""
    undecided = {item.entry.code for item in ranked if item.is_undecided}
    return {
        code: reach.award
        for reach in reaches(rules, ranked)
        for code in reach.codes
        if code not in undecided
    }


def reaches(rules: RuleSet, ranked: Sequence[Ranked]) -> list[Reach]:
    """Return every award in the order in which they are taken, also those that nobody has."""
    if isinstance(rules.awards, TierAwards):
        return _tiers(rules.awards.tiers, ranked, rules.ranking.by)
    if isinstance(rules.awards, WorldSkillsAwards):
        return _medals(rules.awards, ranked, rules.ranking.by)
    return []


def award_word(award: str | None) -> str:
    """Return an award as people read it; empty for none."""
    return WORDS.get(award or "", award or "")


def _tiers(tiers: Sequence[Tier], ranked: Sequence[Ranked], by: str) -> list[Reach]:
    """Take the tiers in order, each from the first rank that has no award yet."""
    found: list[Reach] = []
    field = len(ranked)
    waiting = list(ranked)
    for tier in tiers:
        least = _least_value(tier)
        if not waiting or field < tier.field_at_least:
            found.append(Reach(tier.label, (), None, least))
            continue
        last = _last_place(tier, field, waiting[0].place)
        inside = {
            item.entry.code
            for item in waiting
            if item.place <= last and (least is None or item.value(by) >= least)
        }
        codes = tuple(item.entry.code for item in waiting if item.entry.code in inside)
        found.append(Reach(tier.label, codes, last, least))
        waiting = [item for item in waiting if item.entry.code not in inside]
    return found


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


def _medals(rule: WorldSkillsAwards, ranked: Sequence[Ranked], by: str) -> list[Reach]:
    """Give medals by value alone; a medal ties within tau of its first holder, not chained.

    Two golds: no silver, then bronze. Three or more golds, or one gold and two or more silvers:
    a bronze only where the next is within tau of the last medal.
    """
    tau, lowest = setting(rule.tie_threshold), setting(rule.medallion_from)
    waiting = sorted(((item.value(by), item.entry.code) for item in ranked), reverse=True)
    found: list[Reach] = []

    def give(medal: str, *, is_given: bool = True) -> list[Fraction]:
        """Give a medal to the next and to all within tau; return their values."""
        first = waiting[0][0] if waiting and is_given else None
        values = [value for value, _ in waiting if first is not None and first - value <= tau]
        codes = tuple(code for _, code in waiting[: len(values)])
        found.append(Reach(medal, codes, least=None if first is None else first - tau))
        del waiting[: len(values)]
        return values

    golds = give(GOLD)
    silvers = give(SILVER, is_given=len(golds) == 1)
    is_crowded = len(golds) >= MANY_GOLDS or len(silvers) >= MANY_SILVERS
    last = (silvers or golds)[-1:]
    is_near = bool(waiting) and last[0] - waiting[0][0] <= tau
    give(BRONZE, is_given=is_near or not is_crowded)
    inside = tuple(code for value, code in waiting if value >= lowest)
    return [*found, Reach(MEDALLION, inside, least=lowest)]
