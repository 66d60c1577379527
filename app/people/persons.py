"""Find persons by name or by document number, within what the one who looks may see."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from app.errors import N_, NotFound, RuleBroken, refusal
from app.people import ties, vault
from app.people.tables import Person
from app.people.ties import SEERS, Tie
from app.rules import identity
from app.rules.actors import Actor
from app.rules.identity import DOTS, IdKind, IdNumber, Sex

MOST = 1000
"""So many of a name are looked at for somebody who may see only some of them."""
RESIDENT_PLACES = 18


@refusal
class UnreadableNumber(RuleBroken):
    """No document has a number of this form."""

    says = N_("号码格式不对。居民身份证号为 18 位；通行证、护照按证件上的字母和数字填写。")
    field = "q"


@refusal
class NumberUnknown(RuleBroken):
    """Nobody with this number, or nobody whom the actor may see."""

    says = N_("没有您可以查看的人员使用证件号 {masked}。请对照证件核对号码。")
    field = "q"
    masked: str


class PersonLine(msgspec.Struct, frozen=True, kw_only=True):
    """A person on the desk. With the masked number, a whole birth date would give the number."""

    id: int
    name: str
    id_kind: IdKind
    id_masked: str
    birth_year: int | None
    sex: Sex | None
    region_code: str | None
    phone_masked: str | None
    created_at: datetime
    version: int


class Found(msgspec.Struct, frozen=True):
    """One page of persons, how many match, and whether there were too many to look at all."""

    lines: list[PersonLine]
    count: int
    is_cut: bool = False


_COLUMNS = (
    Person.id,
    Person.name,
    Person.id_kind,
    Person.id_masked,
    Person.birth_on,
    Person.sex,
    Person.region_code,
    Person.phone_masked,
    Person.created_at,
    Person.version,
)


async def found(name: str, actor: Actor, *, number: int, page_size: int) -> Found:
    """Return a page of the persons whose name holds the typed one; all of them for no name.

    Who sees only some scopes must type a name, and sees the persons of those scopes.
    """
    condition = Person.name_key.like(f"%{_typed_key(name)}%")
    start = (max(number, 1) - 1) * page_size
    query = Person.select(*_COLUMNS).where(condition).order_by(Person.name_key).order_by(Person.id)
    if actor.holds(SEERS):
        rows = await query.limit(page_size).offset(start)
        return Found(_lines(rows), int(await Person.count().where(condition)))
    rows = await query.limit(MOST + 1) if _typed_key(name) else []
    own = await _own(_lines(rows[:MOST]), actor)
    return Found(own[start : start + page_size], len(own), is_cut=len(rows) > MOST)


async def named(name: str, actor: Actor) -> list[PersonLine]:
    """Return the persons of exactly this name whom the actor may see."""
    query = Person.select(*_COLUMNS).where(Person.name_key == _typed_key(name)).order_by(Person.id)
    lines = _lines(await query.limit(MOST))
    return lines if actor.holds(SEERS) else await _own(lines, actor)


async def by_number(typed: str, actor: Actor, today: date) -> int:
    """Return the id of the person with this number, whatever kind of document it is of.

    Raise `UnreadableNumber`, a resident number's own refusals, or `NumberUnknown`.
    """
    readings = _readings(typed, today)
    digests = [vault.digest_of(number) for number in readings]
    rows = await Person.select(*_COLUMNS).where(Person.id_digest.is_in(digests)).order_by(Person.id)
    seen = _lines(rows) if actor.holds(SEERS) else await _own(_lines(rows), actor)
    if not seen:
        raise NumberUnknown(readings[0].masked)
    return seen[0].id


async def person(person_id: int, actor: Actor) -> tuple[PersonLine, list[Tie]]:
    """Return a person and what they are elsewhere; raise `NotFound` for one not to be seen."""
    row = await Person.select(*_COLUMNS).where(Person.id == person_id).first()
    own = await ties.ties_of([person_id], actor) if row else []
    if row is None or not (own or actor.holds(SEERS)):
        raise NotFound
    return _lines([row])[0], own


def is_number(typed: str) -> bool:
    """Tell whether a text is meant as a number: no name holds a digit."""
    return any(char.isdecimal() for char in typed)


def _readings(typed: str, today: date) -> list[IdNumber]:
    """Read a number as each kind of document it may be of, the resident number first."""
    readings, first = [], None
    for kind in IdKind:
        try:
            readings.append(identity.parse_id(kind, typed, today))
        except RuleBroken as refusal:
            first = first or refusal
    if readings:
        return readings
    places = sum(char.isalnum() for char in typed)
    if isinstance(first, identity.WrongIdLength) or first is None or places != RESIDENT_PLACES:
        raise UnreadableNumber
    raise first


async def _own(lines: Sequence[PersonLine], actor: Actor) -> list[PersonLine]:
    tied = {tie.person_id for tie in await ties.ties_of([line.id for line in lines], actor)}
    return [line for line in lines if line.id in tied]


def _typed_key(name: str) -> str:
    return identity.name_key(name.translate(dict.fromkeys(map(ord, DOTS), "·")))


def _lines(rows: Sequence[dict[str, Any]]) -> list[PersonLine]:
    return [
        msgspec.convert(
            {**row, "birth_year": row["birth_on"].year if row["birth_on"] else None}, PersonLine
        )
        for row in rows
    ]


async def has_number_ending(person_id: int | None, typed: str) -> bool:
    """Tell whether a person's document number ends in these characters; false for nobody.

    Keyed hashes are compared, so that the time taken says nothing about the number.
    """
    row = await Person.select(Person.id_sealed).where(Person.id == (person_id or 0)).first()
    number = vault.unseal(bytes(row["id_sealed"])) if row else ""
    return vault.is_ending_of(typed, number)
