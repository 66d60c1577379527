"""Amendments as the lead's desk shows them: what holds now, what shall hold, and who says so."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from app.rules.mark_sheet import MarkState
from app.sheets import queries
from app.sheets.board import said_text
from app.sheets.heads import Cell
from app.sheets.rows import instant
from app.sheets.tables import Amendment, MarkHead


class AmendmentLine(Struct, frozen=True):
    """An amendment on the ledger's page; `present` is what an open one would replace."""

    id: int
    key: str
    code: str
    seat: str
    aspect: str
    present: str
    text: str
    reason: str
    proposed_by: str
    proposed_by_id: int
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    outcome: str
    decision_reason: str
    is_overtaken: bool
    """A mark came after it was proposed, so that it can only be refused."""


async def amendments_of(ledger_id: int) -> list[AmendmentLine]:
    """Return the amendments of a ledger, open ones first, then the newest."""
    rows = await Amendment.raw(
        "SELECT a.id, a.sheet, s.key, s.subject_code, s.seat, a.aspect, a.state, a.value_e4,"
        " a.reason, a.seen, a.proposed_by, a.proposed_by_id, a.proposed_at, a.decided_by,"
        " a.decided_at, a.outcome, a.decision_reason FROM amendment AS a"
        " JOIN mark_sheet AS s ON s.id = a.sheet WHERE s.ledger = {}"
        " ORDER BY CASE WHEN a.outcome = 'open' THEN 0 ELSE 1 END, a.id DESC",
        ledger_id,
    )
    waiting = {(row["sheet"], row["aspect"]) for row in rows if row["outcome"] == "open"}
    marks = await _marks_in(ledger_id, waiting) if waiting else {}
    return [_line(row, marks.get((row["sheet"], row["aspect"]), ())) for row in rows]


async def _marks_in(ledger_id: int, cells: Collection[Cell]) -> dict[Cell, list[Mapping[str, Any]]]:
    """Return the heads of some cells, and the held marks that wait for them; those have a `why`."""
    heads = await MarkHead.select().where(MarkHead.sheet.is_in([sheet for sheet, _ in cells]))
    found: dict[Cell, list[Mapping[str, Any]]] = defaultdict(list)
    for mark in (*heads, *await queries.unsettled(ledger_id)):
        found[mark["sheet"], mark["aspect"]].append(mark)
    return found


def _line(row: Mapping[str, Any], marks: Sequence[Mapping[str, Any]]) -> AmendmentLine:
    said = queries.says_of(mark for mark in marks if "why" not in mark)
    is_open = row["outcome"] == "open"
    seen = msgspec.json.decode(row["seen"] or "[]", type=set[str])
    return AmendmentLine(
        id=row["id"],
        key=row["key"],
        code=row["subject_code"],
        seat=row["seat"],
        aspect=row["aspect"],
        present=said_text(*said) if is_open and said else "",
        text=said_text(MarkState(row["state"]), row["value_e4"]),
        reason=row["reason"],
        proposed_by=row["proposed_by"],
        proposed_by_id=row["proposed_by_id"],
        proposed_at=instant(row["proposed_at"]) or row["proposed_at"],
        decided_by=row["decided_by"] or "",
        decided_at=instant(row["decided_at"]),
        outcome=row["outcome"],
        decision_reason=row["decision_reason"],
        is_overtaken=is_open
        and row["seen"] is not None
        and not {mark["record_id"] for mark in marks} <= seen,
    )
