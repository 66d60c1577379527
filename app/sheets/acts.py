"""What the acts on sheets share: hold the ledger, choose the sheets, refuse the unready."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.errors import N_, NotAllowed, NotFound, RuleBroken, refusal
from app.rules import mark_ledger
from app.rules.actors import Actor
from app.rules.mark_ledger import RecordKind
from app.rules.mark_sheet import SheetStatus, open_aspects
from app.sheets import forms, heads, leads
from app.sheets import ledger as chain
from app.sheets.ledger import LedgerLocked, LockedLedger, NewRecord
from app.sheets.rows import SheetRow
from app.sheets.tables import MarkLedger, MarkSheet


@refusal
class SheetIncomplete(RuleBroken):
    """A sheet with open aspects is not submitted."""

    says = N_(
        "{code} 号的评分表（{seat}）还有 {count} 项未评：{aspects}。"
        "评完后再提交；选手没有做的请选“未做”。"
    )
    code: str
    seat: str
    count: int
    aspects: str


@refusal
class SheetInConflict(RuleBroken):
    """Two marks of a cell say different things."""

    says = N_("{code} 号的评分表（{seat}）中“{aspect}”有两个不同的分数。请先确定用哪一个。")
    code: str
    seat: str
    aspect: str


@refusal
class SheetsUnsigned(RuleBroken):
    """A ledger is locked only when every sheet is signed."""

    says = N_("共 {total} 张评分表，还有 {count} 张没有签字。全部签字后才能锁定。")
    count: int
    total: int


@refusal
class UndecidedMarks(RuleBroken):
    """A ledger is locked only when no held mark waits for a decision."""

    says = N_("还有 {count} 个迟到或改派的分数等待处理。请逐个决定采用或不采用，再锁定。")
    count: int


@refusal
class ReasonNeeded(RuleBroken):
    """This act is recorded with its reason."""

    says = N_("请写明原因。")
    field = "reason"


async def open_ledger_within(name: str) -> LockedLedger:
    """Hold a ledger that still takes marks; raise `LedgerLocked`."""
    held = await chain.lock_within(name)
    if held.is_locked:
        raise LedgerLocked(held.title)
    return held


async def led_ledger_within(name: str, by: Actor) -> LockedLedger:
    """Hold a ledger that still takes marks for an act of its lead; raise `NotAllowed`."""
    held = await open_ledger_within(name)
    leads.require_lead(by, await ledger_row(name))
    return held


async def ledger_row(name: str) -> Mapping[str, Any]:
    """Return the row of a ledger; raise `NotFound`."""
    row = await MarkLedger.select().where(MarkLedger.name == name).first()
    if row is None:
        raise NotFound
    return row


async def require_own_or_led(rows: Sequence[SheetRow], ledger: str, by: Actor) -> None:
    """Raise `NotAllowed` unless all sheets are the actor's own or the actor leads the ledger."""
    if any(row.account is None or row.account != by.account_id for row in rows):
        leads.require_lead(by, await ledger_row(ledger))
    elif by.account_id is None and rows:
        raise NotAllowed


def chosen(
    rows: Sequence[SheetRow],
    status: SheetStatus,
    *,
    codes: Collection[str] | None = None,
    keys: Collection[str] | None = None,
) -> list[SheetRow]:
    """Return the sheets of a status, of some codes or keys only where they are named."""
    return [
        row
        for row in rows
        if row.status is status
        and (codes is None or row.subject_code in codes)
        and (keys is None or row.key in keys)
    ]


async def refuse_unready(rows: Sequence[SheetRow]) -> None:
    """Raise `SheetInConflict` or `SheetIncomplete` for the first sheet that is not ready."""
    definitions = await forms.by_id({row.form: row.form_digest for row in rows})
    cells = await heads.marks_by_cell(row.id for row in rows)
    for row in rows:
        marked = {}
        for aspect in definitions[row.form].aspects:
            found = mark_ledger.heads(cells.get((row.id, aspect.id), ()))
            if mark_ledger.is_conflict(found):
                raise SheetInConflict(row.subject_code, row.seat, aspect.id)
            if (mark := mark_ledger.present(found)) is not None:
                marked[aspect.id] = mark.says
        missing = open_aspects(definitions[row.form], marked)
        if missing:
            raise SheetIncomplete(row.subject_code, row.seat, len(missing), "、".join(missing[:5]))


async def append_within(
    held: LockedLedger,
    kind: RecordKind,
    rows: Sequence[SheetRow | None],
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Append an act on each sheet, or on the whole ledger for None."""
    records = [
        NewRecord(
            kind=kind,
            record_id=chain.new_record_id(at),
            sheet_id=row.id if row else None,
            sheet_key=row.key if row else "",
            device_at=at,
            account_id=by.account_id,
            account_name=by.name,
            reason=reason.strip(),
        )
        for row in rows
    ]
    await chain.append_within(held, records, at=at)


async def open_again_within(rows: Sequence[SheetRow], reason: str) -> None:
    """Let sheets be marked once more; who signed them signs anew."""
    await set_within(
        rows,
        {
            MarkSheet.status: SheetStatus.OPEN.value,
            MarkSheet.returned_reason: reason.strip(),
            MarkSheet.signed_at: None,
            MarkSheet.signed_by: None,
            MarkSheet.signed_root: None,
        },
    )


async def set_within(rows: Sequence[SheetRow], facts: Mapping[Any, Any]) -> None:
    """Change the sheets and let their tablets hear of it."""
    await set_by_id_within([row.id for row in rows], facts)


async def set_by_id_within(ids: list[int], facts: Mapping[Any, Any]) -> None:
    """Change sheets known by their ids, and let their tablets hear of it."""
    for start in range(0, len(ids), 5_000):
        part = ids[start : start + 5_000]
        await MarkSheet.update(dict(facts)).where(MarkSheet.id.is_in(part))
        await heads.raise_versions_within(part)
