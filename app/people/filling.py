"""What a later list says of known persons counts; the journal keeps what stood before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.people import vault
from app.people.actions import PersonFacts
from app.people.tables import Person
from app.rules.actors import Actor
from app.storage.rows import rows_where_in

NEWEST = ("ethnic_group", "education", "phone")
FIRST = ("region_code",)
"""Where somebody lives changes, and each list keeps its own."""


class Details(Struct, frozen=True, kw_only=True):
    """What the register says of a person besides who they are."""

    id: int
    ethnic_group: str | None
    education: str | None
    region_code: str | None
    phone: str | None


async def details_of(digests: Sequence[str]) -> dict[str, Details]:
    """Return what is known of the registered persons among these digests."""
    columns = ("id", "id_digest", "ethnic_group", "education", "region_code", "phone_sealed")
    rows = await rows_where_in(Person, columns, "id_digest", digests)
    return {
        row["id_digest"]: Details(
            id=row["id"],
            ethnic_group=row["ethnic_group"],
            education=row["education"],
            region_code=row["region_code"],
            phone=vault.unseal(bytes(row["phone_sealed"])) if row["phone_sealed"] else None,
        )
        for row in rows
    }


def news(known: Details, facts: PersonFacts) -> dict[str, str]:
    """Return what a list says of a person and the register does not; an empty cell says nothing."""
    given = {name: getattr(facts, name) for name in (*NEWEST, *FIRST)}
    return {
        name: value
        for name, value in given.items()
        if value and value != getattr(known, name) and (name in NEWEST or not getattr(known, name))
    }


async def fill_within(people: Sequence[PersonFacts], *, by: Actor, at: datetime) -> set[int]:
    """Write what a list has news of into the register; return whose entries changed."""
    known = await details_of([facts.digest for facts in people])
    filled = set()
    for facts in people:
        old = known.get(facts.digest)
        if old and (values := news(old, facts)):
            await _fill_within(old, values, by=by, at=at)
            filled.add(old.id)
    return filled


async def _fill_within(old: Details, values: dict[str, str], *, by: Actor, at: datetime) -> None:
    columns: dict[str, Any] = dict(values)
    if phone := columns.pop("phone", None):
        columns |= {
            "phone_sealed": vault.seal(phone),
            "phone_masked": vault.masked_phone(phone),
        }
    await Person.update(
        {getattr(Person, name): value for name, value in columns.items()}
        | {Person.version: Person.version + 1}
    ).where(Person.id == old.id)
    await audit.record(
        act=Act.PERSON_CHANGED,
        subject=f"people.person:{old.id}",
        by=by,
        at=at,
        before={name: _shown(name, getattr(old, name) or "") for name in values},
        after={name: _shown(name, value) for name, value in values.items()},
    )


def _shown(name: str, value: str) -> str:
    return vault.masked_phone(value) if name == "phone" and value else value
