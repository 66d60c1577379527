"""The present value of every cell, kept beside the ledger: heads, held marks, versions of sheets.

All of it follows from the records; `checking` recomputes it. Runs inside the caller's write
transaction, after the ledger was locked.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from app.rules.mark_ledger import CellMark, Outcome, RecordKind, heads
from app.rules.mark_sheet import MarkState
from app.sheets.ledger import NewRecord
from app.sheets.tables import LedgerRecord
from app.storage import engine
from app.storage.rows import one_of, parts, rows_where_in

MARKING: Final = frozenset((RecordKind.MARK.value, RecordKind.AMENDMENT.value))
COLUMNS: Final = (
    "record_id", "sheet", "aspect", "parents", "state", "value_e4", "kind", "outcome"
)  # fmt: skip
MOST_SHEETS: Final = 5_000
Cell = tuple[int, str]
"""A sheet's id and an aspect's id."""


async def marks_by_cell(sheet_ids: Iterable[int]) -> dict[Cell, list[CellMark]]:
    """Return every applied mark of some sheets by cell."""
    ids = sorted(set(sheet_ids))
    return _by_cell(await rows_where_in(LedgerRecord, COLUMNS, "sheet", ids))


async def marks_of_cells(cells: Iterable[Cell]) -> dict[Cell, list[CellMark]]:
    """Return every applied mark of some cells."""
    places, arguments = one_of(sorted(set(cells)), "(CAST(? AS INTEGER), ?)")
    if not arguments:
        return {}
    rows = await engine.fetch(
        f"SELECT DISTINCT {', '.join(COLUMNS)} FROM (VALUES {places}) AS cell"  # noqa: S608 - placeholders only
        " JOIN ledger_record ON sheet = cell.column1 AND aspect = cell.column2",
        arguments,
    )
    return _by_cell(rows)


def _by_cell(rows: Iterable[Mapping[str, Any]]) -> dict[Cell, list[CellMark]]:
    found: dict[Cell, list[CellMark]] = defaultdict(list)
    for row in rows:
        if row["outcome"] == Outcome.APPLIED.value and row["kind"] in MARKING:
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
    await engine.run_each(
        "DELETE FROM mark_head WHERE record_id = ?", [(name,) for name in sorted(before - after)]
    )
    await engine.run_each(
        "INSERT INTO mark_head"
        " (sheet, aspect, record_id, state, value_e4, by_name, device, version)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [_head(record, versions) for name, record in applied.items() if name in after],
    )
    await _settle(applied.values())
    await _hold(records)


def _is_applied_mark(record: NewRecord) -> bool:
    return record.outcome is Outcome.APPLIED and record.kind.value in MARKING


def _head(record: NewRecord, versions: Mapping[int, int]) -> tuple[Any, ...]:
    return (
        record.sheet_id,
        record.aspect,
        record.record_id,
        record.state,
        record.value_e4,
        record.account_name,
        record.device,
        versions[record.sheet_id or 0],
    )


async def _settle(applied: Iterable[NewRecord]) -> None:
    await engine.run_each(
        "UPDATE held_mark SET settled_by = ?"
        " WHERE sheet = ? AND record_id = ? AND settled_by IS NULL",
        [
            (record.record_id, record.sheet_id, parent)
            for record in applied
            for parent in record.parents
        ],
    )


async def _hold(records: Iterable[NewRecord]) -> None:
    await engine.run_each(
        "INSERT INTO held_mark (sheet, aspect, record_id) VALUES (?, ?, ?)",
        [
            (record.sheet_id, record.aspect, record.record_id)
            for record in records
            if record.outcome is Outcome.HELD
        ],
    )


async def raise_versions_within(
    sheet_ids: Iterable[int], *, neighbors_of: Collection[int | None] = ()
) -> dict[int, int]:
    """Count one more version on each sheet and return the new ones.

    `neighbors_of` are those of them on which a judgement was given: the neighbors (same code) hear
    of it, because it shows all scores once all are in.
    """
    judged = set(neighbors_of)
    found: dict[int, int] = {}
    for ids in parts(sorted(set(sheet_ids)), MOST_SHEETS):
        found |= await _raised(ids, judged.intersection(ids))
    return found


async def _raised(sheet_ids: Sequence[int], judged: Collection[int | None]) -> dict[int, int]:
    which, arguments = one_of(sheet_ids)
    if judged:
        places, more = one_of(judged)
        which = (
            f"SELECT id FROM mark_sheet WHERE id IN ({which})"  # noqa: S608 - placeholders only
            " UNION SELECT beside.id FROM mark_sheet AS touched"
            " JOIN mark_sheet AS beside ON beside.ledger = touched.ledger"
            " AND beside.subject_code = touched.subject_code"
            f" WHERE touched.id IN ({places})"
        )
        arguments += more
    rows = await engine.fetch(
        f"UPDATE mark_sheet SET version = version + 1 WHERE id IN ({which}) RETURNING id, version",  # noqa: S608
        arguments,
    )
    return {row["id"]: row["version"] for row in rows}
