"""Give sheets another form when their scheme has changed, and say what that asks of the judges.

A mark stays where it is. One that does not fit the new form is taken back by a record of its own,
by the two who decided the change, and is asked again; a sheet that was handed in is returned for
it. A ledger that is locked takes a new form only where nobody is asked for anything.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules import mark_ledger
from app.rules.actors import Actor
from app.rules.mark_ledger import RecordKind
from app.rules.mark_sheet import MarkState, SheetForm, SheetStatus, open_aspects, unfit_aspects
from app.sheets import acts, forms, heads, queries
from app.sheets import ledger as chain
from app.sheets.ledger import LockedLedger, NewRecord
from app.sheets.rows import SheetRow, rows_of
from app.sheets.tables import MarkSheet

HANDED_IN: Final = (SheetStatus.SUBMITTED, SheetStatus.SIGNED)

FormOf = Callable[[SheetRow], SheetForm | None]
"""The new form of a sheet; None where nothing is asked of it any more."""


class Refit(Struct, frozen=True):
    """What a new form does to a sheet: aspects to mark, and marks that no longer fit."""

    sheet_id: int
    key: str
    code: str
    seat: str
    judge: str
    status: SheetStatus
    form: SheetForm | None
    to_mark: tuple[str, ...]
    unfit: Mapping[str, str]

    @property
    def is_asked(self) -> bool:
        """Tell whether the judge has to mark something, or mark it again."""
        return bool(self.to_mark or self.unfit)

    @property
    def is_handed_in(self) -> bool:
        """Tell whether the sheet was submitted or signed."""
        return self.status in HANDED_IN


class RefitDecision(Struct, frozen=True, kw_only=True):
    """Who decided a change and why, and the scheme that counts from now on."""

    reason: str
    first: Actor
    second: Actor
    scheme: str


@refusal
class MarksFinal(RuleBroken):
    """A locked ledger takes no more marks, so no change may ask for one."""

    says = N_(
        "评分已经锁定，不能再要求补评；这次更改涉及 {count} 张评分表：{sheets}。"
        "请改成不需要补评的方案，或按原标准公布。"
    )
    count: int
    sheets: str


@refusal
class HeldMarksWait(RuleBroken):
    """A mark that waits for a decision is decided before its aspect goes."""

    says = N_("要取消的评分点上还有 {count} 个迟到或改派的分数等待处理。请先在评分表页逐个决定。")
    count: int


async def refits_of(ledger: str, form_of: FormOf) -> list[Refit]:
    """Return what new forms would do to each sheet that counts, by code, form and seat."""
    row = await queries.ledger_row(ledger)
    if row is None:
        return []
    rows = [item for item in await rows_of(row["id"]) if item.status is not SheetStatus.VOID]
    present = await queries.heads_of(row["id"])
    old = await forms.by_id({item.form: item.form_digest for item in rows})
    return [_refit(item, old[item.form], form_of(item), present.get(item.id, {})) for item in rows]


def _refit(
    row: SheetRow,
    old: SheetForm,
    new: SheetForm | None,
    found: Mapping[str, Sequence[Mapping[str, object]]],
) -> Refit:
    says = {
        name: said for name, cell in found.items() if (said := queries.says_of(cell)) is not None
    }
    unfit = unfit_aspects(new, says) if new else {}
    fitting = {name: said for name, said in says.items() if name not in unfit}
    before = set(open_aspects(old, says))
    asked = open_aspects(new, fitting) if new else ()
    return Refit(
        sheet_id=row.id,
        key=row.key,
        code=row.subject_code,
        seat=row.seat,
        judge=row.judge or "",
        status=row.status,
        form=new,
        to_mark=tuple(name for name in asked if name not in before and name not in unfit),
        unfit=unfit,
    )


async def refuse_final(ledger: str, refits: Sequence[Refit]) -> None:
    """Refuse what the ledger cannot take.

    Raise `MarksFinal` where a locked ledger would need marks, `HeldMarksWait` where a held mark
    would have no aspect any more to be decided for.
    """
    row = await queries.ledger_row(ledger)
    if row is None:
        return
    asked = [item for item in refits if item.is_asked]
    if row["locked_at"] is not None and asked:
        raise MarksFinal(len(asked), _named(asked))
    form_of = {item.sheet_id: item.form for item in refits}
    waiting = [
        mark
        for mark in await queries.unsettled(row["id"])
        if (form := form_of.get(mark["sheet"])) is None or form.aspect(mark["aspect"]) is None
    ]
    if waiting:
        raise HeldMarksWait(len(waiting))


def _named(refits: Sequence[Refit], most: int = 8) -> str:
    names = "、".join(f"{item.code} {item.seat}" for item in refits[:most])
    return names + ("……" if len(refits) > most else "")


async def hold_within(ledger: str) -> str:
    """Let nobody else append to a ledger until this transaction ends; return its root."""
    return (await chain.lock_within(ledger)).root


async def refit_within(
    ledger: str, refits: Sequence[Refit], decision: RefitDecision, *, at: datetime
) -> None:
    """Give every sheet its new form, inside the transaction that held the ledger for `refits_of`.

    Raise `MarksFinal` or `HeldMarksWait`, and then nothing has changed.
    """
    held = await chain.lock_within(ledger)
    await refuse_final(ledger, refits)
    await _append_refit(held, decision, at)
    await _store_forms(refits)
    await _take_back(held, [item for item in refits if item.unfit], decision, at)
    returned = [item for item in refits if item.is_handed_in and item.is_asked]
    await _set_aside(held, returned, RecordKind.RETURN, decision, at=at)
    if not held.is_locked:
        idle = [item for item in refits if item.form is None]
        await _set_aside(held, idle, RecordKind.VOID, decision, at=at)
    await audit.record(
        act=Act.SHEETS_REFITTED,
        subject=f"sheets.ledger:{ledger}",
        by=decision.second,
        at=at,
        reason=decision.reason,
        after={
            "sheets": len(refits),
            "returned": len(returned),
            "taken_back": sum(len(item.unfit) for item in refits),
            "root": held.root,
        },
    )


async def _append_refit(held: LockedLedger, decision: RefitDecision, at: datetime) -> None:
    record = NewRecord(
        kind=RecordKind.REFIT,
        record_id=chain.new_record_id(at),
        sheet_id=None,
        sheet_key="",
        device_at=at,
        scheme=decision.scheme,
        **_authors(decision),
    )
    await chain.append_within(held, [record], at=at)


def _authors(decision: RefitDecision) -> dict[str, Any]:
    return {
        "account_id": decision.first.account_id,
        "account_name": decision.first.name,
        "second_id": decision.second.account_id,
        "second_name": decision.second.name,
        "reason": decision.reason,
    }


async def _store_forms(refits: Sequence[Refit]) -> None:
    """Store the new forms and let each sheet name its own; its tablet hears of it."""
    digests: dict[int, str] = {}
    by_digest: dict[str, list[int]] = defaultdict(list)
    wanted: dict[str, SheetForm] = {}
    for item in refits:
        if item.form is not None:
            digest = digests.setdefault(id(item.form), forms.digest_of(item.form))
            wanted[digest] = item.form
            by_digest[digest].append(item.sheet_id)
    form_ids = await forms.store_within(wanted.values())
    for digest, sheet_ids in by_digest.items():
        await acts.set_by_id_within(sheet_ids, {MarkSheet.form: form_ids[digest]})


async def _take_back(
    held: LockedLedger, refits: Sequence[Refit], decision: RefitDecision, at: datetime
) -> None:
    """Take back the marks that do not fit: a record each, naming what it replaces."""
    if not refits:
        return
    ids = {item.sheet_id for item in refits}
    cells = await heads.marks_by_cell(ids)
    records = []
    for item in refits:
        for name in item.unfit:
            found = mark_ledger.heads(cells[item.sheet_id, name])
            record = NewRecord(
                kind=RecordKind.AMENDMENT,
                record_id=chain.new_record_id(at),
                sheet_id=item.sheet_id,
                sheet_key=item.key,
                device_at=at,
                aspect=name,
                state=MarkState.CLEARED.value,
                parents=tuple(head.id for head in found),
                scheme=decision.scheme,
                **_authors(decision),
            )
            records.append(record)
            cells[item.sheet_id, name].append(record.cell_mark)
    await chain.append_within(held, records, at=at)
    versions = await heads.raise_versions_within(ids, neighbors_of=ids)
    await heads.apply_within(records, cells=cells, versions=versions)


async def _set_aside(
    held: LockedLedger,
    refits: Sequence[Refit],
    kind: RecordKind,
    decision: RefitDecision,
    *,
    at: datetime,
) -> None:
    """Return sheets to their judges, or take those out of the count that ask nothing any more."""
    if not refits:
        return
    await chain.append_within(held, [_act(item, kind, decision, at) for item in refits], at=at)
    status = SheetStatus.OPEN if kind is RecordKind.RETURN else SheetStatus.VOID
    await acts.set_by_id_within(
        [item.sheet_id for item in refits],
        {
            MarkSheet.status: status.value,
            MarkSheet.returned_reason: decision.reason,
            MarkSheet.signed_at: None,
            MarkSheet.signed_by: None,
            MarkSheet.signed_root: None,
        },
    )


def _act(item: Refit, kind: RecordKind, decision: RefitDecision, at: datetime) -> NewRecord:
    return NewRecord(
        kind=kind,
        record_id=chain.new_record_id(at),
        sheet_id=item.sheet_id,
        sheet_key=item.key,
        device_at=at,
        **_authors(decision),
    )
