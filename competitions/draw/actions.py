"""Draw blind codes, and open the code book by two duties together."""

import secrets
from datetime import datetime

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction
from competitions.draw import queries
from competitions.draw.tables import BlindCode, CodeBook
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject, stage_event_within
from competitions.planning.queries import EventLine
from competitions.registration import queries as registration
from competitions.rules import blind_codes
from competitions.rules.entries import EntryStatus
from competitions.rules.lifecycle import EventStatus, require_stage

DRAWERS = (Duty.CODING_JUDGE, Duty.ORGANIZER)
KEY_HOLDERS = (Duty.CODING_JUDGE, Duty.SUPERVISOR)
CHUNK = 400


@refusal
class NobodyToDraw(RuleBroken):
    """No entry was accepted."""

    says = N_("还没有通过审查的报名，不能抽签。")


@refusal
class EntriesWaiting(RuleBroken):
    """Vetting is not finished."""

    says = N_("还有 {count} 个报名没有审查完，不能抽签。")
    count: int


@refusal
class SecondKeyNeeded(RuleBroken):
    """Coding judge and supervisor, two persons."""

    says = N_("解密要由加密裁判和监督两人分别确认，现在还差另一人。")


async def draw(event_id: int, *, by: Actor, at: datetime, seed: str | None = None) -> int:
    """Give every accepted entry a blind code and seal the code book; return how many.

    The list is hashed before the seed is made; both are recorded. A seed is given only by the seed
    data and by rehearsals.
    """
    line = await planning.event(event_id)
    require(by, DRAWERS, *line.scopes)
    require_stage(line.status, EventStatus.PREPARING)
    async with write_transaction():
        entries = await registration.entries_of_event(event_id)
        waiting = sum(
            item.status in {EntryStatus.REGISTERED, EntryStatus.RETURNED} for item in entries
        )
        accepted = [str(item.id) for item in entries if item.status is EntryStatus.ACCEPTED]
        if waiting:
            raise EntriesWaiting(waiting)
        if not accepted:
            raise NobodyToDraw
        fixed, chosen = blind_codes.list_hash(accepted), seed or secrets.token_hex(16)
        codes = blind_codes.draw(accepted, chosen)
        await CodeBook(
            event=event_id,
            list_hash=fixed,
            seed=chosen,
            drawn_by=by.name,
            drawn_at=at,
            first_key_by=None,
            first_key_name=None,
            first_key_duty=None,
            unsealed_by=None,
            unsealed_at=None,
        ).save()
        rows = [
            BlindCode(event=event_id, entry=int(key), code=code, station=str(int(code)))
            for key, code in codes.items()
        ]
        for start in range(0, len(rows), CHUNK):
            await BlindCode.insert(*rows[start : start + CHUNK])
        await stage_event_within(
            line, EventStatus.DRAWN, come_from=(EventStatus.PREPARING,), by=by, at=at
        )
        await audit.record(
            act=Act.CODES_DRAWN,
            subject=event_subject(event_id),
            by=by,
            at=at,
            after={"list_hash": fixed, "codes": len(codes)},
        )
        return len(codes)


async def turn_key(event_id: int, *, by: Actor, at: datetime) -> bool:
    """Ask to open the code book; the second person of the other duty opens it. Tell whether it is open."""
    line = await planning.event(event_id)
    require_stage(line.status, EventStatus.LOCKED)
    async with write_transaction():
        return await _turn_within(line, by, at)


async def _turn_within(line: EventLine, by: Actor, at: datetime) -> bool:
    book = await queries.code_book(line.id)
    if book is None:
        raise NobodyToDraw
    duties = [duty for duty in KEY_HOLDERS if by.holds(duty, *line.scopes)]
    if not duties:
        require(by, KEY_HOLDERS, *line.scopes)
    if book.first_key_by is None and book.first_key_duty is None:
        await CodeBook.update(
            {
                CodeBook.first_key_by: by.account_id,
                CodeBook.first_key_name: by.name,
                CodeBook.first_key_duty: duties[0].value,
            }
        ).where(CodeBook.event == line.id)
        await audit.record(
            act=Act.CODE_BOOK_KEY,
            subject=event_subject(line.id),
            by=by,
            at=at,
            after={"duty": duties[0]},
        )
        return False
    other = [duty for duty in duties if duty.value != book.first_key_duty]
    if not other or (by.account_id is not None and by.account_id == book.first_key_by):
        raise SecondKeyNeeded
    await CodeBook.update({CodeBook.unsealed_by: by.name, CodeBook.unsealed_at: at}).where(
        CodeBook.event == line.id
    )
    await stage_event_within(
        line, EventStatus.UNSEALED, come_from=(EventStatus.LOCKED,), by=by, at=at
    )
    await audit.record(
        act=Act.CODE_BOOK_UNSEALED,
        subject=event_subject(line.id),
        by=by,
        at=at,
        after={"first": book.first_key_name, "second": by.name},
    )
    return True
