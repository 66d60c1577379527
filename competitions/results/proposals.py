"""更改提议: propose, vote, put in force by two together, or cancel; always as a whole."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from app.audit.acts import Act
from app.errors import N_, NotAllowed, RuleBroken, refusal
from app.rules.actors import Actor, require
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning import rule_set_authoring as authoring
from competitions.planning import rule_set_lines, rule_sets
from competitions.planning.queries import EventLine, SchemeLine
from competitions.results import proposal_queries as queries
from competitions.results import proposal_records as records
from competitions.results import proposal_votes
from competitions.results.proposal_effects import kept_effect, preview, refuse_broken
from competitions.results.proposal_queries import ProposalLine
from competitions.results.proposal_wishes import Wish, rule_set_wish, scheme_wish
from competitions.results.tables import ChangeProposal, ProposalVote
from competitions.rules.clause_changes import changes
from competitions.rules.proposals import (
    PROPOSING,
    ProposalKind,
    ProposalStatus,
    Vote,
    refuse_stage,
)
from competitions.rules.rule_book import clauses
from competitions.rules.rule_set import RuleSet
from competitions.rules.scheme import SchemeFacts, digest
from competitions.rules.scheme_checks import refuse_incomplete
from competitions.scoring.actions import NoScheme

Document = dict[str, Any]


@refusal
class ReasonMissing(RuleBroken):
    """A change has its reason."""

    says = N_("请写明原因和依据。")
    field = "reason"


@refusal
class NothingChanged(RuleBroken):
    """What was proposed counts already."""

    says = N_("内容与现行的完全相同，没有可提议的更改。")
    field = "scheme"


@refusal
class ProposedAlready(RuleBroken):
    """The very same is waiting for its votes."""

    says = N_("同样的更改已经提出，见第 {number} 号提议。")
    field = "scheme"
    number: int


@refusal
class VotedAlready(RuleBroken):
    """The same vote twice is one."""

    says = N_("您已经这样表决过了。要改变意见，请选另一项。")
    field = "vote"


async def propose_scheme(
    event_id: int, scheme: SchemeFacts, *, reason: str, by: Actor, at: datetime
) -> int:
    """Propose another scheme for an event whose own is locked; return the proposal's number."""
    line, now = await _locked(event_id, by)
    refuse_incomplete(scheme)
    await refuse_broken(line, scheme)
    rule_sets.refuse_misfit(line.rule_set, scheme)
    return await _propose(line, scheme_wish(now.facts, scheme), reason=reason, by=by, at=at)


async def propose_rule_set(event_id: int, key: str, *, reason: str, by: Actor, at: datetime) -> int:
    """Propose another rule set for an event, by its key; return the proposal's number.

    What is voted on does not change: the proposed version is locked.
    """
    line, now = await _locked(event_id, by)
    async with write_transaction():
        version_id = await rule_sets.version_within(key, at)
        new = await rule_set_lines.rule_set(version_id)
        rule_sets.refuse_misfit(new.document, now.facts)
        await rule_sets.lock_version_within(version_id, at)
        return await _propose(line, rule_set_wish(line, new), reason=reason, by=by, at=at)


async def propose_numbers(
    event_id: int, document: Document, *, name: str, reason: str, by: Actor, at: datetime
) -> int:
    """Propose an event's rule set with other numbers; return the proposal's number.

    It is written down with the proposal: as the next version, or, of a preset, which belongs to the
    house, as a rule set of its own.
    """
    line, _ = await _locked(event_id, by)
    if not _says_otherwise(line.rule_set, document):
        raise authoring.RuleSetUnchanged
    for item in await queries.proposals(event_id):
        is_alike = item.is_open and item.kind is ProposalKind.RULE_SET
        if is_alike and not _says_otherwise(item.after, document):
            raise ProposedAlready(item.number)
    async with write_transaction():
        now = await rule_set_lines.rule_set(line.rule_set_id)
        if now.is_preset:
            key = await authoring.create(document, name=name, derived_from=now.key, by=by, at=at)
        else:
            key = await authoring.change(
                now.key, document, name=name, seen_sha256=now.sha256, by=by, at=at
            )
        return await propose_rule_set(event_id, key, reason=reason, by=by, at=at)


def _says_otherwise(before: Document, after: Document) -> bool:
    """Tell whether two rule sets differ in a clause; how a number is written is no difference."""
    old, new = (clauses(msgspec.convert(document, RuleSet)) for document in (before, after))
    return bool(changes(old, new))


async def _locked(event_id: int, by: Actor) -> tuple[EventLine, SchemeLine]:
    line = await planning.event(event_id)
    require(by, PROPOSING, *line.scopes)
    refuse_stage(line.status)
    scheme = await planning.scheme(event_id)
    if scheme is None:
        raise NoScheme
    return line, scheme


async def _propose(line: EventLine, wish: Wish, *, reason: str, by: Actor, at: datetime) -> int:
    if not reason.strip():
        raise ReasonMissing
    if digest(wish.before) == wish.after_sha256:
        raise NothingChanged
    scheme = await planning.scheme(line.id)
    async with write_transaction():
        there = await queries.proposals(line.id)
        _refuse_twice(there, wish.after_sha256)
        row = ChangeProposal(
            event=line.id,
            number=len(there) + 1,
            kind=wish.kind.value,
            name=wish.name,
            before=json.dumps(wish.before, ensure_ascii=False),
            after=json.dumps(wish.after, ensure_ascii=False),
            after_sha256=wish.after_sha256,
            scheme_sha256=scheme.sha256 if scheme else "",
            rule_set_sha256=line.rule_set_sha256,
            reason=reason.strip(),
            proposed_by=by.name,
            proposed_by_id=by.account_id,
            proposed_at=at,
            status=ProposalStatus.OPEN.value,
            decision_reason="",
        )
        await row.save()
        facts = {"proposal": row.number, "kind": wish.kind, "sha256": wish.after_sha256}
        await records.record(Act.PROPOSAL_MADE, line, facts, by=by, at=at, reason=reason)
        return row.number


def _refuse_twice(there: Sequence[ProposalLine], sha256: str) -> None:
    for item in there:
        if item.is_open and item.after_sha256 == sha256:
            raise ProposedAlready(item.number)


async def vote(
    event_id: int, number: int, said: Vote, *, remark: str = "", by: Actor, at: datetime
) -> None:
    """Vote on an open proposal, or change one's vote; raise `VotedAlready`, `ProposalOver`."""
    line, proposal = await records.open_proposal(event_id, number)
    voter = next(
        (
            item
            for item in await proposal_votes.voters(line, at)
            if item.account_id == by.account_id
        ),
        None,
    )
    if voter is None or not by.holds(voter.duty, *line.scopes):
        raise NotAllowed
    async with write_transaction():
        await records.hold_open_within(proposal)
        mine = [
            item
            for item in await proposal_votes.votes(proposal.id)
            if item.account_id == by.account_id
        ]
        if mine and (mine[-1].vote, mine[-1].remark) == (said, remark.strip()):
            raise VotedAlready
        await ProposalVote(
            proposal=proposal.id,
            account_id=voter.account_id,
            name=by.name,
            duty=voter.duty.value,
            vote=said.value,
            remark=remark.strip(),
            voted_at=at,
        ).save()
        facts = {"proposal": number, "vote": said}
        await records.record(Act.PROPOSAL_VOTED, line, facts, by=by, at=at, reason=remark)


async def cancel(event_id: int, number: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Cancel an open proposal as a whole; everything stays as it was."""
    line = await planning.event(event_id)
    require(by, PROPOSING, *line.scopes)
    proposal = await queries.proposal(event_id, number)
    if not reason.strip():
        raise ReasonMissing
    effect = await _last_effect(line, proposal)
    entitled = await proposal_votes.voters(line, at)
    async with write_transaction():
        await records.close_within(
            proposal,
            ProposalStatus.CANCELED,
            {
                ChangeProposal.decision_reason: reason.strip(),
                ChangeProposal.effect: effect,
                ChangeProposal.entitled: records.encoded(entitled),
            },
            by=by,
            at=at,
        )
        facts = {"proposal": number}
        await records.record(Act.PROPOSAL_CANCELED, line, facts, by=by, at=at, reason=reason)


async def _last_effect(line: EventLine, proposal: ProposalLine) -> str | None:
    """Return what the proposal would have done, where it still could."""
    scheme = await planning.scheme(line.id)
    if scheme is None or proposal.is_outdated(scheme.sha256, line.rule_set_sha256):
        return None
    return records.encoded(kept_effect(await preview(line, proposal.wish)))
