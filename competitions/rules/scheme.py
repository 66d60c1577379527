"""A marking scheme: modules of aspects, as judges read it and as the bundle computes with it.

Module > criterion (评分大项) > sub-criterion (评分子项) > aspect (评分点). A module adds up by
itself; criterion and sub-criterion are headings over aspects. Of WorldSkills' levels, the criteria
A to I are modules here. A section of the standard (WSOS) is named by aspects of any module.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import msgspec
import rfc8785

from app.errors import N_, RuleBroken, Saying, refusal
from competitions.rules.bundle import Module

KINDS = ("points", "measurement", "judgement", "panel", "gate")
SHARED_KINDS = frozenset({"judgement", "panel"})
LEARNED = ("sub_criterion", "section", "requirement", "day")


@dataclass(frozen=True)
class SchemeAspect:
    """评分点. `max` is decimal text, empty for a gate; `title` is what the judge reads.

    `requirement` is the nominal size or what a measurement asks for, `day` the day of marking.
    """

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
    sub_criterion: str = ""
    section: str = ""
    requirement: str = ""
    day: str = ""


@dataclass(frozen=True)
class SchemeModule:
    """模块; `weight` decimal text, empty where the sum counts as it is."""

    id: str
    name: str
    weight: str = ""
    aspects: tuple[SchemeAspect, ...] = field(default=())


@dataclass(frozen=True)
class SchemeSection:
    """职业标准板块; `weight` decimal text, the points of 100 that the standard gives it."""

    id: str
    name: str
    weight: str


@dataclass(frozen=True)
class SchemeFacts:
    """评分标准 of an event."""

    modules: tuple[SchemeModule, ...] = ()
    sections: tuple[SchemeSection, ...] = ()

    def aspects(self) -> Iterator[SchemeAspect]:
        """Yield every aspect in order."""
        for module in self.modules:
            yield from module.aspects


@refusal
class SchemeIncomplete(RuleBroken):
    """Something of the scheme is missing or wrong."""

    says = N_("评分标准还不完整：{why}")
    field = "scheme"
    why: Saying


def modules_document(scheme: SchemeFacts) -> list[dict[str, Any]]:
    """Return the `modules` of a marks bundle: what of a scheme is computed with."""
    return [
        {
            "id": module.id,
            "name": module.name,
            **({"weight": module.weight} if module.weight else {}),
            "aspects": [_aspect(aspect) for aspect in module.aspects],
        }
        for module in scheme.modules
    ]


def _aspect(aspect: SchemeAspect) -> dict[str, Any]:
    found: dict[str, Any] = {"id": aspect.id, "kind": aspect.kind}
    if aspect.kind == "gate":
        return found | {"zeroes": list(aspect.zeroes)}
    found["max"] = aspect.max
    if aspect.factor:
        found["factor"] = aspect.factor
    if aspect.calculation:
        found["calculation"] = aspect.calculation
    return found


def modules_of(scheme: SchemeFacts) -> tuple[Module, ...]:
    """Return a scheme as the calculator reads it, or raise `msgspec.ValidationError`."""
    return msgspec.convert(modules_document(scheme), tuple[Module, ...])


def document_of(scheme: SchemeFacts) -> dict[str, Any]:
    """Return a scheme as it is stored and hashed.

    What schemes learned to say later is left out where it is not said, so that a scheme keeps its
    hash.
    """
    found: dict[str, Any] = msgspec.to_builtins(asdict(scheme))
    for module in found["modules"]:
        for aspect in module["aspects"]:
            for name in LEARNED:
                if not aspect[name]:
                    del aspect[name]
    if not found["sections"]:
        del found["sections"]
    return found


def digest(document: dict[str, Any]) -> str:
    """Return the hex SHA-256 of a document's RFC 8785 form."""
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()
