"""Append to a ledger: number, chain and store records, and keep the heads that follow from them.

Everything here runs inside the caller's write transaction, after the ledger was locked.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from app.errors import N_, NotFound, RuleBroken, refusal
from app.rules.mark_ledger import CellMark, Outcome, RecordKind, heads, next_hash
from app.rules.mark_sheet import MarkState
from app.sheets.tables import HeldMark, LedgerRecord, MarkHead, MarkLedger, MarkSheet

ROWS_A_STATEMENT = 400
"""PostgreSQL takes at most 32,767 arguments in one statement."""


@refusal
class LedgerLocked(RuleBroken):
    """A locked ledger takes no more marks, only amendments."""

    says = N_("“{title}”的成绩已锁定，不能再改。确有错误请走更正程序：写明原因，由第二人确认。")
    title: str


class LockedLedger(msgspec.Struct):
    """A ledger held for appending: the last link of its chain."""

    id: int
    name: str
    title: str
    seq: int
    root: str
    is_locked: bool


class NewRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record to append, before it has its place in the chain."""

    kind: RecordKind
    record_id: str
    sheet_id: int | None
    sheet_key: str
    device_at: datetime
    outcome: Outcome = Outcome.APPLIED
    why: str = ""
    aspect: str = ""
    state: str = ""
    value_e4: int | None = None
    parents: tuple[str, ...] = ()
    account_id: int | None = None
    account_name: str = ""
    second_id: int | None = None
    second_name: str = ""
    device: str = "desk"
    device_seq: int = 0
    reason: str = ""
    scheme: str = ""
    digest: str = ""

    @property
    def cell_mark(self) -> CellMark:
        """Return what the rules need to know of a mark."""
        return CellMark(
            self.record_id, frozenset(self.parents), MarkState(self.state), self.value_e4
        )


Cell = tuple[int, str]
"""A sheet's id and an aspect's id."""


def new_record_id(at: datetime) -> str:
    """Return a UUIDv7 (RFC 9562) for a record that is made here and not on a tablet."""
    stamp = int(at.timestamp() * 1000) << 80
    rest = secrets.randbits(80) & ~(0xF << 76) & ~(0x3 << 62)
    return str(UUID(int=stamp | rest | 0x7 << 76 | 0x2 << 62))


async def lock_within(name: str) -> LockedLedger:
    """Hold a ledger for appending until the transaction ends; raise `NotFound`."""
    return await _held("name", name)


async def lock_by_id_within(ledger_id: int) -> LockedLedger:
    """Hold a ledger, known by its id, for appending; raise `NotFound`."""
    return await _held("id", ledger_id)


async def _held(column: str, value: str | int) -> LockedLedger:
    rows = await MarkLedger.raw(
        f"UPDATE mark_ledger SET seq = seq WHERE {column} = {{}} RETURNING id, name, title, seq, root, locked_at",  # noqa: S608 - our own column names
        value,
    )
    if not rows:
        raise NotFound
    row = rows[0]
    return LockedLedger(
        row["id"], row["name"], row["title"], row["seq"], row["root"], row["locked_at"] is not None
    )


def chain_facts(row: Mapping[str, Any], ledger: str, sheet_key: str) -> dict[str, object]:
    """Return the facts of a record that its hash covers: all of them, in plain values."""
    return {
        "ledger": ledger,
        "seq": row["seq"],
        "kind": row["kind"],
        "outcome": row["outcome"],
        "why": row["why"],
        "id": row["record_id"],
        "sheet": sheet_key,
        "aspect": row["aspect"],
        "state": row["state"],
        "value_e4": row["value_e4"],
        "parents": row["parents"],
        "account_id": row["account_id"],
        "account_name": row["account_name"],
        "second_id": row["second_id"],
        "second_name": row["second_name"],
        "device": row["device"],
        "device_seq": row["device_seq"],
        "device_at": _instant(row["device_at"]),
        "server_at": _instant(row["server_at"]),
        "reason": row["reason"],
        "scheme": row["scheme"],
        "digest": row["digest"],
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


async def append_within(
    ledger: LockedLedger, records: Sequence[NewRecord], *, at: datetime
) -> None:
    """Chain and store records in order; `ledger` then holds the new last link."""
    if not records:
        return
    rows = []
    for record in records:
        row = _row(record, ledger, at)
        ledger.seq += 1
        row["seq"] = ledger.seq
        ledger.root = row["hash"] = next_hash(
            ledger.root, chain_facts(row, ledger.name, record.sheet_key)
        )
        rows.append(LedgerRecord(**row))
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        await LedgerRecord.insert(*rows[start : start + ROWS_A_STATEMENT])
    await MarkLedger.raw(
        "UPDATE mark_ledger SET seq = {}, root = {} WHERE id = {}",
        ledger.seq,
        ledger.root,
        ledger.id,
    )


def _row(record: NewRecord, ledger: LockedLedger, at: datetime) -> dict[str, Any]:
    row = {name: getattr(record, name) for name in record.__struct_fields__}
    del row["sheet_key"]
    return row | {
        "ledger": ledger.id,
        "sheet": row.pop("sheet_id"),
        "kind": record.kind.value,
        "outcome": record.outcome.value,
        "parents": msgspec.json.encode(record.parents).decode(),
        "server_at": at,
        "digest": record.digest or _digest_of(record),
    }


def _digest_of(record: NewRecord) -> str:
    facts = [
        record.record_id,
        record.sheet_key,
        record.aspect,
        record.state,
        record.value_e4,
        list(record.parents),
    ]
    return hashlib.sha256(msgspec.json.encode([*facts, record.reason])).hexdigest()


async def marks_by_cell(
    sheet_ids: Iterable[int], aspects: Iterable[str] | None = None
) -> dict[Cell, list[CellMark]]:
    """Return every applied mark of some sheets by cell, of some aspects only where they are named."""
    ids = sorted(set(sheet_ids))
    if not ids:
        return {}
    query = LedgerRecord.select(
        LedgerRecord.record_id, LedgerRecord.sheet, LedgerRecord.aspect, LedgerRecord.parents,
        LedgerRecord.state, LedgerRecord.value_e4,
    ).where(
        LedgerRecord.sheet.is_in(ids),
        LedgerRecord.outcome == Outcome.APPLIED.value,
        LedgerRecord.kind.is_in([RecordKind.MARK.value, RecordKind.AMENDMENT.value]),
    )  # fmt: skip
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
            sheet=record.sheet_id, aspect=record.aspect, record_id=record.record_id, state=record.state,
            value_e4=record.value_e4, by_name=record.account_name, device=record.device,
            version=versions[record.sheet_id or 0],
        )
        for record in applied.values()
        if record.record_id in wanted and record.record_id not in known
    ]  # fmt: skip
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
            " JOIN mark_sheet AS beside ON beside.ledger = touched.ledger AND beside.form = touched.form"
            f" AND beside.subject_code = touched.subject_code WHERE touched.id IN ({marks}))"
        )
    rows = await MarkSheet.raw(
        f"UPDATE mark_sheet SET version = version + 1 WHERE {where} RETURNING id, version",  # noqa: S608
        *ids,
    )
    return {row["id"]: row["version"] for row in rows}
