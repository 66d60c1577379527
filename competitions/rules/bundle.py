"""The marks bundle as typed facts (contracts.md section 2), and everything that may be wrong with one.

Shape is read by msgspec, which refuses unknown keys, wrong kinds and numbers that are no strings;
what shapes cannot say (a duplicate, a name that points nowhere, a value above its maximum) is
checked here and listed whole.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

DIGITS = 12
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]{1,4})?")
FRACTION = re.compile(r"[1-9][0-9]{0,5}/[1-9][0-9]{0,5}")

Word = Annotated[str, Meta(min_length=1, max_length=500)]
Count = Annotated[int, Meta(ge=0, lt=10**DIGITS)]
Several = Annotated[int, Meta(ge=1, lt=10**DIGITS)]
Setting = str | int
"""A number of a rule set that may stand as a whole number or as a decimal string."""
Order = Literal["ascending", "descending"]


class Problem(Struct, frozen=True):
    """What is wrong, where."""

    code: str
    where: str
    text: str


class Strict(Struct, frozen=True, forbid_unknown_fields=True):
    """The base of every part: an unknown key is refused."""


class Rounding(Strict, frozen=True):
    """Decimals and what happens to a half."""

    decimals: Annotated[int, Meta(ge=0, le=DIGITS)]
    mode: Literal["half_up", "half_even", "down"]


Round = Rounding | Literal["exact"]


class PanelRule(Strict, frozen=True):
    drop_highest: Count
    drop_lowest: Count
    min_remaining: Several
    round: Round


class RoundRule(Strict, frozen=True):
    round: Round


class JudgementRule(Strict, frozen=True):
    max_spread: Count
    min_judges: Several = 3


class NoScale(Strict, frozen=True, tag_field="kind", tag="none"):
    pass


class WorldSkillsScale(Strict, frozen=True, tag_field="kind", tag="worldskills"):
    centre: Setting
    spread: Setting


class TimeKey(Strict, frozen=True, tag_field="key", tag="time"):
    module: Word
    order: Order


class ModuleKey(Strict, frozen=True, tag_field="key", tag="module"):
    module: Word
    order: Order


class AspectKey(Strict, frozen=True, tag_field="key", tag="aspect"):
    aspect: Word
    order: Order


class DeductionsKey(Strict, frozen=True, tag_field="key", tag="deductions"):
    order: Order


TieKey = TimeKey | ModuleKey | AspectKey | DeductionsKey


class Ranking(Strict, frozen=True):
    by: Literal["total", "scale"]
    ties: Literal["shared", "forbidden"]
    tie_break: tuple[TieKey, ...] = ()


class RankTier(Strict, frozen=True, tag_field="basis", tag="rank"):
    label: Word
    to: Several
    min_score: Setting | None = None
    field_at_least: Count = 0


class PercentTier(Strict, frozen=True, tag_field="basis", tag="percent_of_field"):
    label: Word
    to: Setting
    round: Literal["up", "down", "half_up"]
    min_score: Setting | None = None
    field_at_least: Count = 0


class FractionTier(Strict, frozen=True, tag_field="basis", tag="fraction_of_field"):
    label: Word
    to: Word
    round: Literal["up", "down", "half_up"]
    min_score: Setting | None = None
    field_at_least: Count = 0


class ScoreTier(Strict, frozen=True, tag_field="basis", tag="score", rename={"from_": "from"}):
    label: Word
    from_: Setting
    min_score: Setting | None = None
    field_at_least: Count = 0


Tier = RankTier | PercentTier | FractionTier | ScoreTier


class NoAwards(Strict, frozen=True, tag_field="kind", tag="none"):
    pass


class TierAwards(Strict, frozen=True, tag_field="kind", tag="tiers"):
    tiers: tuple[Tier, ...]


class WorldSkillsAwards(Strict, frozen=True, tag_field="kind", tag="worldskills"):
    tie_threshold: Setting
    medallion_from: Setting


class RuleSet(Strict, frozen=True):
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


class YesNo(Strict, frozen=True, tag_field="kind", tag="yes_no"):
    pass


class Deduct(Strict, frozen=True, tag_field="kind", tag="deduct"):
    per_error: Word


class Band(Strict, frozen=True):
    within: Word
    mark: Word


class Bands(Strict, frozen=True, tag_field="kind", tag="bands"):
    nominal: Word
    bands: Annotated[tuple[Band, ...], Meta(min_length=1)]


class Points(Strict, frozen=True, tag_field="kind", tag="points"):
    id: Word
    max: Word


class Measurement(Strict, frozen=True, tag_field="kind", tag="measurement"):
    id: Word
    max: Word
    calculation: YesNo | Deduct | Bands | None = None


class Judgement(Strict, frozen=True, tag_field="kind", tag="judgement"):
    id: Word
    max: Word


class Panel(Strict, frozen=True, tag_field="kind", tag="panel"):
    id: Word
    max: Word
    factor: Word = "1"


class Gate(Strict, frozen=True, tag_field="kind", tag="gate"):
    id: Word
    zeroes: Annotated[tuple[Word, ...], Meta(min_length=1)]


Aspect = Points | Measurement | Judgement | Panel | Gate


class Module(Strict, frozen=True):
    id: Word
    name: Word
    aspects: tuple[Aspect, ...]
    weight: Word | None = None


class Entry(Strict, frozen=True):
    code: Word
    status: Literal["competed", "absent", "withdrawn", "disqualified"]
    delegation: str | None = None


class Mark(Strict, frozen=True):
    """One judge's value, or a state that says why there is none."""

    aspect: Word
    code: Word
    judge: Word
    value: Word | msgspec.UnsetType = msgspec.UNSET
    state: Literal["missing", "not_attempted"] | msgspec.UnsetType = msgspec.UNSET


class Deduction(Strict, frozen=True):
    code: Word
    module: Word
    points: Word
    reason: str | None = None


class Time(Strict, frozen=True):
    code: Word
    module: Word
    seconds: Count


class Published(Strict, frozen=True):
    code: Word
    total: str | None
    scale: int | None
    rank: int | None
    award: str | None


class EventName(Strict, frozen=True):
    id: Word
    name: Word


class Bundle(Strict, frozen=True):
    """A whole event."""

    format: Literal["marks-bundle/1"]
    event: EventName
    rule_set: RuleSet
    modules: Annotated[tuple[Module, ...], Meta(min_length=1)]
    entries: tuple[Entry, ...]
    marks: tuple[Mark, ...]
    deductions: tuple[Deduction, ...] = ()
    times: tuple[Time, ...] = ()
    results: tuple[Published, ...] = ()

    def aspects(self) -> Iterator[Aspect]:
        """Yield every aspect of every module."""
        for module in self.modules:
            yield from module.aspects


class NotABundle(Exception):
    """The bytes are no JSON that can be read strictly."""


def parse(raw: bytes) -> dict[str, Any]:
    """Parse JSON bytes; raise `NotABundle` for duplicate keys, NaN, floats or absurd numbers."""
    try:
        found = json.loads(
            raw, object_pairs_hook=_once, parse_constant=_no_float, parse_float=_no_float
        )
    except (ValueError, RecursionError) as error:
        raise NotABundle(str(error)) from error
    if not isinstance(found, dict):
        raise NotABundle("the bundle should be an object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = Counter(name for name, _ in pairs)
    for name, count in names.items():
        if count > 1:
            raise ValueError(f"key {name!r} stands twice")
    return dict(pairs)


def _no_float(text: str) -> Any:
    raise ValueError(f"{text[:40]}: points are decimal strings")


def number(text: str) -> Fraction | None:
    """Return a decimal string's value, None where it is no plain decimal of twelve digits."""
    if len(text) > DIGITS + 2 or not NUMBER.fullmatch(text) or sum(map(str.isdigit, text)) > DIGITS:
        return None
    return Fraction(text)


def setting(value: Setting) -> Fraction:
    """Return a rule set's number, once the bundle was checked."""
    return Fraction(value)
