"""Create and change competitions, and move them and their events through the stages."""

from datetime import date, datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.people.queries import region_name
from app.rules.actors import Actor, Duty, Scope, region_scopes, require
from app.rules.notice import WORKING_DAYS
from app.storage.engine import hold_name_within, write_transaction
from app.web.clock import SHANGHAI
from competitions.planning import queries
from competitions.planning.queries import EventLine
from competitions.planning.tables import Competition, CompetitionSeries, Event
from competitions.rules.eligibility import YOUNGEST
from competitions.rules.lifecycle import (
    CompetitionStatus,
    EventStatus,
    Level,
    require_stage,
    step_competition,
)


class CompetitionPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a competition's form holds."""

    name: str
    level: Level
    host_region: str
    organizer: str
    host: str
    venue: str
    starts_on: date
    ends_on: date
    entries_open_at: datetime
    entries_close_at: datetime
    youngest: int = YOUNGEST
    oldest: int | None = None
    ages_on: date | None = None
    notice: str = ""
    notice_days: int = WORKING_DAYS
    series: str = ""
    edition: int | None = None


@refusal
class NameTaken(RuleBroken):
    """Another one has this name."""

    says = N_("已有名为“{name}”的项目，请换一个名称。")
    field = "name"
    name: str


@refusal
class RegionOfOthers(RuleBroken):
    """Who moves a competition to another region would hand it away."""

    says = N_("您没有{region}的组织职责，改过去以后就不能再办理本届大赛了。请核对举办地。")
    field = "host_region"
    region: str


@refusal
class WrongDays(RuleBroken):
    """A competition ends on its first day or later."""

    says = N_("结束日期不能早于开赛日期。")
    field = "ends_on"


@refusal
class WrongWindow(RuleBroken):
    """The window for entries runs forwards, and ends before the competition does."""

    says = N_("报名截止应晚于报名开始，并且不晚于比赛结束。")
    field = "entries_close_at"


@refusal
class WrongAges(RuleBroken):
    """The greatest age is not below the least."""

    says = N_("最大年龄不能小于最小年龄。")
    field = "oldest"


@refusal
class NoticeAnnounced(RuleBroken):
    """Results stand in public for as long as was said when the first were published."""

    says = N_("已有赛项公布成绩，公示的工作日数不能再改。")
    field = "notice_days"


def competition_subject(competition_id: int) -> str:
    """Return how the journal names a competition."""
    return f"competitions.competition:{competition_id}"


def event_subject(event_id: int) -> str:
    """Return how the journal names an event."""
    return f"competitions.event:{event_id}"


async def create_competition(plan: CompetitionPlan, *, by: Actor, at: datetime) -> int:
    """Create a competition and return its id."""
    require(by, Duty.ORGANIZER, *region_scopes(plan.host_region))
    _refuse_wrong_days(plan)
    async with write_transaction():
        await hold_name_within("competitions")
        if await Competition.exists().where(Competition.name == plan.name):
            raise NameTaken(plan.name)
        row = Competition(
            **await _columns(plan, at),
            status=CompetitionStatus.PREPARING.value,
            created_at=at,
            version=1,
        )
        await row.save()
        await audit.record(
            act=Act.COMPETITION_CREATED,
            subject=competition_subject(row.id),
            by=by,
            at=at,
            after=msgspec.to_builtins(plan),
        )
        return row.id


async def change_competition(
    competition_id: int, plan: CompetitionPlan, *, seen_version: int, by: Actor, at: datetime
) -> None:
    """Change a competition's facts; the record holds them before and after."""
    old = await queries.competition(competition_id)
    require(by, Duty.ORGANIZER, *old.scopes)
    kept = (Scope("competition", str(competition_id)), *region_scopes(plan.host_region))
    if not by.holds(Duty.ORGANIZER, *kept):
        raise RegionOfOthers(region_name(plan.host_region, is_long=True))
    _refuse_wrong_days(plan)
    async with write_transaction():
        taken = Competition.exists().where(
            Competition.name == plan.name, Competition.id != competition_id
        )
        if await taken:
            raise NameTaken(plan.name)
        columns = await _columns(plan, at)
        await _update_competition(
            competition_id,
            seen_version,
            {getattr(Competition, name): value for name, value in columns.items()},
        )
        if plan.notice_days != old.notice_days and await is_any_published(competition_id):
            raise NoticeAnnounced
        await audit.record(
            act=Act.COMPETITION_CHANGED,
            subject=competition_subject(competition_id),
            by=by,
            at=at,
            before=msgspec.to_builtins(old),
            after=msgspec.to_builtins(plan),
        )


async def step(
    competition_id: int, wanted: CompetitionStatus, *, seen_version: int, by: Actor, at: datetime
) -> None:
    """Announce, start or close a competition."""
    old = await queries.competition(competition_id)
    require(by, Duty.ORGANIZER, *old.scopes)
    step_competition(old.status, wanted)
    async with write_transaction():
        await _update_competition(competition_id, seen_version, {Competition.status: wanted.value})
        await audit.record(
            act=Act.COMPETITION_STEPPED,
            subject=competition_subject(competition_id),
            by=by,
            at=at,
            before={"status": old.status},
            after={"status": wanted},
        )


async def is_any_published(competition_id: int) -> bool:
    """Tell whether the results of any event are public, and a notice was announced."""
    every = await queries.events(competition_id)
    return any(line.status is EventStatus.PUBLISHED for line in every)


async def hold_within(competition_id: int) -> None:
    """Let nobody else register, vet or draw in a competition until this transaction ends."""
    await Competition.raw("UPDATE competition SET version = version WHERE id = {}", competition_id)


async def hold_event_within(event_id: int) -> EventLine:
    """Let nobody else move an event until this transaction ends, and return it as it is now."""
    await Event.raw("UPDATE event SET version = version WHERE id = {}", event_id)
    return await queries.event(event_id)


async def turn_event_within(line: EventLine) -> None:
    """Give an event its next version inside the caller's transaction; raise `Stale` where it moved.

    What is decided about it as it was seen then cannot pass another step unseen.
    """
    changed = (
        await Event.update({Event.version: line.version + 1})
        .where(Event.id == line.id, Event.version == line.version)
        .returning(Event.id)
    )
    if not changed:
        raise Stale


async def stage_event_within(
    line: EventLine,
    wanted: EventStatus,
    *,
    come_from: tuple[EventStatus, ...],
    by: Actor,
    at: datetime,
) -> None:
    """Move an event to a stage inside the caller's transaction; raise `Stale` where it moved."""
    require_stage(line.status, *come_from)
    changed = (
        await Event.update({Event.status: wanted.value, Event.version: line.version + 1})
        .where(Event.id == line.id, Event.version == line.version)
        .returning(Event.id)
    )
    if not changed:
        raise Stale
    await audit.record(
        act=Act.EVENT_STAGED,
        subject=event_subject(line.id),
        by=by,
        at=at,
        before={"status": line.status},
        after={"status": wanted},
    )


async def _columns(plan: CompetitionPlan, at: datetime) -> dict[str, Any]:
    plain = {name: getattr(plan, name) for name in plan.__struct_fields__ if name != "series"}
    return plain | {"level": plan.level.value, "series": await _series(plan.series, at)}


async def _series(name: str, at: datetime) -> int | None:
    if not name.strip():
        return None
    known = (
        await CompetitionSeries.select(CompetitionSeries.id)
        .where(CompetitionSeries.name == name)
        .first()
    )
    if known:
        return int(known["id"])
    row = CompetitionSeries(name=name, created_at=at)
    await row.save()
    return row.id


async def _update_competition(
    competition_id: int, seen_version: int, changes: dict[Any, Any]
) -> None:
    changed = (
        await Competition.update({**changes, Competition.version: seen_version + 1})
        .where(Competition.id == competition_id, Competition.version == seen_version)
        .returning(Competition.id)
    )
    if not changed:
        raise Stale


def _refuse_wrong_days(plan: CompetitionPlan) -> None:
    if plan.ends_on < plan.starts_on:
        raise WrongDays
    closes_on = plan.entries_close_at.astimezone(SHANGHAI).date()
    if plan.entries_close_at <= plan.entries_open_at or closes_on > plan.ends_on:
        raise WrongWindow
    if plan.oldest is not None and plan.oldest < plan.youngest:
        raise WrongAges
