"""Read competitions, events and schemes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from app.errors import NotFound
from app.people.queries import region_name
from app.rules.actors import Actor, Duty, Scope, region_scopes
from app.rules.notice import WORKING_DAYS
from competitions.labels import DIVISIONS
from competitions.planning.tables import Competition, CompetitionSeries, Event, MarkingScheme
from competitions.rules.eligibility import AgeWindow
from competitions.rules.lifecycle import CompetitionStatus, Division, EventStatus, Level
from competitions.rules.scheme import SchemeFacts

RUNNERS = (Duty.ORGANIZER, Duty.REGISTRAR)
AUTHORS = (Duty.ORGANIZER, Duty.CHIEF_JUDGE)
"""Who writes and copies marking schemes."""
PUBLIC = frozenset(
    {CompetitionStatus.ANNOUNCED, CompetitionStatus.UNDER_WAY, CompetitionStatus.CLOSED}
)


class CompetitionLine(msgspec.Struct, frozen=True):
    """A competition in a list, and the head of its pages."""

    id: int
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
    youngest: int
    oldest: int | None
    ages_on: date | None
    notice: str
    notice_days: int
    status: CompetitionStatus
    version: int
    edition: int | None
    series: str | None

    @property
    def host_name(self) -> str:
        return region_name(self.host_region, is_long=True)

    @property
    def scopes(self) -> tuple[Scope, ...]:
        return (Scope("competition", str(self.id)), *region_scopes(self.host_region))

    @property
    def age_window(self) -> AgeWindow:
        return AgeWindow(self.ages_on or self.starts_on, self.youngest, self.oldest)


class EventLine(msgspec.Struct, frozen=True):
    """An event with what its pages say on top."""

    id: int
    competition_id: int
    competition: str
    host_region: str
    starts_on: date
    position: int
    name: str
    division: Division
    occupation_code: str | None
    quota: int
    members: int
    code_levels: int
    rule_set_id: int
    rule_set_code: str
    rule_set_name: str
    rule_set_sha256: str
    rule_set: dict[str, Any]
    status: EventStatus
    version: int

    @property
    def full_name(self) -> str:
        """The name with the division, as certificates and mark sheets say it."""
        return f"{self.name}（{DIVISIONS[self.division]}）"

    @property
    def rule_set_key(self) -> str:
        """The version of the rule set, as forms and addresses name it."""
        return f"{self.rule_set['id']}/{self.rule_set['version']}"

    @property
    def ledger(self) -> str:
        return f"competitions.event:{self.id}"

    @property
    def scopes(self) -> tuple[Scope, ...]:
        places = (Scope("event", str(self.id)), Scope("competition", str(self.competition_id)))
        return (*places, *region_scopes(self.host_region))


class SchemeLine(msgspec.Struct, frozen=True):
    """The scheme of an event that counts."""

    id: int
    version_number: int
    sha256: str
    facts: SchemeFacts
    created_by: str
    created_at: datetime
    locked_at: datetime | None


_COMPETITION = (*Competition._meta.columns, Competition.series._.name.as_alias("series_name"))
_EVENT = (
    Event.id,
    Event.competition.as_alias("competition_id"),
    Event.competition._.name.as_alias("competition"),
    Event.competition._.host_region.as_alias("host_region"),
    Event.competition._.starts_on.as_alias("starts_on"),
    Event.position,
    Event.name,
    Event.division,
    Event.occupation_code,
    Event.quota,
    Event.members,
    Event.code_levels,
    Event.rule_set.as_alias("rule_set_id"),
    Event.rule_set._.code.as_alias("rule_set_code"),
    Event.rule_set._.name.as_alias("rule_set_name"),
    Event.rule_set._.sha256.as_alias("rule_set_sha256"),
    Event.rule_set._.document.as_alias("rule_set"),
    Event.status,
    Event.version,
)


async def competition(competition_id: int) -> CompetitionLine:
    """Return one competition; raise `NotFound`."""
    rows = await Competition.select(*_COMPETITION).where(Competition.id == competition_id)
    if not rows:
        raise NotFound
    return _competition(rows[0])


async def competitions() -> list[CompetitionLine]:
    """Return all competitions, the latest first."""
    rows = (
        await Competition.select(*_COMPETITION)
        .order_by(Competition.starts_on, ascending=False)
        .order_by(Competition.id)
    )
    return [_competition(row) for row in rows]


async def public_competitions() -> list[CompetitionLine]:
    """Return the announced competitions, the latest first."""
    return [line for line in await competitions() if line.status in PUBLIC]


async def spans() -> list[tuple[date, date]]:
    """Return the first and last day of each competition."""
    return [(line.starts_on, line.ends_on) for line in await competitions()]


async def competitions_for(actor: Actor) -> list[CompetitionLine]:
    """Return the competitions in which, or in an event of which, the actor holds a duty."""
    own = {scope.key for scope in actor.scopes_of(*Duty) if scope.kind == "event"}
    rows = await Event.select(Event.competition).where(
        Event.id.is_in([int(key) for key in own] or [0])
    )
    by_event = {row["competition"] for row in rows}
    return [
        line
        for line in await competitions()
        if actor.holds(tuple(Duty), *line.scopes) or line.id in by_event
    ]


async def event(event_id: int) -> EventLine:
    """Return one event; raise `NotFound`."""
    rows = await Event.select(*_EVENT).where(Event.id == event_id)
    if not rows:
        raise NotFound
    return _event(rows[0])


async def events(competition_id: int) -> list[EventLine]:
    """Return the events of a competition in order."""
    rows = (
        await Event.select(*_EVENT)
        .where(Event.competition == competition_id)
        .order_by(Event.position)
        .order_by(Event.id)
    )
    return [_event(row) for row in rows]


async def every_event() -> list[EventLine]:
    """Return the events of all competitions, those of the latest competition first."""
    rows = (
        await Event.select(*_EVENT)
        .order_by(Event.competition._.starts_on, ascending=False)
        .order_by(Event.competition)
        .order_by(Event.position)
        .order_by(Event.id)
    )
    return [_event(row) for row in rows]


async def series_names() -> list[str]:
    """Return the names of all series."""
    rows = await CompetitionSeries.select(CompetitionSeries.name).order_by(CompetitionSeries.name)
    return [row["name"] for row in rows]


async def scheme(event_id: int) -> SchemeLine | None:
    """Return the newest scheme of an event, None before the first."""
    row = (
        await MarkingScheme.select()
        .where(MarkingScheme.event == event_id)
        .order_by(MarkingScheme.version_number, ascending=False)
        .first()
    )
    return None if row is None else scheme_line(row)


async def schemed(event_ids: Iterable[int]) -> set[int]:
    """Return which events have a scheme."""
    ids = list(event_ids)
    rows = await MarkingScheme.select(MarkingScheme.event).where(
        MarkingScheme.event.is_in(ids or [0])
    )
    return {row["event"] for row in rows}


def scheme_line(row: Mapping[str, Any]) -> SchemeLine:
    """Return a row of the table of schemes as it is read."""
    facts = msgspec.json.decode(row["definition"], type=SchemeFacts)
    return msgspec.convert({**row, "facts": facts}, SchemeLine)


def _competition(row: Mapping[str, Any]) -> CompetitionLine:
    read = {"series": row["series_name"], "notice_days": row["notice_days"] or WORKING_DAYS}
    return msgspec.convert({**row, **read}, CompetitionLine)


def _event(row: Mapping[str, Any]) -> EventLine:
    return msgspec.convert({**row, "rule_set": json.loads(row["rule_set"])}, EventLine)


def may_run(actor: Actor, line: CompetitionLine | EventLine) -> bool:
    """Tell whether the actor organizes this."""
    return actor.holds(RUNNERS, *line.scopes)


async def seen_competition(
    competition_id: int, actor: Actor, duties: Sequence[Duty] = tuple(Duty)
) -> CompetitionLine:
    """Return a competition in which, or in an event of which, the actor holds one of some duties.

    Raise `NotFound` for any other: a guard knows only that the duty is held somewhere.
    """
    line = await competition(competition_id)
    if actor.holds(tuple(duties), *line.scopes):
        return line
    own = {scope.key for scope in actor.scopes_of(*duties) if scope.kind == "event"}
    if not any(str(item.id) in own for item in await events(competition_id)):
        raise NotFound
    return line


async def seen_event(
    event_id: int, actor: Actor, duties: Sequence[Duty] = tuple(Duty)
) -> EventLine:
    """Return an event in which the actor holds one of some duties; raise `NotFound`."""
    line = await event(event_id)
    if not actor.holds(tuple(duties), *line.scopes):
        raise NotFound
    return line


def by_trade(lines: Iterable[EventLine]) -> list[tuple[str, list[EventLine]]]:
    """Gather events of one name that are held, which differ by division, in their order."""
    found: dict[str, list[EventLine]] = {}
    for line in lines:
        if line.status is EventStatus.CALLED_OFF:
            continue
        found.setdefault(line.name, []).append(line)
    return list(found.items())
