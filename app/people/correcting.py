"""Correct what the register says of a person; the document's number stays who they are."""

from datetime import datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import NotFound, Stale
from app.people import ties, vault
from app.people.organizations import NothingChanged
from app.people.tables import Person
from app.people.ties import Tie
from app.rules import identity
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction

OPEN = ("ethnic_group", "education")
"""What is corrected besides name and phone, and stands in the journal as it is."""
CORRECTORS = (Duty.ORGANIZER, Duty.REGISTRAR, Duty.ADMINISTRATOR)
"""Who corrects a person: everywhere, or over something that the person is a part of."""


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What a person is called from now on, and a checked phone; None keeps the one that is there,
    empty takes it away. A code of an ethnic group and an education are kept where empty.
    """

    name: str
    phone: str | None
    reason: str
    ethnic_group: str = ""
    education: str = ""


def may_correct(actor: Actor, own: list[Tie]) -> bool:
    """Tell whether the actor may correct a person whose ties in the actor's scopes these are."""
    return actor.holds(CORRECTORS, *(scope for tie in own for scope in tie.scopes))


async def correct_person(
    person_id: int, wanted: Correction, *, seen_version: int, by: Actor, at: datetime
) -> None:
    """Correct what the register says; the record holds the reason, and phones masked.

    Names on lists and certificates were given there and stay. Raise `Stale` where somebody
    changed the person first.
    """
    name = identity.normalized_name(wanted.name)
    own = await ties.ties_of([person_id], by)
    require(by, CORRECTORS, *(scope for tie in own for scope in tie.scopes))
    async with write_transaction():
        row = await Person.select().where(Person.id == person_id).first()
        if row is None:
            raise NotFound
        if row["version"] != seen_version:
            raise Stale
        columns = _columns(row, wanted, name)
        told = {"name": Person.name, "phone": Person.phone_masked} | {
            each: getattr(Person, each) for each in OPEN
        }
        was = {each: row[column._meta.name] for each, column in told.items()}
        is_now = {each: columns.get(column, was[each]) for each, column in told.items()}
        if Person.phone_sealed not in columns and is_now == was:
            raise NothingChanged
        changed = (
            await Person.update({**columns, Person.version: seen_version + 1})
            .where(Person.id == person_id, Person.version == seen_version)
            .returning(Person.id)
        )
        if not changed:
            raise Stale
        await audit.record(
            act=Act.PERSON_CHANGED,
            subject=f"people.person:{person_id}",
            by=by,
            at=at,
            before=was,
            after=is_now,
            reason=wanted.reason,
        )


def _columns(row: dict[str, Any], wanted: Correction, name: str) -> dict[Any, Any]:
    columns: dict[Any, Any] = {Person.name: name, Person.name_key: identity.name_key(name)}
    if wanted.phone is not None and not _is_phone(row, wanted.phone):
        columns |= _phone(wanted.phone)
    return columns | {
        getattr(Person, each): value for each in OPEN if (value := getattr(wanted, each))
    }


def _is_phone(row: dict[str, Any], phone: str) -> bool:
    sealed = row["phone_sealed"]
    return phone == (vault.unseal(bytes(sealed)) if sealed else "")


def _phone(phone: str) -> dict[Any, Any]:
    return {
        Person.phone_sealed: vault.seal(phone) if phone else None,
        Person.phone_masked: vault.masked_phone(phone) if phone else None,
    }
