"""Write, copy, lock and replace schemes: each change is a version, the first mark locks it."""

from datetime import datetime

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.rules.actors import Actor, require
from app.storage.engine import write_transaction
from competitions.planning import queries
from competitions.planning.actions import event_subject, hold_event_within
from competitions.planning.queries import SchemeLine
from competitions.planning.tables import MarkingScheme
from competitions.rules.scheme import SchemeFacts, digest, document_of
from competitions.rules.scheme_checks import refuse_incomplete

AUTHORS = queries.AUTHORS


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
class SchemeNotLocked(RuleBroken):
    """Only a locked scheme is replaced; one that is not is simply written."""

    says = N_("评分标准还没有锁定，可以直接修改。")
    field = "scheme"


@refusal
class SchemeWrittenMeanwhile(Stale):
    """Somebody wrote a version that the author has not seen."""

    says = N_(
        "您打开本页之后，{name}存了第 {number} 版。您填写的内容都还在本页；"
        "请先对照新版本，再保存一次，就会存为再下一版。"
    )
    field = "scheme"
    name: str
    number: int


@refusal
class SchemeUnchanged(RuleBroken):
    """What was sent is the scheme that counts already."""

    says = N_("内容与现行的评分标准完全相同，没有存新版本。")
    field = "scheme"


async def write_scheme(
    event_id: int,
    scheme: SchemeFacts,
    *,
    by: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> int:
    """Write the next version of an event's scheme and return its number.

    Raise `SchemeLocked` once marking has begun, `SchemeIncomplete` for one that cannot be marked,
    `SchemeWrittenMeanwhile` where the newest version is not the one that was seen.
    """
    line = await queries.event(event_id)
    require(by, AUTHORS, *line.scopes)
    async with write_transaction():
        return await write_within(event_id, scheme, by=by, at=at, seen_version=seen_version)


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


async def write_within(
    event_id: int,
    scheme: SchemeFacts,
    *,
    by: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> int:
    """Write a scheme's next version inside the caller's transaction."""
    refuse_incomplete(scheme)
    await hold_event_within(event_id)  # Marking may be opening sheets by the version before.
    old = await queries.scheme(event_id)
    if seen_version is not None and old is not None and old.version_number != seen_version:
        raise SchemeWrittenMeanwhile(old.created_by, old.version_number)
    if old is not None and old.locked_at is not None:
        raise SchemeLocked
    row = _next_row(event_id, scheme, old, by=by, at=at)
    if old is not None and old.sha256 == row.sha256:
        raise SchemeUnchanged
    await row.save()
    await _record_within(Act.SCHEME_WRITTEN, row, old, by=by, at=at)
    return row.version_number


async def replace_within(event_id: int, scheme: SchemeFacts, *, by: Actor, at: datetime) -> int:
    """Put a locked scheme's successor in its place, locked too, inside the caller's transaction.

    Whether it may be replaced is the caller's to decide: what it does to marks already given, and
    who agreed. Raise `SchemeNotLocked`, `SchemeIncomplete` or `SchemeUnchanged`.
    """
    refuse_incomplete(scheme)
    old = await queries.scheme(event_id)
    if old is None or old.locked_at is None:
        raise SchemeNotLocked
    row = _next_row(event_id, scheme, old, by=by, at=at)
    if old.sha256 == row.sha256:
        raise SchemeUnchanged
    row.locked_at = at
    await row.save()
    await _record_within(Act.SCHEME_REPLACED, row, old, by=by, at=at)
    return row.version_number


def _next_row(
    event_id: int, scheme: SchemeFacts, old: SchemeLine | None, *, by: Actor, at: datetime
) -> MarkingScheme:
    document = document_of(scheme)
    return MarkingScheme(
        event=event_id,
        version_number=old.version_number + 1 if old else 1,
        definition=msgspec.json.encode(document, order="deterministic").decode(),
        sha256=digest(document),
        created_by=by.name,
        created_at=at,
        locked_at=None,
    )


async def _record_within(
    act: Act, row: MarkingScheme, old: SchemeLine | None, *, by: Actor, at: datetime
) -> None:
    await audit.record(
        act=act,
        subject=event_subject(row.event),
        by=by,
        at=at,
        before={"sha256": old.sha256} if old else None,
        after={"sha256": row.sha256, "version_number": row.version_number},
    )


async def lock_scheme_within(event_id: int, at: datetime) -> None:
    """Lock the scheme that counts; the first mark sheet does so."""
    await MarkingScheme.update({MarkingScheme.locked_at: at}).where(
        MarkingScheme.event == event_id, MarkingScheme.locked_at.is_null()
    )
