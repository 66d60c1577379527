"""Read the proposals of an event."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from app.errors import NotFound
from app.rules.actors import Duty
from competitions.results.proposal_votes import Voter
from competitions.results.proposal_wishes import Wish
from competitions.results.tables import ChangeProposal
from competitions.rules.effects import Effect
from competitions.rules.proposals import ProposalKind, ProposalStatus


class KeptEffect(msgspec.Struct, frozen=True):
    """What a proposal did, or would have done, as it is kept for ever."""

    effects: list[Effect]
    gaps_before: int
    gaps_after: int


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
    entitled: list[Voter] | None
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
