"""Read who may vote on an event's proposals, how they voted, and what came of it."""

from datetime import datetime

import msgspec

from app.accounts import queries as accounts
from app.rules.actors import Duty, Scope
from app.sheets import queries as sheets
from competitions.planning.queries import EventLine
from competitions.results.tables import ProposalVote
from competitions.rules.duties import SeatKind
from competitions.rules.proposals import Tally, Vote, tally
from competitions.scoring import queries as scoring


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
