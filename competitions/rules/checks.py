"""What may be wrong with a well-shaped bundle apart from its marks."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from fractions import Fraction

from app.errors import N_
from app.rules.plain_text import is_writable
from app.rules.points import e4_of
from competitions.rules.bundle import (
    Bands,
    Bundle,
    Deduct,
    Deduction,
    Gate,
    Marked,
    Measurement,
    Module,
    Panel,
    Time,
)
from competitions.rules.reading import Problem
from competitions.rules.rule_set import (
    AspectKey,
    FractionTier,
    ModuleKey,
    NoScale,
    PercentTier,
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

WHOLE_FIELD = 100
FRACTION = re.compile(r"[1-9][0-9]{0,5}/[1-9][0-9]{0,5}")


def problems_of(bundle: Bundle) -> list[Problem]:
    """List every problem of the scheme, the rule set and the records other than marks."""
    return [
        *_texts(bundle),
        *scheme_problems(bundle.modules),
        *rule_set_problems(bundle.rule_set),
        *tie_key_problems(bundle.rule_set, bundle.modules),
        *_records(bundle),
    ]


def _texts(bundle: Bundle) -> Iterator[Problem]:
    """A name that cannot be read on paper is no name: blanks alone, or control characters."""
    awards = bundle.rule_set.awards
    given = {
        "event.id": {bundle.event.id},
        "event.name": {bundle.event.name},
        "rule_set.id": {bundle.rule_set.id},
        "modules": {text for module in bundle.modules for text in (module.id, module.name)},
        "aspects": {aspect.id for aspect in bundle.aspects()},
        "entries": {entry.code for entry in bundle.entries},
        "delegations": {entry.delegation for entry in bundle.entries if entry.delegation},
        "judges": {mark.judge for mark in bundle.marks},
        "labels": {tier.label for tier in awards.tiers}
        if isinstance(awards, TierAwards)
        else set(),
    }
    for where, texts in given.items():
        for text in sorted(texts):
            if not is_writable(text):
                yield Problem(
                    "malformed", where, N_("{text} 不是可以书写的文字"), {"text": ascii(text)}
                )


def _duplicates(names: Iterable[Hashable], what: str) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            shown = " / ".join(name) if isinstance(name, tuple) else name
            yield Problem(
                "duplicate", what, N_("{name} 出现了 {count} 次"), {"name": shown, "count": count}
            )


def _number(text: Setting, where: str, *, is_signed: bool = False) -> Iterator[Problem]:
    value = text if isinstance(text, int) else e4_of(text)
    if value is None or (isinstance(text, int) and abs(text) >= 10**12):
        yield Problem("number", where, N_("应是最多四位小数、最多十二位数字的十进制数"))
    elif value < 0 and not is_signed:
        yield Problem("number", where, N_("不能是负数"))


def _positive(text: str, where: str) -> Iterator[Problem]:
    yield from _number(text, where)
    if e4_of(text) == 0:
        yield Problem("number", where, N_("不能是 0"))


def scheme_problems(modules: Sequence[Module]) -> Iterator[Problem]:
    """Yield what is wrong with a scheme by itself."""
    aspects = [aspect for module in modules for aspect in module.aspects]
    known = {aspect.id for aspect in aspects}
    yield from _duplicates((module.id for module in modules), "modules")
    yield from _duplicates((aspect.id for aspect in aspects), "aspects")
    for module in modules:
        for aspect in module.aspects:
            yield from _gate(aspect, known) if isinstance(aspect, Gate) else _aspect(aspect)
        yield from _weight(module)


def _weight(module: Module) -> Iterator[Problem]:
    where = f"module {module.id} weight"
    if isinstance(module.weight, str):
        yield from _number(module.weight, where)
        if all(isinstance(aspect, Gate) for aspect in module.aspects):
            yield Problem("weight", where, N_("模块有权重，却没有计分的评分点"))


def _gate(gate: Gate, known: set[str]) -> Iterator[Problem]:
    for name in gate.zeroes:
        if name not in known or name == gate.id:
            yield Problem(
                "gate", f"aspect {gate.id}", N_("否决的 {name} 不是另一个评分点"), {"name": name}
            )


def _aspect(aspect: Marked) -> Iterator[Problem]:
    where = f"aspect {aspect.id}"
    yield from _positive(aspect.max, f"{where} max")
    if isinstance(aspect, Panel):
        yield from _positive(aspect.factor, f"{where} factor")
    how = aspect.calculation if isinstance(aspect, Measurement) else None
    if isinstance(how, Deduct):
        yield from _number(how.per_error, f"{where} per_error")
    if isinstance(how, Bands):
        yield from _bands(how, e4_of(aspect.max), where)


def _bands(how: Bands, most: int | None, where: str) -> Iterator[Problem]:
    yield from _number(how.nominal, f"{where} nominal", is_signed=True)
    for band in how.bands:
        yield from _number(band.within, f"{where} within")
        yield from _number(band.mark, f"{where} band")
        mark = e4_of(band.mark)
        if mark is not None and most is not None and mark > most:
            yield Problem("number", f"{where} band", N_("一档的分数高于评分点的满分"))


def rule_set_problems(rules: RuleSet) -> Iterator[Problem]:
    """Yield what is wrong with a rule set by itself."""
    if rules.ranking.by == "scale" and isinstance(rules.scale, NoScale):
        yield Problem("ranking", "rule_set.ranking.by", N_("按换算分排名，却没有换算"))
    if isinstance(rules.scale, WorldSkillsScale):
        yield from _number(rules.scale.centre, "rule_set.scale.centre")
        yield from _number(rules.scale.spread, "rule_set.scale.spread")
    awards = rules.awards
    if isinstance(awards, WorldSkillsAwards):
        yield from _number(awards.tie_threshold, "rule_set.awards.tie_threshold")
        yield from _number(awards.medallion_from, "rule_set.awards.medallion_from")
    if isinstance(awards, TierAwards):
        for place, tier in enumerate(awards.tiers):
            yield from _tier(tier, f"rule_set.awards.tiers[{place}]")


def _tier(tier: Tier, where: str) -> Iterator[Problem]:
    if tier.min_score is not None:
        yield from _number(tier.min_score, f"{where}.min_score", is_signed=True)
    if isinstance(tier, ScoreTier):
        yield from _number(tier.from_, f"{where}.from", is_signed=True)
    elif isinstance(tier, PercentTier):
        wrong = list(_number(tier.to, f"{where}.to"))
        yield from wrong
        if not wrong and setting(tier.to) > WHOLE_FIELD:
            yield Problem("number", f"{where}.to", N_("应不大于 100"))
    elif isinstance(tier, FractionTier) and (
        not FRACTION.fullmatch(tier.to) or Fraction(tier.to) > 1
    ):
        yield Problem("number", f"{where}.to", N_("应是不大于 1 的分数，例如 1/2"))


def tie_key_problems(rules: RuleSet, scheme: Sequence[Module]) -> Iterator[Problem]:
    """Yield the tie keys of a rule set that name nothing of a scheme."""
    modules = {module.id for module in scheme}
    marked = {
        aspect.id for module in scheme for aspect in module.aspects if not isinstance(aspect, Gate)
    }
    for place, key in enumerate(rules.ranking.tie_break):
        where = f"rule_set.ranking.tie_break[{place}]"
        if isinstance(key, TimeKey | ModuleKey) and key.module not in modules:
            yield Problem("unknown", where, N_("没有模块 {name}"), {"name": key.module})
        if isinstance(key, AspectKey) and key.aspect not in marked:
            yield Problem("unknown", where, N_("没有计分的评分点 {name}"), {"name": key.aspect})


def _records(bundle: Bundle) -> Iterator[Problem]:
    yield from _duplicates((entry.code for entry in bundle.entries), "entries")
    yield from _duplicates(((item.code, item.module) for item in bundle.times), "times")
    yield from _duplicates((item.code for item in bundle.results), "results")
    codes = {entry.code for entry in bundle.entries}
    modules = {module.id for module in bundle.modules}
    for what, records in (("deductions", bundle.deductions), ("times", bundle.times)):
        for place, item in enumerate[Deduction | Time](records):
            if item.code not in codes or item.module not in modules:
                yield Problem(
                    "unknown",
                    f"{what}[{place}]",
                    N_("没有加密号 {code} 或模块 {module}"),
                    {"code": item.code, "module": item.module},
                )
    for place, deduction in enumerate(bundle.deductions):
        yield from _number(deduction.points, f"deductions[{place}].points")
    for place, result in enumerate(bundle.results):
        if result.code not in codes:
            yield Problem(
                "unknown", f"results[{place}]", N_("没有加密号 {code}"), {"code": result.code}
            )
