"""Register delegations, entries and judges; vet entries."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from app.accounts import actions as accounts
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.people import actions as people
from app.people.actions import PersonFacts
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import competition_subject, event_subject
from competitions.planning.queries import RUNNERS, CompetitionLine, EventLine
from competitions.registration import queries
from competitions.registration.tables import Contestant, Delegation, Entry, Judge
from competitions.rules.eligibility import EnteredElsewhere, QuotaExceeded, refuse_wrong_age
from competitions.rules.entries import EntryStatus
from competitions.rules.lifecycle import EventStatus, require_stage

CHUNK = 300


class EntryFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as registered: a delegation by name, an event, one contestant."""

    delegation: str
    event_id: int
    person: PersonFacts
    employer: str = ""
    county_code: str | None = None
    coach: str = ""
    delegation_region: str | None = None


class JudgeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One judge as registered: the account is found or made by its sign-in name."""

    sign_in_name: str
    name: str
    employer: str = ""
    qualification: str = ""
    delegation: str = ""


@refusal
class ReasonNeeded(RuleBroken):
    """Returning and refusing say why."""

    says = N_("退回或不予通过时请写明原因。")
    field = "note"


@refusal
class NoSuchEvent(RuleBroken):
    """The event is not of this competition."""

    says = N_("本届大赛没有这个赛项和组别。")
    field = "event"


def entry_subject(entry_id: int) -> str:
    """Return how the journal names an entry."""
    return f"competitions.entry:{entry_id}"


async def add_delegations_within(
    competition_id: int, wanted: dict[str, str | None], *, by: Actor, at: datetime
) -> dict[str, int]:
    """Return the delegations of these names, registering the new ones; values are region codes."""
    rows = await Delegation.select(Delegation.id, Delegation.name).where(
        Delegation.competition == competition_id
    )
    known = {row["name"]: row["id"] for row in rows}
    for name, region in wanted.items():
        if name not in known:
            row = Delegation(
                competition=competition_id,
                name=name,
                region_code=region,
                leader="",
                leader_phone_sealed=None,
                created_at=at,
                version=1,
            )
            await row.save()
            known[name] = row.id
            await audit.record(
                act=Act.DELEGATION_ADDED,
                subject=competition_subject(competition_id),
                by=by,
                at=at,
                after={"name": name, "region_code": region},
            )
    return known


async def register(competition_id: int, facts: EntryFacts, *, by: Actor, at: datetime) -> int:
    """Register one entry and return its id; raise for age, quota, or an entry elsewhere."""
    line = await planning.competition(competition_id)
    require(by, RUNNERS, *line.scopes)
    async with write_transaction():
        event = await _event_of(line, facts.event_id)
        require_stage(event.status, EventStatus.PREPARING)
        refuse_wrong_age(facts.person.birth_on, facts.person.sex, line.starts_on)
        there = await queries.entries(competition_id)
        held = [
            item
            for item in there
            if item.event_id == event.id and item.delegation == facts.delegation
        ]
        if len(held) >= event.quota:
            raise QuotaExceeded(facts.delegation, event.name, event.quota)
        person_id = await people.find_or_add_within(facts.person, by=by, at=at)
        for item in there:
            if any(contestant.person_id == person_id for contestant in item.contestants):
                raise EnteredElsewhere(facts.person.name, item.event)
        await _insert_within(line, [facts], [person_id], by=by, at=at)
        newest = (
            await Entry.select(Entry.id)
            .where(Entry.event == event.id)
            .order_by(Entry.id, ascending=False)
            .first()
        )
        entry_id = int((newest or {"id": 0})["id"])
        await audit.record(
            act=Act.ENTRY_REGISTERED,
            subject=entry_subject(entry_id),
            by=by,
            at=at,
            after={"event": event.id, "delegation": facts.delegation, "name": facts.person.name},
        )
        return entry_id


async def register_many(
    competition_id: int, facts: Sequence[EntryFacts], *, by: Actor, at: datetime
) -> tuple[int, int]:
    """Register many checked entries in one transaction; known contestants are brought up to date.

    Return how many were added and how many changed. The rows were checked against the rules by
    `registration.checking`; a race that broke one since makes the whole fail.
    """
    line = await planning.competition(competition_id)
    require(by, RUNNERS, *line.scopes)
    async with write_transaction():
        ids = await people.find_or_add_many_within([item.person for item in facts], by=by, at=at)
        rows = await Contestant.select(
            Contestant.person, Contestant.id, Contestant.employer, Contestant.county_code
        ).where(Contestant.competition == competition_id)
        known = {row["person"]: row for row in rows}
        new = [(item, id_) for item, id_ in zip(facts, ids, strict=True) if id_ not in known]
        changed = 0
        for item, id_ in zip(facts, ids, strict=True):
            old = known.get(id_)
            if old and (old["employer"], old["county_code"]) != (item.employer, item.county_code):
                await Contestant.update(
                    {Contestant.employer: item.employer, Contestant.county_code: item.county_code}
                ).where(Contestant.id == old["id"])
                changed += 1
        await _insert_within(line, [item for item, _ in new], [id_ for _, id_ in new], by=by, at=at)
        await audit.record(
            act=Act.ENTRY_REGISTERED,
            subject=competition_subject(competition_id),
            by=by,
            at=at,
            after={"added": len(new), "changed": changed},
        )
    return len(new), changed


async def vet(
    entry_id: int, outcome: EntryStatus, *, note: str, seen_version: int, by: Actor, at: datetime
) -> None:
    """Accept, return, refuse or withdraw an entry before the draw."""
    old = await queries.entry(entry_id)
    event = await planning.event(old.event_id)
    require(by, RUNNERS, *event.scopes)
    require_stage(event.status, EventStatus.PREPARING)
    if outcome is not EntryStatus.ACCEPTED and not note.strip():
        raise ReasonNeeded
    async with write_transaction():
        changed = (
            await Entry.update(
                {
                    Entry.status: outcome.value,
                    Entry.note: note.strip(),
                    Entry.version: seen_version + 1,
                }
            )
            .where(Entry.id == entry_id, Entry.version == seen_version)
            .returning(Entry.id)
        )
        if not changed:
            raise Stale
        await audit.record(
            act=Act.ENTRY_CHANGED,
            subject=entry_subject(entry_id),
            by=by,
            at=at,
            reason=note.strip(),
            before={"status": old.status},
            after={"status": outcome},
        )


async def accept_all(event_id: int, *, by: Actor, at: datetime) -> int:
    """Accept every entry of an event that waits; return how many."""
    event = await planning.event(event_id)
    require(by, RUNNERS, *event.scopes)
    async with write_transaction():
        changed = (
            await Entry.update({Entry.status: EntryStatus.ACCEPTED.value})
            .where(Entry.event == event_id, Entry.status == EntryStatus.REGISTERED.value)
            .returning(Entry.id)
        )
        if changed:
            await audit.record(
                act=Act.ENTRY_CHANGED,
                subject=event_subject(event_id),
                by=by,
                at=at,
                before={"status": "registered"},
                after={"status": "accepted", "entries": len(changed)},
            )
        return len(changed)


async def register_judges(
    competition_id: int, facts: Sequence[JudgeFacts], *, by: Actor, at: datetime
) -> tuple[int, dict[str, str]]:
    """Register judges with accounts; return how many were new, and one-time links by sign-in name."""
    line = await planning.competition(competition_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    tokens: dict[str, str] = {}
    async with write_transaction():
        delegations = await add_delegations_within(competition_id, {}, by=by, at=at)
        known = {item.sign_in_name for item in await queries.judges(competition_id)}
        new = [item for item in facts if item.sign_in_name.strip().lower() not in known]
        for item in new:
            account_id = await accounts.account_id_of(item.sign_in_name)
            if account_id is None:
                account_id = await accounts.create_account_within(
                    sign_in_name=item.sign_in_name, name=item.name, by=by, at=at
                )
                tokens[item.sign_in_name] = await accounts.invite_within(account_id, by=by, at=at)
            await Judge(
                competition=competition_id,
                account=account_id,
                name=item.name,
                employer=item.employer,
                qualification=item.qualification,
                delegation=delegations.get(item.delegation),
                registered_at=at,
            ).save()
            await audit.record(
                act=Act.JUDGE_REGISTERED,
                subject=competition_subject(competition_id),
                by=by,
                at=at,
                after={"account": item.sign_in_name, "name": item.name},
            )
    return len(new), tokens


async def _event_of(line: CompetitionLine, event_id: int) -> EventLine:
    event = await planning.event(event_id)
    if event.competition_id != line.id:
        raise NoSuchEvent
    return event


async def _insert_within(
    line: CompetitionLine,
    facts: Sequence[EntryFacts],
    person_ids: Sequence[int],
    *,
    by: Actor,
    at: datetime,
) -> None:
    delegations = await add_delegations_within(
        line.id, {item.delegation: item.delegation_region for item in facts}, by=by, at=at
    )
    for start in range(0, len(facts), CHUNK):
        part, ids = facts[start : start + CHUNK], person_ids[start : start + CHUNK]
        rows = [
            Entry(
                event=item.event_id,
                delegation=delegations[item.delegation],
                status=EntryStatus.REGISTERED.value,
                coach=item.coach,
                note="",
                registered_at=at,
                version=1,
            )
            for item in part
        ]
        made = await Entry.insert(*rows).returning(Entry.id)
        await Contestant.insert(
            *(
                Contestant(
                    entry=row["id"],
                    competition=line.id,
                    person=person_id,
                    name=item.person.name,
                    employer=item.employer,
                    county_code=item.county_code,
                )
                for row, item, person_id in zip(made, part, ids, strict=True)
            )
        )
