"""Register entries one by one, and mend them before the draw."""

from datetime import datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotFound, RuleBroken, Stale, refusal
from app.people import actions as people
from app.people import filling
from app.people.actions import PersonFacts
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction
from app.web.clock import SHANGHAI
from competitions.planning import queries as planning
from competitions.planning.actions import hold_within
from competitions.planning.queries import RUNNERS, CompetitionLine, EventLine
from competitions.registration import queries, standing
from competitions.registration.admitting import OWN, EntryFacts, insert_within
from competitions.registration.queries import ContestantLine, EntryLine
from competitions.registration.tables import Contestant, Delegation, Entry
from competitions.rules.eligibility import (
    EnteredElsewhere,
    EntriesClosed,
    EntriesNotOpen,
    refuse_wrong_age,
)
from competitions.rules.entries import EntryStatus
from competitions.rules.lifecycle import EventStatus, require_stage
from competitions.rules.quotas import refuse_over_quota, refuse_team


class EntryChange(msgspec.Struct, frozen=True, kw_only=True):
    """What may be mended about one contestant; `person` only where it was somebody else.

    An empty `name` keeps the one that stands.
    """

    name: str = ""
    employer: str = ""
    position: str = ""
    skill_level: str = ""
    skill_certificate: str = ""
    household: str = ""
    clothes_size: str = ""
    diet: str = ""
    county_code: str | None = None
    coach: str = ""
    person: PersonFacts | None = None


@refusal
class NoSuchEvent(RuleBroken):
    """The event is not of this competition."""

    says = N_("本届大赛没有这个赛项和组别。")
    field = "event_id"


def entry_subject(entry_id: int) -> str:
    """Return how the journal names an entry."""
    return f"competitions.entry:{entry_id}"


async def register(competition_id: int, facts: EntryFacts, *, by: Actor, at: datetime) -> int:
    """Register one contestant and return the entry's id.

    Raise for the window, the age, the quota, a full team, or an entry in another event.
    """
    line = await planning.competition(competition_id)
    require(by, RUNNERS, *line.scopes)
    refuse_outside_window(line, by=by, at=at)
    event = await _event_of(line, facts.event_id)
    refuse_wrong_age(facts.person.birth_on, facts.person.sex, line.age_window)
    async with write_transaction():
        await hold_within(competition_id)
        event = await planning.event(event.id)
        require_stage(event.status, EventStatus.PREPARING)
        await _refuse_no_place(line, event, facts)
        await filling.fill_within([facts.person], by=by, at=at)
        person_id = await people.find_or_add_within(facts.person, by=by, at=at)
        elsewhere = await standing.standing_one(competition_id, person_id)
        if elsewhere is not None:
            raise EnteredElsewhere(facts.person.name, elsewhere[1])
        [entry_id] = await insert_within(line, [facts], [person_id], by=by, at=at)
        await audit.record(
            act=Act.ENTRY_REGISTERED,
            subject=entry_subject(entry_id),
            by=by,
            at=at,
            after={
                "event": event.id,
                "delegation": facts.delegation,
                "team": facts.team,
                "name": facts.person.name,
                "is_late": at >= line.entries_close_at,
            },
        )
        return entry_id


def refuse_outside_window(line: CompetitionLine, *, by: Actor, at: datetime) -> None:
    """Raise `EntriesNotOpen` or `EntriesClosed`; an organizer may register somebody late."""
    if by.holds(Duty.ORGANIZER, *line.scopes):
        return
    if at < line.entries_open_at:
        raise EntriesNotOpen(_shown(line.entries_open_at))
    if at >= line.entries_close_at:
        raise EntriesClosed(_shown(line.entries_close_at))


def _shown(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


async def _event_of(line: CompetitionLine, event_id: int) -> EventLine:
    try:
        event = await planning.event(event_id)
    except NotFound:
        raise NoSuchEvent from None
    if event.competition_id != line.id:
        raise NoSuchEvent
    return event


async def _refuse_no_place(line: CompetitionLine, event: EventLine, facts: EntryFacts) -> None:
    row = (
        await Delegation.select(Delegation.id)
        .where(Delegation.competition == line.id, Delegation.name == facts.delegation)
        .first()
    )
    delegation_id = row["id"] if row else 0
    found = (await standing.teams(line.id)).get((event.id, delegation_id, facts.team))
    refuse_team(
        team=facts.team, event=event.name, members=event.members, held=found[1] if found else 0
    )
    if found is None:
        refuse_over_quota(
            delegation=facts.delegation,
            event=event.name,
            most=event.quota,
            held=(await standing.held(line.id)).get((event.id, delegation_id), 0),
        )


async def change_entry(
    contestant_id: int, change: EntryChange, *, seen_version: int, by: Actor, at: datetime
) -> None:
    """Mend a contestant's entry before the draw; a returned entry waits for vetting again."""
    old, one = await _entry_of(contestant_id)
    event = await planning.event(old.event_id)
    line = await planning.competition(event.competition_id)
    require(by, RUNNERS, *event.scopes)
    if change.person is not None:
        refuse_wrong_age(change.person.birth_on, change.person.sex, line.age_window)
    async with write_transaction():
        await hold_within(line.id)
        require_stage((await planning.event(event.id)).status, EventStatus.PREPARING)
        columns: dict[Any, Any] = {getattr(Contestant, name): getattr(change, name) for name in OWN}
        columns |= await _who_within(line.id, one, change, by=by, at=at)
        await Contestant.update(columns).where(Contestant.id == contestant_id)
        is_mended = old.status is EntryStatus.RETURNED
        changed = (
            await Entry.update(
                {
                    Entry.coach: change.coach,
                    Entry.status: EntryStatus.REGISTERED.value if is_mended else old.status.value,
                    Entry.version: seen_version + 1,
                }
            )
            .where(Entry.id == old.id, Entry.version == seen_version)
            .returning(Entry.id)
        )
        if not changed:
            raise Stale
        await audit.record(
            act=Act.ENTRY_CHANGED,
            subject=entry_subject(old.id),
            by=by,
            at=at,
            before=_shown_facts(one, old.coach) | {"name": one.name},
            after=_shown_facts(change, change.coach)
            | {"name": columns.get(Contestant.name, one.name)},
        )


async def _entry_of(contestant_id: int) -> tuple[EntryLine, ContestantLine]:
    row = await Contestant.select(Contestant.entry).where(Contestant.id == contestant_id).first()
    if row is None:
        raise NotFound
    entry = await queries.entry(row["entry"])
    return entry, next(item for item in entry.contestants if item.id == contestant_id)


async def _who_within(
    competition_id: int, one: ContestantLine, change: EntryChange, *, by: Actor, at: datetime
) -> dict[Any, Any]:
    """Return who it is from now on: another person, or the same by a corrected name."""
    if change.person is None:
        if change.name in {"", one.name}:
            return {}
        await people.refuse_name_beside_register(one.person_id, change.name)
        return {Contestant.name: change.name}
    person_id = await people.find_or_add_within(change.person, by=by, at=at)
    elsewhere = await standing.standing_one(competition_id, person_id)
    if person_id != one.person_id and elsewhere is not None:
        raise EnteredElsewhere(change.person.name, elsewhere[1])
    return {Contestant.person: person_id, Contestant.name: change.person.name}


def _shown_facts(facts: ContestantLine | EntryChange, coach: str) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in OWN} | {"coach": coach}
