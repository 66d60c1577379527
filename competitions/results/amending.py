"""更正公布: an objection was upheld, and the published results of an event are published anew."""

from datetime import datetime
from typing import Any

import msgspec

from app.errors import NotAllowed
from app.rules.actors import Actor, require
from app.sheets import republishing
from app.sheets.republishing import NotCountedAgain, NothingAmended
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject, hold_within, turn_event_within
from competitions.planning.queries import EventLine
from competitions.results import actions, queries, recounting
from competitions.results.published import published_result
from competitions.results.queries import PlaceLine, ResultLine
from competitions.rules.duties import PUBLISHING
from competitions.rules.lifecycle import EventStatus, require_stage


class ChangedPlace(msgspec.Struct, frozen=True):
    """An entry that stands otherwise in the count that is to be published."""

    before: PlaceLine
    after: PlaceLine


async def propose(event_id: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Propose to publish the latest count; another person confirms it.

    Raise `NothingAmended`, `NotCountedAgain`, or what `publish` raises.
    """
    line = await planning.event(event_id)
    require(by, PUBLISHING, *line.scopes)
    result = await _counted_again(line)
    await actions.refuse_unpublishable(line, result, by=by, at=at)
    async with write_transaction():
        await turn_event_within(line)
        await republishing.propose_within(
            line.ledger,
            result.number,
            subject=event_subject(event_id),
            reason=reason,
            by=by,
            at=at,
        )


async def confirm(event_id: int, *, by: Actor, at: datetime) -> None:
    """Publish what another proposed, in place of what was published and with a new notice.

    Raise what `propose` raises where marks were amended once more, `NothingProposed`, or
    `OwnRepublishing`.
    """
    line = await planning.event(event_id)
    if not await republishing.may_confirm(line.ledger, by):
        raise NotAllowed
    result = await _counted_again(line)
    await actions.refuse_unpublishable(line, result, by=by, at=at)
    async with write_transaction():
        await hold_within(line.competition_id)
        await turn_event_within(line)
        subject = event_subject(event_id)
        await republishing.confirm_within(line.ledger, result.number, subject=subject, by=by, at=at)
        await actions.publish_within(line, result, by=by, at=at)


async def _counted_again(line: EventLine) -> ResultLine:
    """Return a count that is newer than what was published."""
    require_stage(line.status, EventStatus.PUBLISHED)
    if not await recounting.is_overtaken(line):
        raise NothingAmended
    result = await queries.latest(line.id)
    if result is None or result.published_at is not None:
        raise NotCountedAgain
    return result


async def changed_places(line: EventLine, result: ResultLine) -> list[ChangedPlace]:
    """Return who stands otherwise in a count than in what is public now."""
    public = await published_result(line.id)
    if public is None:
        return []
    known = {item.code: item for item in await queries.places(line, public)}
    return [
        ChangedPlace(known[item.code], item)
        for item in await queries.places(line, result)
        if _stands(known[item.code]) != _stands(item)
    ]


def _stands(place: PlaceLine) -> tuple[Any, ...]:
    return (place.rank, place.total, place.award, place.status)


async def shown(line: EventLine) -> ResultLine | None:
    """Return the count that the desk looks at: the newest, unless the public one still holds."""
    holds = line.status is EventStatus.PUBLISHED and not await recounting.is_overtaken(line)
    return await (published_result if holds else queries.latest)(line.id)


async def facts(line: EventLine, result: ResultLine | None, actor: Actor) -> dict[str, Any]:
    """Return what the results page shows of a publication that is to be amended, or was."""
    is_public = line.status is EventStatus.PUBLISHED
    counted = result if is_public and result and result.published_at is None else None
    return {
        "counted": counted,
        "changed_places": await changed_places(line, counted) if counted else [],
        "proposed": await republishing.proposed(line.ledger, counted.number) if counted else None,
        "may_confirm_amended": bool(counted) and await republishing.may_confirm(line.ledger, actor),
        "amended": await republishing.confirmed(line.ledger),
    }
