"""What differs between two schemes or two rule sets, in the words of those who vote on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.errors import N_
from competitions.rules.phrases import Fact, Phrase, phrase
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule


@dataclass(frozen=True)
class Change:
    """One difference: of what, which side of it, what it was and what it shall be, line by line."""

    of: Phrase
    side: Phrase
    before: tuple[Fact, ...]
    after: tuple[Fact, ...]


NOTHING: Final = (phrase(N_("无")),)
KIND_WORDS = {
    "points": N_("打分（一人）"),
    "measurement": N_("测量"),
    "judgement": N_("评判 0—3"),
    "panel": N_("评委打分"),
    "gate": N_("否决项"),
}
ASPECT_SIDES = {
    "title": N_("名称"),
    "kind": N_("类型"),
    "max": N_("满分"),
    "factor": N_("系数"),
    "calculation": N_("计算方式"),
    "zeroes": N_("否决的评分点"),
    "descriptors": N_("各档描述"),
    "decimals": N_("小数位"),
    "unit": N_("计量单位"),
    "criterion": N_("评分大项"),
    "sub_criterion": N_("评分子项"),
    "day": N_("评分日"),
    "section": N_("标准板块"),
    "requirement": N_("要求或标称尺寸"),
    "hint": N_("评分说明"),
}


def scheme_changes(before: SchemeFacts, after: SchemeFacts) -> list[Change]:
    """List what differs between two schemes: modules first, then aspects in the new order."""
    return [
        *_modules(before, after),
        *_aspects(before, after),
        *_order(before, after),
        *_sections(before, after),
    ]


def _modules(before: SchemeFacts, after: SchemeFacts) -> Iterator[Change]:
    old = {module.id: module for module in before.modules}
    new = {module.id: module for module in after.modules}
    for name, module in new.items():
        of = _module_name(module)
        if name not in old:
            yield Change(of, phrase(N_("模块")), NOTHING, (_weight(module),))
            continue
        was = old[name]
        if module.name != was.name:
            yield Change(of, phrase(N_("名称")), (was.name,), (module.name,))
        if module.weight != was.weight:
            yield Change(of, phrase(N_("权重")), (_weight(was),), (_weight(module),))
    for name, module in old.items():
        if name not in new:
            yield Change(_module_name(module), phrase(N_("模块")), (_weight(module),), NOTHING)


def _module_name(module: SchemeModule) -> Phrase:
    return phrase(N_("模块 {id} {name}"), id=module.id, name=module.name)


def _weight(module: SchemeModule) -> Phrase:
    if not module.weight:
        return phrase(N_("按满分直接相加"))
    return phrase(N_("权重 {weight}"), weight=module.weight)


def _aspects(before: SchemeFacts, after: SchemeFacts) -> Iterator[Change]:
    old, new = _placed(before), _placed(after)
    for name, (module, aspect) in new.items():
        of = _aspect_name(aspect)
        if name not in old:
            yield Change(of, phrase(N_("评分点")), NOTHING, (_whole(aspect),))
            continue
        was_in, was = old[name]
        if module != was_in:
            yield Change(of, phrase(N_("所属模块")), (was_in,), (module,))
        for part, word in ASPECT_SIDES.items():
            if getattr(aspect, part) != getattr(was, part):
                yield Change(of, phrase(word), _part(was, part), _part(aspect, part))
    for name, (_, aspect) in old.items():
        if name not in new:
            yield Change(_aspect_name(aspect), phrase(N_("评分点")), (_whole(aspect),), NOTHING)


def _placed(scheme: SchemeFacts) -> dict[str, tuple[str, SchemeAspect]]:
    return {
        aspect.id: (module.id, aspect) for module in scheme.modules for aspect in module.aspects
    }


def _aspect_name(aspect: SchemeAspect) -> Phrase:
    return phrase(N_("评分点 {id} {name}"), id=aspect.id, name=aspect.title)


def _whole(aspect: SchemeAspect) -> Phrase:
    kind = phrase(KIND_WORDS[aspect.kind])
    return phrase(N_("{kind}，满分 {max}"), kind=kind, max=aspect.max) if aspect.max else kind


def _part(aspect: SchemeAspect, part: str) -> tuple[Fact, ...]:
    value = getattr(aspect, part)
    if part == "kind":
        return (phrase(KIND_WORDS[value]),)
    if part == "factor":
        return (value or "1",)
    if part == "calculation":
        return calculation(value)
    if part in {"descriptors", "zeroes"}:
        return tuple(value) or NOTHING
    return (str(value),) if value != "" else NOTHING


def calculation(value: Mapping[str, Any] | None) -> tuple[Phrase, ...]:
    """Say how a measured value becomes points."""
    kind = value["kind"] if value else ""
    if not value:
        return (phrase(N_("直接记分")),)
    if kind == "yes_no":
        return (phrase(N_("是否")),)
    if kind == "deduct":
        return (phrase(N_("每错扣 {points}"), points=value["per_error"]),)
    bands = (
        phrase(N_("±{within} 得 {mark}"), within=band["within"], mark=band["mark"])
        for band in value["bands"]
    )
    return (phrase(N_("标准 {nominal}"), nominal=value["nominal"]), *bands)


def _order(before: SchemeFacts, after: SchemeFacts) -> Iterator[Change]:
    old, new = [list(_placed(scheme)) for scheme in (before, after)]
    both = set(old) & set(new)
    was = [name for name in old if name in both]
    shall = [name for name in new if name in both]
    if was != shall:
        yield Change(phrase(N_("评分点")), phrase(N_("次序")), (was,), (shall,))


def _sections(before: SchemeFacts, after: SchemeFacts) -> Iterator[Change]:
    if before.sections != after.sections:
        of = phrase(N_("标准板块"))
        yield Change(of, phrase(N_("权重")), _section_lines(before), _section_lines(after))


def _section_lines(scheme: SchemeFacts) -> tuple[Fact, ...]:
    return tuple(f"{item.id} {item.name} {item.weight}" for item in scheme.sections) or NOTHING
