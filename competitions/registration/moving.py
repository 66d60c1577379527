"""Move entries and contestants to where a corrected list wants them (see `rules.moves`)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_
from app.rules.actors import Actor
from app.storage.rows import insert_values
from competitions.planning.actions import competition_subject
from competitions.registration.standing import StandingLine
from competitions.registration.tables import Contestant, Entry
from competitions.rules.entries import EntryStatus
from competitions.rules.moves import Place, moves_of

EMPTIED = N_("选手都改到了别的参赛队")
"""Why an entry that nobody is left in is withdrawn, in Chinese like every record."""


async def move_within(
    competition_id: int,
    lines: Iterable[StandingLine],
    wanted: Mapping[int, Place],
    *,
    by: Actor,
    at: datetime,
) -> set[int]:
    """Move contestants to the delegations (by id) and teams that are wanted; return who moved."""
    known = {item.id: item for item in lines}
    there = {item.id: (item.entry_id, place_of(item)) for item in known.values()}
    moves = moves_of(there, wanted)
    returned = {item.entry_id for item in known.values() if item.status is EntryStatus.RETURNED}
    for entry_id, (_, delegation_id, team) in moves.whole.items():
        again = {Entry.status: EntryStatus.REGISTERED.value} if entry_id in returned else {}
        await _update(entry_id, {Entry.delegation: delegation_id, Entry.team: team, **again})
    targets = {
        place: entry_id
        for entry_id, place in there.values()
        if place[2] and entry_id not in moves.whole
    } | {place: entry_id for entry_id, place in moves.whole.items() if place[2]}
    for one, place in moves.single.items():
        if place not in targets:
            targets[place] = await _new_entry(known[one], place, by=by, at=at)
        await Contestant.update({Contestant.entry: targets[place]}).where(Contestant.id == one)
    touched = {there[one][0] for one in moves.single} | {
        targets[to] for to in moves.single.values()
    }
    for entry_id in sorted(touched):
        is_left = entry_id in moves.emptied
        status = EntryStatus.WITHDRAWN if is_left else EntryStatus.REGISTERED
        note = {Entry.note: EMPTIED} if is_left else {}
        await _update(entry_id, {Entry.status: status.value, **note})
    moved = [
        item for item in known.values() if item.id in moves.single or item.entry_id in moves.whole
    ]
    if moved:
        await _record(competition_id, moved, wanted, by=by, at=at)
    return {item.person_id for item in moved}


def place_of(line: StandingLine) -> Place:
    """Return where a contestant stands."""
    return (line.event_id, line.delegation_id, line.team)


async def _update(entry_id: int, columns: dict[Any, Any]) -> None:
    await Entry.update({**columns, Entry.version: Entry.version + 1}).where(Entry.id == entry_id)


async def _new_entry(line: StandingLine, place: Place, *, by: Actor, at: datetime) -> int:
    event_id, delegation_id, team = place
    columns = ("event", "delegation", "team", "coach", "status", "note")
    row = (event_id, delegation_id, team, line.coach, EntryStatus.REGISTERED.value, "")
    own = ("registered_at", "registered_by", "version")
    [entry_id] = await insert_values(Entry, (*columns, *own), [(*row, at, by.name, 1)])
    return entry_id


async def _record(
    competition_id: int,
    moved: Sequence[StandingLine],
    wanted: Mapping[int, Place],
    *,
    by: Actor,
    at: datetime,
) -> None:
    def shown(place: Place) -> dict[str, Any]:
        return {"delegation_id": place[1], "team": place[2]}

    await audit.record(
        act=Act.ENTRY_CHANGED,
        subject=competition_subject(competition_id),
        by=by,
        at=at,
        before={f"contestant {item.id}": shown(place_of(item)) for item in moved},
        after={f"contestant {item.id}": shown(wanted[item.id]) for item in moved},
    )
