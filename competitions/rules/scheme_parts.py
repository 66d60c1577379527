"""What may be wrong with one part of a scheme, apart from what its numbers add up to.

Each problem says at which part and field it is, as `aspect B2 max`, so that a form or a workbook
can show it at that cell: `place_of` reads it back.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from app.errors import N_
from app.rules.plain_text import is_writable
from app.rules.points import e4_of
from competitions.rules.reading import Problem
from competitions.rules.scheme import KINDS, SchemeAspect, SchemeFacts

JUDGEMENT_STEPS = 4
FIELDS = {"id", "title", "name", "kind", "max", "factor", "weight", "calculation", "section"}
FIELDS |= {"descriptors", "zeroes", "band", "within", "nominal", "per_error"}
CALCULATED = {"band", "within", "nominal", "per_error"}
USUAL = {"gate": "zeroes", "weight": "weight", "duplicate": "id"}


class Place(NamedTuple):
    """A field of a part: `part` is aspect, module, section or scheme."""

    part: str
    id: str = ""
    field: str = ""


def place_of(problem: Problem) -> Place:
    """Return the place of a scheme's problem."""
    part, _, rest = problem.where.partition(" ")
    if part in {"aspects", "modules"}:
        return Place(part[:-1], str(problem.facts["name"]), "id")
    if part not in {"aspect", "module", "section"}:
        return Place("scheme")
    key, _, field = rest.rpartition(" ")
    if not key or field not in FIELDS:
        key, field = rest, USUAL.get(problem.code, "title")
    return Place(part, key, "calculation" if field in CALCULATED else field)


def shape_faults(scheme: SchemeFacts) -> Iterator[Problem]:
    """Yield what the calculator could not read at all."""
    for module in scheme.modules:
        if not module.id:
            yield Problem("scheme", "scheme", N_("有一个模块没有编号。"))
        elif not module.name:
            where = f"module {module.id} title"
            yield Problem("scheme", where, N_("模块 {id} 没有名称。"), {"id": module.id})
    for aspect in scheme.aspects():
        yield from _shape(aspect)


def _shape(aspect: SchemeAspect) -> Iterator[Problem]:
    if not aspect.id:
        yield Problem("scheme", "scheme", N_("有一个评分点没有编号。"))
    elif aspect.kind not in KINDS:
        yield _at(aspect, "kind", N_("评分点 {id} 的类型不对。"))
    elif aspect.kind == "gate" and not aspect.zeroes:
        yield _at(aspect, "zeroes", N_("否决项 {id} 没有写明否决哪些评分点。"))
    elif aspect.kind != "gate" and not aspect.max:
        yield _at(aspect, "max", N_("评分点 {id} 没有满分。"))


def part_faults(scheme: SchemeFacts) -> Iterator[Problem]:
    """Yield what judges could not mark by."""
    yield from _unwritable(scheme)
    for module in scheme.modules:
        if not module.aspects:
            where = f"module {module.id} title"
            yield Problem("scheme", where, N_("模块 {name} 没有评分点。"), {"name": module.name})
    for aspect in scheme.aspects():
        if not aspect.title.strip():
            yield _at(aspect, "title", N_("评分点 {id} 没有名称。"))
        if aspect.kind == "judgement" and (
            len(aspect.descriptors) != JUDGEMENT_STEPS
            or not all(map(str.strip, aspect.descriptors))
        ):
            yield _at(aspect, "descriptors", N_("评判项 {id} 应写明 0、1、2、3 四档的描述。"))
        if _bands_fall_back(aspect):
            yield _at(
                aspect,
                "calculation",
                N_("评分点 {id} 的各档偏差应从小到大排列，否则后面的档永远用不上。"),
            )


def _unwritable(scheme: SchemeFacts) -> Iterator[Problem]:
    """Yield the names that would keep the results from being counted."""
    says = N_("其中有看不见的字符，请删去后重新输入。")
    for module in scheme.modules:
        for field, text in (("id", module.id), ("title", module.name)):
            if text and not is_writable(text):
                yield Problem("scheme", f"module {module.id} {field}", says)
    for aspect in scheme.aspects():
        if aspect.id and not is_writable(aspect.id):
            yield _at(aspect, "id", says)


def part_warnings(scheme: SchemeFacts) -> Iterator[Problem]:
    """Yield what judges can mark by, though perhaps nobody meant it."""
    gates = {aspect.id for aspect in scheme.aspects() if aspect.kind == "gate"}
    for module in scheme.modules:
        if module.aspects and all(aspect.kind == "gate" for aspect in module.aspects):
            where = f"module {module.id} title"
            yield Problem(
                "unused", where, N_("模块 {name} 只有否决项，没有分值。"), {"name": module.name}
            )
    for aspect in scheme.aspects():
        if gates & set(aspect.zeroes):
            yield _at(aspect, "zeroes", N_("否决项 {id} 否决的是另一个否决项，没有分可以扣。"))
        if _rewards_error(aspect):
            yield _at(aspect, "calculation", N_("评分点 {id} 偏差更大的一档得分反而更高。"))


def _at(aspect: SchemeAspect, field: str, says: str) -> Problem:
    return Problem("scheme", f"aspect {aspect.id} {field}", says, {"id": aspect.id})


def _bands(aspect: SchemeAspect, name: str) -> list[int]:
    bands = (aspect.calculation or {}).get("bands", ())
    return [value for band in bands if (value := e4_of(band[name])) is not None]


def _bands_fall_back(aspect: SchemeAspect) -> bool:
    return any(after <= before for before, after in pairwise(_bands(aspect, "within")))


def _rewards_error(aspect: SchemeAspect) -> bool:
    return any(after > before for before, after in pairwise(_bands(aspect, "mark")))
