"""What is proposed for the issuing keys, and how each proposal stands."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.certificates.kinds import KeyAct, ProposalState
from app.certificates.tables import KeyProposal
from app.errors import N_, NotFound, RuleBroken, refusal
from app.rules.actors import Actor


@refusal
class AlreadyDecided(RuleBroken):
    """Somebody approved or declined it before."""

    says = N_("这项密钥变更已经办结。")


class KeyWish(Struct, frozen=True, kw_only=True):
    """What is to be done with which key, and why."""

    act: KeyAct
    kid: str
    reason: str
    from_index: int | None = None


class ProposalLine(Struct, frozen=True, kw_only=True):
    """A proposal as it stands."""

    id: int
    act: KeyAct
    kid: str
    from_index: int | None
    reason: str
    state: ProposalState
    proposed_by: int | None
    proposed_name: str
    proposed_at: datetime
    decided_name: str
    decided_at: datetime | None


async def open_within(wish: KeyWish, by: Actor, at: datetime) -> int:
    """Write a proposal down and return its number."""
    row = KeyProposal(
        act=wish.act.value,
        kid=wish.kid,
        from_index=wish.from_index,
        reason=wish.reason.strip(),
        state=ProposalState.OPEN.value,
        proposed_by=by.account_id,
        proposed_name=by.name,
        proposed_at=at,
        decided_by=None,
        decided_name="",
        decided_at=None,
    )
    await row.save()
    return int(row.id)


async def proposals() -> list[ProposalLine]:
    """Return every proposal, the newest first."""
    rows = await KeyProposal.select().order_by(KeyProposal.id, ascending=False)
    return [_line(row) for row in rows]


async def open_one(proposal_id: int) -> ProposalLine:
    """Return a proposal that waits; raise `NotFound` or `AlreadyDecided`."""
    row = await KeyProposal.select().where(KeyProposal.id == proposal_id).first()
    if row is None:
        raise NotFound
    if row["state"] != ProposalState.OPEN.value:
        raise AlreadyDecided
    return _line(row)


async def decide_within(
    proposal_id: int, state: ProposalState, by: Actor, at: datetime
) -> ProposalLine:
    """Decide an open proposal and return it; raise `AlreadyDecided`."""
    decided = await (
        KeyProposal.update(
            {
                KeyProposal.state: state.value,
                KeyProposal.decided_by: by.account_id,
                KeyProposal.decided_name: by.name,
                KeyProposal.decided_at: at,
            }
        )
        .where(KeyProposal.id == proposal_id)
        .where(KeyProposal.state == ProposalState.OPEN.value)
        .returning(*KeyProposal.all_columns())
    )
    return _line(decided[0]) if decided else await open_one(proposal_id)


def _line(row: dict[str, Any]) -> ProposalLine:
    kept = {name: row[name] for name in ProposalLine.__struct_fields__}
    return ProposalLine(
        **(kept | {"act": KeyAct(row["act"]), "state": ProposalState(row["state"])})
    )
