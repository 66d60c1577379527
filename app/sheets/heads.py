"""The present value of every cell, kept beside the ledger: heads, held marks, versions of sheets.

All of it follows from the records; `checking` recomputes it. Runs inside the caller's write
transaction, after the ledger was locked.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Sized
from typing import Any

import msgspec

from app.rules.mark_ledger import CellMark, Outcome, RecordKind, heads
from app.rules.mark_sheet import MarkState
from app.sheets.ledger import NewRecord
from app.sheets.tables import HeldMark, LedgerRecord, MarkHead, MarkSheet
from app.storage.rows import insert_rows

Cell = tuple[int, str]
"""A sheet's id and an aspect's id."""


def placeholders(values: Sized) -> str:
    """Return a placeholder for each of some values."""
    return ", ".join(["{}"] * len(values))


async def marks_by_cell(
    sheet_ids: Iterable[int], aspects: Iterable[str] | None = None
) -> dict[Cell, list[CellMark]]:
    """Return every applied mark of some sheets by cell; of some aspects where they are named."""
    ids = sorted(set(sheet_ids))
    if not ids:
        return {}
    names = None if aspects is None else sorted(set(aspects)) or [""]
    chosen = "" if names is None else f" AND aspect IN ({placeholders(names)})"
    rows = await LedgerRecord.raw(
        "SELECT record_id, sheet, aspect, parents, state, value_e4 FROM ledger_record"  # noqa: S608 - placeholders only
        f" WHERE sheet IN ({placeholders(ids)}) AND outcome = {{}}"
        f" AND kind IN ({{}}, {{}}){chosen}",
        *ids,
        Outcome.APPLIED.value,
        RecordKind.MARK.value,
        RecordKind.AMENDMENT.value,
        *(names or ()),
    )
    found: dict[Cell, list[CellMark]] = defaultdict(list)
    for row in rows:
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
    after = {mark.id for cell in touched for mark in heads(cells[cell])}
    before = {
        mark.id
        for cell in touched
        for mark in heads([mark for mark in cells[cell] if mark.id not in applied])
    }
    gone = sorted(before - after)
    if gone:
        await MarkHead.raw(
            f"DELETE FROM mark_head WHERE record_id IN ({placeholders(gone)})",  # noqa: S608
            *gone,
        )
    await insert_rows(
        MarkHead, [_head(applied[name], versions) for name in applied if name in after]
    )
    await _settle(applied.values())
    await _hold(records)


def _is_applied_mark(record: NewRecord) -> bool:
    return record.outcome is Outcome.APPLIED and record.kind in (
        RecordKind.MARK,
        RecordKind.AMENDMENT,
    )


def _head(record: NewRecord, versions: Mapping[int, int]) -> dict[str, Any]:
    return {
        "sheet": record.sheet_id,
        "aspect": record.aspect,
        "record_id": record.record_id,
        "state": record.state,
        "value_e4": record.value_e4,
        "by_name": record.account_name,
        "device": record.device,
        "version": versions[record.sheet_id or 0],
    }


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
    marks = placeholders(ids)
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
