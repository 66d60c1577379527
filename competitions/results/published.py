"""What was published of an event, and what was published last."""

from datetime import datetime

import msgspec

from app.errors import NotFound
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.results import queries
from competitions.results.queries import ResultLine
from competitions.results.tables import ResultVersion
from competitions.rules.lifecycle import CompetitionStatus, Division, EventStatus


class Publication(msgspec.Struct, frozen=True):
    """An event whose results are public, and since when."""

    event_id: int
    competition_id: int
    competition: str
    name: str
    division: Division
    published_at: datetime


async def published_result(event_id: int) -> ResultLine | None:
    """Return what the public reads of an event: the newest computation that was published."""
    return await queries.newest(
        (ResultVersion.event == event_id) & ResultVersion.published_at.is_not_null()
    )


async def public_event(competition_id: int, event_id: int) -> tuple[EventLine, ResultLine]:
    """Return an event with the results that anybody may read; raise `NotFound` for none."""
    line = await planning.event(event_id)
    competition = await planning.competition(line.competition_id)
    result = await published_result(event_id)
    if (
        line.competition_id != competition_id
        or competition.status is CompetitionStatus.PREPARING
        or line.status is not EventStatus.PUBLISHED
        or result is None
    ):
        raise NotFound
    return line, result


async def latest_publications(most: int) -> list[Publication]:
    """Return the events published last that anybody may read, the latest first, each once."""
    event = ResultVersion.event._
    rows = (
        await ResultVersion.select(
            ResultVersion.event.as_alias("event_id"),
            event.competition.as_alias("competition_id"),
            event.competition._.name.as_alias("competition"),
            event.name.as_alias("name"),
            event.division.as_alias("division"),
            ResultVersion.published_at,
        )
        .where(
            ResultVersion.published_at.is_not_null(),
            event.status == EventStatus.PUBLISHED.value,
            event.competition._.status != CompetitionStatus.PREPARING.value,
        )
        .order_by(ResultVersion.published_at, ascending=False)
        .order_by(ResultVersion.id, ascending=False)
        .limit(2 * most)
    )
    once = {row["event_id"]: row for row in reversed(rows)}
    latest = sorted(once.values(), key=lambda row: row["published_at"], reverse=True)
    return msgspec.convert(latest[:most], list[Publication])
