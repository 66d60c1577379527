"""What was published last: for the first page."""

from datetime import datetime

import msgspec

from competitions.results.tables import ResultVersion
from competitions.rules.lifecycle import Division, EventStatus


class Publication(msgspec.Struct, frozen=True):
    """An event whose results are public, and since when."""

    event_id: int
    competition_id: int
    competition: str
    name: str
    division: Division
    published_at: datetime


async def latest_publications(most: int) -> list[Publication]:
    """Return the events published last, the latest first; an amended one stands once."""
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
            ResultVersion.published_at.is_not_null(), event.status == EventStatus.PUBLISHED.value
        )
        .order_by(ResultVersion.published_at, ascending=False)
        .order_by(ResultVersion.id, ascending=False)
        .limit(2 * most)
    )
    once = {row["event_id"]: row for row in reversed(rows)}
    latest = sorted(once.values(), key=lambda row: row["published_at"], reverse=True)
    return msgspec.convert(latest[:most], list[Publication])
