"""What every step of a proposal shares: hold it while it is open, close it, write it down."""

from datetime import datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject
from competitions.planning.queries import EventLine
from competitions.results import proposal_queries as queries
from competitions.results.proposal_queries import ProposalLine
from competitions.results.tables import ChangeProposal
from competitions.rules.proposals import ProposalStatus, refuse_stage

Document = dict[str, Any]


@refusal
class ProposalOver(RuleBroken):
    """It was applied, canceled or overtaken."""

    says = N_("这项提议已经办结，不能再表决、确认或撤回。")


@refusal
class ProposalOutdated(RuleBroken):
    """What it starts from no longer counts."""

    says = N_("提出之后，评分标准或规则已经变了，这项提议失效。请按现行的内容重新提出。")


async def hold_open_within(proposal: ProposalLine) -> None:
    """Hold an open proposal until the transaction ends; raise `ProposalOver`."""
    held = (
        await ChangeProposal.update({ChangeProposal.status: ProposalStatus.OPEN.value})
        .where(
            ChangeProposal.id == proposal.id,
            ChangeProposal.status == ProposalStatus.OPEN.value,
        )
        .returning(ChangeProposal.id)
    )
    if not held:
        raise ProposalOver


async def close_within(
    proposal: ProposalLine,
    status: ProposalStatus,
    facts: dict[Any, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Close an open proposal; raise `ProposalOver` where somebody did so first."""
    closed = (
        await ChangeProposal.update(
            {
                ChangeProposal.status: status.value,
                ChangeProposal.decided_by: by.name,
                ChangeProposal.decided_at: at,
                **facts,
            }
        )
        .where(
            ChangeProposal.id == proposal.id,
            ChangeProposal.status == ProposalStatus.OPEN.value,
        )
        .returning(ChangeProposal.id)
    )
    if not closed:
        raise ProposalOver


async def open_proposal(event_id: int, number: int) -> tuple[EventLine, ProposalLine]:
    """Return a proposal that can still be decided.

    Raise `ProposalOver`, `ProposalOutdated`, or `PublishedAlready`.
    """
    line = await planning.event(event_id)
    proposal = await queries.proposal(event_id, number)
    if not proposal.is_open:
        raise ProposalOver
    refuse_stage(line.status)
    scheme = await planning.scheme(event_id)
    if scheme is None or proposal.is_outdated(scheme.sha256, line.rule_set_sha256):
        raise ProposalOutdated
    return line, proposal


def encoded(value: Any) -> str:
    """Return a read model as the table keeps it."""
    return msgspec.json.encode(value).decode()


async def record(
    act: Act, line: EventLine, facts: Document, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """Write a step of a proposal into the event's history."""
    await audit.record(
        act=act, subject=event_subject(line.id), by=by, at=at, after=facts, reason=reason
    )
