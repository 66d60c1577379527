"""Create, change and copy events, and bind them to rule sets."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction
from competitions.planning import queries, rule_sets, schemes
from competitions.planning.actions import NameTaken, event_subject, hold_within
from competitions.planning.queries import EventLine
from competitions.planning.tables import Event
from competitions.rules.lifecycle import Division, EventStatus, require_stage


class EventPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What an event's form holds; `rule_set` is a preset's code or a version's key."""

    name: str
    division: Division
    rule_set: str = "rural-national"
    occupation_code: str | None = None
    quota: int = 1
    members: int = 1
    code_levels: int = 1


Fit = Callable[[EventLine, EventPlan], Awaitable[None]]
_fits: list[Fit] = []


def must_fit(refuse: Fit) -> None:
    """Let a later stage refuse a plan that does not hold what it has written for the event."""
    _fits.append(refuse)


@refusal
class FixedByDraw(RuleBroken):
    """Once codes were drawn, only names and the rule set may still change."""

    says = N_("已经抽签，组别、名额、人数和加密级数不能再改。")
    field = "division"


@refusal
class NameCalledOff(RuleBroken):
    """An event that was called off keeps its name: it can be taken up again."""

    says = N_("名为“{name}”的赛项已经停办。要举办，请打开那个赛项，点“恢复本赛项”；不必另建。")
    field = "name"
    name: str


@refusal
class NothingToCopy(RuleBroken):
    """The other competition has no event that is not here already."""

    says = N_("那一届大赛没有可以复制的赛项，或者已全部在本届中。")
    field = "source"


async def create_event(competition_id: int, plan: EventPlan, *, by: Actor, at: datetime) -> int:
    """Create an event of a competition for one division and return its id."""
    line = await queries.competition(competition_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    async with write_transaction():
        return await _create_within(
            competition_id, plan, await rule_sets.version_within(plan.rule_set, at), by=by, at=at
        )


async def _create_within(
    competition_id: int, plan: EventPlan, rule_set_id: int, *, by: Actor, at: datetime
) -> int:
    there = await queries.events(competition_id)
    _refuse_taken(plan, there)
    row = Event(
        competition=competition_id,
        position=max((item.position for item in there), default=0) + 1,
        name=plan.name,
        division=plan.division.value,
        occupation_code=plan.occupation_code,
        quota=plan.quota,
        members=plan.members,
        code_levels=plan.code_levels,
        rule_set=rule_set_id,
        status=EventStatus.PREPARING.value,
        version=1,
    )
    await row.save()
    await audit.record(
        act=Act.EVENT_CREATED,
        subject=event_subject(row.id),
        by=by,
        at=at,
        after=msgspec.to_builtins(plan),
    )
    return row.id


async def change_event(
    event_id: int, plan: EventPlan, *, seen_version: int, by: Actor, at: datetime
) -> None:
    """Change an event before marking; after the draw only its name, occupation and rule set."""
    old = await queries.event(event_id)
    require(by, Duty.ORGANIZER, *old.scopes)
    require_stage(old.status, EventStatus.PREPARING, EventStatus.DRAWN)
    fixed = ("division", "quota", "members", "code_levels")
    if old.status is EventStatus.DRAWN and any(
        getattr(old, name) != getattr(plan, name) for name in fixed
    ):
        raise FixedByDraw
    async with write_transaction():
        await _refuse_unfit_within(old, plan)
        changed = (
            await Event.update(
                {
                    Event.name: plan.name,
                    Event.division: plan.division.value,
                    Event.occupation_code: plan.occupation_code,
                    Event.quota: plan.quota,
                    Event.members: plan.members,
                    Event.code_levels: plan.code_levels,
                    Event.rule_set: await rule_sets.version_within(plan.rule_set, at),
                    Event.version: seen_version + 1,
                }
            )
            .where(Event.id == event_id, Event.version == seen_version)
            .returning(Event.id)
        )
        if not changed:
            raise Stale
        await audit.record(
            act=Act.EVENT_CHANGED,
            subject=event_subject(event_id),
            by=by,
            at=at,
            before=msgspec.to_builtins(plan_of(old)),
            after=msgspec.to_builtins(plan),
        )


async def _refuse_unfit_within(old: EventLine, plan: EventPlan) -> None:
    await hold_within(old.competition_id)
    there = await queries.events(old.competition_id)
    _refuse_taken(plan, [item for item in there if item.id != old.id])
    for refuse in _fits:
        await refuse(old, plan)


def _refuse_taken(plan: EventPlan, others: Iterable[EventLine]) -> None:
    for item in others:
        if (item.name, item.division) == (plan.name, plan.division):
            is_off = item.status is EventStatus.CALLED_OFF
            raise NameCalledOff(plan.name) if is_off else NameTaken(plan.name)


async def copy_event(
    event_id: int, *, name: str, division: Division, by: Actor, at: datetime
) -> int:
    """Copy an event with its scheme within its competition, to another name or division."""
    line = await queries.event(event_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    async with write_transaction():
        plan = msgspec.structs.replace(plan_of(line), name=name, division=division)
        return await _copy_within(line, line.competition_id, plan, by=by, at=at)


async def copy_events(competition_id: int, source_id: int, *, by: Actor, at: datetime) -> int:
    """Copy the events of another competition with their schemes; return how many were new.

    What was called off there is left out.
    """
    line = await queries.competition(competition_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    source = await queries.competition(source_id)
    require(by, Duty.ORGANIZER, *source.scopes)
    async with write_transaction():
        there = {(item.name, item.division) for item in await queries.events(competition_id)}
        new = [
            item
            for item in await queries.events(source_id)
            if (item.name, item.division) not in there and item.status is not EventStatus.CALLED_OFF
        ]
        if not new:
            raise NothingToCopy
        for item in new:
            await _copy_within(item, competition_id, plan_of(item), by=by, at=at)
        return len(new)


async def _copy_within(
    source: EventLine, competition_id: int, plan: EventPlan, *, by: Actor, at: datetime
) -> int:
    new_id = await _create_within(competition_id, plan, source.rule_set_id, by=by, at=at)
    scheme = await queries.scheme(source.id)
    if scheme is not None:
        await schemes.write_within(new_id, scheme.facts, by=by, at=at)
    return new_id


def plan_of(line: EventLine) -> EventPlan:
    """Return the plan that an event stands for."""
    return EventPlan(
        name=line.name,
        division=line.division,
        rule_set=line.rule_set_key,
        occupation_code=line.occupation_code,
        quota=line.quota,
        members=line.members,
        code_levels=line.code_levels,
    )
