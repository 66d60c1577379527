"""The register of organizations: known again by name, added and changed one by one."""

from datetime import datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotFound, RuleBroken, Stale, refusal
from app.people.kinds import OrganizationKind
from app.people.regions import scopes_of
from app.people.tables import Organization
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction

SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The thirty-one signs of GB 32100-2015: no I, O, S, V or Z."""
CODE_LENGTH = 18
KEEPERS = (Duty.ORGANIZER, Duty.ADMINISTRATOR)
"""Who adds and changes organizations, each in their own regions."""


@refusal
class OrganizationKnown(RuleBroken):
    """An organization stands in the register once."""

    says = N_("“{name}”已经登记过。请查找后修改，不要重复登记。")
    field = "name"
    name: str


@refusal
class CreditCodeTaken(RuleBroken):
    """A credit code belongs to one organization."""

    says = N_("这个统一社会信用代码已登记在“{name}”名下，请对照证照核对。")
    field = "credit_code"
    name: str


@refusal
class NothingChanged(RuleBroken):
    """The form says what the register says already."""

    says = N_("内容没有变化，不需要保存。")


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


async def holders_of_credit_codes() -> dict[str, str]:
    """Return by credit code which organization has it, the first by name where several have."""
    rows = (
        await Organization.select(Organization.credit_code, Organization.name)
        .where(Organization.credit_code.is_not_null())
        .order_by(Organization.name, ascending=False)
    )
    return {row["credit_code"]: row["name"] for row in rows}


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


async def register(facts: OrganizationFacts, *, by: Actor, at: datetime) -> int:
    """Add an organization at the desk and return its id; raise `OrganizationKnown`."""
    require(by, KEEPERS, *scopes_of(facts.region_code))
    async with write_transaction():
        await _refuse_taken(facts, other_than=0)
        return await add_within(facts, by=by, at=at)


async def change(
    organization_id: int, new: OrganizationFacts, *, seen_version: int, by: Actor, at: datetime
) -> None:
    """Change an organization at the desk; what is left empty is emptied.

    The actor must have a duty over the region that it had and over the one that it gets. Raise
    `Stale` where somebody changed it first.
    """
    async with write_transaction():
        row = await Organization.select().where(Organization.id == organization_id).first()
        if row is None:
            raise NotFound
        old = msgspec.convert(row, OrganizationFacts)
        require(by, KEEPERS, *scopes_of(old.region_code))
        require(by, KEEPERS, *scopes_of(new.region_code))
        await _refuse_taken(new, other_than=organization_id)
        await _turn_within(organization_id, seen_version)
        await _change_within(organization_id, old, new, by=by, at=at)


async def _turn_within(organization_id: int, seen_version: int) -> None:
    turned = (
        await Organization.update({Organization.version: seen_version + 1})
        .where(Organization.id == organization_id, Organization.version == seen_version)
        .returning(Organization.id)
    )
    if not turned:
        raise Stale


async def _change_within(
    organization_id: int, old: OrganizationFacts, new: OrganizationFacts, *, by: Actor, at: datetime
) -> None:
    was, is_now = msgspec.structs.asdict(old), msgspec.structs.asdict(new)
    changes: dict[Any, Any] = {name: is_now[name] for name in was if was[name] != is_now[name]}
    if not changes:
        raise NothingChanged
    await Organization.update(changes).where(Organization.id == organization_id)
    await audit.record(
        act=Act.ORGANIZATION_CHANGED,
        subject=f"people.organization:{organization_id}",
        by=by,
        at=at,
        before={name: was[name] for name in changes},
        after=changes,
    )


async def _refuse_taken(facts: OrganizationFacts, *, other_than: int) -> None:
    others = Organization.select(Organization.name).where(Organization.id != other_than)
    if await others.where(Organization.name == facts.name).first():
        raise OrganizationKnown(facts.name)
    if facts.credit_code:
        holder = (
            await Organization.select(Organization.name)
            .where(Organization.id != other_than, Organization.credit_code == facts.credit_code)
            .first()
        )
        if holder:
            raise CreditCodeTaken(holder["name"])


def differs(old: OrganizationFacts, new: OrganizationFacts) -> bool:
    """Tell whether a row says anything new of an organization."""
    return any(
        value is not None and value != getattr(old, name)
        for name, value in msgspec.structs.asdict(new).items()
    )
