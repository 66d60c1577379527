"""Read delegations, entries and judges."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from app.errors import NotFound
from competitions.registration.tables import Contestant, Delegation, Entry, Judge
from competitions.rules.entries import STANDING, WAITING, EntryStatus
from competitions.rules.lifecycle import Division

STANDING_VALUES = tuple(sorted(status.value for status in STANDING))


class DelegationLine(msgspec.Struct, frozen=True):
    """A delegation with the counts of its entries that stand and that wait for somebody."""

    id: int
    name: str
    region_code: str | None
    organization: str
    leader: str
    leader_phone_masked: str | None
    contact: str
    contact_phone_masked: str | None
    version: int
    entry_count: int = 0
    waiting_count: int = 0


class ContestantLine(msgspec.Struct, frozen=True):
    """A contestant; the document's number and the phone are masked."""

    id: int
    entry_id: int
    person_id: int
    name: str
    id_masked: str
    phone_masked: str | None
    sex: str | None
    employer: str
    position: str
    skill_level: str
    skill_certificate: str
    household: str
    clothes_size: str
    diet: str
    county_code: str | None


class EntryLine(msgspec.Struct, frozen=True):
    """An entry with its contestants."""

    id: int
    event_id: int
    event: str
    division: Division
    delegation_id: int
    delegation: str
    delegation_region: str | None
    team: str
    status: EntryStatus
    coach: str
    note: str
    registered_at: datetime
    registered_by: str
    vetted_at: datetime | None
    vetted_by: str | None
    version: int
    contestants: tuple[ContestantLine, ...] = ()

    @property
    def names(self) -> str:
        return "、".join(item.name for item in self.contestants)

    @property
    def party(self) -> str:
        """Return the delegation, and the team where several compete together."""
        return f"{self.delegation} · {self.team}" if self.team else self.delegation


class JudgeLine(msgspec.Struct, frozen=True):
    """A judge of the register; `has_password` once the account was taken over by its owner."""

    id: int
    account_id: int
    sign_in_name: str
    has_password: bool
    name: str
    employer: str
    qualification: str
    delegation_id: int | None
    delegation: str | None
    county_code: str | None
    person_id: int | None
    id_digest: str | None  # what the document's number is known by
    id_masked: str | None
    version: int


ENTRY = (
    Entry.id,
    Entry.event.as_alias("event_id"),
    Entry.event._.name.as_alias("event"),
    Entry.event._.division.as_alias("division"),
    Entry.delegation.as_alias("delegation_id"),
    Entry.delegation._.name.as_alias("delegation"),
    Entry.delegation._.region_code.as_alias("delegation_region"),
    Entry.team,
    Entry.status,
    Entry.coach,
    Entry.note,
    Entry.registered_at,
    Entry.registered_by,
    Entry.vetted_at,
    Entry.vetted_by,
    Entry.version,
)
CONTESTANT = (
    Contestant.id,
    Contestant.entry.as_alias("entry_id"),
    Contestant.person.as_alias("person_id"),
    Contestant.name,
    Contestant.person._.id_masked.as_alias("id_masked"),
    Contestant.person._.phone_masked.as_alias("phone_masked"),
    Contestant.person._.sex.as_alias("sex"),
    Contestant.employer,
    Contestant.position,
    Contestant.skill_level,
    Contestant.skill_certificate,
    Contestant.household,
    Contestant.clothes_size,
    Contestant.diet,
    Contestant.county_code,
)


async def delegations(competition_id: int) -> list[DelegationLine]:
    """Return the delegations of a competition by name, with their entries counted."""
    rows = (
        await Delegation.select(
            *(getattr(Delegation, name) for name in DelegationLine.__struct_fields__[:9])
        )
        .where(Delegation.competition == competition_id)
        .order_by(Delegation.name)
        .order_by(Delegation.id)
    )
    counted = await Entry.raw(
        "SELECT e.delegation, e.status, COUNT(*) AS found FROM entry e"
        " JOIN delegation d ON d.id = e.delegation WHERE d.competition = {}"
        " GROUP BY e.delegation, e.status",
        competition_id,
    )
    standing: dict[int, int] = {}
    waiting: dict[int, int] = {}
    for row in counted:
        status, place = EntryStatus(row["status"]), row["delegation"]
        if status in STANDING:
            standing[place] = standing.get(place, 0) + row["found"]
        if status in WAITING:
            waiting[place] = waiting.get(place, 0) + row["found"]
    return [
        msgspec.convert(
            {
                **row,
                "entry_count": standing.get(row["id"], 0),
                "waiting_count": waiting.get(row["id"], 0),
            },
            DelegationLine,
        )
        for row in rows
    ]


async def delegation(delegation_id: int) -> tuple[int, DelegationLine]:
    """Return a delegation and the id of its competition; raise `NotFound`."""
    row = (
        await Delegation.select(Delegation.competition)
        .where(Delegation.id == delegation_id)
        .first()
    )
    if row is None:
        raise NotFound
    found = await delegations(row["competition"])
    return row["competition"], next(item for item in found if item.id == delegation_id)


async def entries_of_event(event_id: int) -> list[EntryLine]:
    """Return the entries of an event, in order of registration."""
    rows = await Entry.select(*ENTRY).where(Entry.event == event_id).order_by(Entry.id)
    people = await Contestant.select(*CONTESTANT).where(Contestant.entry._.event == event_id)
    return joined(rows, people)


async def entries(competition_id: int) -> list[EntryLine]:
    """Return all entries of a competition, in order of registration."""
    rows = (
        await Entry.select(*ENTRY)
        .where(Entry.event._.competition == competition_id)
        .order_by(Entry.id)
    )
    people = await Contestant.select(*CONTESTANT).where(Contestant.competition == competition_id)
    return joined(rows, people)


async def entry(entry_id: int) -> EntryLine:
    """Return one entry; raise `NotFound`."""
    rows = await Entry.select(*ENTRY).where(Entry.id == entry_id)
    if not rows:
        raise NotFound
    people = await Contestant.select(*CONTESTANT).where(Contestant.entry == entry_id)
    return joined(rows, people)[0]


async def status_counts(competition_id: int) -> dict[int, dict[EntryStatus, int]]:
    """Return how many entries of each event are in each state."""
    rows = await Entry.raw(
        "SELECT e.event, e.status, COUNT(*) AS found FROM entry e JOIN event v ON v.id = e.event"
        " WHERE v.competition = {} GROUP BY e.event, e.status",
        competition_id,
    )
    counts: dict[int, dict[EntryStatus, int]] = {}
    for row in rows:
        counts.setdefault(row["event"], {})[EntryStatus(row["status"])] = row["found"]
    return counts


async def judges(competition_id: int) -> list[JudgeLine]:
    """Return the register of judges."""
    rows = (
        await Judge.select(
            Judge.id,
            Judge.account.as_alias("account_id"),
            Judge.account._.sign_in_name.as_alias("sign_in_name"),
            Judge.account._.password_hash.as_alias("password_hash"),
            Judge.name,
            Judge.employer,
            Judge.qualification,
            Judge.delegation.as_alias("delegation_id"),
            Judge.delegation._.name.as_alias("delegation"),
            Judge.county_code,
            Judge.person.as_alias("person_id"),
            Judge.person._.id_digest.as_alias("id_digest"),
            Judge.person._.id_masked.as_alias("id_masked"),
            Judge.version,
        )
        .where(Judge.competition == competition_id)
        .order_by(Judge.id)
    )
    return [
        msgspec.convert({**row, "has_password": row["password_hash"] is not None}, JudgeLine)
        for row in rows
    ]


def joined(rows: list[dict[str, Any]], people: list[dict[str, Any]]) -> list[EntryLine]:
    """Join entries with their contestants."""
    by_entry: dict[int, list[ContestantLine]] = {}
    for row in sorted(people, key=lambda item: int(item["id"])):
        by_entry.setdefault(row["entry_id"], []).append(msgspec.convert(row, ContestantLine))
    return [_line(row, tuple(by_entry.get(row["id"], ()))) for row in rows]


def _line(row: Mapping[str, Any], contestants: tuple[ContestantLine, ...]) -> EntryLine:
    return msgspec.convert({**row, "contestants": contestants}, EntryLine)
