"""The present value of every cell, kept beside the ledger: heads, held marks, versions of sheets.

All of it follows from the records; `checking` recomputes it. Runs inside the caller's write
transaction, after the ledger was locked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from app.rules.mark_ledger import CellMark, Outcome, RecordKind, heads
from app.rules.mark_sheet import MarkState
from app.sheets.ledger import ROWS_A_STATEMENT, NewRecord
from app.sheets.tables import HeldMark, LedgerRecord, MarkHead, MarkSheet

Cell = tuple[int, str]
"""A sheet's id and an aspect's id."""


async def marks_by_cell(
    sheet_ids: Iterable[int], aspects: Iterable[str] | None = None
) -> dict[Cell, list[CellMark]]:
    """Return every applied mark of some sheets by cell; of some aspects where they are named."""
    ids = sorted(set(sheet_ids))
    if not ids:
        return {}
    query = LedgerRecord.select(
        LedgerRecord.record_id,
        LedgerRecord.sheet,
        LedgerRecord.aspect,
        LedgerRecord.parents,
        LedgerRecord.state,
        LedgerRecord.value_e4,
    ).where(
        LedgerRecord.sheet.is_in(ids),
        LedgerRecord.outcome == Outcome.APPLIED.value,
        LedgerRecord.kind.is_in([RecordKind.MARK.value, RecordKind.AMENDMENT.value]),
    )
    if aspects is not None:
        query = query.where(LedgerRecord.aspect.is_in(sorted(set(aspects)) or [""]))
    found: dict[Cell, list[CellMark]] = defaultdict(list)
    for row in await query:
        parents = frozenset(msgspec.json.decode(row["parents"], type=list[str]))
        mark = CellMark(row["record_id"], parents, MarkState(row["state"]), row["value_e4"])
        found[row["sheet"], row["aspect"]].append(mark)
    return found


async def apply_within(
    records: Sequence[NewRecord],
    *,
    cells: Mapping[Cell, Sequence[CellMark]],
    versions: Mapping[int, int],
) -> None:
    """Bring the heads of the cells up to date with new applied marks; settle held marks they name.

    `cells` holds every mark of the touched cells, the new ones included; `versions` the version
    of each touched sheet that the new heads belong to.
    """
    applied = {record.record_id: record for record in records if _is_applied_mark(record)}
    touched = {
        (record.sheet_id, record.aspect)
        for record in applied.values()
        if record.sheet_id is not None
    }
    wanted = {mark.id: cell for cell in touched for mark in heads(cells[cell])}
    rows = await _head_rows({sheet_id for sheet_id, _ in touched})
    known = {row["record_id"] for row in rows}
    gone = [
        row["id"]
        for row in rows
        if (row["sheet"], row["aspect"]) in touched and row["record_id"] not in wanted
    ]
    new = [
        MarkHead(
            sheet=record.sheet_id,
            aspect=record.aspect,
            record_id=record.record_id,
            state=record.state,
            value_e4=record.value_e4,
            by_name=record.account_name,
            device=record.device,
            version=versions[record.sheet_id or 0],
        )
        for record in applied.values()
        if record.record_id in wanted and record.record_id not in known
    ]
    if gone:
        await MarkHead.delete().where(MarkHead.id.is_in(gone))
    for start in range(0, len(new), ROWS_A_STATEMENT):
        await MarkHead.insert(*new[start : start + ROWS_A_STATEMENT])
    await _settle(applied.values())
    await _hold(records)


def _is_applied_mark(record: NewRecord) -> bool:
    return record.outcome is Outcome.APPLIED and record.kind in (
        RecordKind.MARK,
        RecordKind.AMENDMENT,
    )


async def _head_rows(sheet_ids: set[int]) -> list[dict[str, Any]]:
    if not sheet_ids:
        return []
    return await MarkHead.select(
        MarkHead.id, MarkHead.sheet, MarkHead.aspect, MarkHead.record_id
    ).where(MarkHead.sheet.is_in(sorted(sheet_ids)))


async def _settle(applied: Iterable[NewRecord]) -> None:
    deciding = [record for record in applied if record.parents]
    if not deciding:
        return
    waiting = await HeldMark.select(HeldMark.id, HeldMark.record_id).where(
        HeldMark.sheet.is_in(sorted({record.sheet_id or 0 for record in deciding})),
        HeldMark.settled_by.is_null(),
    )
    for row in waiting:
        by = next(
            (record.record_id for record in deciding if row["record_id"] in record.parents), None
        )
        if by is not None:
            await HeldMark.update({HeldMark.settled_by: by}).where(HeldMark.id == row["id"])


async def _hold(records: Iterable[NewRecord]) -> None:
    held = [
        HeldMark(
            sheet=record.sheet_id, aspect=record.aspect, record_id=record.record_id, settled_by=None
        )
        for record in records
        if record.outcome is Outcome.HELD
    ]
    if held:
        await HeldMark.insert(*held)


async def raise_versions_within(
    sheet_ids: Iterable[int], *, with_neighbors: bool
) -> dict[int, int]:
    """Count one more version on each sheet and return the new ones.

    The neighbors (same code, same form) hear of it where a judgement was given, because it shows
    all scores once all are in.
    """
    ids = sorted(set(sheet_ids))
    if not ids:
        return {}
    marks = ", ".join(["{}"] * len(ids))
    where = f"id IN ({marks})"
    if with_neighbors:
        where = (
            "id IN (SELECT beside.id FROM mark_sheet AS touched"  # noqa: S608 - placeholders only
            " JOIN mark_sheet AS beside ON beside.ledger = touched.ledger"
            " AND beside.form = touched.form"
            f" AND beside.subject_code = touched.subject_code WHERE touched.id IN ({marks}))"
        )
    rows = await MarkSheet.raw(
        f"UPDATE mark_sheet SET version = version + 1 WHERE {where} RETURNING id, version",  # noqa: S608
        *ids,
    )
    return {row["id"]: row["version"] for row in rows}
