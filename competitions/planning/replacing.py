"""Put another scheme in force for an event whose own is locked.

Only a carried proposal does so, inside its transaction (`competitions.results.proposals`).
"""

import json
from datetime import datetime

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import Stale
from app.rules.actors import Actor
from competitions.planning import queries
from competitions.planning.actions import event_subject
from competitions.planning.queries import EventLine
from competitions.planning.tables import Event, MarkingScheme
from competitions.rules.scheme import SchemeFacts, digest


async def replace_scheme_within(
    line: EventLine, scheme: SchemeFacts, *, by: Actor, at: datetime
) -> int:
    """Write the next version of a locked scheme, locked itself, and return its number.

    Raise `Stale` where the event moved meanwhile.
    """
    old = await queries.scheme(line.id)
    if old is None:
        raise Stale
    await _turn_within(line)
    definition = msgspec.json.encode(scheme, order="deterministic").decode()
    row = MarkingScheme(
        event=line.id,
        version_number=old.version_number + 1,
        definition=definition,
        sha256=digest(json.loads(definition)),
        created_by=by.name,
        created_at=at,
        locked_at=at,
    )
    await row.save()
    await audit.record(
        act=Act.SCHEME_WRITTEN,
        subject=event_subject(line.id),
        by=by,
        at=at,
        before={"sha256": old.sha256, "version_number": old.version_number},
        after={"sha256": row.sha256, "version_number": row.version_number},
    )
    return row.version_number


async def _turn_within(line: EventLine) -> None:
    """Give the event its next version, so that no other step passes unseen."""
    changed = (
        await Event.update({Event.version: line.version + 1})
        .where(Event.id == line.id, Event.version == line.version)
        .returning(Event.id)
    )
    if not changed:
        raise Stale
