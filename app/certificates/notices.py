"""The log's last root of a day, as it is printed and hung out for everyone to compare."""

import base64
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from app.certificates import notes, tiles
from app.certificates.notes import LogEvent
from app.certificates.tables import LogCheckpoint, LogCosignature, LogLeaf
from app.web.clock import SHANGHAI

GROUP = 4


class Notice(Struct, frozen=True, kw_only=True):
    """What is printed; `root` in groups of four hexadecimal digits, `issued` and `ended` that day.

    `is_last` says that the log has not grown since.
    """

    day: date
    origin: str
    size: int
    root: tuple[str, ...]
    note: str
    at: datetime
    witnesses: tuple[str, ...]
    issued: int
    ended: int
    is_last: bool


def address_of(notice: Notice) -> str:
    """Return what the notice's symbol says: the page that compares it, with its checkpoint.

    The fragment stays on the phone that scans it.
    """
    encoded = base64.urlsafe_b64encode(notice.note.encode()).decode().rstrip("=")
    return f"https://{notice.origin.removesuffix('/log')}/verify#log={encoded}"


async def of_day(day: date) -> Notice:
    """Return the last checkpoint up to the end of a day in China; raise `tiles.NotInLog`."""
    start = datetime.combine(day, time(), SHANGHAI)
    end = start + timedelta(days=1)
    row = (
        await LogCheckpoint.select()
        .where(LogCheckpoint.at < end)
        .order_by(LogCheckpoint.size, ascending=False)
        .first()
    )
    if row is None:
        raise tiles.NotInLog
    checkpoint = notes.parse_checkpoint(notes.note_parts(row["note"])[0])
    names = (
        await LogCosignature.select(LogCosignature.witness)
        .where(LogCosignature.size == checkpoint.size)
        .order_by(LogCosignature.witness)
    )
    root = checkpoint.root.hex()
    return Notice(
        day=day,
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=tuple(root[place : place + GROUP] for place in range(0, len(root), GROUP)),
        note=row["note"],
        at=row["at"],
        witnesses=tuple(line["witness"] for line in names),
        issued=await _count(start, end, (LogEvent.ISSUED,)),
        ended=await _count(start, end, (LogEvent.REVOKED, LogEvent.CORRECTED)),
        is_last=checkpoint.size == await tiles.covered_size(),
    )


async def _count(start: datetime, end: datetime, events: tuple[LogEvent, ...]) -> int:
    return int(
        await LogLeaf.count()
        .where(LogLeaf.at >= int(start.timestamp()))
        .where(LogLeaf.at < int(end.timestamp()))
        .where(LogLeaf.event.is_in([int(event) for event in events]))
    )
