"""Create competitions and events, write schemes, bind rule sets, move through the stages."""

import json
from datetime import date, datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction
from competitions.planning import queries
from competitions.planning.queries import EventLine, region_scopes
from competitions.planning.tables import (
    Competition,
    CompetitionSeries,
    Event,
    MarkingScheme,
    RuleSetVersion,
)
from competitions.rules.lifecycle import (
    CompetitionStatus,
    Division,
    EventStatus,
    Level,
    require_stage,
    step_competition,
)
from competitions.rules.rule_sets import PRESETS
from competitions.rules.scheme import SchemeFacts, digest, refuse_incomplete


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
    notice: str = ""
    series: str = ""
    edition: int | None = None


class EventPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What an event's form holds; `rule_set` is a preset's code."""

    name: str
    division: Division
    rule_set: str = "rural-national"
    occupation_code: str | None = None
    quota: int = 1
    members: int = 1


@refusal
class NameTaken(RuleBroken):
    """Another one has this name."""

    says = N_("已有名为“{name}”的项目，请换一个名称。")
    field = "name"
    name: str


@refusal
class WrongDays(RuleBroken):
    """The days run forwards."""

    says = N_("日期顺序不对：报名开始应早于截止，比赛结束不早于开始。")
    field = "ends_on"


@refusal
class SchemeLocked(RuleBroken):
    """The first mark locks a scheme."""

    says = N_("已经开始评分，评分标准不能再改。")
    field = "scheme"


@refusal
class UnknownRuleSet(RuleBroken):
    """There is no such rule set."""

    says = N_("没有这套评分规则，请从列出的规则中选择。")
    field = "rule_set"


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
    _refuse_wrong_days(plan)
    async with write_transaction():
        columns = await _columns(plan, at)
        await _update_competition(
            competition_id,
            seen_version,
            {getattr(Competition, name): value for name, value in columns.items()},
        )
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


async def create_event(competition_id: int, plan: EventPlan, *, by: Actor, at: datetime) -> int:
    """Create an event of a competition for one division and return its id."""
    line = await queries.competition(competition_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    async with write_transaction():
        there = await queries.events(competition_id)
        if any((item.name, item.division) == (plan.name, plan.division) for item in there):
            raise NameTaken(plan.name)
        row = Event(
            competition=competition_id,
            position=len(there) + 1,
            name=plan.name,
            division=plan.division.value,
            occupation_code=plan.occupation_code,
            quota=plan.quota,
            members=plan.members,
            rule_set=await rule_set_within(plan.rule_set, at),
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


async def rule_set_within(code: str, at: datetime) -> int:
    """Return the row of a preset's rule set, written down once by its hash."""
    if code not in PRESETS:
        raise UnknownRuleSet
    name, document = PRESETS[code]
    sha256 = digest(document)
    known = (
        await RuleSetVersion.select(RuleSetVersion.id)
        .where(RuleSetVersion.sha256 == sha256)
        .first()
    )
    if known:
        return int(known["id"])
    row = RuleSetVersion(
        code=code,
        version_number=document["version"],
        name=name,
        document=json.dumps(document, ensure_ascii=False),
        sha256=sha256,
        created_at=at,
    )
    await row.save()
    return row.id


async def write_scheme(event_id: int, scheme: SchemeFacts, *, by: Actor, at: datetime) -> int:
    """Write the next version of an event's scheme and return its number.

    Raise `SchemeLocked` once marking has begun, `SchemeIncomplete` for one that cannot be marked.
    """
    line = await queries.event(event_id)
    require(by, (Duty.ORGANIZER, Duty.CHIEF_JUDGE), *line.scopes)
    refuse_incomplete(scheme)
    async with write_transaction():
        old = await queries.scheme(event_id)
        if old is not None and old.locked_at is not None:
            raise SchemeLocked
        definition = msgspec.json.encode(scheme, order="deterministic").decode()
        row = MarkingScheme(
            event=event_id,
            version_number=old.version_number + 1 if old else 1,
            definition=definition,
            sha256=digest(json.loads(definition)),
            created_by=by.name,
            created_at=at,
            locked_at=None,
        )
        await row.save()
        await audit.record(
            act=Act.SCHEME_WRITTEN,
            subject=event_subject(event_id),
            by=by,
            at=at,
            before={"sha256": old.sha256} if old else None,
            after={"sha256": row.sha256, "version_number": row.version_number},
        )
        return row.version_number


async def lock_scheme_within(event_id: int, at: datetime) -> None:
    """Lock the scheme that counts; the first mark sheet does so."""
    await MarkingScheme.update({MarkingScheme.locked_at: at}).where(
        MarkingScheme.event == event_id, MarkingScheme.locked_at.is_null()
    )


async def stage_event_within(
    line: EventLine,
    wanted: EventStatus,
    *,
    come_from: tuple[EventStatus, ...],
    by: Actor,
    at: datetime,
) -> None:
    """Move an event to a stage inside the caller's transaction; raise `Stale` where it moved meanwhile."""
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
    if plan.ends_on < plan.starts_on or plan.entries_close_at <= plan.entries_open_at:
        raise WrongDays
