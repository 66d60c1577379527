"""Sheets that were taken out of the count count again: their subject was marked down by mistake."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from app.audit import actions as audit
from app.audit.acts import Act
from app.rules.actors import Actor
from app.rules.mark_ledger import RecordKind
from app.rules.mark_sheet import SheetStatus
from app.sheets import acts
from app.sheets.acts import ReasonNeeded
from app.sheets.rows import SheetRow, rows_of
from app.sheets.tables import LedgerRecord
from app.storage.rows import rows_where_in

COLUMNS: Final = ("sheet", "seq", "kind", "second_name")


async def reopen_sheets_within(
    *, ledger: str, codes: Collection[str], reason: str, by: Actor, at: datetime
) -> int:
    """Let the void sheets of some subjects count again, open and with their marks.

    What a change of the scheme took out stays out. Return how many; raise `ReasonNeeded`, or
    `LedgerLocked` where marks are final already.
    """
    if not reason.strip():
        raise ReasonNeeded
    held = await acts.open_ledger_within(ledger)
    rows = [
        row
        for row in await rows_of(held.id)
        if row.subject_code in codes and row.status is SheetStatus.VOID
    ]
    rows = await _voided_with_their_subject(rows)
    await acts.append_within(held, RecordKind.REOPEN, rows, by=by, at=at, reason=reason)
    await acts.open_again_within(rows, reason)
    await audit.record(
        act=Act.SHEETS_REOPENED,
        subject=f"sheets.ledger:{ledger}",
        by=by,
        at=at,
        reason=reason.strip(),
        after={"sheets": len(rows), "codes": sorted(codes)},
    )
    return len(rows)


async def _voided_with_their_subject(rows: Sequence[SheetRow]) -> list[SheetRow]:
    """Return the sheets that one person voided; a change of the scheme is made by two."""
    records = await rows_where_in(LedgerRecord, COLUMNS, "sheet", [row.id for row in rows])
    voided = {
        item["sheet"]: item["second_name"]
        for item in sorted(records, key=lambda item: item["seq"])
        if item["kind"] == RecordKind.VOID.value
    }
    return [row for row in rows if not voided.get(row.id)]
