"""The results of an event as a kind of export (see `app.imports`)."""

from datetime import datetime
from functools import partial

from anyio import to_thread

from app.errors import N_, NotFound
from app.imports.registry import Exporter
from app.rules.actors import Actor, Scope
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.results import amending, queries, workbooks
from competitions.results.queries import ResultLine
from competitions.rules.duties import READING


async def readable(event_id: int, actor: Actor) -> EventLine:
    """Return an event whose results the actor may read before they are public."""
    line = await planning.event(event_id)
    if not actor.holds(READING, *line.scopes):
        raise NotFound
    return line


async def computed(event_id: int, actor: Actor) -> tuple[EventLine, ResultLine]:
    """Return an event with the results on its desk; raise `NotFound` where none were computed."""
    line = await readable(event_id, actor)
    result = await amending.shown(line)
    if result is None:
        raise NotFound
    return line, result


async def results_workbook(event_id: int, by: Actor) -> bytes:
    """Return the results as a workbook; names only once the code book is open."""
    line, result = await computed(event_id, by)
    places = await queries.places(line, result)
    is_open = line.status in queries.OPEN
    return await to_thread.run_sync(partial(workbooks.workbook, places, is_open=is_open))


async def _workbook(scope: Scope, by: Actor, at: datetime) -> bytes:
    return await results_workbook(int(scope.key), by)


EXPORTER = Exporter("results", N_("成绩表"), "event", _workbook)
