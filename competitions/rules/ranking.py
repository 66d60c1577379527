"""Order, ties and the WorldSkills scale (marking.md sections 3 and 4)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import floor
from statistics import median

from competitions.rules.bundle import (
    AspectKey,
    Bundle,
    ModuleKey,
    NoScale,
    TieKey,
    TimeKey,
    setting,
)
from competitions.rules.totals import EntryTotal

NORMAL = Fraction(14826, 10000)
"""Makes the median absolute deviation of a normal field its standard deviation."""


@dataclass(frozen=True)
class Ranked:
    """An entry in its place. `place` is the first of the places that it shares or disputes."""

    entry: EntryTotal
    scale: int | None
    place: int
    is_undecided: bool

    @property
    def rank(self) -> int | None:
        return None if self.is_undecided else self.place


def scales(bundle: Bundle, entries: Sequence[EntryTotal]) -> dict[str, int | None]:
    """Return S = round_half_up(centre + spread (x - median) / (1.4826 MAD)); centre where MAD is 0."""
    rule = bundle.rule_set.scale
    if isinstance(rule, NoScale) or not entries:
        return {entry.code: None for entry in entries}
    middle = median(entry.total for entry in entries)
    deviation = median(abs(entry.total - middle) for entry in entries)
    centre = setting(rule.centre)
    unit = setting(rule.spread) / (NORMAL * deviation) if deviation else Fraction(0)
    return {
        entry.code: floor(centre + unit * (entry.total - middle) + Fraction(1, 2))
        for entry in entries
    }


def ranking(bundle: Bundle, entries: Sequence[EntryTotal]) -> list[Ranked]:
    """Rank the entries that competed, best first, then by code."""
    rule = bundle.rule_set.ranking
    scaled = scales(bundle, entries)
    key = _key(bundle, scaled)
    ordered = sorted(entries, key=lambda entry: (key(entry), entry.code))
    found: list[Ranked] = []
    for _, group in groupby(ordered, key=key):
        level = list(group)
        is_undecided = len(level) > 1 and rule.ties == "forbidden"
        place = len(found) + 1
        found += [Ranked(entry, scaled[entry.code], place, is_undecided) for entry in level]
    return found


def _key(
    bundle: Bundle, scaled: Mapping[str, int | None]
) -> Callable[[EntryTotal], tuple[tuple[int, Fraction], ...]]:
    seconds = {(item.code, item.module): item.seconds for item in bundle.times}
    rule = bundle.rule_set.ranking

    def key(entry: EntryTotal) -> tuple[tuple[int, Fraction], ...]:
        value = Fraction(scaled[entry.code] or 0) if rule.by == "scale" else entry.total
        return ((0, -value), *(_tie(item, entry, seconds) for item in rule.tie_break))

    return key


def _tie(
    key: TieKey, entry: EntryTotal, seconds: Mapping[tuple[str, str], int]
) -> tuple[int, Fraction]:
    """Return a sortable value; an entry without that time sorts last in either order."""
    if isinstance(key, TimeKey):
        known = seconds.get((entry.code, key.module))
        if known is None:
            return 1, Fraction(0)
        value = Fraction(known)
    elif isinstance(key, ModuleKey):
        value = entry.modules[key.module]
    elif isinstance(key, AspectKey):
        value = entry.aspects[key.aspect]
    else:
        value = entry.deducted
    return 0, value if key.order == "ascending" else -value
