"""Put a carried proposal in force: two duties, two persons, one transaction.

What it touches changes together or not at all: the scheme or the rule set that counts, the judges'
sheets, the results where some were computed, and every other proposal that started from before.
"""

from datetime import datetime

import msgspec

from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.rules.actors import Actor, Duty, require
from app.sheets import queries as sheets
from app.sheets import refitting as sheet_refitting
from app.sheets.refitting import RefitDecision
from app.storage.engine import write_transaction
from competitions.planning import actions as planning_actions
from competitions.planning import rule_set_lines, rule_sets, schemes
from competitions.planning.queries import EventLine
from competitions.results import actions, proposal_votes, queries
from competitions.results import proposal_queries as found
from competitions.results import proposal_records as records
from competitions.results.actions import Agreed
from competitions.results.proposal_effects import (
    Preview,
    Wanted,
    kept_effect,
    preview,
    refuse_broken,
    wanted,
)
from competitions.results.proposal_queries import ProposalLine
from competitions.results.tables import ChangeProposal
from competitions.rules.proposals import (
    CONFIRMING,
    ProposalKind,
    ProposalStatus,
    are_names_known,
    confirming_duty,
    standing_first,
)
from competitions.scoring import refitting

WHY = N_("第 {number} 号更改提议：{reason}")
"""What the ledger keeps as the reason, in Chinese like every record."""


class Ready(msgspec.Struct, frozen=True):
    """A proposal that can be put in force, with everything that was worked out beforehand."""

    line: EventLine
    proposal: ProposalLine
    shall: Wanted
    preview: Preview
    counted: Agreed | None
    root: str


@refusal
class NotCarried(RuleBroken):
    """Not enough have agreed."""

    says = N_("表决还没有通过：需要 {needed} 票同意（裁判长在内），现有 {found} 票。")
    needed: int
    found: int


@refusal
class OtherDutyNeeded(RuleBroken):
    """The two who put a change in force hold two duties."""

    says = N_("更改生效要由裁判长和监督（解密之前也可以是组织者）两人分别确认，现在还差另一方。")


async def confirm(event_id: int, number: int, *, by: Actor, at: datetime) -> bool:
    """Confirm a carried proposal; the second person, of the other duty, puts it in force.

    Tell whether it is in force. Raise `NotCarried`, `OtherDutyNeeded`, or what stands in its way.
    """
    line, proposal = await records.open_proposal(event_id, number)
    require(by, CONFIRMING, *line.scopes)
    await _refuse_uncarried(line, proposal, at)
    duty = _duty(line, proposal, by)
    if _first(line, proposal) is not None:
        await _apply(await _ready(line, proposal, by=by, at=at), by=by, at=at)
        return True
    async with write_transaction():
        await records.hold_open_within(proposal)
        confirmed = (
            await ChangeProposal.update(
                {
                    ChangeProposal.first_by: by.name,
                    ChangeProposal.first_by_id: by.account_id,
                    ChangeProposal.first_duty: duty.value,
                    ChangeProposal.first_at: at,
                }
            )
            .where(
                ChangeProposal.id == proposal.id,
                ChangeProposal.first_at.is_null()
                if proposal.first_at is None
                else ChangeProposal.first_at == proposal.first_at,
            )
            .returning(ChangeProposal.id)
        )
        if not confirmed:
            raise Stale
        facts = {"proposal": number, "duty": duty}
        await records.record(Act.PROPOSAL_CONFIRMED, line, facts, by=by, at=at)
    return False


async def _refuse_uncarried(line: EventLine, proposal: ProposalLine, at: datetime) -> None:
    votes = await proposal_votes.votes(proposal.id)
    tally = proposal_votes.tally_of(
        await proposal_votes.voters(line, at), votes, are_names_known=are_names_known(line.status)
    )
    if not tally.is_carried:
        raise NotCarried(tally.needed, tally.agreed)


def _duty(line: EventLine, proposal: ProposalLine, by: Actor) -> Duty:
    """Return by which duty an actor confirms; one person never confirms twice."""
    first = _first(line, proposal)
    held = {duty for duty in CONFIRMING if by.holds(duty, *line.scopes)}
    duty = confirming_duty(held, first, are_names_known=are_names_known(line.status))
    is_same = first is not None and proposal.first_by_id == by.account_id
    if duty is None or (is_same and by.account_id is not None):
        raise OtherDutyNeeded
    return duty


def _first(line: EventLine, proposal: ProposalLine) -> Duty | None:
    known = are_names_known(line.status)
    return standing_first(proposal.first_duty, are_names_known=known)


async def _ready(line: EventLine, proposal: ProposalLine, *, by: Actor, at: datetime) -> Ready:
    """Work out everything that may take long before the transaction; raise the first obstacle."""
    ahead = await preview(line, proposal.wish)
    for obstacle in ahead.obstacles:
        raise obstacle
    shall = await wanted(line, proposal.wish)
    counted = None
    root = await sheets.ledger_root(line.ledger)
    if await queries.latest(line.id) is not None:
        bundle = queries.bundle_under(
            await queries.records(line), shall.line.rule_set, shall.scheme.facts
        )
        counted = await actions.agreed(line, bundle, by=by, at=at)
    return Ready(line, proposal, shall, ahead, counted, root)


async def _apply(ready: Ready, *, by: Actor, at: datetime) -> None:
    line, proposal = ready.line, ready.proposal
    entitled = await proposal_votes.voters(line, at)
    async with write_transaction():
        await records.hold_open_within(proposal)
        await _refuse_uncarried(line, proposal, at)
        await planning_actions.turn_event_within(line)  # The event, then its ledger, as all do.
        root = await sheet_refitting.hold_within(line.ledger)
        if ready.counted is not None and root != ready.root:
            raise Stale
        await refuse_broken(line, ready.shall.scheme.facts)  # Judges marked on since it was made.
        old = await queries.latest(line.id)
        await _put_in_force_within(ready, by=by, at=at)
        number = None
        if ready.counted is not None:
            number = await actions.keep_within(line, ready.counted, by=by, at=at)
        facts = {
            ChangeProposal.entitled: records.encoded(entitled),
            ChangeProposal.effect: records.encoded(kept_effect(ready.preview)),
            ChangeProposal.result_before: old.number if old else None,
            ChangeProposal.result_after: number,
        }
        await records.close_within(proposal, ProposalStatus.APPLIED, facts, by=by, at=at)
        told = {
            "proposal": proposal.number,
            "first": proposal.first_by,
            "second": by.name,
            "result": number,
        }
        await records.record(Act.PROPOSAL_APPLIED, line, told, by=by, at=at, reason=proposal.reason)
        await _overtake_within(line, by=by, at=at)


async def _put_in_force_within(ready: Ready, *, by: Actor, at: datetime) -> None:
    """Bind what shall count, then bring the sheets to it as they are at this moment."""
    line, proposal, shall = ready.line, ready.proposal, ready.shall
    if proposal.kind is ProposalKind.SCHEME:
        await schemes.replace_within(line.id, shall.scheme.facts, by=by, at=at)
    else:
        key = rule_set_lines.key_of(proposal.after["id"], proposal.after["version"])
        version_id = await rule_sets.version_within(key, at)
        await rule_sets.bind_within(line.id, version_id, by=by, at=at, reason=proposal.reason)
    plan = await refitting.planned(shall.line, shall.scheme)
    decision = RefitDecision(
        reason=WHY.format(number=proposal.number, reason=proposal.reason),
        first=Actor(proposal.first_by_id, proposal.first_by or ""),
        second=by,
        scheme=shall.scheme.sha256,
    )
    await refitting.refit_within(shall.line, plan, decision, by=by, at=at)


async def _overtake_within(line: EventLine, *, by: Actor, at: datetime) -> None:
    """Close every other proposal: what it started from no longer counts."""
    for item in await found.proposals(line.id):
        if not item.is_open:
            continue
        await records.close_within(item, ProposalStatus.OUTDATED, {}, by=by, at=at)
        facts = {"proposal": item.number}
        await records.record(Act.PROPOSAL_OUTDATED, line, facts, by=by, at=at)
