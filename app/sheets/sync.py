"""score-sync/1: take what a tablet sends, once, whatever the network did (offline.md section 3).

One transaction a batch. Each entry is judged by itself: applied, held for the lead (the sheet is
closed, reassigned, or the scheme has changed), or rejected and kept as it came. What was taken
before is answered as before.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor
from app.rules.mark_ledger import Outcome, RecordKind
from app.sheets import answers, devices, heads, intake, ledger
from app.sheets.answers import SheetSnapshot
from app.sheets.devices import Pass, TabletFacts
from app.sheets.intake import Intake, Parsed, Verdict
from app.sheets.ledger import LockedLedger, NewRecord
from app.sheets.tables import MarkSheet, RejectedEntry
from app.storage.engine import read_snapshot, write_transaction

PROTO: Final = "score-sync/1"
MOST_ENTRIES: Final = 500
LONGEST_MS: Final = 253_402_300_799_000
"""The last millisecond of the year 9999: a clock may be wrong by centuries, not by more."""


class Entry(Struct, frozen=True):
    """One entry as it travels; `at` in milliseconds by the tablet's clock."""

    id: UUID
    act: str
    seq: int
    sheet: Annotated[str, Meta(max_length=40)]
    actor: Annotated[str, Meta(max_length=600)]
    at: Annotated[int, Meta(ge=0, le=LONGEST_MS)]
    cell: Annotated[str, Meta(max_length=80)] = ""
    mark: Annotated[str, Meta(max_length=20)] = ""
    value: Annotated[str, Meta(max_length=20)] | None = None
    parents: Annotated[tuple[UUID, ...], Meta(max_length=50)] = ()
    reason: Annotated[str, Meta(max_length=500)] = ""
    scheme: Annotated[str, Meta(max_length=64)] = ""


class SyncBatch(Struct, frozen=True):
    """What a tablet posts; with no entries it is the poll and the heartbeat."""

    proto: str
    batch: Annotated[str, Meta(max_length=40)]
    device: Annotated[str, Meta(max_length=40)]
    seq: int
    pending: int
    sent_at: int
    known: dict[str, int] = {}
    entries: list[msgspec.Raw] = []


class EntryResult(Struct, frozen=True, omit_defaults=True):
    """What became of one entry: ok, held or rejected."""

    id: str
    status: str
    code: str = ""
    dup: bool = False


class SyncAnswer(Struct, frozen=True):
    """Written only after the commit."""

    proto: str
    batch: str
    server_at: str
    results: list[EntryResult]
    sheets: dict[str, SheetSnapshot]


class NotOurProtocol(Exception):
    """The body is no score-sync/1 batch."""


@refusal
class NotABackup(RuleBroken):
    """The file is no backup of a tablet of ours."""

    says = N_("这个文件不是本系统平板导出的备份文件。请在平板的“我的评分表”页面点“导出备份文件”。")
    field = "file"


class TooManyEntries(Exception):
    """The batch is too large; the tablet sends it in parts."""


def decode_batch(body: bytes) -> SyncBatch:
    """Read a batch; raise `NotOurProtocol` or `TooManyEntries`."""
    try:
        batch = msgspec.json.decode(body, type=SyncBatch)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotOurProtocol from error
    if batch.proto != PROTO:
        raise NotOurProtocol
    if len(batch.entries) > MOST_ENTRIES:
        raise TooManyEntries
    return batch


async def receive(batch: SyncBatch, *, tablet: TabletFacts, at: datetime) -> SyncAnswer:
    """Take a batch; answer with what became of it and what changed on the tablet's sheets."""
    parsed = [parse(raw) for raw in batch.entries]
    results: list[EntryResult] = []
    async with write_transaction():
        if parsed:
            results = await _take_within(parsed, tablet=tablet, at=at)
        if not parsed or devices.is_beat_due(tablet):
            await devices.beat_within(
                tablet,
                pending=max(0, batch.pending - len(parsed)),
                last_seq=batch.seq,
                clock_error_ms=_clock_error(batch.sent_at, at),
                at=at,
            )
    sheets: dict[str, SheetSnapshot] = {}
    if batch.known:
        accounts = {item.actor.account_id for item in parsed if item.actor} | {tablet.account_id}
        async with read_snapshot():
            sheets = await answers.snapshots(batch.known, accounts)
    return SyncAnswer(PROTO, batch.batch, at.astimezone(UTC).isoformat(), results, sheets)


def _clock_error(sent_at: int, at: datetime) -> int:
    return max(-(2**31), min(2**31 - 1, sent_at - int(at.timestamp() * 1000)))


def parse(raw: msgspec.Raw | bytes) -> Parsed:
    """Read one entry by itself, so that a bad one cannot fail the others."""
    text = bytes(raw)
    try:
        entry = msgspec.json.decode(text, type=Entry)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Parsed(id=_id_of(text), raw=text)
    actor = devices.read_pass(entry.actor)
    aspect, _, seat = entry.cell.rpartition(":")
    return Parsed(
        id=str(entry.id),
        raw=text,
        is_readable=True,
        act=entry.act,
        seq=entry.seq,
        sheet=entry.sheet,
        aspect=aspect,
        seat=seat,
        mark=entry.mark,
        value=entry.value,
        parents=tuple(str(parent) for parent in entry.parents),
        actor=actor,
        device_at=datetime.fromtimestamp(entry.at / 1000, UTC),
        reason=entry.reason.strip(),
        scheme=entry.scheme,
        digest=_digest(entry, actor),
    )


def _id_of(text: bytes) -> str:
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    return str(found.get("id", ""))[:40] if isinstance(found, dict) else ""


def _digest(entry: Entry, actor: Pass | None) -> str:
    facts = [
        entry.id,
        entry.act,
        entry.sheet,
        entry.cell,
        entry.mark,
        entry.value,
        entry.parents,
        entry.at,
        entry.reason,
        entry.scheme,
        actor.account_id if actor else None,
    ]
    return hashlib.sha256(msgspec.json.encode(facts)).hexdigest()


async def _take_within(
    parsed: Sequence[Parsed], *, tablet: TabletFacts, at: datetime
) -> list[EntryResult]:
    ledgers = await _locked({item.sheet for item in parsed if item.is_readable})
    desk = await Intake.gather_within(parsed, tablet=tablet)
    verdicts = [desk.judge(item) for item in parsed]
    records = [verdict.record for verdict in verdicts if verdict.record]
    for held_ledger in ledgers.values():
        own = [record for record in records if desk.ledger_of(record) == held_ledger.id]
        await _write_within(held_ledger, own, desk, at=at)
    await _keep_rejected(
        [v for v in verdicts if v.status == "rejected" and not v.is_again], tablet=tablet, at=at
    )
    return [EntryResult(v.id, v.status, v.code, v.is_again) for v in verdicts]


async def _locked(keys: set[str]) -> dict[int, LockedLedger]:
    found = await intake.ledgers_of(keys)
    return {ledger_id: await ledger.lock_by_id_within(ledger_id) for ledger_id in sorted(found)}


async def _write_within(
    held: LockedLedger, records: list[NewRecord], desk: Intake, *, at: datetime
) -> None:
    if not records:
        return
    await ledger.append_within(held, records, at=at)
    touched = {record.sheet_id for record in records if record.sheet_id is not None}
    versions = await heads.raise_versions_within(
        touched, with_neighbors=desk.is_judgement_among(records)
    )
    await heads.apply_within(records, cells=desk.cells, versions=versions)
    for record in records:
        if record.kind is RecordKind.SUBMIT and record.outcome is Outcome.APPLIED:
            await MarkSheet.update(
                {
                    MarkSheet.status: "submitted",
                    MarkSheet.submitted_at: at,
                    MarkSheet.returned_reason: "",
                }
            ).where(MarkSheet.id == record.sheet_id)


async def _keep_rejected(verdicts: Sequence[Verdict], *, tablet: TabletFacts, at: datetime) -> None:
    rows = [
        RejectedEntry(
            digest=hashlib.sha256(verdict.raw).hexdigest(),
            device=tablet.key,
            device_seq=verdict.seq,
            code=verdict.code,
            sent=verdict.raw.decode("utf-8", "replace"),
            server_at=at,
        )
        for verdict in verdicts
    ]
    if rows:
        await RejectedEntry.insert(*rows).on_conflict(action="DO NOTHING")


class BackupOutcome(Struct, frozen=True):
    """What became of a backup file's entries."""

    taken: int
    again: int
    held: int
    rejected: int


async def take_backup(body: bytes, *, by: Actor, at: datetime) -> BackupOutcome:
    """Take in a tablet's backup file; when the tablet sends the same later, nothing counts twice.

    Raise `NotABackup` for a strange file, `NotFound` for a tablet that was never paired.
    """
    try:
        batch = msgspec.json.decode(body, type=SyncBatch)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotABackup from error
    tablet = await devices.tablet_by_key(batch.device)
    if batch.proto != PROTO or tablet is None:
        raise NotABackup
    results: list[EntryResult] = []
    for start in range(0, len(batch.entries), MOST_ENTRIES):
        parsed = [parse(raw) for raw in batch.entries[start : start + MOST_ENTRIES]]
        async with write_transaction():
            results += await _take_within(parsed, tablet=tablet, at=at)
    new = [result for result in results if not result.dup]
    outcome = BackupOutcome(
        taken=sum(result.status == "ok" for result in new),
        again=len(results) - len(new),
        held=sum(result.status == "held" for result in new),
        rejected=sum(result.status == "rejected" for result in new),
    )
    async with write_transaction():
        subject = f"sheets.tablet:{tablet.key}"
        facts = msgspec.structs.asdict(outcome)
        await audit.record(act=Act.BACKUP_TAKEN_IN, subject=subject, by=by, at=at, after=facts)
    return outcome
