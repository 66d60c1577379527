"""Register a whole table of entries in one transaction, and bring up to date what changed."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from app.audit import actions as audit
from app.audit.acts import Act
from app.people import actions as people
from app.people import filling
from app.rules.actors import Actor, require
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import competition_subject, hold_within
from competitions.planning.queries import RUNNERS, CompetitionLine
from competitions.registration import moving, queries, standing
from competitions.registration.actions import refuse_outside_window
from competitions.registration.admitting import OWN, EntryFacts, differing, insert_within
from competitions.registration.delegations import DelegationFacts, add_delegations_within
from competitions.registration.standing import StandingLine
from competitions.registration.tables import Contestant, Entry
from competitions.rules.eligibility import EnteredElsewhere
from competitions.rules.entries import EntryStatus
from competitions.rules.lifecycle import EventStatus, require_stage
from competitions.rules.quotas import QuotaExceeded, TeamFull

CHUNK = 400
Pair = tuple[EntryFacts, StandingLine]


async def register_many(
    competition_id: int, facts: Sequence[EntryFacts], *, by: Actor, at: datetime
) -> tuple[int, int]:
    """Register many checked contestants at once; who is there already is brought up to date.

    A contestant is known again by person and event. Return how many were added and how many
    changed. The rows were checked by `registration.checking`; where a race has broken a rule since,
    `QuotaExceeded`, `TeamFull` or `EnteredElsewhere` undoes the whole.
    """
    line = await planning.competition(competition_id)
    require(by, RUNNERS, *line.scopes)
    refuse_outside_window(line, by=by, at=at)
    async with write_transaction():
        await hold_within(competition_id)
        persons = [item.person for item in facts]
        filled = await filling.fill_within(persons, by=by, at=at)
        ids = await people.find_or_add_many_within(persons, by=by, at=at)
        there = await standing.standing(competition_id)
        new = [(item, id_) for item, id_ in zip(facts, ids, strict=True) if id_ not in there]
        known = [(item, there[id_]) for item, id_ in zip(facts, ids, strict=True) if id_ in there]
        await _refuse_drawn(competition_id, {item.event_id for item, _ in new})
        altered, moved = await _move_within(line, known, by=by, at=at)
        if altered:
            there = await standing.standing(competition_id)
            known = [(item, there[old.person_id]) for item, old in known]
        altered |= await _update_within(line, known, by=by, at=at)
        changed = len(altered | (filled & {old.person_id for _, old in known}))
        await insert_within(line, [item for item, _ in new], [id_ for _, id_ in new], by=by, at=at)
        await _refuse_broken(competition_id, [*(item for item, _ in new), *moved])
        await audit.record(
            act=Act.ENTRIES_IMPORTED,
            subject=competition_subject(competition_id),
            by=by,
            at=at,
            after={"added": len(new), "changed": changed, "rows": len(facts)},
        )
    return len(new), changed


async def _move_within(
    line: CompetitionLine, pairs: Sequence[Pair], *, by: Actor, at: datetime
) -> tuple[set[int], list[EntryFacts]]:
    """Move who stands elsewhere than the table says; return of whom it did, and their rows."""
    named = {
        item.delegation: DelegationFacts(name=item.delegation, region_code=item.delegation_region)
        for item, _ in pairs
    }
    names = await add_delegations_within(line.id, list(named.values()), by=by, at=at)
    wanted = {old.id: (item.event_id, names[item.delegation], item.team) for item, old in pairs}
    for item, old in pairs:
        if old.event_id != item.event_id:
            raise EnteredElsewhere(item.person.name, await _event_name(old.event_id))
    gone = [(item, old) for item, old in pairs if wanted[old.id] != moving.place_of(old)]
    if not gone:
        return set(), []
    await _refuse_drawn(line.id, {old.event_id for _, old in gone})
    there = (await standing.standing(line.id)).values()
    moved = await moving.move_within(line.id, there, wanted, by=by, at=at)
    return moved, [item for item, _ in gone]


async def _update_within(
    line: CompetitionLine, pairs: Sequence[Pair], *, by: Actor, at: datetime
) -> set[int]:
    """Write what else changed; return of whom it did."""
    changes = [
        (old, found) for item, old in pairs if (found := differing(old, item, old.delegation_id))
    ]
    await _refuse_drawn(line.id, {old.event_id for old, _ in changes})
    for start in range(0, len(changes), CHUNK):
        await _write_within(line.id, changes[start : start + CHUNK], by=by, at=at)
    return {old.person_id for old, _ in changes}


async def _write_within(
    competition_id: int,
    changes: Sequence[tuple[StandingLine, Mapping[str, Any]]],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Write a chunk of changes with one statement a table, and record them."""
    merged = [
        (old, {name: getattr(old, name) for name in (*OWN, "coach")} | dict(new))
        for old, new in changes
    ]
    columns = ", ".join(f"{name} = v.column{place}" for place, name in enumerate(OWN, start=2))
    # The texts put together here are names of our own columns; every value is a parameter.
    await Contestant.raw(
        f"UPDATE contestant SET {columns} FROM ({_values(len(merged), len(OWN))}) v"  # noqa: S608
        " WHERE contestant.id = v.column1",
        *(value for old, new in merged for value in (old.id, *(new[name] for name in OWN))),
    )
    await _update_entries(merged)
    await audit.record(
        act=Act.ENTRY_CHANGED,
        subject=competition_subject(competition_id),
        by=by,
        at=at,
        before={
            f"contestant {old.id}": {name: getattr(old, name) for name in new}
            for old, new in changes
        },
        after={f"contestant {old.id}": dict(new) for old, new in changes},
    )


async def _update_entries(merged: Sequence[tuple[StandingLine, Mapping[str, Any]]]) -> None:
    """Write coaches; in a team the last row of the table says who coaches it."""
    entries = {old.entry_id: (old, new) for old, new in merged}
    mended = [
        value
        for entry_id, (old, new) in entries.items()
        for value in (
            entry_id,
            new["coach"],
            (EntryStatus.REGISTERED if old.status is EntryStatus.RETURNED else old.status).value,
        )
    ]
    await Entry.raw(
        "UPDATE entry SET coach = v.column2, status = v.column3, version = version + 1"  # noqa: S608
        f" FROM ({_values(len(entries), 2)}) v"
        " WHERE entry.id = v.column1",
        *mended,
    )


def _values(rows: int, texts: int) -> str:
    """Return VALUES of an id and so many texts a row, with types that both databases take."""
    row = "(CAST({} AS BIGINT), " + ", ".join(["CAST({} AS TEXT)"] * texts) + ")"
    return "VALUES " + ", ".join([row] * rows)


async def _refuse_drawn(competition_id: int, event_ids: Set[int]) -> None:
    for event in await planning.events(competition_id):
        if event.id in event_ids:
            require_stage(event.status, EventStatus.PREPARING)


async def _refuse_broken(competition_id: int, written: Sequence[EntryFacts]) -> None:
    """Raise where what was written breaks a quota: somebody else registered meanwhile.

    What stood above a quota before, and was not touched, is no reason to refuse a table.
    """
    places = {(item.event_id, item.delegation) for item in written}
    teams = {(item.event_id, item.team) for item in written}
    rows = await Entry.raw(
        "SELECT v.id, v.name AS event, v.quota, d.name AS delegation"
        " FROM (SELECT event, delegation, COUNT(*) AS found FROM entry"
        " WHERE event IN (SELECT id FROM event WHERE competition = {}) AND status IN ({}, {}, {})"
        " GROUP BY event, delegation) h"
        " JOIN event v ON v.id = h.event JOIN delegation d ON d.id = h.delegation"
        " WHERE h.found > v.quota",
        competition_id,
        *queries.STANDING_VALUES,
    )
    for row in rows:
        if (row["id"], row["delegation"]) in places:
            raise QuotaExceeded(row["delegation"], row["event"], row["quota"])
    rows = await Entry.raw(
        "SELECT v.id, v.name AS event, v.members, e.team"
        " FROM (SELECT entry, COUNT(*) AS found FROM contestant"
        " WHERE competition = {} AND retired_entry = 0 GROUP BY entry HAVING COUNT(*) > 1) h"
        " JOIN entry e ON e.id = h.entry JOIN event v ON v.id = e.event"
        " WHERE h.found > v.members",
        competition_id,
    )
    for row in rows:
        if (row["id"], row["team"]) in teams:
            raise TeamFull(row["team"], row["event"], row["members"])


async def _event_name(event_id: int) -> str:
    return (await planning.event(event_id)).name
