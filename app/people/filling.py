"""What a later list says of known persons: what was empty is filled, what differs is told.

A list never writes over what the register says; that is corrected on the person's page.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.documents.layouts import Row
from app.people import vault
from app.people.actions import PersonFacts
from app.people.tables import Person
from app.rules.actors import Actor
from app.storage.rows import rows_where_in
from app.web.locale import gettext as _

TOLD = ("ethnic_group", "education", "phone")
"""What a list may contradict. Where somebody lives changes, and each list keeps its own."""
FILLED = (*TOLD, "region_code")


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


def lacking(known: Details, facts: PersonFacts) -> dict[str, str]:
    """Return what a list says of a person where the register says nothing."""
    return {
        name: value
        for name in FILLED
        if (value := getattr(facts, name)) and not getattr(known, name)
    }


def note_differences(row: Row, known: Details, facts: PersonFacts) -> None:
    """Note a problem at each cell that contradicts the register, without telling what it says."""
    for name in TOLD:
        given, there = getattr(facts, name), getattr(known, name)
        if given and there and given != there:
            row.wrong(
                name,
                _(
                    "与人员名册中登记的不同。请核对；名册有误的，先在“人员单位”中更正，"
                    "否则留空这一格。"
                ),
            )


async def fill_within(people: Sequence[PersonFacts], *, by: Actor, at: datetime) -> set[int]:
    """Fill what the register lacks of known persons; return whom it now knows better."""
    known = await details_of([facts.digest for facts in people])
    filled = set()
    for facts in people:
        old = known.get(facts.digest)
        if old and (values := lacking(old, facts)):
            await _fill_within(old.id, values, by=by, at=at)
            filled.add(old.id)
    return filled


async def _fill_within(person_id: int, values: dict[str, str], *, by: Actor, at: datetime) -> None:
    columns: dict[str, Any] = dict(values)
    told = dict(values)
    if phone := columns.pop("phone", None):
        told["phone"] = vault.masked_phone(phone)
        columns |= {"phone_sealed": vault.seal(phone), "phone_masked": told["phone"]}
    await Person.update(
        {getattr(Person, name): value for name, value in columns.items()}
        | {Person.version: Person.version + 1}
    ).where(Person.id == person_id)
    await audit.record(
        act=Act.PERSON_CHANGED,
        subject=f"people.person:{person_id}",
        by=by,
        at=at,
        before=dict.fromkeys(told, ""),
        after=told,
    )
