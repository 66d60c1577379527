"""Read the proposals of an event, their votes, and who may vote."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from app.accounts import queries as accounts
from app.errors import NotFound
from app.rules.actors import Duty, Scope
from app.sheets import queries as sheets
from competitions.planning.queries import EventLine
from competitions.planning.rule_set_lines import RuleSetLine
from competitions.results.tables import ChangeProposal, ProposalVote
from competitions.rules.changes import Change, scheme_changes
from competitions.rules.duties import SeatKind
from competitions.rules.effects import Effect
from competitions.rules.proposals import ProposalKind, ProposalStatus, Tally, Vote, tally
from competitions.rules.rule_changes import rule_set_changes
from competitions.rules.rule_set import RuleSet
from competitions.rules.scheme import SchemeFacts, digest, document_of
from competitions.scoring import queries as scoring


class KeptEffect(msgspec.Struct, frozen=True):
    """What a proposal did, or would have done, as it is kept for ever."""

    effects: list[Effect]
    gaps_before: int
    gaps_after: int


class Wish(msgspec.Struct, frozen=True):
    """What shall take whose place; both whole documents."""

    kind: ProposalKind
    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    after_sha256: str

    @property
    def schemes(self) -> tuple[SchemeFacts, SchemeFacts]:
        """Return both schemes, where one shall take another's place."""
        before, after = (msgspec.convert(item, SchemeFacts) for item in (self.before, self.after))
        return before, after

    @property
    def changes(self) -> list[Change]:
        """Return what differs, in words."""
        if self.kind is ProposalKind.SCHEME:
            return scheme_changes(*self.schemes)
        before, after = (msgspec.convert(item, RuleSet) for item in (self.before, self.after))
        return rule_set_changes(before, after)


def scheme_wish(before: SchemeFacts, after: SchemeFacts) -> Wish:
    """Return the wish for another scheme."""
    documents = document_of(before), document_of(after)
    return Wish(ProposalKind.SCHEME, "", *documents, digest(documents[1]))


def rule_set_wish(line: EventLine, new: RuleSetLine) -> Wish:
    """Return the wish for another rule set."""
    return Wish(ProposalKind.RULE_SET, new.name, line.rule_set, new.document, new.sha256)


class ProposalLine(msgspec.Struct, frozen=True):
    """A proposal; `before` and `after` are whole documents."""

    id: int
    number: int
    kind: ProposalKind
    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    after_sha256: str
    scheme_sha256: str
    rule_set_sha256: str
    reason: str
    proposed_by: str
    proposed_by_id: int | None
    proposed_at: datetime
    status: ProposalStatus
    first_by: str | None
    first_by_id: int | None
    first_duty: Duty | None
    first_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str
    entitled: list["Voter"] | None
    effect: KeptEffect | None
    result_before: int | None
    result_after: int | None

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for votes and for those who put it in force."""
        return self.status is ProposalStatus.OPEN

    @property
    def wish(self) -> Wish:
        """Return what the proposal wants."""
        return Wish(self.kind, self.name, self.before, self.after, self.after_sha256)

    def is_outdated(self, scheme_sha256: str, rule_set_sha256: str) -> bool:
        """Tell whether something else counts by now than when it was proposed."""
        return (scheme_sha256, rule_set_sha256) != (self.scheme_sha256, self.rule_set_sha256)


class Voter(msgspec.Struct, frozen=True):
    """Somebody entitled to vote."""

    account_id: int
    name: str
    seat: str
    is_chief: bool

    @property
    def duty(self) -> Duty:
        """Return the duty by which they vote."""
        return Duty.CHIEF_JUDGE if self.is_chief else Duty.MARKING_JUDGE


class VoteLine(msgspec.Struct, frozen=True):
    """A vote as it was given; a later one of the same person counts instead."""

    account_id: int
    name: str
    duty: Duty
    vote: Vote
    remark: str
    voted_at: datetime


async def proposals(event_id: int) -> list[ProposalLine]:
    """Return the proposals of an event, the newest first."""
    rows = (
        await ChangeProposal.select()
        .where(ChangeProposal.event == event_id)
        .order_by(ChangeProposal.number, ascending=False)
    )
    return [_line(row) for row in rows]


async def proposal(event_id: int, number: int) -> ProposalLine:
    """Return one proposal of an event; raise `NotFound`."""
    row = (
        await ChangeProposal.select()
        .where(ChangeProposal.event == event_id, ChangeProposal.number == number)
        .first()
    )
    if row is None:
        raise NotFound
    return _line(row)


def _line(row: Mapping[str, Any]) -> ProposalLine:
    names = ("before", "after", "entitled", "effect")
    read = {name: json.loads(row[name]) if row[name] else None for name in names}
    return msgspec.convert({**row, **read}, ProposalLine)


async def open_count(event_id: int) -> int:
    """Return how many proposals of an event wait."""
    waiting = await ChangeProposal.count().where(
        ChangeProposal.event == event_id, ChangeProposal.status == ProposalStatus.OPEN.value
    )
    return int(waiting)


async def votes(proposal_id: int) -> list[VoteLine]:
    """Return every vote on a proposal, in the order in which they were given."""
    rows = (
        await ProposalVote.select()
        .where(ProposalVote.proposal == proposal_id)
        .order_by(ProposalVote.id)
    )
    return msgspec.convert(rows, list[VoteLine])


async def voters(line: EventLine, at: datetime) -> list[Voter]:
    """Return who may vote: the chief judge, and whoever marks."""
    marking = {item.account_id for item in await sheets.sheets_of(line.ledger)}
    found = [
        Voter(item.account_id, item.name, item.seat, item.is_chief)
        for item in await scoring.seats(line.id)
        if item.kind is not SeatKind.RESERVE or item.account_id in marking
    ]
    if any(item.is_chief for item in found):
        return found
    return [*await _chiefs(line, at), *found]


async def _chiefs(line: EventLine, at: datetime) -> list[Voter]:
    """Return who holds the chief judge's duty where nobody has the seat."""
    scopes = (Scope("event", str(line.id)), Scope("competition", str(line.competition_id)))
    held = await accounts.accounts_holding(Duty.CHIEF_JUDGE, *scopes)
    return [
        Voter(item.id, item.name, "", is_chief=True)
        for item in held
        if any(
            grant.duty is Duty.CHIEF_JUDGE and grant.scope in scopes and grant.is_open(at)
            for grant in item.grants
        )
    ]


def tally_of(entitled: list[Voter], given: list[VoteLine], *, are_names_known: bool) -> Tally:
    """Count the votes of a proposal."""
    return tally(
        {item.account_id: item.is_chief for item in entitled},
        {item.account_id: item.vote for item in given},
        are_names_known=are_names_known,
    )
