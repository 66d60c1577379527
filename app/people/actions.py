"""Register persons and organizations, each once."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.people import regions, vault
from app.people.kinds import OrganizationKind
from app.people.queries import known_persons
from app.people.tables import Organization, Person
from app.rules import identity
from app.rules.actors import Actor, Duty, require
from app.rules.identity import IdKind, IdNumber, Sex
from app.storage.engine import write_transaction
from app.storage.rows import insert_values
from app.web.clock import SHANGHAI


@refusal
class NameDiffers(RuleBroken):
    """The number is known under another name: one of the two is wrong."""

    says = N_("证件号 {masked} 已登记在“{known}”名下，与“{given}”不符。请核对姓名和证件号。")
    field = "name"
    masked: str
    known: str
    given: str


@refusal
class RegionsThere(RuleBroken):
    """The table of regions is loaded once."""

    says = N_("行政区划已经载入，不需要再次载入。")


class PersonFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is known of a person, already checked by `app.rules.identity`.

    `digest` is the keyed one of the number, by which the person is known again.
    """

    name: str
    number: IdNumber
    digest: str
    sex: Sex | None = None
    birth_on: date | None = None
    ethnic_group: str | None = None
    education: str | None = None
    region_code: str | None = None
    phone: str | None = None


class GivenPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person as typed in a form or a cell; what comes after the birth date is checked already."""

    name: str
    kind: IdKind
    id_number: str
    sex: Sex | None = None
    birth_on: date | None = None
    ethnic_group: str | None = None
    education: str | None = None
    phone: str | None = None


def checked_facts(given: GivenPerson, today: date) -> PersonFacts:
    """Check a name and a number as typed; raise the refusals of `app.rules.identity`."""
    number = identity.parse_id(given.kind, given.id_number, today)
    identity.agree(number, birth_on=given.birth_on, sex=given.sex)
    return PersonFacts(
        name=identity.normalized_name(given.name),
        number=number,
        digest=vault.digest_of(number),
        sex=given.sex or number.sex,
        birth_on=given.birth_on or number.birth_on,
        ethnic_group=given.ethnic_group,
        education=given.education,
        phone=given.phone,
    )


def resident(name: str, id_number: str, at: datetime) -> PersonFacts | None:
    """Check a name with a resident number where one was typed; None for an empty one."""
    if not id_number.strip():
        return None
    given = GivenPerson(name=name, kind=IdKind.RESIDENT, id_number=id_number)
    return checked_facts(given, at.astimezone(SHANGHAI).date())


async def find_or_add_within(facts: PersonFacts, *, by: Actor, at: datetime) -> int:
    """Return the id of the person with this number, registering them where they are new.

    Raise `NameDiffers` where the number is known under another name.
    """
    return (await find_or_add_many_within([facts], by=by, at=at))[0]


async def find_or_add_many_within(
    people: Sequence[PersonFacts], *, by: Actor, at: datetime
) -> list[int]:
    """Return the ids of many persons in their order, a few statements for all of them."""
    by_digest = {facts.digest: facts for facts in people}
    known = await known_persons(list(by_digest))
    for digest, (_, name) in known.items():
        refuse_other_name(by_digest[digest], name)
    new = {digest: facts for digest, facts in by_digest.items() if digest not in known}
    if new:
        ids = await insert_values(Person, PERSON, _rows(list(new.values()), at))
        known |= {
            digest: (id_, facts.name) for id_, (digest, facts) in zip(ids, new.items(), strict=True)
        }
        await audit.record(
            act=Act.PERSON_ADDED,
            subject=f"people.person:{ids[0]}",
            by=by,
            at=at,
            after={"persons": ids},
        )
    return [known[facts.digest][0] for facts in people]


def refuse_other_name(facts: PersonFacts, known_name: str) -> None:
    """Raise `NameDiffers` unless both spellings are one name; it names nobody in full."""
    if identity.name_key(known_name) != identity.name_key(facts.name):
        raise NameDiffers(facts.number.masked, identity.masked_name(known_name), facts.name)


async def refuse_name_beside_register(person_id: int, given: str) -> None:
    """Raise `NameDiffers` unless the register of persons calls somebody by this name."""
    row = (
        await Person.select(Person.name, Person.id_masked).where(Person.id == person_id).first()
    ) or {"name": "", "id_masked": ""}
    if identity.name_key(row["name"]) != identity.name_key(given):
        raise NameDiffers(row["id_masked"], identity.masked_name(row["name"]), given)


def _rows(people: Sequence[PersonFacts], at: datetime) -> Iterator[tuple[Any, ...]]:
    numbers = vault.seal_many([facts.number.text for facts in people])
    phones = iter(vault.seal_many([facts.phone for facts in people if facts.phone]))
    for facts, number in zip(people, numbers, strict=True):
        yield _row(facts, number, next(phones) if facts.phone else None, at)


PERSON = (
    "name",
    "name_key",
    "id_kind",
    "id_digest",
    "id_sealed",
    "id_masked",
    "birth_on",
    "sex",
    "ethnic_group",
    "education",
    "region_code",
    "phone_sealed",
    "phone_masked",
    "created_at",
    "version",
)


def _row(
    facts: PersonFacts, id_sealed: bytes, phone_sealed: bytes | None, at: datetime
) -> tuple[Any, ...]:
    sex = facts.sex or facts.number.sex
    return (
        facts.name,
        identity.name_key(facts.name),
        facts.number.kind.value,
        facts.digest,
        id_sealed,
        identity.masked(facts.number.text),
        facts.birth_on or facts.number.birth_on,
        sex.value if sex else None,
        facts.ethnic_group,
        facts.education,
        facts.region_code,
        phone_sealed,
        vault.masked_phone(facts.phone) if facts.phone else None,
        at,
        1,
    )


async def find_or_add_organization_within(
    *, name: str, kind: OrganizationKind, region_code: str | None, by: Actor, at: datetime
) -> int:
    """Return the id of the organization of this name, registering it where it is new."""
    clean = " ".join(name.split())
    known = await Organization.select(Organization.id).where(Organization.name == clean).first()
    if known:
        return int(known["id"])
    organization = Organization(
        name=clean,
        kind=kind.value,
        region_code=region_code,
        created_at=at,
        is_closed=False,
        version=1,
    )
    await organization.save()
    await audit.record(
        act=Act.ORGANIZATION_ADDED,
        subject=f"people.organization:{organization.id}",
        by=by,
        at=at,
        after={"name": clean, "kind": kind, "region_code": region_code},
    )
    return organization.id


async def load_regions(*, by: Actor, at: datetime) -> int:
    """Load the shipped regions at an administrator's word; raise `RegionsThere`."""
    require(by, Duty.ADMINISTRATOR)
    async with write_transaction():
        added = await load_regions_within(by=by, at=at)
        if not added:
            raise RegionsThere
        return added


async def load_regions_within(*, by: Actor, at: datetime) -> int:
    """Load the shipped regions and key counties into an empty table; return how many came."""
    added = await regions.load_within()
    if added:
        await audit.record(
            act=Act.REGIONS_IMPORTED,
            subject="people.regions",
            by=by,
            at=at,
            after={"regions": added},
        )
    return added
