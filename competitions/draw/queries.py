"""Read check-ins, draws and codes. `sealed_*` know no entry; the others open after unsealing."""

from datetime import datetime

import msgspec

from app.errors import N_, RuleBroken, refusal
from app.rules.mark_sheet import code_order
from competitions.draw.tables import BlindCode, CheckIn, CodeBook
from competitions.rules import blind_codes


@refusal
class StillSealed(RuleBroken):
    """Nobody joins a code to a name before the code book is opened."""

    says = N_("密封表尚未解密，不能对照姓名。")


class CodeBookLine(msgspec.Struct, frozen=True):
    """The state of one level of an event's code book, without its content."""

    level: int
    list_hash: str
    seed: str
    seed_hash: str
    witness: str
    drawn_by: str
    drawn_by_account: int | None
    drawn_at: datetime
    keeper_account: int | None
    keeper_name: str | None
    first_key_by: int | None
    first_key_name: str | None
    first_key_duty: str | None
    first_key_at: datetime | None
    unsealed_by: str | None
    unsealed_at: datetime | None


class SealedCode(msgspec.Struct, frozen=True):
    """A code and its station: what judges may know."""

    code: str
    station: str


class CheckInLine(msgspec.Struct, frozen=True):
    """What was found at the check-in of an entry."""

    entry_id: int
    is_present: bool
    is_document_right: bool
    are_tools_right: bool
    note: str
    checked_by: str
    checked_at: datetime
    version: int


async def code_books(event_id: int) -> list[CodeBookLine]:
    """Return the levels drawn for an event, the first first. A seed stays hidden until unsealed."""
    rows = await CodeBook.select().where(CodeBook.event == event_id).order_by(CodeBook.level)
    for row in rows:
        row["seed_hash"] = blind_codes.seed_hash(row["seed"])
        if row["unsealed_at"] is None:
            row["seed"] = ""  # with the list, the seed would tell who has which code
    return msgspec.convert(rows, list[CodeBookLine])


async def code_book(event_id: int) -> CodeBookLine | None:
    """Return the level that is opened next, the first once all are open; None before the draw."""
    books = await code_books(event_id)
    sealed = [book for book in books if book.unsealed_at is None]
    return sealed[-1] if sealed else books[0] if books else None


async def sealed_codes(event_id: int) -> list[SealedCode]:
    """Return the codes that judges mark by, those of the last level drawn, in order.

    The station is known up to the second level; a work code of the third hides it.
    """
    last = await _last_level(event_id)
    rows = (
        await BlindCode.select(BlindCode.code)
        .where(BlindCode.event == event_id, BlindCode.level == last)
        .order_by(BlindCode.id)
    )
    codes = sorted((str(row["code"]) for row in rows), key=code_order)
    return [
        SealedCode(code, code if last == blind_codes.MOST_LEVELS else str(int(code)))
        for code in codes
    ]


async def opened_codes(event_id: int) -> dict[str, int]:
    """Return the entry of each code; raise `StillSealed` before every level was opened."""
    books = await code_books(event_id)
    if not books or any(book.unsealed_at is None for book in books):
        raise StillSealed
    return await entries_by_code_within(event_id)


async def entries_by_code_within(event_id: int) -> dict[str, int]:
    """Return the entry of each last code for recusal, inside an action; never for a page."""
    last = await _last_level(event_id)
    found = {code: original for original, code in (await table_within(event_id, last)).items()}
    for level in range(last - 1, 0, -1):
        back = {code: original for original, code in (await table_within(event_id, level)).items()}
        found = {code: back[before] for code, before in found.items()}
    return {code: int(entry) for code, entry in found.items()}


async def absent_codes_within(event_id: int) -> set[str]:
    """Return the codes whose entry did not come, inside an action; never for a page."""
    absent = {item.entry_id for item in (await check_ins(event_id)).values() if not item.is_present}
    by_code = await entries_by_code_within(event_id)
    return {code for code, entry_id in by_code.items() if entry_id in absent}


async def table_within(event_id: int, level: int) -> dict[str, str]:
    """Return one level's table, original to code, for its keeper and for actions."""
    rows = (
        await BlindCode.select(BlindCode.original, BlindCode.code)
        .where(BlindCode.event == event_id, BlindCode.level == level)
        .order_by(BlindCode.id)
    )
    return {row["original"]: row["code"] for row in rows}


async def check_ins(event_id: int) -> dict[int, CheckInLine]:
    """Return what was found at the check-in, by entry."""
    rows = await CheckIn.select(
        CheckIn.entry.as_alias("entry_id"),
        CheckIn.is_present,
        CheckIn.is_document_right,
        CheckIn.are_tools_right,
        CheckIn.note,
        CheckIn.checked_by,
        CheckIn.checked_at,
        CheckIn.version,
    ).where(CheckIn.entry._.event == event_id)
    return {line.entry_id: line for line in msgspec.convert(rows, list[CheckInLine])}


async def _last_level(event_id: int) -> int:
    row = (
        await CodeBook.select(CodeBook.level)
        .where(CodeBook.event == event_id)
        .order_by(CodeBook.level, ascending=False)
        .first()
    )
    return int(row["level"]) if row else 1
