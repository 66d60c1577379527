"""更正公布: marks were amended after publication, so the results are counted and published anew.

What was published stays as it was, and stays public until another person has confirmed what shall
stand instead. Each room keeps its own counts; here is kept which of them was proposed, why, by
whom, and who confirmed it.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotAllowed, RuleBroken, Stale, refusal
from app.rules.actors import Actor
from app.sheets import acts, leads
from app.sheets.acts import ReasonNeeded
from app.sheets.tables import AmendedPublication


class RepublishingForm(Struct, frozen=True):
    """Why published results are published anew."""

    reason: Annotated[str, Meta(title=N_("更正的原因"), max_length=400)]


class RepublishingLine(Struct, frozen=True):
    """A count that is to be published, or was, in place of an earlier one."""

    id: int
    number: int
    reason: str
    proposed_by_id: int | None
    proposed_by: str
    proposed_at: datetime
    confirmed_by_id: int | None
    confirmed_by: str | None
    confirmed_at: datetime | None


@refusal
class NothingAmended(RuleBroken):
    """What is recorded is what was published."""

    says = N_("公布之后评分记录没有更正，公布的结果仍然有效。")


@refusal
class NotCountedAgain(RuleBroken):
    """Marks were amended since the last count."""

    says = N_("公布之后评分记录有更正。请先重新计算，再更正公布。")


@refusal
class NotRepublished(RuleBroken):
    """Certificates are made of what stands, not of what was overtaken."""

    says = N_("公布之后评分记录有更正，公布的结果已经不符。请先更正公布，再签发证书。")


@refusal
class NothingProposed(RuleBroken):
    """One person proposes, another confirms."""

    says = N_("还没有人提出更正公布。")


@refusal
class OwnRepublishing(RuleBroken):
    """One person never publishes anew alone."""

    says = N_("更正公布要由另一人确认，提出的人不能自己确认。")


async def propose_within(
    ledger: str, number: int, *, subject: str, reason: str, by: Actor, at: datetime
) -> None:
    """Propose to publish a count of a ledger anew; a later proposal of the same stands instead.

    `subject` is how the journal names what was counted.
    """
    if not reason.strip():
        raise ReasonNeeded
    await AmendedPublication(
        ledger=ledger,
        number=number,
        reason=reason.strip(),
        proposed_by_id=by.account_id,
        proposed_by=by.name,
        proposed_at=at,
        confirmed_by_id=None,
        confirmed_by=None,
        confirmed_at=None,
    ).save()
    await audit.record(
        act=Act.REPUBLISHING_PROPOSED,
        subject=subject,
        by=by,
        at=at,
        reason=reason,
        after={"number": number},
    )


async def confirm_within(
    ledger: str, number: int, *, subject: str, by: Actor, at: datetime
) -> None:
    """Confirm what another proposed to publish; the room then publishes it.

    Raise `NotAllowed` for who may not confirm amendments either, `NothingProposed`,
    `OwnRepublishing`, or `Stale` where somebody confirmed it first.
    """
    if not await may_confirm(ledger, by):
        raise NotAllowed
    line = await proposed(ledger, number)
    if line is None:
        raise NothingProposed
    if by.account_id is not None and by.account_id == line.proposed_by_id:
        raise OwnRepublishing
    changed = (
        await AmendedPublication.update(
            {
                AmendedPublication.confirmed_by_id: by.account_id,
                AmendedPublication.confirmed_by: by.name,
                AmendedPublication.confirmed_at: at,
            }
        )
        .where(AmendedPublication.id == line.id, AmendedPublication.confirmed_at.is_null())
        .returning(AmendedPublication.id)
    )
    if not changed:
        raise Stale
    await audit.record(
        act=Act.REPUBLISHED,
        subject=subject,
        by=by,
        at=at,
        reason=line.reason,
        after={"number": number, "proposed_by": line.proposed_by},
    )


async def may_confirm(ledger: str, by: Actor) -> bool:
    """Tell whether an actor may confirm: who leads the ledger, or watches over it."""
    return leads.may_second(by, await acts.ledger_row(ledger))


async def proposed(ledger: str, number: int) -> RepublishingLine | None:
    """Return the last proposal to publish this count, where it was not confirmed yet."""
    lines = [item for item in await _lines(ledger) if item.number == number]
    return lines[-1] if lines and lines[-1].confirmed_at is None else None


async def confirmed(ledger: str) -> list[RepublishingLine]:
    """Return what was published anew of a ledger, the first first."""
    return [item for item in await _lines(ledger) if item.confirmed_at is not None]


async def _lines(ledger: str) -> list[RepublishingLine]:
    rows = (
        await AmendedPublication.select()
        .where(AmendedPublication.ledger == ledger)
        .order_by(AmendedPublication.id)
    )
    return msgspec.convert(rows, list[RepublishingLine])
