"""裁定并列: who is first of equals where the rule set forbids ties; the system never picks.

While the codes are sealed the chief judge decides alone. An amendment after unsealing can make
equals too: then names are known, so the supervisor has to confirm what the chief judge decided.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotFound, RuleBroken, refusal
from app.rules.actors import Actor, require
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject, turn_event_within
from competitions.planning.queries import EventLine
from competitions.results import actions, queries
from competitions.results.actions import NothingComputed
from competitions.results.queries import DecisionLine
from competitions.results.tables import TieDecision
from competitions.rules.duties import CONFIRMING_PARTED, PARTING
from competitions.rules.lifecycle import EventStatus, require_stage
from competitions.rules.proposals import are_names_known


@refusal
class NotTied(RuleBroken):
    """A decision names exactly the codes that are equal."""

    says = N_("裁定要写全并且只写这一组相同的加密号：{codes}。")
    field = "order"
    codes: str


@refusal
class NoReason(RuleBroken):
    """A decision between equals has its reason."""

    says = N_("请写明裁定的理由。")
    field = "reason"


@refusal
class OwnDecision(RuleBroken):
    """One person never turns both keys."""

    says = N_("裁定要由另一人确认，作出裁定的人不能自己确认。")


@refusal
class DecisionOver(RuleBroken):
    """It was confirmed, or another was recorded after it."""

    says = N_("这项裁定已经确认，或者之后另有裁定。请看本页现在的裁定。")


async def decide_tie(
    event_id: int, codes: Sequence[str], *, reason: str, by: Actor, at: datetime
) -> bool:
    """Record the chief judge's order of equal codes, best first; tell whether it counts already.

    It counts at once while the codes are sealed, and the event is computed again. Raise `NotTied`.
    """
    line = await planning.event(event_id)
    require(by, PARTING, *line.scopes)
    require_stage(line.status, *actions.COUNTED_AGAIN)
    if not reason.strip():
        raise NoReason
    await _refuse_untied(event_id, codes)
    is_named = are_names_known(line.status)
    async with write_transaction():
        await turn_event_within(line)
        await TieDecision(
            event=event_id,
            codes=json.dumps(list(codes)),
            reason=reason.strip(),
            decided_by=by.name,
            decided_by_id=by.account_id,
            decided_at=at,
            needs_second=is_named,
            second_by=None,
            second_at=None,
        ).save()
        act = Act.TIE_ORDER_PROPOSED if is_named else Act.TIE_DECIDED
        await _record(act, line, codes, by=by, at=at, reason=reason)
    if not is_named:
        await actions.compute(event_id, by=by, at=at)
    return not is_named


async def confirm_tie(event_id: int, decision_id: int, *, by: Actor, at: datetime) -> int:
    """Confirm an order that was decided with the names known, and compute the event again.

    Raise `OwnDecision`, `DecisionOver`, or `NotTied` where the codes are no longer equal.
    """
    line = await planning.event(event_id)
    require(by, CONFIRMING_PARTED, *line.scopes)
    require_stage(line.status, EventStatus.UNSEALED, EventStatus.PUBLISHED)
    decision = await _waiting(event_id, decision_id)
    if by.account_id is not None and decision.decided_by_id == by.account_id:
        raise OwnDecision
    await _refuse_untied(event_id, decision.codes)
    async with write_transaction():
        await turn_event_within(line)
        confirmed = (
            await TieDecision.update({TieDecision.second_by: by.name, TieDecision.second_at: at})
            .where(TieDecision.id == decision_id, TieDecision.second_at.is_null())
            .returning(TieDecision.id)
        )
        if not confirmed:
            raise DecisionOver
        reason = decision.reason
        await _record(Act.TIE_DECIDED, line, decision.codes, by=by, at=at, reason=reason)
    return await actions.count_again(await planning.event(event_id), by=by, at=at)


async def _waiting(event_id: int, decision_id: int) -> DecisionLine:
    """Return the decision about its codes that waits; a later one has taken its place."""
    every = await queries.tie_decisions(event_id)
    found = next((item for item in every if item.id == decision_id), None)
    if found is None:
        raise NotFound
    if found not in queries.waiting_decisions(every):
        raise DecisionOver
    return found


async def _refuse_untied(event_id: int, codes: Sequence[str]) -> None:
    result = await queries.latest(event_id)
    if result is None:
        raise NothingComputed
    groups = await queries.undecided(event_id, result)
    if sorted(codes) not in [sorted(group) for group in groups]:
        near = [group for group in groups if set(group) & set(codes)] or groups
        raise NotTied("；".join("、".join(group) for group in near) or "—")


async def _record(
    act: Act, line: EventLine, codes: Sequence[str], *, by: Actor, at: datetime, reason: str
) -> None:
    await audit.record(
        act=act,
        subject=event_subject(line.id),
        by=by,
        at=at,
        reason=reason,
        after={"codes": list(codes)},
    )
