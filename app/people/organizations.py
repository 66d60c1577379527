"""The register of organizations: known again by name, added and changed one by one."""

from datetime import datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.people.kinds import OrganizationKind
from app.people.tables import Organization
from app.rules.actors import Actor

SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The thirty-one signs of GB 32100-2015: no I, O, S, V or Z."""
CODE_LENGTH = 18


class OrganizationFacts(msgspec.Struct, frozen=True):
    """One organization as the register says it."""

    name: str
    kind: OrganizationKind
    credit_code: str | None = None
    region_code: str | None = None
    contact: str | None = None


def is_credit_code(code: str) -> bool:
    """Tell whether the check character of a unified social credit code holds (GB 32100-2015)."""
    if len(code) != CODE_LENGTH or any(sign not in SYMBOLS for sign in code):
        return False
    total = sum(SYMBOLS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:-1]))
    return SYMBOLS[-total % 31] == code[-1]


async def organizations_by_name() -> dict[str, OrganizationFacts]:
    """Return every organization that is not closed, in the order of names."""
    rows = (
        await Organization.select(
            Organization.name,
            Organization.kind,
            Organization.credit_code,
            Organization.region_code,
            Organization.contact,
        )
        .where(Organization.is_closed.eq(False))  # noqa: FBT003 - a column's value
        .order_by(Organization.name)
    )
    return {row["name"]: msgspec.convert(row, OrganizationFacts) for row in rows}


async def add_within(facts: OrganizationFacts, *, by: Actor, at: datetime) -> int:
    """Register a new organization and return its id."""
    row = Organization(
        **(msgspec.structs.asdict(facts) | {"kind": facts.kind.value}),
        created_at=at,
        is_closed=False,
        version=1,
    )
    await row.save()
    await audit.record(
        act=Act.ORGANIZATION_ADDED,
        subject=f"people.organization:{row.id}",
        by=by,
        at=at,
        after=msgspec.structs.asdict(facts),
    )
    return int(row.id)


async def change_within(
    old: OrganizationFacts, new: OrganizationFacts, *, by: Actor, at: datetime
) -> None:
    """Bring an organization of the same name up to date; what is left empty stays."""
    changes: dict[str, Any] = {
        name: value
        for name, value in msgspec.structs.asdict(new).items()
        if value is not None and value != getattr(old, name)
    }
    values: dict[Any, Any] = {**changes, "version": Organization.version + 1}
    ids = (
        await Organization.update(values)
        .where(Organization.name == old.name)
        .returning(Organization.id)
    )
    await audit.record(
        act=Act.ORGANIZATION_CHANGED,
        subject=f"people.organization:{ids[0]['id']}",
        by=by,
        at=at,
        before={name: getattr(old, name) for name in changes},
        after=changes,
    )


def differs(old: OrganizationFacts, new: OrganizationFacts) -> bool:
    """Tell whether a row says anything new of an organization."""
    return any(
        value is not None and value != getattr(old, name)
        for name, value in msgspec.structs.asdict(new).items()
    )
