"""解密: open the code book level by level in reverse, by two duties together."""

from datetime import datetime

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.rules.actors import Actor, require
from app.storage.engine import write_transaction
from competitions.draw import queries
from competitions.draw.actions import KEY_HOLDERS, NobodyToDraw
from competitions.draw.queries import CodeBookLine
from competitions.draw.tables import CodeBook
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject, stage_event_within
from competitions.planning.queries import EventLine
from competitions.rules.lifecycle import EventStatus, require_stage


@refusal
class SecondKeyNeeded(RuleBroken):
    """Coding judge and supervisor, two persons."""

    says = N_("解密要由加密裁判和监督两人分别确认，现在还差另一人。")


async def turn_key(event_id: int, *, by: Actor, at: datetime) -> bool:
    """Ask to open the last sealed level; the second person of the other duty opens it.

    Tell whether every level is open now. Raise `WrongEventStage` before the marks are locked.
    """
    line = await planning.event(event_id)
    require(by, KEY_HOLDERS, *line.scopes)
    require_stage(line.status, EventStatus.LOCKED)
    async with write_transaction():
        book = await queries.code_book(line.id)
        if book is None:
            raise NobodyToDraw
        duties = [duty.value for duty in KEY_HOLDERS if by.holds(duty, *line.scopes)]
        if book.first_key_duty is None:
            await _first_within(line, book, duties[0], by=by, at=at)
            return False
        other = [duty for duty in duties if duty != book.first_key_duty]
        if not other or (by.account_id is not None and by.account_id == book.first_key_by):
            raise SecondKeyNeeded
        return await _second_within(line, book, by=by, at=at)


async def _first_within(
    line: EventLine, book: CodeBookLine, duty: str, *, by: Actor, at: datetime
) -> None:
    changed = (
        await CodeBook.update(
            {
                CodeBook.first_key_by: by.account_id,
                CodeBook.first_key_name: by.name,
                CodeBook.first_key_duty: duty,
                CodeBook.first_key_at: at,
            }
        )
        .where(
            CodeBook.event == line.id,
            CodeBook.level == book.level,
            CodeBook.first_key_duty.is_null(),
        )
        .returning(CodeBook.id)
    )
    if not changed:
        raise Stale
    await audit.record(
        act=Act.CODE_BOOK_KEY,
        subject=event_subject(line.id),
        by=by,
        at=at,
        after={"duty": duty, "level": book.level},
    )


async def _second_within(line: EventLine, book: CodeBookLine, *, by: Actor, at: datetime) -> bool:
    changed = (
        await CodeBook.update({CodeBook.unsealed_by: by.name, CodeBook.unsealed_at: at})
        .where(
            CodeBook.event == line.id,
            CodeBook.level == book.level,
            CodeBook.unsealed_at.is_null(),
        )
        .returning(CodeBook.id)
    )
    if not changed:
        raise Stale
    await audit.record(
        act=Act.CODE_BOOK_UNSEALED,
        subject=event_subject(line.id),
        by=by,
        at=at,
        after={"level": book.level, "first": book.first_key_name, "second": by.name},
    )
    if book.level > 1:
        return False
    await stage_event_within(
        line, EventStatus.UNSEALED, come_from=(EventStatus.LOCKED,), by=by, at=at
    )
    return True
