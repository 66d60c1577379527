"""Amendments: what may still change after the lock, by two people.

One proposes, another confirms, and the amendment is one more record that names what it replaces.
"""

from datetime import datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotAllowed, NotFound, RuleBroken, Stale, refusal
from app.rules.actors import Actor
from app.rules.mark_sheet import MarkState, decimal_text
from app.sheets import acts, deciding, leads
from app.sheets import ledger as chain
from app.sheets.acts import ReasonNeeded
from app.sheets.deciding import Decision
from app.sheets.rows import row_by_id
from app.sheets.tables import Amendment
from app.storage.engine import write_transaction


@refusal
class OwnProposal(NotAllowed):
    """Whoever proposed an amendment does not confirm it."""

    says = N_("更正要由另一个人确认，提出的人不能自己确认。")


@refusal
class NotLockedYet(RuleBroken):
    """Before the lock a sheet is returned to its judge and no amendment is needed."""

    says = N_("成绩还没有锁定。请把评分表退回给裁判修改，不需要走更正程序。")


@refusal
class Overtaken(Stale):
    """An amendment replaces what its proposer saw, and nothing that came later."""

    says = N_("提出更正以后，这一项又有了新的分数。请先“不同意”这次更正，再按现在的分数重新提出。")


async def propose(ledger: str, decision: Decision, *, by: Actor, at: datetime) -> int:
    """Propose an amendment of a locked ledger and return its number.

    Raise `NotLockedYet`, or `Stale` where the cell holds a mark that was not shown.
    """
    async with write_transaction():
        held = await chain.lock_within(ledger)
        place = await deciding.place_within(held, decision)
        is_own = by.account_id is not None and place.row.account == by.account_id
        if not is_own and not leads.is_lead(by, await acts.ledger_row(ledger)):
            raise NotAllowed
        if not held.is_locked:
            raise NotLockedYet
        deciding.refuse_unseen(place, decision.seen)
        proposal = Amendment(
            sheet=place.row.id,
            aspect=decision.aspect,
            state=decision.state.value,
            value_e4=decision.value_e4,
            reason=decision.reason.strip(),
            seen=msgspec.json.encode(place.records).decode(),
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
    """Confirm another's amendment: it becomes a record.

    Raise `OwnProposal`, `Overtaken` where a mark came after it was proposed, `NotLockedYet` or
    `MarkUnfit` where it fits no more, or `Stale` where it was decided already.
    """
    async with write_transaction():
        held = await chain.lock_within(ledger)
        proposal = await _proposal_within(ledger, amendment_id, by)
        if not held.is_locked:
            raise NotLockedYet
        decision = await _decision_of(proposal)
        place = await deciding.place_within(held, decision)
        if proposal["seen"] is not None and not set(place.records) <= set(decision.seen):
            raise Overtaken
        author = Actor(proposal["proposed_by_id"], proposal["proposed_by"])
        record_id = await deciding.append_within(held, place, decision, authors=(author, by), at=at)
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


async def _decision_of(proposal: dict[str, Any]) -> Decision:
    value = proposal["value_e4"]
    return Decision(
        sheet=(await row_by_id(proposal["sheet"])).key,
        aspect=proposal["aspect"],
        state=MarkState(proposal["state"]),
        value=None if value is None else decimal_text(value),
        reason=proposal["reason"],
        seen=msgspec.json.decode(proposal["seen"] or "[]", type=list[str]),
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
