"""What changed from one scheme to another, part by part: aspects are known by their identifiers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Any, Literal

from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule, SchemeSection

What = Literal["added", "removed", "changed", "moved"]
Part = SchemeAspect | SchemeModule | SchemeSection


@dataclass(frozen=True)
class FieldChange:
    """A field, what stood there and what stands there now."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """A part that is not as it was; `part` is module, aspect or section."""

    what: What
    part: str
    id: str
    title: str
    fields: tuple[FieldChange, ...] = ()


def changes(old: SchemeFacts, new: SchemeFacts) -> list[Change]:
    """List what changed: modules, then sections, then aspects, in the order of the new scheme."""
    before, after = _aspects(old), _aspects(new)
    return [
        *_parts("module", {m.id: m for m in old.modules}, {m.id: m for m in new.modules}),
        *_parts("section", {s.id: s for s in old.sections}, {s.id: s for s in new.sections}),
        *_parts("aspect", before, after),
        *_moved(old, new),
    ]


def _aspects(scheme: SchemeFacts) -> dict[str, SchemeAspect]:
    return {aspect.id: aspect for aspect in scheme.aspects()}


def _parts(kind: str, old: Mapping[str, Part], new: Mapping[str, Part]) -> Iterator[Change]:
    for key, part in new.items():
        if key not in old:
            yield Change("added", kind, key, _title(part))
        elif found := tuple(_differences(old[key], part)):
            yield Change("changed", kind, key, _title(part), found)
    for key, part in old.items():
        if key not in new:
            yield Change("removed", kind, key, _title(part))


def _differences(old: Part, new: Part) -> Iterator[FieldChange]:
    for item in fields(new):
        before, after = getattr(old, item.name), getattr(new, item.name)
        if item.name != "aspects" and before != after:
            yield FieldChange(item.name, before, after)


def _title(part: Part) -> str:
    return part.title if isinstance(part, SchemeAspect) else part.name


def _moved(old: SchemeFacts, new: SchemeFacts) -> Iterator[Change]:
    """Yield the aspects that stand in another module, or not in the order that they had."""
    before, after = _homes(old), _homes(new)
    order_before = [key for key in before if key in after]
    order_after = [key for key in after if key in before]
    matcher = SequenceMatcher(None, order_before, order_after, autojunk=False)
    stayed = {
        key
        for block in matcher.get_matching_blocks()
        for key in order_before[block.a : block.a + block.size]
    }
    titles = _aspects(new)
    for key in order_after:
        if key not in stayed or before[key] != after[key]:
            homes = (FieldChange("module", before[key], after[key]),)
            is_elsewhere = before[key] != after[key]
            yield Change("moved", "aspect", key, titles[key].title, homes if is_elsewhere else ())


def _homes(scheme: SchemeFacts) -> dict[str, str]:
    return {aspect.id: module.id for module in scheme.modules for aspect in module.aspects}
