"""Competitions and events as scopes of duties (see `app.accounts.scope_names`)."""

from collections.abc import Sequence

from app.accounts.scope_names import Place, ScopeKind
from app.web.locale import heading
from competitions.planning import queries
from competitions.planning.queries import CompetitionLine, EventLine


def _competition(line: CompetitionLine) -> Place:
    return Place(line.scopes[0], line.name, line.scopes, heading("大赛"))


def _event(line: EventLine) -> Place:
    return Place(line.scopes[0], line.full_name, line.scopes, line.competition)


async def _one_competition(key: str) -> Place:
    return _competition(await queries.competition(int(key)))


async def _one_event(key: str) -> Place:
    return _event(await queries.event(int(key)))


async def _competitions() -> Sequence[Place]:
    return [_competition(line) for line in await queries.competitions()]


async def _events() -> Sequence[Place]:
    return [_event(line) for line in await queries.every_event()]


COMPETITIONS = ScopeKind(_one_competition, _competitions)
EVENTS = ScopeKind(_one_event, _events)
