"""Every version of a scheme, what they called their aspects, and the schemes that can be copied."""

from app.rules.actors import Actor
from competitions.planning import queries
from competitions.planning.queries import EventLine, SchemeLine
from competitions.planning.tables import MarkingScheme


async def versions(event_id: int) -> list[SchemeLine]:
    """Return every version of an event's scheme, the newest first."""
    rows = (
        await MarkingScheme.select()
        .where(MarkingScheme.event == event_id)
        .order_by(MarkingScheme.version_number, ascending=False)
    )
    return [queries.scheme_line(row) for row in rows]


async def aspect_ids(event_id: int) -> list[str]:
    """Return every identifier that an aspect of any version has had: none is given twice."""
    found = (line.facts.aspects() for line in await versions(event_id))
    return sorted({aspect.id for aspects in found for aspect in aspects})


async def scheme_sources(line: EventLine, actor: Actor) -> list[EventLine]:
    """Return the other events whose schemes the actor may copy, this competition's first."""
    found: list[EventLine] = []
    for item in await queries.competitions_for(actor):
        own = [
            event
            for event in await queries.events(item.id)
            if actor.holds(queries.AUTHORS, *event.scopes)
        ]
        found = own + found if item.id == line.competition_id else found + own
    there = await queries.schemed(item.id for item in found)
    return [item for item in found if item.id in there and item.id != line.id]
