"""Marks and notes that tablets sent and no ledger could take, as the lead is shown them.

What a tablet did not hold for the lead to decide, because it fits no aspect, is kept as it came.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from app.rules.mark_ledger import RecordKind
from app.rules.mark_sheet import MarkState
from app.sheets import answers, devices, files
from app.sheets.rows import instant
from app.sheets.tables import RejectedEntry
from app.sheets.wording import FAULTS, STATES
from app.web.locale import gettext

MOST: Final = 500
LONGEST: Final = 500
"""As long as a note may be; what is unfit may be longer."""


class RejectLine(Struct, frozen=True):
    """A mark or note that was not taken: where it belongs, what it says, whose it is, and why."""

    key: str
    code: str
    seat: str
    aspect: str
    text: str
    by: str
    device: str
    at: datetime | None
    why: str


async def rejects_of(ledger_id: int) -> list[RejectLine]:
    """Return what was not taken for the sheets of a ledger, the latest first.

    A submission that was not taken is none: its judge is told, and submits again.
    """
    return _lines(
        await RejectedEntry.raw(
            "SELECT r.code, r.sent, r.device, r.server_at, s.key, s.subject_code, s.seat"
            " FROM rejected_entry AS r JOIN mark_sheet AS s ON s.id = r.sheet"
            " WHERE s.ledger = {} ORDER BY r.id DESC LIMIT {}",
            ledger_id,
            MOST,
        )
    )


async def rejects_without_sheet() -> list[RejectLine]:
    """Return what was not taken because no sheet of the house is meant, the latest first.

    So it is for marks on sheets that a restored house has never opened.
    """
    return _lines(
        await RejectedEntry.raw(
            "SELECT code, sent, device, server_at, '' AS key, '' AS subject_code, '' AS seat"
            " FROM rejected_entry WHERE sheet IS NULL AND code = {} ORDER BY id DESC LIMIT {}",
            "unknown_sheet",
            MOST,
        )
    )


def _lines(rows: Iterable[dict[str, Any]]) -> list[RejectLine]:
    """What named a sheet came as an object, even where its facts are no good."""
    said = [(row, msgspec.json.decode(row["sent"], type=dict[str, Any])) for row in rows]
    return [_line(row, facts) for row, facts in said if facts.get("act") != RecordKind.SUBMIT]


def _line(row: dict[str, Any], facts: dict[str, Any]) -> RejectLine:
    held = devices.read_pass(str(facts.get("actor", "")))
    return RejectLine(
        key=row["key"],
        code=row["subject_code"],
        seat=row["seat"],
        aspect=str(facts.get("cell", "")).rpartition(":")[0][:LONGEST],
        text=_text(facts)[:LONGEST],
        by=held.name if held else "",
        device=answers.device_label(row["device"]),
        at=instant(row["server_at"]),
        why=gettext(FAULTS.get(row["code"], "")),
    )


def _text(facts: dict[str, Any]) -> str:
    if facts.get("act") == RecordKind.NOTE:
        return files.words_of(str(facts.get("reason", "")))
    mark = str(facts.get("mark", ""))
    if mark in set(MarkState) - {MarkState.MARKED}:
        return gettext(STATES[MarkState(mark)])
    return str(facts.get("value") or "")
