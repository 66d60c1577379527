"""Read the journal and verify its chain."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
from piccolo.columns.combination import Where

from app.audit.acts import LABELS, Act
from app.audit.tables import AuditRecord, JournalHead
from app.rules.journal_chain import GENESIS, link
from app.storage.engine import read_snapshot
from app.storage.words import has

CHUNK = 2000


class JournalLine(msgspec.Struct, frozen=True):
    """A record as its page shows it; `before` and `after` are JSON texts."""

    number: int
    act: str
    act_label: str
    subject: str
    account_name: str
    address: str
    at: datetime
    reason: str
    before: str
    after: str
    hash: str


class PastAct(msgspec.Struct, frozen=True):
    """What the journal holds of one act, to be compared with the rows that it left."""

    act: Act
    account_id: int | None
    account_name: str
    at: datetime
    reason: str
    before: dict[str, Any]
    after: dict[str, Any]


class JournalFilter(msgspec.Struct, frozen=True):
    """Which records; empty fields filter nothing."""

    act: str = ""
    subject: str = ""
    account: str = ""
    page: int = 1


async def journal(chosen: JournalFilter, page_size: int = 50) -> tuple[list[JournalLine], int]:
    """Return one page of records, newest first, and the count of all that match."""
    query = AuditRecord.select().order_by(AuditRecord.number, ascending=False)
    count = AuditRecord.count()
    for condition in _conditions(chosen):
        query, count = query.where(condition), count.where(condition)
    rows = await query.limit(page_size).offset((max(chosen.page, 1) - 1) * page_size)
    return [_line(row) for row in rows], await count


async def records_of(subject: str) -> list[JournalLine]:
    """Return everything that was done to one thing, newest first."""
    rows = (
        await AuditRecord.select()
        .where(AuditRecord.subject == subject)
        .order_by(AuditRecord.number, ascending=False)
    )
    return [_line(row) for row in rows]


async def acts_under(prefix: str) -> dict[str, list[PastAct]]:
    """Return by subject what was done to everything whose subject begins so, the oldest first.

    A record that cannot be read is passed over: the chain tells that it was changed.
    """
    found: dict[str, list[PastAct]] = {}
    rows = (
        await AuditRecord.select()
        .where(AuditRecord.subject.like(f"{prefix}%"))
        .order_by(AuditRecord.number)
    )
    for row in rows:
        with suppress(msgspec.MsgspecError):
            facts = {part: msgspec.json.decode(row[part] or "{}") for part in ("before", "after")}
            past = msgspec.convert({**row, **facts}, PastAct)
            found.setdefault(row["subject"], []).append(past)
    return found


async def journal_problems() -> list[str]:
    """Recompute the chain; return what is broken, in words, empty where it holds."""
    async with read_snapshot():  # Otherwise an act between the two reads would look like a break.
        return await _problems()


async def _problems() -> list[str]:
    previous, number = GENESIS, 0
    while True:
        rows = (
            await AuditRecord.select()
            .where(AuditRecord.number > number)
            .order_by(AuditRecord.number)
            .limit(CHUNK)
        )
        for row in rows:
            if row["number"] != number + 1:
                return [f"journal: record {number + 1} is missing"]
            number = row["number"]
            previous = link(previous, _facts(row))
            if previous.hex() != row["hash"]:
                return [f"journal: record {number} was changed after it was written"]
        if len(rows) < CHUNK:
            return await _head_problems(number, previous.hex())


async def _head_problems(number: int, digest: str) -> list[str]:
    heads = await JournalHead.select()
    if len(heads) != 1 and (heads or number):
        return [f"journal: {number} records have {len(heads)} heads instead of one"]
    for head in heads:
        if (head["number"], head["hash"]) != (number, digest):
            return [f"journal: the head says {head['number']} records, {number} are there"]
    return []


def _facts(row: dict[str, object]) -> dict[str, object]:
    at = row["at"]
    assert isinstance(at, datetime)
    facts = {key: value for key, value in row.items() if key not in {"id", "hash"}}
    return facts | {"at": at.astimezone(UTC).isoformat(timespec="microseconds")}


def _conditions(chosen: JournalFilter) -> list[Where]:
    conditions: list[Where] = []
    if chosen.act:
        conditions.append(AuditRecord.act.like(f"{chosen.act}%"))
    if chosen.subject:
        conditions.append(AuditRecord.subject == chosen.subject)
    if chosen.account:
        conditions.append(has(AuditRecord.account_name, chosen.account))
    return conditions


def _line(row: dict[str, object]) -> JournalLine:
    act = str(row["act"])
    known = act in Act._value2member_map_
    facts = {key: value for key, value in row.items() if key not in {"id", "account_id"}}
    return msgspec.convert(facts | {"act_label": LABELS[Act(act)] if known else act}, JournalLine)
