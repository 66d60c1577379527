"""Recompute every ledger from its records: the chain, the last link, the heads, the held marks."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import msgspec

from app.rules import mark_ledger
from app.rules.mark_ledger import ROOT_OF_NOTHING, CellMark, Outcome, next_hash
from app.rules.mark_sheet import MarkState
from app.sheets.heads import Cell
from app.sheets.ledger import chain_facts
from app.sheets.tables import HeldMark, LedgerRecord, MarkHead, MarkLedger, MarkSheet
from app.storage.engine import read_snapshot

ROWS_AT_ONCE: Final = 2_000
Waiting = tuple[int, str]
"""A sheet's id and the record id of a held mark on it."""


async def verify_ledgers() -> list[str]:
    """Return what is wrong with any ledger, in words for an operator; nothing where all hold."""
    problems: list[str] = []
    async with read_snapshot():
        for row in await MarkLedger.select().order_by(MarkLedger.id):
            problems += [f"ledger {row['name']}: {text}" for text in await _verify(row)]
    return problems


async def _verify(ledger: Mapping[str, Any]) -> list[str]:
    keys = await _keys(ledger["id"])
    root, expected = ROOT_OF_NOTHING, 1
    cells: dict[Cell, list[CellMark]] = defaultdict(list)
    held: set[Waiting] = set()
    settled: set[Waiting] = set()
    async for row in _records(ledger["id"]):
        if row["seq"] != expected:
            return [f"record {expected} is missing"]
        root = next_hash(root, chain_facts(row, ledger["name"], keys.get(row["sheet"], "")))
        if root != row["hash"]:
            return [f"record {expected} was changed, or one before it"]
        expected += 1
        _sort_in(row, cells, held, settled)
    problems = []
    if (expected - 1, root) != (ledger["seq"], ledger["root"]):
        problems.append(f"the last record is {expected - 1}, the ledger says {ledger['seq']}")
    problems += await _compare_heads(ledger["id"], cells)
    return problems + await _compare_held(ledger["id"], held - settled)


async def _keys(ledger_id: int) -> dict[int, str]:
    rows = await MarkSheet.select(MarkSheet.id, MarkSheet.key).where(MarkSheet.ledger == ledger_id)
    return {row["id"]: row["key"] for row in rows}


async def _records(ledger_id: int) -> AsyncIterator[dict[str, Any]]:
    last = 0
    while True:
        rows = (
            await LedgerRecord.select()
            .where(LedgerRecord.ledger == ledger_id, LedgerRecord.seq > last)
            .order_by(LedgerRecord.seq)
            .limit(ROWS_AT_ONCE)
        )
        for row in rows:
            yield row
        if len(rows) < ROWS_AT_ONCE:
            return
        last = rows[-1]["seq"]


def _sort_in(
    row: Mapping[str, Any],
    cells: dict[Cell, list[CellMark]],
    held: set[Waiting],
    settled: set[Waiting],
) -> None:
    if not row["state"]:
        return
    if row["outcome"] == Outcome.HELD.value:
        held.add((row["sheet"], row["record_id"]))
        return
    parents = frozenset(msgspec.json.decode(row["parents"], type=list[str]))
    settled |= {(row["sheet"], parent) for parent in parents}
    mark = CellMark(row["record_id"], parents, MarkState(row["state"]), row["value_e4"])
    cells[row["sheet"], row["aspect"]].append(mark)


async def _compare_heads(ledger_id: int, cells: Mapping[Cell, list[CellMark]]) -> list[str]:
    wanted = {
        (cell, mark.id, mark.says)
        for cell, marks in cells.items()
        for mark in mark_ledger.heads(marks)
    }
    rows = await MarkHead.raw(
        "SELECT h.sheet, h.aspect, h.record_id, h.state, h.value_e4 FROM mark_head AS h"
        " JOIN mark_sheet AS s ON s.id = h.sheet WHERE s.ledger = {}",
        ledger_id,
    )
    stored = {
        (
            (row["sheet"], row["aspect"]),
            row["record_id"],
            (MarkState(row["state"]), row["value_e4"]),
        )
        for row in rows
    }
    count = len(wanted ^ stored)
    return [f"{count} present marks do not follow from the records"] if count else []


async def _compare_held(ledger_id: int, waiting: set[Waiting]) -> list[str]:
    rows = await HeldMark.raw(
        "SELECT h.sheet, h.record_id FROM held_mark AS h JOIN mark_sheet AS s ON s.id = h.sheet"
        " WHERE s.ledger = {} AND h.settled_by IS NULL",
        ledger_id,
    )
    count = len(waiting ^ {(row["sheet"], row["record_id"]) for row in rows})
    return [f"{count} held marks do not follow from the records"] if count else []
