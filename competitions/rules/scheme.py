"""A marking scheme: modules of aspects, as judges read it and as the bundle computes with it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import rfc8785

from app.errors import N_, RuleBroken, refusal
from competitions.rules.bundle import Module

KINDS = ("points", "measurement", "judgement", "panel", "gate")
SHARED_KINDS = frozenset({"judgement", "panel"})


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


def digest(document: dict[str, Any]) -> str:
    """Return the hex SHA-256 of a document's RFC 8785 form."""
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()
