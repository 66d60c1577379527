"""Order, ties and the WorldSkills scale (marking.md §3 and §4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import lcm

from msgspec import Struct
from msgspec.structs import replace

from app.rules.points import on_one_scale
from competitions.rules.bundle import Time
from competitions.rules.rule_set import (
    AspectKey,
    DeductionsKey,
    ModuleKey,
    NoScale,
    RuleSet,
    TieKey,
    TimeKey,
    setting,
)
from competitions.rules.totals import Counter, EntryTotal

NORMAL = Fraction(14826, 10000)
"""Makes the median absolute deviation of a normal field its standard deviation."""
UNTIMED = (1, 0)

Decisions = Sequence[Sequence[str]]
"""What a chief judge decided: codes that are equal, each group in the order of its places."""


class Ranked(Struct, frozen=True):
    """An entry in its place. `place` is the first of the places that it shares or disputes."""

    entry: EntryTotal
    scale: int | None
    place: int
    is_undecided: bool = False

    @property
    def rank(self) -> int | None:
        """Return the rank; None while undecided."""
        return None if self.is_undecided else self.place

    def value(self, by: str) -> Fraction:
        """Return what `ranking.by` names."""
        return self.entry.total if self.scale is None or by == "total" else Fraction(self.scale)


@dataclass(frozen=True)
class Spread:
    """The median of the totals and the median distance from it (MAD), exact."""

    median: Fraction
    deviation: Fraction


def spread_of(entries: Sequence[EntryTotal]) -> Spread:
    """Return the two medians that the scale is made of."""
    unit = lcm(*{entry.total.denominator for entry in entries})
    middle, _, deviation = _distances(entries)
    return Spread(Fraction(middle, 2 * unit), Fraction(deviation, 4 * unit))


def scales(rules: RuleSet, entries: Sequence[EntryTotal]) -> list[int | None]:
    """Return S = round_half_up(centre + spread (x - median) / (1.4826 MAD)); centre where MAD is 0.

    Worked on whole numbers in the proportions of the totals, so that no division comes early.
    """
    rule = rules.scale
    if isinstance(rule, NoScale) or not entries:
        return [None] * len(entries)
    _, away, deviation = _distances(entries)
    centre, unit = setting(rule.centre), setting(rule.spread) / NORMAL
    if not deviation:
        unit, deviation = Fraction(0), 1
    # (centre + unit * value / deviation) + 1/2, over one denominator, rounded down.
    below = 2 * centre.denominator * unit.denominator * deviation
    fixed = (2 * centre.numerator + centre.denominator) * unit.denominator * deviation
    factor = 2 * unit.numerator * centre.denominator
    return [(fixed + factor * value) // below for value in away]


def _distances(entries: Sequence[EntryTotal]) -> tuple[int, list[int], int]:
    """Return the median, twice over, and four times over each distance from it and their median."""
    doubled = [2 * value for value in on_one_scale(entry.total for entry in entries)]
    middle = _median(doubled)
    away = [2 * (value - middle) for value in doubled]
    return middle, away, _median([abs(value) for value in away])


def _median(values: Sequence[int]) -> int:
    """Return the median of even whole numbers; of two middle ones the mean."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2


def ranking(
    counter: Counter,
    entries: Sequence[EntryTotal],
    times: Sequence[Time],
    decided: Decisions = (),
) -> list[Ranked]:
    """Rank the entries that competed, best first, then by code.

    Undecided entries stand at the place they dispute: only who did not compete comes last. Where
    ties are forbidden, a decision that names exactly the equal ones, best first, parts them.
    """
    rule = counter.rules.ranking
    scaled = scales(counter.rules, entries)
    worth = on_one_scale(entry.total for entry in entries)
    seconds = {(item.code, item.module): item.seconds for item in times}
    columns: list[Sequence[object]] = [
        [-(value or 0) for value in (scaled if rule.by == "scale" else worth)],
        *(_column(counter, key, entries, seconds) for key in rule.tie_break),
    ]
    keys = list(zip(*columns, strict=True))
    by_code = list(zip(keys, (entry.code for entry in entries), strict=True))
    order = sorted(range(len(entries)), key=by_code.__getitem__)
    found: list[Ranked] = []
    place, last = 0, None
    for number, at in enumerate(order, start=1):
        if keys[at] != last:
            place, last = number, keys[at]
        found.append(Ranked(entries[at], scaled[at], place))
    return _parted(found, decided) if rule.ties == "forbidden" else found


def _parted(ranked: Sequence[Ranked], decided: Decisions) -> list[Ranked]:
    """Give equals the places of a decision about exactly them; without one they stay undecided."""
    decisions = {frozenset(codes): codes for codes in decided}
    found: list[Ranked] = []
    for _, group in groupby(ranked, key=lambda item: item.place):
        level = {item.entry.code: item for item in group}
        decision = decisions.get(frozenset(level)) if len(level) > 1 else tuple(level)
        if decision is None:
            found += [replace(item, is_undecided=True) for item in level.values()]
        else:
            found += [
                replace(level[code], place=len(found) + 1 + at) for at, code in enumerate(decision)
            ]
    return found


def _column(
    counter: Counter,
    key: TieKey,
    entries: Sequence[EntryTotal],
    seconds: Mapping[tuple[str, str], int],
) -> list[tuple[int, int]]:
    """Return a sortable value for each entry; one without that time sorts last in either order."""
    if isinstance(key, TimeKey):
        given = [seconds.get((entry.code, key.module)) for entry in entries]
    elif isinstance(key, ModuleKey):
        place = [module.id for module in counter.modules].index(key.module)
        given = [*on_one_scale(entry.modules[place] for entry in entries)]
    elif isinstance(key, AspectKey):
        place = counter.places[key.aspect].number
        given = [*on_one_scale(Fraction(*entry.aspects[place]) for entry in entries)]
    else:
        assert isinstance(key, DeductionsKey)
        given = [entry.deducted_e4 for entry in entries]
    sign = 1 if key.order == "ascending" else -1
    return [UNTIMED if value is None else (0, sign * value) for value in given]
