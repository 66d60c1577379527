"""A rule set as typed facts (contracts.md §2): the numbers by which an event is decided."""

from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.rules.points import DIGITS

Word = Annotated[str, Meta(min_length=1)]
Count = Annotated[int, Meta(ge=0, lt=10**DIGITS)]
Several = Annotated[int, Meta(ge=1, lt=10**DIGITS)]
Setting = str | int
"""A number of a rule set that may stand as a whole number or as a decimal string."""
Order = Literal["ascending", "descending"]
PlaceMode = Literal["up", "down", "half_up"]


class Strict(Struct, frozen=True, forbid_unknown_fields=True):
    """The base of every part: an unknown key is refused."""


class Rounding(Strict, frozen=True):
    """Decimals and what happens to a half."""

    decimals: Annotated[int, Meta(ge=0, le=DIGITS)]
    mode: Literal["half_up", "half_even", "down"]


class PanelRule(Strict, frozen=True):
    """How a panel's values become one; `round` after the mean."""

    drop_highest: Count
    drop_lowest: Count
    min_remaining: Several
    round: Rounding | Literal["exact"]


class RoundRule(Strict, frozen=True):
    """One named rounding."""

    round: Rounding | Literal["exact"]


class JudgementRule(Strict, frozen=True):
    """How far judgements may lie apart, and how many there must be."""

    max_spread: Count
    min_judges: Several = 3


class NoScale(Strict, frozen=True, tag_field="kind", tag="none"):
    """Totals stand as they are."""


class WorldSkillsScale(Strict, frozen=True, tag_field="kind", tag="worldskills"):
    """marking.md §3."""

    centre: Setting
    spread: Setting


class TimeKey(Strict, frozen=True, tag_field="key", tag="time"):
    """The seconds of a module; an entry without that time sorts last."""

    module: Word
    order: Order


class ModuleKey(Strict, frozen=True, tag_field="key", tag="module"):
    """A module's points."""

    module: Word
    order: Order


class AspectKey(Strict, frozen=True, tag_field="key", tag="aspect"):
    """An aspect's mark."""

    aspect: Word
    order: Order


class DeductionsKey(Strict, frozen=True, tag_field="key", tag="deductions"):
    """What was deducted in all."""

    order: Order


TieKey = TimeKey | ModuleKey | AspectKey | DeductionsKey


class Ranking(Strict, frozen=True):
    """What ranks, what parts equals, and what happens to those who stay equal."""

    by: Literal["total", "scale"]
    ties: Literal["shared", "forbidden"]
    tie_break: tuple[TieKey, ...] = ()


class AwardTier(Strict, frozen=True, tag_field="basis"):
    """What every tier has: its label, the least value that gets it, the least field that has it."""

    label: Word
    min_score: Setting | None = None
    field_at_least: Count = 0


class RankTier(AwardTier, frozen=True, kw_only=True, tag="rank"):
    """Up to a place."""

    to: Several


class PercentTier(AwardTier, frozen=True, kw_only=True, tag="percent_of_field"):
    """A share of the field from the first rank without an award."""

    to: Setting
    round: PlaceMode


class FractionTier(AwardTier, frozen=True, kw_only=True, tag="fraction_of_field"):
    """Up to the place that a fraction of the field makes, such as 1/2."""

    to: Word
    round: PlaceMode


class ScoreTier(AwardTier, frozen=True, kw_only=True, tag="score", rename={"from_": "from"}):
    """From a value on."""

    from_: Setting


Tier = RankTier | PercentTier | FractionTier | ScoreTier


class NoAwards(Strict, frozen=True, tag_field="kind", tag="none"):
    """Nothing is awarded."""


class TierAwards(Strict, frozen=True, tag_field="kind", tag="tiers"):
    """Tiers, taken in order."""

    tiers: tuple[Tier, ...]


class WorldSkillsAwards(Strict, frozen=True, tag_field="kind", tag="worldskills"):
    """Medals that tie within `tie_threshold`, medallions from a value (marking.md §5)."""

    tie_threshold: Setting
    medallion_from: Setting


class RuleSet(Strict, frozen=True):
    """A rule set."""

    id: Word
    version: Several
    panel: PanelRule
    factored: RoundRule
    aspect: RoundRule
    module: RoundRule
    total: RoundRule
    judgement: JudgementRule
    scale: NoScale | WorldSkillsScale
    ranking: Ranking
    awards: NoAwards | TierAwards | WorldSkillsAwards


def setting(value: Setting) -> Fraction:
    """Return a rule set's number, once the rule set was checked."""
    return Fraction(value)
