"""What people decide about marks: a held or double mark before the lock, an amendment after it.

Nothing is overwritten: a decision is one more record that names what it replaces, with its reason.
After the lock it takes two: one proposes, another confirms.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotAllowed, NotFound, RuleBroken, Stale, refusal
from app.rules import mark_ledger
from app.rules.actors import Actor
from app.rules.mark_ledger import CellMark, RecordKind
from app.rules.mark_sheet import MarkState, SheetForm, decimal_text, e4, fault_of
from app.sheets import acts, forms, heads, leads, queries
from app.sheets import ledger as chain
from app.sheets.acts import ReasonNeeded
from app.sheets.keying import MarkUnfit
from app.sheets.ledger import LockedLedger, NewRecord
from app.sheets.rows import SheetRow, row_by_id, row_by_key
from app.sheets.tables import Amendment
from app.sheets.wording import FAULTS
from app.storage.engine import write_transaction


class Decision(Struct, frozen=True, kw_only=True):
    """What shall hold in a cell; `value` as decimal text."""

    sheet: str
    aspect: str
    state: MarkState
    value: str | None
    reason: str


@refusal
class OwnProposal(NotAllowed):
    """Whoever proposed an amendment does not confirm it."""

    says = N_("更正要由另一个人确认，提出的人不能自己确认。")


@refusal
class NotLockedYet(RuleBroken):
    """Before the lock a sheet is returned to its judge and no amendment is needed."""

    says = N_("成绩还没有锁定。请把评分表退回给裁判修改，不需要走更正程序。")


async def decide(ledger: str, decision: Decision, *, by: Actor, at: datetime) -> None:
    """Let the lead decide a cell with two marks or with held ones, before the lock.

    The decision replaces every head of the cell and settles every mark held for it.
    """
    row, form = await _checked(decision)
    async with write_transaction():
        held = await acts.led_ledger_within(ledger, by)
        await _append(held, (row, form), decision, authors=(by, None), at=at)
        facts = {"sheet": row.key, "aspect": decision.aspect}
        subject = f"sheets.ledger:{ledger}"
        await audit.record(
            act=Act.MARK_DECIDED, subject=subject, by=by, at=at, reason=decision.reason, after=facts
        )


async def propose(ledger: str, decision: Decision, *, by: Actor, at: datetime) -> int:
    """Propose an amendment of a locked ledger and return its number; raise `NotLockedYet`."""
    row, _ = await _checked(decision)
    async with write_transaction():
        ledger_row = await acts.ledger_row(ledger)
        if not (leads.is_lead(by, ledger_row) or row.account == by.account_id):
            raise NotAllowed
        if ledger_row["locked_at"] is None:
            raise NotLockedYet
        proposal = Amendment(
            sheet=row.id,
            aspect=decision.aspect,
            state=decision.state.value,
            value_e4=None if decision.value is None else e4(decision.value),
            reason=decision.reason.strip(),
            proposed_by_id=by.account_id,
            proposed_by=by.name,
            proposed_at=at,
            outcome="open",
            decision_reason="",
        )
        await proposal.save()
        subject = f"sheets.ledger:{ledger}"
        await audit.record(
            act=Act.AMENDMENT_PROPOSED, subject=subject, by=by, at=at, reason=decision.reason
        )
        return proposal.id


async def confirm(ledger: str, amendment_id: int, *, by: Actor, at: datetime) -> None:
    """Confirm another's amendment: it becomes a record. Raise `OwnProposal` or `Stale`."""
    async with write_transaction():
        held = await chain.lock_within(ledger)
        proposal = await _proposal_within(ledger, amendment_id, by)
        row = await row_by_id(proposal["sheet"])
        form = (await forms.by_id({row.form: row.form_digest}))[row.form]
        value = proposal["value_e4"]
        decision = Decision(
            sheet=row.key,
            aspect=proposal["aspect"],
            state=MarkState(proposal["state"]),
            value=None if value is None else decimal_text(value),
            reason=proposal["reason"],
        )
        author = Actor(proposal["proposed_by_id"], proposal["proposed_by"])
        record_id = await _append(held, (row, form), decision, authors=(author, by), at=at)
        await _close(amendment_id, "confirmed", "", record_id, by=by, at=at)
        subject = f"sheets.ledger:{ledger}"
        facts = {"amendment": amendment_id, "root": held.root}
        await audit.record(
            act=Act.AMENDMENT_CONFIRMED,
            subject=subject,
            by=by,
            at=at,
            reason=decision.reason,
            after=facts,
        )


async def refuse(ledger: str, amendment_id: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Refuse another's amendment, with a reason; nothing changes in the ledger."""
    if not reason.strip():
        raise ReasonNeeded
    async with write_transaction():
        await chain.lock_within(ledger)
        await _proposal_within(ledger, amendment_id, by)
        await _close(amendment_id, "refused", reason.strip(), None, by=by, at=at)
        subject = f"sheets.ledger:{ledger}"
        await audit.record(act=Act.AMENDMENT_REFUSED, subject=subject, by=by, at=at, reason=reason)


async def _checked(decision: Decision) -> tuple[SheetRow, SheetForm]:
    if not decision.reason.strip():
        raise ReasonNeeded
    row = await row_by_key(decision.sheet)
    form = (await forms.by_id({row.form: row.form_digest}))[row.form]
    aspect = form.aspect(decision.aspect)
    if aspect is None:
        # The aspect is gone: what came too late for it is kept and set aside, nothing else.
        if decision.state is MarkState.CLEARED and await _waiting(row, decision.aspect):
            return row, form
        raise NotFound
    try:
        fault = fault_of(
            aspect, decision.state, None if decision.value is None else e4(decision.value)
        )
    except ValueError:
        fault = "not_a_number"
    if fault:
        raise MarkUnfit(row.subject_code, row.seat, decision.aspect, FAULTS[fault])
    return row, form


async def _append(
    held: LockedLedger,
    sheet: tuple[SheetRow, SheetForm],
    decision: Decision,
    *,
    authors: tuple[Actor, Actor | None],
    at: datetime,
) -> str:
    (row, form), (author, second) = sheet, authors
    if row.ledger != held.id:
        raise NotFound
    cells = await heads.marks_of_cells([(row.id, decision.aspect)])
    found = mark_ledger.heads(cells.get((row.id, decision.aspect), ()))
    waiting = await _waiting(row, decision.aspect)
    record = NewRecord(
        kind=RecordKind.AMENDMENT,
        record_id=chain.new_record_id(at),
        sheet_id=row.id,
        sheet_key=row.key,
        device_at=at,
        aspect=decision.aspect,
        state=decision.state.value,
        value_e4=None if decision.value is None else e4(decision.value),
        parents=(*(head.id for head in found), *waiting),
        account_id=author.account_id,
        account_name=author.name,
        second_id=second.account_id if second else None,
        second_name=second.name if second else "",
        reason=decision.reason.strip(),
        scheme=form.scheme.sha256,
    )
    marks: Sequence[CellMark] = [*cells.get((row.id, decision.aspect), ()), record.cell_mark]
    await chain.append_within(held, [record], at=at)
    versions = await heads.raise_versions_within([row.id], neighbors_of=[row.id])
    await heads.apply_within([record], cells={(row.id, decision.aspect): marks}, versions=versions)
    return record.record_id


async def _waiting(row: SheetRow, aspect: str) -> list[str]:
    return [
        mark["record_id"]
        for mark in await queries.unsettled(row.ledger)
        if mark["sheet"] == row.id and mark["aspect"] == aspect
    ]


async def _proposal_within(ledger: str, amendment_id: int, by: Actor) -> dict[str, Any]:
    row = await Amendment.select().where(Amendment.id == amendment_id).first()
    if row is None or (await row_by_id(row["sheet"])).ledger_name != ledger:
        raise NotFound
    if row["outcome"] != "open":
        raise Stale
    if not leads.may_second(by, await acts.ledger_row(ledger)):
        raise NotAllowed
    if row["proposed_by_id"] == by.account_id:
        raise OwnProposal
    return row


async def _close(
    amendment_id: int, outcome: str, reason: str, record_id: str | None, *, by: Actor, at: datetime
) -> None:
    changed = (
        await Amendment.update(
            {
                Amendment.outcome: outcome,
                Amendment.decision_reason: reason,
                Amendment.decided_by_id: by.account_id,
                Amendment.decided_by: by.name,
                Amendment.decided_at: at,
                Amendment.record_id: record_id,
            }
        )
        .where(Amendment.id == amendment_id, Amendment.outcome == "open")
        .returning(Amendment.id)
    )
    if not changed:
        raise Stale
