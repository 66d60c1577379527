"""Write, copy and lock schemes: each change is a version, the first mark locks the newest."""

import json
from datetime import datetime

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction
from competitions.planning import queries
from competitions.planning.actions import event_subject
from competitions.planning.tables import MarkingScheme
from competitions.rules.scheme import SchemeFacts, digest
from competitions.rules.scheme_checks import refuse_incomplete

AUTHORS = (Duty.ORGANIZER, Duty.CHIEF_JUDGE)


@refusal
class SchemeLocked(RuleBroken):
    """The first mark locks a scheme."""

    says = N_("已经开始评分，评分标准不能再改。")
    field = "scheme"


@refusal
class NoSchemeThere(RuleBroken):
    """The other event has no scheme to copy."""

    says = N_("“{name}”还没有评分标准，无法复制。")
    field = "source"
    name: str


@refusal
class SchemeUnchanged(RuleBroken):
    """What was sent is the scheme that counts already."""

    says = N_("内容与现行的评分标准完全相同，没有存新版本。")
    field = "scheme"


async def write_scheme(event_id: int, scheme: SchemeFacts, *, by: Actor, at: datetime) -> int:
    """Write the next version of an event's scheme and return its number.

    Raise `SchemeLocked` once marking has begun, `SchemeIncomplete` for one that cannot be marked.
    """
    line = await queries.event(event_id)
    require(by, AUTHORS, *line.scopes)
    async with write_transaction():
        return await write_within(event_id, scheme, by=by, at=at)


async def copy_scheme(event_id: int, source_id: int, *, by: Actor, at: datetime) -> int:
    """Make another event's scheme the next version of this one's; return its number."""
    line, source = await queries.event(event_id), await queries.event(source_id)
    require(by, AUTHORS, *line.scopes)
    require(by, AUTHORS, *source.scopes)
    found = await queries.scheme(source_id)
    if found is None:
        raise NoSchemeThere(source.name)
    async with write_transaction():
        return await write_within(event_id, found.facts, by=by, at=at)


async def write_within(event_id: int, scheme: SchemeFacts, *, by: Actor, at: datetime) -> int:
    """Write a scheme's next version inside the caller's transaction."""
    refuse_incomplete(scheme)
    old = await queries.scheme(event_id)
    if old is not None and old.locked_at is not None:
        raise SchemeLocked
    definition = msgspec.json.encode(scheme, order="deterministic").decode()
    sha256 = digest(json.loads(definition))
    if old is not None and old.sha256 == sha256:
        raise SchemeUnchanged
    row = MarkingScheme(
        event=event_id,
        version_number=old.version_number + 1 if old else 1,
        definition=definition,
        sha256=sha256,
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
        after={"sha256": sha256, "version_number": row.version_number},
    )
    return row.version_number


async def lock_scheme_within(event_id: int, at: datetime) -> None:
    """Lock the scheme that counts; the first mark sheet does so."""
    await MarkingScheme.update({MarkingScheme.locked_at: at}).where(
        MarkingScheme.event == event_id, MarkingScheme.locked_at.is_null()
    )
