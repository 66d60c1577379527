"""Judge what tablets sent and write what follows: records, present values, versions, rejects."""

import hashlib
from collections.abc import Mapping, Sequence

from app.rules.mark_ledger import Outcome, RecordKind
from app.rules.mark_sheet import SheetStatus
from app.sheets import heads, intake, judgements, ledger, standing
from app.sheets.intake import Intake, Sent, Verdict
from app.sheets.ledger import LockedLedger, NewRecord
from app.storage import engine


async def take_within(sent: Sequence[Sent]) -> list[list[Verdict]]:
    """Judge every entry and write what follows; return the verdicts of each sender's entries."""
    entries = [item for part in sent for item in part.entries]
    if not entries:
        return [[] for _ in sent]
    held = await _locked({item.sheet for item in entries if item.is_readable})
    desk = await Intake.gather_within(entries)
    shown = {item.actor for item in entries if item.actor}
    desk.ended = await standing.ended(shown, max(part.at for part in sent))
    verdicts = [[desk.judge(item, part.tablet.key) for item in part.entries] for part in sent]
    records = [v.record for found in verdicts for v in found if v.record]
    await _write_within(held, records, desk, sent)
    for part, found in zip(sent, verdicts, strict=True):
        await _keep_rejected(part, found)
    return verdicts


async def _locked(keys: set[str]) -> dict[int, LockedLedger]:
    return {held.id: held for held in await ledger.lock_all_within(await intake.ledgers_of(keys))}


async def _write_within(
    held: Mapping[int, LockedLedger],
    records: Sequence[NewRecord],
    desk: Intake,
    sent: Sequence[Sent],
) -> None:
    if not records:
        return
    at = max(part.at for part in sent)
    parts: dict[int, list[NewRecord]] = {}
    for record in records:
        parts.setdefault(desk.ledger_of(record), []).append(record)
    await ledger.append_all_within([(held[key], part) for key, part in parts.items()], at=at)
    judged = {record.sheet_id for record in records if desk.is_judgement(record)}
    versions = await heads.raise_versions_within(
        {record.sheet_id for record in records if record.sheet_id is not None},
        neighbors_of=judged,
    )
    await heads.apply_within(records, cells=desk.cells, versions=versions)
    submitted = [
        (SheetStatus.SUBMITTED.value, at, "", record.sheet_id)
        for record in records
        if record.kind is RecordKind.SUBMIT and record.outcome is Outcome.APPLIED
    ]
    await engine.run_each(
        "UPDATE mark_sheet SET status = ?, submitted_at = ?, returned_reason = ? WHERE id = ?",
        submitted,
    )
    noted = {record.sheet_id or 0 for record in records if record.kind is RecordKind.NOTE}
    await engine.run_each(
        "UPDATE mark_sheet SET noted = ? WHERE id = ?",
        [(versions[sheet], sheet) for sheet in sorted(noted)],
    )
    await judgements.reopen_within(held, judged, at=at)


async def _keep_rejected(sent: Sent, verdicts: Sequence[Verdict]) -> None:
    rows = [
        (
            hashlib.sha256(item.raw).hexdigest(),
            sent.tablet.key,
            item.seq,
            verdict.code,
            item.sheet,
            item.raw.decode("utf-8", "replace"),
            sent.at,
        )
        for verdict in verdicts
        if (item := verdict.sent) is not None
    ]
    await engine.run_each(
        "INSERT INTO rejected_entry (digest, device, device_seq, code, sheet, sent, server_at)"
        " VALUES (?, ?, ?, ?, (SELECT id FROM mark_sheet WHERE key = ?), ?, ?)"
        " ON CONFLICT DO NOTHING",
        rows,
    )
