"""What already stands in a competition, as the checks and the writing of many entries need it."""

from typing import Any

import msgspec

from app.people import vault
from competitions.planning.events import EventPlan, must_fit
from competitions.planning.queries import EventLine
from competitions.registration.queries import STANDING_VALUES
from competitions.registration.tables import Contestant, Delegation, Entry
from competitions.rules.entries import EntryStatus
from competitions.rules.quotas import QuotaTooSmall, TeamsTooSmall


class StandingLine(msgspec.Struct, frozen=True):
    """A contestant of a standing entry, with everything that a table may bring up to date."""

    id: int
    entry_id: int
    person_id: int
    event_id: int
    delegation_id: int
    team: str
    status: EntryStatus
    coach: str
    name: str
    employer: str
    position: str
    skill_level: str
    skill_certificate: str
    household: str
    clothes_size: str
    diet: str
    county_code: str | None


class FallenLine(msgspec.Struct, frozen=True):
    """Where somebody stood whose entry was refused or withdrawn."""

    event_id: int
    delegation: str
    team: str
    status: EntryStatus


class FullLine(msgspec.Struct, frozen=True):
    """One contestant with everything, for the export that comes back as an import."""

    delegation: str
    event: str
    division: str
    team: str
    name: str
    id_kind: str
    id_sealed: bytes
    sex: str | None
    ethnic_group: str | None
    education: str | None
    phone_sealed: bytes | None
    employer: str
    position: str
    skill_level: str
    skill_certificate: str
    household: str
    clothes_size: str
    diet: str
    county_code: str | None
    coach: str
    status: EntryStatus
    note: str

    @property
    def id_number(self) -> str:
        return vault.unseal(self.id_sealed)

    @property
    def phone(self) -> str:
        return vault.unseal(self.phone_sealed) if self.phone_sealed else ""


_OWN = (
    Contestant.employer,
    Contestant.position,
    Contestant.skill_level,
    Contestant.skill_certificate,
    Contestant.household,
    Contestant.clothes_size,
    Contestant.diet,
    Contestant.county_code,
)


async def standing(competition_id: int) -> dict[int, StandingLine]:
    """Return the contestants of entries that stand, by person; one statement."""
    rows = await Contestant.select(
        Contestant.id,
        Contestant.entry.as_alias("entry_id"),
        Contestant.person.as_alias("person_id"),
        Contestant.name,
        Contestant.entry._.event.as_alias("event_id"),
        Contestant.entry._.delegation.as_alias("delegation_id"),
        Contestant.entry._.team.as_alias("team"),
        Contestant.entry._.status.as_alias("status"),
        Contestant.entry._.coach.as_alias("coach"),
        *_OWN,
    ).where(Contestant.competition == competition_id, Contestant.retired_entry == 0)
    lines = msgspec.convert(rows, list[StandingLine])
    return {line.person_id: line for line in lines}


async def fallen(competition_id: int) -> dict[int, list[FallenLine]]:
    """Return the refused and withdrawn entries of contestants, by person."""
    rows = await Contestant.select(
        Contestant.person.as_alias("person_id"),
        Contestant.entry._.event.as_alias("event_id"),
        Contestant.entry._.delegation._.name.as_alias("delegation"),
        Contestant.entry._.team.as_alias("team"),
        Contestant.entry._.status.as_alias("status"),
    ).where(Contestant.competition == competition_id, Contestant.retired_entry != 0)
    found: dict[int, list[FallenLine]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append(msgspec.convert(row, FallenLine))
    return found


async def standing_one(competition_id: int, person_id: int) -> tuple[int, str] | None:
    """Return the event (id and name) for which a person's entry stands in a competition."""
    row = (
        await Contestant.select(
            Contestant.entry._.event.as_alias("event_id"),
            Contestant.entry._.event._.name.as_alias("event"),
        )
        .where(
            Contestant.competition == competition_id,
            Contestant.person == person_id,
            Contestant.retired_entry == 0,
        )
        .first()
    )
    return (row["event_id"], row["event"]) if row else None


async def held(competition_id: int) -> dict[tuple[int, int], int]:
    """Return how many standing entries each delegation has in each event: (event, delegation)."""
    rows = await Entry.raw(
        "SELECT e.event, e.delegation, COUNT(*) AS found FROM entry e"
        " JOIN event v ON v.id = e.event WHERE v.competition = {} AND e.status IN ({}, {}, {})"
        " GROUP BY e.event, e.delegation",
        competition_id,
        *STANDING_VALUES,
    )
    return {(row["event"], row["delegation"]): row["found"] for row in rows}


async def teams(competition_id: int) -> dict[tuple[int, int, str], tuple[int, int]]:
    """Return the standing teams: (event, delegation, name) to (entry, contestants in it)."""
    rows = await Entry.raw(
        "SELECT e.id, e.event, e.delegation, e.team, COUNT(c.id) AS found FROM entry e"
        " JOIN event v ON v.id = e.event LEFT JOIN contestant c ON c.entry = e.id"
        " WHERE v.competition = {} AND e.team <> '' AND e.status IN ({}, {}, {})"
        " GROUP BY e.id, e.event, e.delegation, e.team",
        competition_id,
        *STANDING_VALUES,
    )
    return {
        (row["event"], row["delegation"], row["team"]): (row["id"], row["found"]) for row in rows
    }


async def refuse_too_small(event: EventLine, plan: EventPlan) -> None:
    """Raise where a plan lowers a quota or a team's size below what is registered."""
    if plan.quota < event.quota:
        places = {
            delegation: found
            for (event_id, delegation), found in (await held(event.competition_id)).items()
            if event_id == event.id
        }
        most = max(places, key=places.__getitem__, default=0)
        if places.get(most, 0) > plan.quota:
            row = await Delegation.select(Delegation.name).where(Delegation.id == most).first()
            raise QuotaTooSmall(row["name"] if row else "", places[most])
    if plan.members < event.members:
        for (event_id, _, team), (_, found) in (await teams(event.competition_id)).items():
            if event_id == event.id and found > plan.members:
                raise TeamsTooSmall(team, found)


must_fit(refuse_too_small)


async def full(competition_id: int, conditions: Any = None) -> list[FullLine]:
    """Return the contestants of standing entries with sealed numbers; export opens them."""
    query = Contestant.select(
        Contestant.entry._.delegation._.name.as_alias("delegation"),
        Contestant.entry._.event._.name.as_alias("event"),
        Contestant.entry._.event._.division.as_alias("division"),
        Contestant.entry._.team.as_alias("team"),
        Contestant.name,
        Contestant.person._.id_kind.as_alias("id_kind"),
        Contestant.person._.id_sealed.as_alias("id_sealed"),
        Contestant.person._.sex.as_alias("sex"),
        Contestant.person._.ethnic_group.as_alias("ethnic_group"),
        Contestant.person._.education.as_alias("education"),
        Contestant.person._.phone_sealed.as_alias("phone_sealed"),
        *_OWN,
        Contestant.entry._.coach.as_alias("coach"),
        Contestant.entry._.status.as_alias("status"),
        Contestant.entry._.note.as_alias("note"),
    ).where(Contestant.competition == competition_id, Contestant.retired_entry == 0)
    if conditions is not None:
        query = query.where(conditions)
    rows = await query.order_by(Contestant.entry).order_by(Contestant.id)
    return msgspec.convert(rows, list[FullLine])


async def sealed_phones(competition_id: int) -> dict[int, tuple[bytes | None, bytes | None]]:
    """Return the sealed phones of leader and contact, by delegation."""
    rows = await Delegation.select(
        Delegation.id, Delegation.leader_phone_sealed, Delegation.contact_phone_sealed
    ).where(Delegation.competition == competition_id)
    return {row["id"]: (row["leader_phone_sealed"], row["contact_phone_sealed"]) for row in rows}
