"""资格审查: accept, return, refuse and withdraw entries, one by one or many at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.rules.actors import Actor, require
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject, hold_within
from competitions.planning.queries import RUNNERS, EventLine
from competitions.registration import queries, standing
from competitions.registration.actions import entry_subject
from competitions.registration.queries import EntryLine
from competitions.registration.tables import Contestant, Entry
from competitions.rules.eligibility import EnteredElsewhere
from competitions.rules.entries import STANDING, EntryStatus, step_entry
from competitions.rules.lifecycle import EventStatus, require_stage
from competitions.rules.quotas import TeamIncomplete, refuse_over_quota


@refusal
class TeamStandsAgain(RuleBroken):
    """A delegation has one team of a name in an event."""

    says = N_("参赛队“{team}”已经重新报名，原来的报名不能再恢复。")
    field = "status"
    team: str


@refusal
class NothingChosen(RuleBroken):
    """Somebody must be chosen."""

    says = N_("请先勾选要办理的报名。")


async def vet(
    entry_id: int, outcome: EntryStatus, *, note: str, seen_version: int, by: Actor, at: datetime
) -> None:
    """Accept, return, refuse, withdraw or take up again an entry before the draw."""
    old = await queries.entry(entry_id)
    event = await planning.event(old.event_id)
    require(by, RUNNERS, *event.scopes)
    async with write_transaction():
        await hold_within(event.competition_id)
        event = await planning.event(event.id)
        require_stage(event.status, EventStatus.PREPARING)
        old = await queries.entry(entry_id)
        if old.version != seen_version:
            raise Stale
        step_entry(old.status, outcome, note=note)
        if outcome is EntryStatus.ACCEPTED:
            _refuse_incomplete_team(old, event)
        if (outcome in STANDING) != (old.status in STANDING):
            await _change_place_within(old, event, is_back=outcome in STANDING)
        changed = (
            await Entry.update(_decision(outcome, note, by, at) | {Entry.version: seen_version + 1})
            .where(Entry.id == entry_id, Entry.version == seen_version)
            .returning(Entry.id)
        )
        if not changed:
            raise Stale
        await audit.record(
            act=Act.ENTRY_VETTED,
            subject=entry_subject(entry_id),
            by=by,
            at=at,
            reason=note.strip(),
            before={"status": old.status},
            after={"status": outcome},
        )


def _decision(outcome: EntryStatus, note: str, by: Actor, at: datetime) -> dict[Any, Any]:
    return {
        Entry.status: outcome.value,
        Entry.note: note.strip(),
        Entry.vetted_at: at,
        Entry.vetted_by: by.name,
    }


def _refuse_incomplete_team(entry: EntryLine, event: EventLine) -> None:
    if len(entry.contestants) < event.members:
        raise TeamIncomplete(entry.team, len(entry.contestants), event.members)


async def _change_place_within(entry: EntryLine, event: EventLine, *, is_back: bool) -> None:
    """Free the place of an entry that falls, or take it again for one that comes back."""
    if is_back:
        held = await standing.held(event.competition_id)
        refuse_over_quota(
            delegation=entry.delegation,
            event=event.name,
            most=event.quota,
            held=held.get((event.id, entry.delegation_id), 0),
        )
        team = (event.id, entry.delegation_id, entry.team)
        if entry.team and team in await standing.teams(event.competition_id):
            raise TeamStandsAgain(entry.team)
        for one in entry.contestants:
            elsewhere = await standing.standing_one(event.competition_id, one.person_id)
            if elsewhere is not None:
                raise EnteredElsewhere(one.name, elsewhere[1])
    await Contestant.update({Contestant.retired_entry: 0 if is_back else entry.id}).where(
        Contestant.entry == entry.id
    )


async def accept_all(event_id: int, *, by: Actor, at: datetime) -> int:
    """Accept every whole entry of an event that waits for its first vetting; return how many."""
    event = await planning.event(event_id)
    require(by, RUNNERS, *event.scopes)
    async with write_transaction():
        await hold_within(event.competition_id)
        event = await planning.event(event_id)
        require_stage(event.status, EventStatus.PREPARING)
        waiting = [
            item.id
            for item in await queries.entries_of_event(event_id)
            if item.status is EntryStatus.REGISTERED and len(item.contestants) >= event.members
        ]
        return await _accept_within(event, waiting, by=by, at=at)


async def accept_chosen(
    competition_id: int, entry_ids: Sequence[int], *, by: Actor, at: datetime
) -> int:
    """Accept the chosen entries of a competition that still wait; return how many."""
    line = await planning.competition(competition_id)
    require(by, RUNNERS, *line.scopes)
    if not entry_ids:
        raise NothingChosen
    accepted = 0
    async with write_transaction():
        await hold_within(competition_id)
        for event in await planning.events(competition_id):
            chosen = [
                item
                for item in await queries.entries_of_event(event.id)
                if item.id in set(entry_ids)
                and item.status in {EntryStatus.REGISTERED, EntryStatus.RETURNED}
            ]
            if not chosen:
                continue
            require_stage(event.status, EventStatus.PREPARING)
            for item in chosen:
                _refuse_incomplete_team(item, event)
            accepted += await _accept_within(event, [item.id for item in chosen], by=by, at=at)
        if not accepted:
            raise NothingChosen
    return accepted


async def _accept_within(
    event: EventLine, entry_ids: Sequence[int], *, by: Actor, at: datetime
) -> int:
    if not entry_ids:
        return 0
    changed = (
        await Entry.update(
            {**_decision(EntryStatus.ACCEPTED, "", by, at), Entry.version: Entry.version + 1}
        )
        .where(Entry.id.is_in(list(entry_ids)))
        .returning(Entry.id)
    )
    await audit.record(
        act=Act.ENTRY_VETTED,
        subject=event_subject(event.id),
        by=by,
        at=at,
        after={"status": "accepted", "entries": [row["id"] for row in changed]},
    )
    return len(changed)
