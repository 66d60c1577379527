"""Read draws and codes. `sealed_*` faces know no entry; the others open only after unsealing."""

from datetime import datetime

import msgspec

from app.errors import N_, RuleBroken, refusal
from competitions.draw.tables import BlindCode, CodeBook


@refusal
class StillSealed(RuleBroken):
    """Nobody joins a code to a name before the code book is opened."""

    says = N_("密封表尚未解密，不能对照姓名。")


class CodeBookLine(msgspec.Struct, frozen=True):
    """The state of an event's code book, without its content."""

    list_hash: str
    seed: str
    drawn_by: str
    drawn_at: datetime
    first_key_by: int | None
    first_key_name: str | None
    first_key_duty: str | None
    unsealed_by: str | None
    unsealed_at: datetime | None


class SealedCode(msgspec.Struct, frozen=True):
    """A code and its station: what judges may know."""

    code: str
    station: str


async def code_book(event_id: int) -> CodeBookLine | None:
    """Return the state of an event's code book, None before the draw. The seed stays hidden until unsealed."""
    row = await CodeBook.select().where(CodeBook.event == event_id).first()
    if row is None:
        return None
    if row["unsealed_at"] is None:
        row["seed"] = ""  # with the list, the seed would tell who has which code
    return msgspec.convert(row, CodeBookLine)


async def sealed_codes(event_id: int) -> list[SealedCode]:
    """Return the codes of an event in order."""
    rows = (
        await BlindCode.select(BlindCode.code, BlindCode.station)
        .where(BlindCode.event == event_id)
        .order_by(BlindCode.code)
    )
    return [SealedCode(row["code"], row["station"]) for row in rows]


async def opened_codes(event_id: int) -> dict[str, int]:
    """Return the entry of each code; raise `StillSealed` before the code book was opened."""
    book = await code_book(event_id)
    if book is None or book.unsealed_at is None:
        raise StillSealed
    return await entries_by_code_within(event_id)


async def entries_by_code_within(event_id: int) -> dict[str, int]:
    """Return the entry of each code for recusal, inside an action; never for a page."""
    rows = await BlindCode.select(BlindCode.code, BlindCode.entry).where(
        BlindCode.event == event_id
    )
    return {row["code"]: row["entry"] for row in rows}
