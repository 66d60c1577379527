"""停办: an event that is not held after all, and one that is taken up again."""

from datetime import datetime

from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import hold_within, stage_event_within
from competitions.planning.queries import EventLine
from competitions.registration import queries
from competitions.rules.entries import STANDING
from competitions.rules.lifecycle import CompetitionStatus, EventStatus


@refusal
class StillEntered(RuleBroken):
    """Entries hold their places in the event."""

    says = N_("本赛项还有 {count} 个报名。请先在“报名”里办理撤回或不予通过，再停办。")
    count: int


@refusal
class CompetitionEnded(RuleBroken):
    """What was held and what was not is settled when the competition ends."""

    says = N_("大赛已经结束，赛项不能再停办或恢复。")


async def call_off(event_id: int, *, by: Actor, at: datetime) -> None:
    """Hold an event no more that nobody is entered in; its competition can end without it."""
    require(by, Duty.ORGANIZER, *(await planning.event(event_id)).scopes)
    async with write_transaction():
        line = await _held_within(event_id)
        counts = (await queries.status_counts(line.competition_id)).get(event_id, {})
        if standing := sum(counts.get(status, 0) for status in STANDING):
            raise StillEntered(standing)
        await stage_event_within(
            line, EventStatus.CALLED_OFF, come_from=(EventStatus.PREPARING,), by=by, at=at
        )


async def take_up(event_id: int, *, by: Actor, at: datetime) -> None:
    """Hold an event after all that was called off."""
    require(by, Duty.ORGANIZER, *(await planning.event(event_id)).scopes)
    async with write_transaction():
        line = await _held_within(event_id)
        await stage_event_within(
            line, EventStatus.PREPARING, come_from=(EventStatus.CALLED_OFF,), by=by, at=at
        )


async def _held_within(event_id: int) -> EventLine:
    """Return an event whose competition nobody else moves now; raise where that has ended."""
    line = await planning.event(event_id)
    await hold_within(line.competition_id)
    if (await planning.competition(line.competition_id)).status is CompetitionStatus.CLOSED:
        raise CompetitionEnded
    return line
