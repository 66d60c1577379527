"""Read delegations, entries and judges."""

from collections.abc import Mapping
from typing import Any

import msgspec

from app.errors import NotFound
from competitions.registration.tables import Contestant, Delegation, Entry, Judge
from competitions.rules.entries import EntryStatus


class DelegationLine(msgspec.Struct, frozen=True):
    """A delegation with the count of its entries."""

    id: int
    name: str
    region_code: str | None
    leader: str
    entry_count: int


class ContestantLine(msgspec.Struct, frozen=True):
    """A contestant; the document's number is masked."""

    id: int
    entry_id: int
    person_id: int
    name: str
    id_masked: str
    sex: str | None
    employer: str
    county_code: str | None


class EntryLine(msgspec.Struct, frozen=True):
    """An entry with its contestants."""

    id: int
    event_id: int
    event: str
    division: str
    delegation_id: int
    delegation: str
    delegation_region: str | None
    status: EntryStatus
    coach: str
    note: str
    version: int
    contestants: tuple[ContestantLine, ...] = ()

    @property
    def names(self) -> str:
        return "、".join(item.name for item in self.contestants)


class JudgeLine(msgspec.Struct, frozen=True):
    """A judge of the register."""

    id: int
    account_id: int
    sign_in_name: str
    name: str
    employer: str
    qualification: str
    delegation_id: int | None
    delegation: str | None


class EntryFilter(msgspec.Struct, frozen=True):
    """Which entries; empty fields filter nothing."""

    q: str = ""
    event: int = 0
    delegation: int = 0
    status: str = ""
    page: int = 1


_ENTRY = (
    Entry.id,
    Entry.event.as_alias("event_id"),
    Entry.event._.name.as_alias("event"),
    Entry.event._.division.as_alias("division"),
    Entry.delegation.as_alias("delegation_id"),
    Entry.delegation._.name.as_alias("delegation"),
    Entry.delegation._.region_code.as_alias("delegation_region"),
    Entry.status,
    Entry.coach,
    Entry.note,
    Entry.version,
)
_CONTESTANT = (
    Contestant.id,
    Contestant.entry.as_alias("entry_id"),
    Contestant.person.as_alias("person_id"),
    Contestant.name,
    Contestant.person._.id_masked.as_alias("id_masked"),
    Contestant.person._.sex.as_alias("sex"),
    Contestant.employer,
    Contestant.county_code,
)


async def delegations(competition_id: int) -> list[DelegationLine]:
    """Return the delegations of a competition by name, with their entries counted."""
    rows = await Delegation.raw(
        "SELECT d.id, d.name, d.region_code, d.leader, COUNT(e.id) AS entry_count FROM delegation d"
        " LEFT JOIN entry e ON e.delegation = d.id WHERE d.competition = {}"
        " GROUP BY d.id, d.name, d.region_code, d.leader ORDER BY d.name",
        competition_id,
    )
    return msgspec.convert(rows, list[DelegationLine])


async def entries_of_event(event_id: int) -> list[EntryLine]:
    """Return the entries of an event, by delegation."""
    rows = await Entry.select(*_ENTRY).where(Entry.event == event_id).order_by(Entry.id)
    people = await Contestant.select(*_CONTESTANT).where(Contestant.entry._.event == event_id)
    return _joined(rows, people)


async def entries(competition_id: int) -> list[EntryLine]:
    """Return all entries of a competition, in order of registration."""
    rows = (
        await Entry.select(*_ENTRY)
        .where(Entry.event._.competition == competition_id)
        .order_by(Entry.id)
    )
    people = await Contestant.select(*_CONTESTANT).where(Contestant.competition == competition_id)
    return _joined(rows, people)


async def filtered(
    competition_id: int, chosen: EntryFilter, page_size: int
) -> tuple[list[EntryLine], int]:
    """Return one page of the entries that match, and the count of all that do."""
    word = chosen.q.strip()
    found = [
        line
        for line in await entries(competition_id)
        if (not chosen.event or line.event_id == chosen.event)
        and (not chosen.delegation or line.delegation_id == chosen.delegation)
        and (not chosen.status or line.status == chosen.status)
        and (
            not word or any(word in item.name or word in item.employer for item in line.contestants)
        )
    ]
    start = (max(chosen.page, 1) - 1) * page_size
    return found[start : start + page_size], len(found)


async def entry(entry_id: int) -> EntryLine:
    """Return one entry; raise `NotFound`."""
    rows = await Entry.select(*_ENTRY).where(Entry.id == entry_id)
    if not rows:
        raise NotFound
    people = await Contestant.select(*_CONTESTANT).where(Contestant.entry == entry_id)
    return _joined(rows, people)[0]


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
            Judge.name,
            Judge.employer,
            Judge.qualification,
            Judge.delegation.as_alias("delegation_id"),
            Judge.delegation._.name.as_alias("delegation"),
        )
        .where(Judge.competition == competition_id)
        .order_by(Judge.id)
    )
    return msgspec.convert(rows, list[JudgeLine])


def _joined(rows: list[dict[str, Any]], people: list[dict[str, Any]]) -> list[EntryLine]:
    by_entry: dict[int, list[ContestantLine]] = {}
    for row in people:
        by_entry.setdefault(row["entry_id"], []).append(msgspec.convert(row, ContestantLine))
    return [_line(row, tuple(by_entry.get(row["id"], ()))) for row in rows]


def _line(row: Mapping[str, Any], contestants: tuple[ContestantLine, ...]) -> EntryLine:
    return msgspec.convert({**row, "contestants": contestants}, EntryLine)
