"""更正公布: an objection was upheld, and the published results of a sitting are published anew."""

from datetime import datetime
from typing import Any

import msgspec

from app.rules.actors import Actor, Duty, require
from app.sheets import ledger as ledgers
from app.sheets import republishing
from app.sheets.republishing import NotCountedAgain, NothingAmended
from app.storage.engine import write_transaction
from assessments.grading import actions, counting, queries
from assessments.grading.actions import MarksChanged, NotPublishedYet
from assessments.grading.queries import PUBLIC, GradeLine, GradingFacts
from assessments.sittings import actions as sittings
from assessments.sittings.queries import SittingLine


class ChangedGrade(msgspec.Struct, frozen=True):
    """A candidate whose grade is another in the grading that is to be published."""

    before: GradeLine
    after: GradeLine


async def propose(sitting_id: int, *, reason: str, by: Actor, at: datetime) -> None:
    """Propose to publish the latest grading; another person confirms it.

    Raise `NothingAmended`, `NotCountedAgain`, or what `publish` raises.
    """
    async with write_transaction():
        line = await sittings.held_within(sitting_id)
        require(by, Duty.ORGANIZER, *line.scopes)
        grading = await _counted_again_within(line)
        await republishing.propose_within(
            line.ledger,
            grading.number,
            subject=sittings.subject(sitting_id),
            reason=reason,
            by=by,
            at=at,
        )


async def confirm(sitting_id: int, *, by: Actor, at: datetime) -> None:
    """Publish what another proposed, in place of what was published and with a new notice.

    Raise what `propose` raises where marks were amended once more, `NothingProposed`, or
    `OwnRepublishing`.
    """
    async with write_transaction():
        line = await sittings.held_within(sitting_id)
        grading = await _counted_again_within(line)
        subject = sittings.subject(sitting_id)
        await republishing.confirm_within(
            line.ledger, grading.number, subject=subject, by=by, at=at
        )
        await actions.publish_within(line, grading, by=by, at=at)


async def _counted_again_within(line: SittingLine) -> GradingFacts:
    """Return a grading that is newer than the public one and says what is recorded now."""
    if line.status not in PUBLIC:
        raise NotPublishedYet
    held = await ledgers.lock_within(line.ledger)
    await actions.refuse_open_amendments(held.id)
    if not await counting.is_overtaken(line):
        raise NothingAmended
    grading = await _waiting(line)
    if grading is None:
        raise NotCountedAgain
    if not await counting.is_current(line, grading):
        raise MarksChanged
    return grading


async def _waiting(line: SittingLine) -> GradingFacts | None:
    """Return the latest grading where it is newer than the public one."""
    public = await queries.published_grading(line)
    latest = await queries.latest_grading(line.id)
    return latest if public and latest and latest.number > public.number else None


async def facts(line: SittingLine, actor: Actor) -> dict[str, Any]:
    """Return what the results page shows: grades, and a publication that is amended or was.

    Once published, these are the public grades, or those that are to be published anew.
    """
    is_overtaken = await counting.is_overtaken(line)
    waiting = await _waiting(line) if is_overtaken else None
    counted = waiting if waiting and await counting.is_current(line, waiting) else None
    if line.status in PUBLIC:
        grading = counted or await queries.published_grading(line)
    else:
        grading = await queries.latest_grading(line.id)
    return {
        "grading": grading,
        "grades": await queries.grades(line, grading),
        "is_stale": is_overtaken and counted is None,
        "counted": counted,
        "changed_grades": await _changed_grades(line, counted) if counted else [],
        "proposed": await republishing.proposed(line.ledger, counted.number) if counted else None,
        "may_confirm_amended": bool(counted) and await republishing.may_confirm(line.ledger, actor),
        "amended": await republishing.confirmed(line.ledger),
    }


async def _changed_grades(line: SittingLine, grading: GradingFacts) -> list[ChangedGrade]:
    public = await queries.published_grading(line)
    known = {item.number: item for item in await queries.grades(line, public)}
    return [
        ChangedGrade(known[item.number], item)
        for item in await queries.grades(line, grading)
        if (known[item.number].score, known[item.number].outcome) != (item.score, item.outcome)
    ]
