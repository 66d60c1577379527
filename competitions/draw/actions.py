"""Draw blind codes level by level, and let the keeper of a level read it."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotAllowed, RuleBroken, refusal
from app.rules.actors import Actor, Duty, require
from app.rules.mark_sheet import code_order
from app.storage.engine import write_transaction
from competitions.draw import queries
from competitions.draw.tables import BlindCode, CodeBook
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject, hold_within, stage_event_within
from competitions.planning.queries import EventLine
from competitions.registration import queries as registration
from competitions.rules import blind_codes
from competitions.rules.entries import WAITING, EntryStatus
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
class AllLevelsDrawn(RuleBroken):
    """Every level that the event needs was drawn."""

    says = N_("本赛项需要的 {levels} 级加密都已抽完。")
    levels: int


@refusal
class LevelsMissing(RuleBroken):
    """Judges mark by the code of the last level only."""

    says = N_("本赛项要抽 {levels} 级加密，现在只抽了 {drawn} 级，请先抽完。")
    levels: int
    drawn: int


@refusal
class SameCodingJudge(RuleBroken):
    """Whoever drew one level knows too much to draw the next."""

    says = N_("{name} 已抽过前一级，下一级要由另一位加密裁判来抽。")
    name: str


async def draw(
    event_id: int, *, by: Actor, at: datetime, seed: str | None = None, witness: str = ""
) -> int:
    """Draw the next level of blind codes of an event and seal it; return how many codes.

    The list is hashed before the seed is made; both are recorded, with what witnesses said. A seed
    is given only by the seed data and by rehearsals. Level 1 gives each accepted entry a code, even
    one that is away: it may still come, and counts as absent by its code where it does not. Each
    further level codes the codes of the one before.
    """
    line = await planning.event(event_id)
    require(by, DRAWERS, *line.scopes)
    async with write_transaction():
        await hold_within(line.competition_id)
        line = await planning.event(event_id)
        require_stage(line.status, EventStatus.PREPARING, EventStatus.DRAWN)
        level = await _next_level(line, by)
        keys = await _keys(line, level)
        fixed = blind_codes.list_hash(keys)
        chosen = blind_codes.mixed(seed or secrets.token_hex(16), witness)
        codes = blind_codes.draw(keys, chosen, level)
        drawing = {"list_hash": fixed, "seed": chosen, "witness": witness.strip()}
        await _write_within(_book(line, level, drawing, by=by, at=at), codes)
        if level == 1:
            await stage_event_within(
                line, EventStatus.DRAWN, come_from=(EventStatus.PREPARING,), by=by, at=at
            )
        await audit.record(
            act=Act.CODES_DRAWN,
            subject=event_subject(event_id),
            by=by,
            at=at,
            after={
                "level": level,
                "list_hash": fixed,
                "seed_hash": blind_codes.seed_hash(chosen),
                "codes": len(codes),
            },
        )
        return len(codes)


async def _next_level(line: EventLine, by: Actor) -> int:
    """Return the level to draw; who drew one of the others draws no second."""
    books = await queries.code_books(line.id)
    if len(books) >= line.code_levels:
        raise AllLevelsDrawn(line.code_levels)
    if by.account_id is not None and by.account_id in {book.drawn_by_account for book in books}:
        raise SameCodingJudge(by.name)
    return len(books) + 1


def _book(
    line: EventLine, level: int, drawing: Mapping[str, Any], *, by: Actor, at: datetime
) -> CodeBook:
    """Return a sealed book in the keeping of who draws it, where that is a coding judge."""
    is_keeper = by.holds(Duty.CODING_JUDGE, *line.scopes)
    return CodeBook(
        event=line.id,
        level=level,
        drawn_by=by.name,
        drawn_by_account=by.account_id,
        drawn_at=at,
        keeper_account=by.account_id if is_keeper else None,
        keeper_name=by.name if is_keeper else None,
        first_key_by=None,
        first_key_name=None,
        first_key_duty=None,
        first_key_at=None,
        unsealed_by=None,
        unsealed_at=None,
        **drawing,
    )


async def _keys(line: EventLine, level: int) -> list[str]:
    if level > 1:
        return list((await queries.table_within(line.id, level - 1)).values())
    entries = await registration.entries_of_event(line.id)
    waiting = sum(item.status in WAITING for item in entries)
    if waiting:
        raise EntriesWaiting(waiting)
    accepted = [str(item.id) for item in entries if item.status is EntryStatus.ACCEPTED]
    if not accepted:
        raise NobodyToDraw
    return accepted


async def _write_within(book: CodeBook, codes: dict[str, str]) -> None:
    await book.save()
    # In the order of the codes: the order of the rows must not tell more than the codes do.
    rows = [
        BlindCode(
            event=book.event,
            level=book.level,
            entry=int(original) if book.level == 1 else None,
            original=original,
            code=code,
        )
        for original, code in sorted(codes.items(), key=lambda pair: code_order(pair[1]))
    ]
    for start in range(0, len(rows), CHUNK):
        await BlindCode.insert(*rows[start : start + CHUNK])


async def refuse_undrawn(line: EventLine) -> None:
    """Raise `LevelsMissing` unless every level that the event needs was drawn."""
    drawn = len(await queries.code_books(line.id))
    if drawn < line.code_levels:
        raise LevelsMissing(line.code_levels, drawn)


async def read_table(event_id: int, level: int, *, by: Actor, at: datetime) -> dict[str, str]:
    """Return one sealed level, original to code, to its one keeper; every reading is recorded.

    The keeper is the coding judge who drew it, or, where an organizer did, the first coding judge
    who reads it and keeps no other level.
    """
    line = await planning.event(event_id)
    require(by, Duty.CODING_JUDGE, *line.scopes)
    async with write_transaction():
        books = {book.level: book for book in await queries.code_books(event_id)}
        if level not in books:
            raise NobodyToDraw
        book = books[level]
        others = {item.keeper_account for item in books.values() if item.level != level}
        drew_another = any(
            item.drawn_by_account == by.account_id for item in books.values() if item.level != level
        )
        is_free = book.keeper_account is None and by.account_id not in others and not drew_another
        if book.keeper_account != by.account_id and not is_free:
            raise NotAllowed
        if is_free:
            await CodeBook.update(
                {CodeBook.keeper_account: by.account_id, CodeBook.keeper_name: by.name}
            ).where(CodeBook.event == event_id, CodeBook.level == level)
        await audit.record(
            act=Act.CODE_TABLE_READ,
            subject=event_subject(event_id),
            by=by,
            at=at,
            after={"level": level},
        )
        return await queries.table_within(event_id, level)
