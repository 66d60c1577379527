"""A marking scheme: modules of aspects, as judges read it and as the bundle computes with it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import rfc8785

from app.errors import N_, RuleBroken, refusal

KINDS = ("points", "measurement", "judgement", "panel", "gate")
SHARED_KINDS = frozenset({"judgement", "panel"})
JUDGEMENT_STEPS = 4
MOST_ASPECTS = 500
WHOLE = 100


@dataclass(frozen=True)
class SchemeAspect:
    """评分点. `max` is decimal text, empty for a gate; `title` is what the judge reads."""

    id: str
    kind: str
    title: str
    max: str = ""
    factor: str = ""
    criterion: str = ""
    hint: str = ""
    unit: str = ""
    decimals: int = 2
    descriptors: tuple[str, ...] = ()
    calculation: dict[str, Any] | None = None
    zeroes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SchemeModule:
    """模块; `weight` decimal text, empty where the sum counts as it is."""

    id: str
    name: str
    weight: str = ""
    aspects: tuple[SchemeAspect, ...] = field(default=())


@dataclass(frozen=True)
class SchemeFacts:
    """评分标准 of an event."""

    modules: tuple[SchemeModule, ...] = ()

    def aspects(self) -> Iterator[SchemeAspect]:
        """Yield every aspect in order."""
        for module in self.modules:
            yield from module.aspects


@refusal
class SchemeIncomplete(RuleBroken):
    """Something of the scheme is missing or wrong."""

    says = N_("评分标准还不完整：{why}")
    field = "scheme"
    why: str


def shortcomings(scheme: SchemeFacts) -> list[str]:
    """Return what keeps a scheme from use, in words; empty where it is ready."""
    found: list[str] = []
    aspects = list(scheme.aspects())
    ids = [aspect.id for aspect in aspects]
    if not aspects:
        return [N_("还没有评分点。")]
    if len(aspects) > MOST_ASPECTS:
        found.append(N_("评分点太多，最多 500 个。"))
    if len(set(ids)) != len(ids) or len({module.id for module in scheme.modules}) != len(
        scheme.modules
    ):
        found.append(N_("模块或评分点的编号有重复。"))
    if any(not module.aspects for module in scheme.modules):
        found.append(N_("有的模块没有评分点。"))
    weights = [module.weight for module in scheme.modules]
    total = sum(
        (Fraction(module.weight) if module.weight else _most(module) for module in scheme.modules),
        Fraction(0),
    )
    if total != WHOLE and any(weights):
        found.append(N_("各模块的权重合计应为 100。"))
    if any(name not in ids or name == aspect.id for aspect in aspects for name in aspect.zeroes):
        found.append(N_("否决项指向了不存在的评分点。"))
    if any(aspect.kind == "gate" and not aspect.zeroes for aspect in aspects):
        found.append(N_("否决项没有指明它否决哪些评分点。"))
    if any(
        aspect.kind == "judgement" and len(aspect.descriptors) != JUDGEMENT_STEPS
        for aspect in aspects
    ):
        found.append(N_("评判项应写明 0、1、2、3 四档的描述。"))
    return found


def _most(module: SchemeModule) -> Fraction:
    return sum(
        (Fraction(item.max) * Fraction(item.factor or "1") for item in module.aspects if item.max),
        Fraction(0),
    )


def warnings(scheme: SchemeFacts, *, panel_judges: int, drops: int) -> list[str]:
    """Return what a chief judge should look at twice; none of it forbids."""
    found = []
    theory = [module for module in scheme.modules if "理论" in module.name]
    if sum((Fraction(module.weight or "0") for module in theory), Fraction(0)) > 30:
        found.append(N_("理论占比超过 30%。"))
    if drops and panel_judges % 2 == 0:
        found.append(N_("去掉最高分和最低分时，评委人数宜为单数。"))
    return found


def refuse_incomplete(scheme: SchemeFacts) -> None:
    """Raise `SchemeIncomplete` for the first shortcoming."""
    for why in shortcomings(scheme):
        raise SchemeIncomplete(why)


def digest(document: dict[str, Any]) -> str:
    """Return the hex SHA-256 of a document's RFC 8785 form."""
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()
