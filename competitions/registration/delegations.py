"""Register delegations, one or a table of them, and bring them up to date."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.people import vault
from app.rules.actors import Actor, require
from app.storage.engine import hold_name_within, write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import competition_subject
from competitions.planning.queries import RUNNERS
from competitions.registration import queries
from competitions.registration.queries import DelegationLine
from competitions.registration.tables import Delegation

PLAIN = ("name", "region_code", "organization", "leader", "contact")
PHONES = ("leader_phone", "contact_phone")


class DelegationFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a delegation's form holds; phones are sealed before they are stored."""

    name: str
    region_code: str | None = None
    organization: str = ""
    leader: str = ""
    leader_phone: str = ""
    contact: str = ""
    contact_phone: str = ""


@refusal
class DelegationTaken(RuleBroken):
    """Another delegation has this name."""

    says = N_("已有名为“{name}”的代表队。")
    field = "name"
    name: str


async def register_delegation(
    competition_id: int, facts: DelegationFacts, *, by: Actor, at: datetime
) -> int:
    """Register a delegation and return its id."""
    line = await planning.competition(competition_id)
    require(by, RUNNERS, *line.scopes)
    async with write_transaction():
        await hold_name_within(f"delegations of {competition_id}")
        await _refuse_taken(competition_id, facts.name, apart=0)
        added = await add_delegations_within(competition_id, [facts], by=by, at=at)
        return added[facts.name]


async def change_delegation(
    delegation_id: int, facts: DelegationFacts, *, seen_version: int, by: Actor, at: datetime
) -> None:
    """Change a delegation; an empty phone keeps the one that is sealed."""
    competition_id, old = await queries.delegation(delegation_id)
    line = await planning.competition(competition_id)
    require(by, RUNNERS, *line.scopes)
    async with write_transaction():
        await _refuse_taken(competition_id, facts.name, apart=delegation_id)
        await _change_within(competition_id, old, facts, seen_version, by=by, at=at)


async def register_delegations(
    competition_id: int, facts: Sequence[DelegationFacts], *, by: Actor, at: datetime
) -> tuple[int, int]:
    """Register the new delegations of a table and change the known ones; return both counts."""
    line = await planning.competition(competition_id)
    require(by, RUNNERS, *line.scopes)
    async with write_transaction():
        known = {item.name: item for item in await queries.delegations(competition_id)}
        new = [item for item in facts if item.name not in known]
        changed = [item for item in facts if item.name in known and differs(known[item.name], item)]
        await add_delegations_within(competition_id, new, by=by, at=at)
        for item in changed:
            old = known[item.name]
            await _change_within(competition_id, old, item, old.version, by=by, at=at)
    return len(new), len(changed)


async def add_delegations_within(
    competition_id: int, wanted: Sequence[DelegationFacts], *, by: Actor, at: datetime
) -> dict[str, int]:
    """Return the ids of all delegations by name after registering the ones that are not there."""
    known = await _ids(competition_id)
    new = {item.name: item for item in wanted if item.name not in known}
    if not new:
        return known
    await Delegation.insert(
        *(
            Delegation(
                competition=competition_id, created_at=at, version=1, **_columns(item, sealing=True)
            )
            for item in new.values()
        )
    )
    await audit.record(
        act=Act.DELEGATION_ADDED,
        subject=competition_subject(competition_id),
        by=by,
        at=at,
        after={"names": list(new)},
    )
    return await _ids(competition_id)


async def _ids(competition_id: int) -> dict[str, int]:
    rows = await Delegation.select(Delegation.id, Delegation.name).where(
        Delegation.competition == competition_id
    )
    return {row["name"]: row["id"] for row in rows}


async def _refuse_taken(competition_id: int, name: str, *, apart: int) -> None:
    if (await _ids(competition_id)).get(name, apart) != apart:
        raise DelegationTaken(name)


async def _change_within(
    competition_id: int,
    old: DelegationLine,
    facts: DelegationFacts,
    seen_version: int,
    *,
    by: Actor,
    at: datetime,
) -> None:
    columns = _columns(facts, sealing=False)
    changed = (
        await Delegation.update(
            {
                **{getattr(Delegation, name): value for name, value in columns.items()},
                Delegation.version: seen_version + 1,
            }
        )
        .where(Delegation.id == old.id, Delegation.version == seen_version)
        .returning(Delegation.id)
    )
    if not changed:
        raise Stale
    await audit.record(
        act=Act.DELEGATION_CHANGED,
        subject=competition_subject(competition_id),
        by=by,
        at=at,
        before={name: getattr(old, name) for name in PLAIN},
        after={name: getattr(facts, name) for name in PLAIN}
        | {name: vault.masked_phone(getattr(facts, name)) for name in PHONES},
    )


def differs(old: DelegationLine, facts: DelegationFacts) -> bool:
    """Tell whether a table says something else of a delegation than the register."""
    return any(getattr(old, name) != getattr(facts, name) for name in PLAIN) or any(
        getattr(facts, name)
        and vault.masked_phone(getattr(facts, name)) != getattr(old, f"{name}_masked")
        for name in PHONES
    )


def _columns(facts: DelegationFacts, *, sealing: bool) -> Mapping[str, Any]:
    """Return the columns of a delegation; a change without a phone leaves the sealed one."""
    found: dict[str, Any] = {name: getattr(facts, name) for name in PLAIN}
    for name in PHONES:
        phone = getattr(facts, name)
        if phone or sealing:
            found[f"{name}_sealed"] = vault.seal(phone) if phone else None
            found[f"{name}_masked"] = vault.masked_phone(phone) if phone else None
    return found
