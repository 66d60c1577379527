"""What may be wrong with a well-shaped bundle: duplicates, names that point nowhere, values out of range."""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

import msgspec
from msgspec import UNSET

from competitions.rules.bundle import (
    FRACTION,
    Aspect,
    AspectKey,
    Bands,
    Bundle,
    Deduct,
    Deduction,
    FractionTier,
    Gate,
    Judgement,
    Mark,
    Measurement,
    ModuleKey,
    NoScale,
    Panel,
    PercentTier,
    Problem,
    ScoreTier,
    TierAwards,
    Time,
    TimeKey,
    WorldSkillsAwards,
    WorldSkillsScale,
    YesNo,
    number,
)

MOST_PROBLEMS = 1000


def read(document: dict[str, Any]) -> tuple[Bundle | None, list[Problem]]:
    """Return the typed bundle and what is wrong; the bundle is None where its shape is wrong."""
    try:
        bundle = msgspec.convert(document, Bundle)
    except (msgspec.ValidationError, RecursionError) as error:
        text, _, where = str(error).partition(" - at ")
        return None, [Problem("malformed", where.strip("`") or "$", text)]
    return bundle, list(islice(problems_of(bundle), MOST_PROBLEMS))


def problems_of(bundle: Bundle) -> Iterator[Problem]:
    """Yield every problem; marks are looked at only where the scheme itself is sound."""
    scheme = [*_scheme(bundle), *_rule_set(bundle), *_records(bundle)]
    yield from scheme
    if not scheme:
        yield from _marks(bundle)


def _duplicates(names: Iterable[Any], what: str) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem("duplicate", what, f"{name} stands {count} times")


def _wrong_number(text: str | int, where: str, *, is_signed: bool = False) -> Iterator[Problem]:
    value = Fraction(text) if isinstance(text, int) else number(text)
    if value is None:
        yield Problem(
            "number", where, "needs a decimal string of at most four decimals, twelve digits"
        )
    elif value < 0 and not is_signed:
        yield Problem("number", where, "is negative")


def _scheme(bundle: Bundle) -> Iterator[Problem]:
    yield from _duplicates((module.id for module in bundle.modules), "modules")
    yield from _duplicates((aspect.id for aspect in bundle.aspects()), "aspects")
    known = {aspect.id for aspect in bundle.aspects()}
    for module in bundle.modules:
        for aspect in module.aspects:
            yield from _aspect(aspect, known)
        if module.weight is not None:
            yield from _wrong_number(module.weight, f"module {module.id} weight")
            if all(isinstance(aspect, Gate) for aspect in module.aspects):
                yield Problem(
                    "weight", f"module {module.id}", "has a weight and no aspect that gives points"
                )


def _aspect(aspect: Aspect, known: set[str]) -> Iterator[Problem]:
    where = f"aspect {aspect.id}"
    if isinstance(aspect, Gate):
        for name in aspect.zeroes:
            if name not in known or name == aspect.id:
                yield Problem("gate", where, f"zeroes {name}, which is no other aspect")
        return
    yield from _positive(aspect.max, f"{where} max")
    if isinstance(aspect, Panel):
        yield from _positive(aspect.factor, f"{where} factor")
    how = aspect.calculation if isinstance(aspect, Measurement) else None
    if isinstance(how, Deduct):
        yield from _wrong_number(how.per_error, f"{where} per_error")
    if isinstance(how, Bands):
        yield from _wrong_number(how.nominal, f"{where} nominal", is_signed=True)
        for band in how.bands:
            yield from _wrong_number(band.within, f"{where} within")
            yield from _wrong_number(band.mark, f"{where} band")
            mark, most = number(band.mark), number(aspect.max)
            if mark is not None and most is not None and mark > most:
                yield Problem("number", f"{where} band", "gives more than the aspect's max")


def _positive(text: str, where: str) -> Iterator[Problem]:
    yield from _wrong_number(text, where)
    if number(text) == 0:
        yield Problem("number", where, "is 0")


def _rule_set(bundle: Bundle) -> Iterator[Problem]:
    rules = bundle.rule_set
    if rules.ranking.by == "scale" and isinstance(rules.scale, NoScale):
        yield Problem("ranking", "rule_set.ranking.by", "is scale, and there is no scale")
    if isinstance(rules.scale, WorldSkillsScale):
        yield from _wrong_number(rules.scale.centre, "rule_set.scale.centre")
        yield from _wrong_number(rules.scale.spread, "rule_set.scale.spread")
    modules = {module.id for module in bundle.modules}
    marked = {aspect.id for aspect in bundle.aspects() if not isinstance(aspect, Gate)}
    for key in rules.ranking.tie_break:
        if isinstance(key, TimeKey | ModuleKey) and key.module not in modules:
            yield Problem(
                "ranking",
                "rule_set.ranking.tie_break",
                f"names module {key.module}, which is not there",
            )
        if isinstance(key, AspectKey) and key.aspect not in marked:
            yield Problem(
                "ranking",
                "rule_set.ranking.tie_break",
                f"names aspect {key.aspect}, which has no mark",
            )
    yield from _awards(rules.awards)


def _awards(awards: Any) -> Iterator[Problem]:
    where = "rule_set.awards"
    if isinstance(awards, WorldSkillsAwards):
        yield from _wrong_number(awards.tie_threshold, f"{where}.tie_threshold")
        yield from _wrong_number(awards.medallion_from, f"{where}.medallion_from")
    for tier in awards.tiers if isinstance(awards, TierAwards) else ():
        spot = f"{where} {tier.label}"
        if tier.min_score is not None:
            yield from _wrong_number(tier.min_score, f"{spot} min_score", is_signed=True)
        if isinstance(tier, ScoreTier):
            yield from _wrong_number(tier.from_, f"{spot} from", is_signed=True)
        if isinstance(tier, PercentTier):
            yield from _wrong_number(tier.to, f"{spot} to")
        if isinstance(tier, FractionTier) and not FRACTION.fullmatch(tier.to):
            yield Problem("number", f"{spot} to", "should be a fraction such as 1/2")


def _records(bundle: Bundle) -> Iterator[Problem]:
    yield from _duplicates((entry.code for entry in bundle.entries), "entries")
    yield from _duplicates(((item.code, item.module) for item in bundle.times), "times")
    yield from _duplicates((item.code for item in bundle.results), "results")
    codes = {entry.code for entry in bundle.entries}
    modules = {module.id for module in bundle.modules}
    records: list[Deduction | Time] = [*bundle.deductions, *bundle.times]
    for place, item in enumerate(records):
        if item.code not in codes or item.module not in modules:
            yield Problem(
                "unknown",
                f"record {place}",
                f"names {item.code} / {item.module}, which is not there",
            )
    for deduction in bundle.deductions:
        yield from _wrong_number(deduction.points, f"deduction of {deduction.code}")
    for result in bundle.results:
        if result.code not in codes:
            yield Problem("unknown", "results", f"names {result.code}, which is no entry")


def _marks(bundle: Bundle) -> Iterator[Problem]:
    aspects = {aspect.id: aspect for aspect in bundle.aspects()}
    codes = {entry.code for entry in bundle.entries}
    yield from _duplicates(((mark.aspect, mark.code, mark.judge) for mark in bundle.marks), "marks")
    for place, mark in enumerate(bundle.marks):
        where = f"marks[{place}] {mark.aspect}/{mark.code}"
        aspect = aspects.get(mark.aspect)
        if aspect is None or mark.code not in codes:
            yield Problem("unknown", where, "names an aspect or a code that is not there")
        elif (mark.value is UNSET) == (mark.state is UNSET):
            yield Problem("malformed", where, "needs a value or a state, not both")
        elif mark.state == "missing" and not isinstance(aspect, Judgement | Panel):
            yield Problem("state", where, "missing is said of one judge of a panel or a judgement")
        elif mark.value is not UNSET:
            yield from _value(mark, aspect, where)


def _value(mark: Mark, aspect: Aspect, where: str) -> Iterator[Problem]:
    how = aspect.calculation if isinstance(aspect, Measurement) else None
    text = str(mark.value)
    wrong = list(_wrong_number(text, where, is_signed=isinstance(how, Bands)))
    yield from wrong
    value = number(text)
    if wrong or value is None or isinstance(how, Bands):
        return
    if isinstance(aspect, Gate) or isinstance(how, YesNo):
        if value not in (0, 1):
            yield Problem("value", where, "is neither 1 nor 0")
    elif isinstance(aspect, Judgement):
        if value not in (0, 1, 2, 3):
            yield Problem("value", where, "is none of 0, 1, 2, 3")
    elif isinstance(how, Deduct):
        if value.denominator != 1:
            yield Problem("value", where, "is no whole number of errors")
    elif value > Fraction(aspect.max):
        yield Problem("value", where, f"is above the maximum {aspect.max}")
