"""Append to a ledger: number, chain and store records.

Everything here runs inside the caller's write transaction, after the ledger was locked.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from app.errors import N_, NotFound, RuleBroken, refusal
from app.rules.mark_ledger import CellMark, Outcome, RecordKind, next_hash
from app.rules.mark_sheet import MarkState
from app.storage import engine
from app.storage.rows import one_of

COLUMNS = (
    "ledger",
    "seq",
    "hash",
    "kind",
    "outcome",
    "why",
    "record_id",
    "sheet",
    "aspect",
    "state",
    "value_e4",
    "parents",
    "account_id",
    "account_name",
    "second_id",
    "second_name",
    "device",
    "device_seq",
    "device_at",
    "server_at",
    "reason",
    "scheme",
    "digest",
)
INSERT = (
    f"INSERT INTO ledger_record ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - our own columns
)


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


def new_record_id(at: datetime) -> str:
    """Return a UUIDv7 (RFC 9562) for a record that is made here and not on a tablet."""
    stamp = int(at.timestamp() * 1000) << 80
    rest = secrets.randbits(80) & ~(0xF << 76) & ~(0x3 << 62)
    return str(UUID(int=stamp | rest | 0x7 << 76 | 0x2 << 62))


async def lock_within(name: str) -> LockedLedger:
    """Hold a ledger for appending until the transaction ends; raise `NotFound`."""
    found = await _held("name = ?", [name])
    if not found:
        raise NotFound
    return found[0]


async def lock_all_within(ledger_ids: Iterable[int]) -> list[LockedLedger]:
    """Hold ledgers for appending, always in the same order, so that nobody waits in a circle."""
    places, arguments = one_of(sorted(ledger_ids))
    return await _held(f"id IN ({places})", arguments) if arguments else []


async def _held(which: str, arguments: Sequence[Any]) -> list[LockedLedger]:
    rows = await engine.fetch(
        "SELECT id, name, title, seq, root, locked_at FROM mark_ledger"  # noqa: S608 - placeholders only
        f" WHERE {which} ORDER BY id{engine.row_lock()}",
        arguments,
    )
    return [
        LockedLedger(
            row["id"],
            row["name"],
            row["title"],
            row["seq"],
            row["root"],
            row["locked_at"] is not None,
        )
        for row in rows
    ]


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


@lru_cache(1024)
def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


async def append_within(
    ledger: LockedLedger, records: Sequence[NewRecord], *, at: datetime
) -> None:
    """Chain and store records in order; `ledger` then holds the new last link."""
    await append_all_within([(ledger, records)], at=at)


async def append_all_within(
    parts: Sequence[tuple[LockedLedger, Sequence[NewRecord]]], *, at: datetime
) -> None:
    """Chain and store the records of several ledgers."""
    rows = [_linked(record, ledger, at) for ledger, records in parts for record in records]
    await engine.run_each(INSERT, [[row[name] for name in COLUMNS] for row in rows])
    await engine.run_each(
        "UPDATE mark_ledger SET seq = ?, root = ? WHERE id = ?",
        [(ledger.seq, ledger.root, ledger.id) for ledger, records in parts if records],
    )


def _linked(record: NewRecord, ledger: LockedLedger, at: datetime) -> dict[str, Any]:
    """Return a record's row as the next link of the chain, and move the ledger on to it."""
    row = msgspec.structs.asdict(record)
    row["ledger"] = ledger.id
    row["sheet"] = record.sheet_id
    row["kind"] = record.kind.value
    row["outcome"] = record.outcome.value
    row["parents"] = msgspec.json.encode(record.parents).decode()
    row["server_at"] = at
    row["digest"] = record.digest or _digest_of(record)
    row["seq"] = ledger.seq = ledger.seq + 1
    facts = chain_facts(row, ledger.name, record.sheet_key)
    row["hash"] = ledger.root = next_hash(ledger.root, facts)
    return row


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
