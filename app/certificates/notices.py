"""The log's last root of a day, as it is printed and hung out for everyone to compare."""

import base64
from datetime import date, datetime, time, timedelta
from typing import Any

from msgspec import Struct

from app.certificates import notes, tiles
from app.certificates.notes import LogEvent
from app.certificates.tables import LogCheckpoint, LogCosignature
from app.storage import engine
from app.storage.engine import read_snapshot
from app.web.clock import SHANGHAI

GROUP = 4


class Notice(Struct, frozen=True, kw_only=True):
    """What is printed; `root` in groups of four hexadecimal digits.

    `issued` and `ended` count what the checkpoints of that day covered first; `is_last` says that
    the log has not grown since.
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
    async with read_snapshot():
        row = await _last_before(start + timedelta(days=1))
        if row is None:
            raise tiles.NotInLog
        earlier = await _last_before(start)
        counts = await _counts(earlier["size"] if earlier else 0, row["size"])
        names = (
            await LogCosignature.select(LogCosignature.witness)
            .where(LogCosignature.size == row["size"])
            .order_by(LogCosignature.witness)
        )
        is_last = row["size"] == await tiles.covered_size()
    checkpoint = notes.parse_checkpoint(notes.note_parts(row["note"])[0])
    root = checkpoint.root.hex()
    return Notice(
        day=day,
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=tuple(root[place : place + GROUP] for place in range(0, len(root), GROUP)),
        note=row["note"],
        at=row["at"],
        witnesses=tuple(line["witness"] for line in names),
        issued=counts.get(LogEvent.ISSUED, 0),
        ended=counts.get(LogEvent.REVOKED, 0) + counts.get(LogEvent.CORRECTED, 0),
        is_last=is_last,
    )


async def _last_before(moment: datetime) -> dict[str, Any] | None:
    return (
        await LogCheckpoint.select()
        .where(LogCheckpoint.at < moment)
        .order_by(LogCheckpoint.size, ascending=False)
        .first()
    )


async def _counts(start: int, end: int) -> dict[int, int]:
    """Count the leaves of a range by their event; the log's other leaves are not touched."""
    rows = await engine.fetch(
        "SELECT event, COUNT(*) AS found FROM certificate_log_leaf"
        " WHERE number >= ? AND number < ? GROUP BY event",
        [start, end],
    )
    return {row["event"]: row["found"] for row in rows}
