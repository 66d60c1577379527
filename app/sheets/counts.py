"""How far the ledgers are: sheets by status, and what waits for a decision, counted in SQL."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.rules.mark_sheet import SheetStatus
from app.sheets.tables import HeldMark, MarkHead, MarkSheet


class LedgerLine(Struct, frozen=True):
    """A ledger with the counts of its sheets; void ones are left out."""

    name: str
    title: str
    subject_word: str
    seq: int
    root: str
    opened_at: datetime
    locked_at: datetime | None
    locked_by: str
    sheet_count: int
    open_count: int
    submitted_count: int
    signed_count: int
    held_count: int
    conflict_count: int


class SheetCounts(Struct, frozen=True):
    """How many sheets of a ledger stand where; `final` are signed or locked."""

    open: int
    submitted: int
    final: int
    void: int

    @property
    def total(self) -> int:
        return self.open + self.submitted + self.final + self.void

    @property
    def counted(self) -> int:
        """How many count: all but those of subjects who were away."""
        return self.total - self.void


async def sheet_counts(ledger: str) -> SheetCounts:
    """Count the sheets of a ledger by status, without reading one."""
    rows = await MarkSheet.raw(
        "SELECT s.status, COUNT(*) AS sheets FROM mark_sheet AS s"
        " JOIN mark_ledger AS l ON l.id = s.ledger WHERE l.name = {} GROUP BY s.status",
        ledger,
    )
    found = Counter({SheetStatus(row["status"]): row["sheets"] for row in rows})
    return SheetCounts(
        open=found[SheetStatus.OPEN],
        submitted=found[SheetStatus.SUBMITTED],
        final=found[SheetStatus.SIGNED] + found[SheetStatus.LOCKED],
        void=found[SheetStatus.VOID],
    )


async def ledger_lines(rows: Sequence[Mapping[str, Any]]) -> list[LedgerLine]:
    """Return ledgers with the counts of their sheets, in the given order."""
    if not rows:
        return []
    ids = [row["id"] for row in rows]
    where = f"s.ledger IN ({', '.join(['{}'] * len(ids))})"
    statuses = await _statuses(where, ids)
    held, conflicts = await _held(where, ids), await _conflicts(where, ids)
    return [_line(row, statuses[row["id"]], held[row["id"]], conflicts[row["id"]]) for row in rows]


async def _statuses(where: str, ids: Sequence[int]) -> dict[int, Counter[SheetStatus]]:
    rows = await MarkSheet.raw(
        "SELECT s.ledger, s.status, COUNT(*) AS sheets FROM mark_sheet AS s"  # noqa: S608 - placeholders only
        f" WHERE {where} GROUP BY s.ledger, s.status",
        *ids,
    )
    found: dict[int, Counter[SheetStatus]] = defaultdict(Counter)
    for row in rows:
        found[row["ledger"]][SheetStatus(row["status"])] = row["sheets"]
    return found


async def _held(where: str, ids: Sequence[int]) -> Counter[int]:
    rows = await HeldMark.raw(
        "SELECT s.ledger, COUNT(*) AS marks FROM held_mark AS h"  # noqa: S608 - placeholders only
        " JOIN mark_sheet AS s ON s.id = h.sheet"
        f" WHERE {where} AND h.settled_by IS NULL AND s.status <> {{}} GROUP BY s.ledger",
        *ids,
        SheetStatus.VOID.value,
    )
    return Counter({row["ledger"]: row["marks"] for row in rows})


async def _conflicts(where: str, ids: Sequence[int]) -> Counter[int]:
    """Count the cells whose heads differ; cells with several heads are few."""
    rows = await MarkHead.raw(
        "SELECT s.ledger, h.sheet, h.aspect, h.state, h.value_e4 FROM mark_head AS h"  # noqa: S608 - placeholders only
        " JOIN mark_sheet AS s ON s.id = h.sheet JOIN (SELECT sheet, aspect FROM mark_head"
        " GROUP BY sheet, aspect HAVING COUNT(*) > 1) AS several"
        " ON several.sheet = h.sheet AND several.aspect = h.aspect"
        f" WHERE {where} AND s.status <> {{}}",
        *ids,
        SheetStatus.VOID.value,
    )
    said: dict[tuple[int, int, str], set[tuple[str, int | None]]] = defaultdict(set)
    for row in rows:
        said[row["ledger"], row["sheet"], row["aspect"]].add((row["state"], row["value_e4"]))
    return Counter(ledger for (ledger, _, _), found in said.items() if len(found) > 1)


def _line(
    row: Mapping[str, Any], statuses: Counter[SheetStatus], held: int, conflicts: int
) -> LedgerLine:
    return LedgerLine(
        name=row["name"],
        title=row["title"],
        subject_word=row["subject_word"],
        seq=row["seq"],
        root=row["root"],
        opened_at=row["opened_at"],
        locked_at=row["locked_at"],
        locked_by=row["locked_by"] or "",
        sheet_count=statuses.total() - statuses[SheetStatus.VOID],
        open_count=statuses[SheetStatus.OPEN],
        submitted_count=statuses[SheetStatus.SUBMITTED],
        signed_count=statuses[SheetStatus.SIGNED] + statuses[SheetStatus.LOCKED],
        held_count=held,
        conflict_count=conflicts,
    )
