"""Move a sitting through its days."""

from datetime import date, datetime
from typing import Any

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.rules.actors import Actor, Duty, require
from app.rules.notice import last_day
from app.sheets.acts import ReasonNeeded
from app.storage.engine import write_transaction
from assessments.rules.examiners import refuse_without_rotation, refuse_wrong_group
from assessments.rules.lifecycle import SittingStatus, step_sitting
from assessments.sittings import queries
from assessments.sittings.tables import Sitting


def subject(sitting_id: int) -> str:
    """Return how the journal names a sitting."""
    return f"assessments.sitting:{sitting_id}"


@refusal
class AlreadyAssessing(RuleBroken):
    """The plan is fixed once the assessment has begun."""

    says = N_("考核已经开始，批次安排不能再改。")


async def held_within(sitting_id: int) -> queries.SittingLine:
    """Return a sitting that nobody else changes until this transaction ends; raise `NotFound`."""
    await Sitting.raw("UPDATE sitting SET version = version WHERE id = {}", sitting_id)
    return await queries.sitting(sitting_id)


BY_HAND = frozenset({SittingStatus.ENROLLING, SittingStatus.CANCELED, SittingStatus.ARCHIVED})
"""The states that follow from a word alone; grading leads to the others."""


@refusal
class NoticeRuns(RuleBroken):
    """Objections may still change the results."""

    says = N_("公示到 {until} 为止，公示期满以后才能归档。")
    until: date


@refusal
class ComesOfGrading(RuleBroken):
    """Sheets, grades and publication lead to the other states, never a word alone."""

    says = N_("不能直接变为“{wanted}”。请按办理进度办理。")
    wanted: SittingStatus


async def step(
    sitting_id: int,
    wanted: SittingStatus,
    *,
    seen_version: int,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Open a sitting for candidates, cancel it with a reason, or archive it after its notice."""
    line = await queries.sitting(sitting_id)
    require(by, queries.RUNNERS, *line.scopes)
    step_sitting(line.status, wanted)
    if wanted not in BY_HAND:
        raise ComesOfGrading(wanted)
    if wanted is SittingStatus.CANCELED and not reason.strip():
        raise ReasonNeeded
    if wanted is SittingStatus.ARCHIVED and line.notice_ends_at and at < line.notice_ends_at:
        raise NoticeRuns(last_day(line.notice_ends_at))
    async with write_transaction():
        await step_within(line, wanted, seen_version=seen_version, by=by, at=at, reason=reason)


async def step_within(
    line: queries.SittingLine,
    wanted: SittingStatus,
    *,
    seen_version: int,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Move a sitting on inside the caller's transaction.

    The assessment begins only with a proper group of examiners.
    """
    step_sitting(line.status, wanted)
    if wanted is SittingStatus.ASSESSING and line.status is SittingStatus.ENROLLING:
        await refuse_unfit_group(line)
    await update_within(line.id, seen_version, {Sitting.status: wanted.value})
    await audit.record(
        act=Act.SITTING_STEPPED,
        subject=subject(line.id),
        by=by,
        at=at,
        reason=reason.strip(),
        before={"status": line.status},
        after={"status": wanted},
    )


async def refuse_unfit_group(line: queries.SittingLine) -> None:
    """Raise where those who were sent may not assess a sitting together."""
    sent = await queries.dispatches(line.id)
    group = [item.facts for item in sent if item.duty is Duty.EXAMINER]
    fewest = (await queries.specification_of(line)).facts.fewest_examiners
    refuse_wrong_group(group, fewest=fewest, supervisors=len(sent) - len(group), on=line.day)
    refuse_without_rotation(group, await queries.earlier_groups(line))


async def update_within(sitting_id: int, seen_version: int, changes: dict[Any, Any]) -> None:
    """Change a sitting that was seen in this version; raise `Stale`."""
    changed = (
        await Sitting.update({**changes, Sitting.version: seen_version + 1})
        .where(Sitting.id == sitting_id, Sitting.version == seen_version)
        .returning(Sitting.id)
    )
    if not changed:
        raise Stale
