"""Grade a sitting, take it back from its grades, and publish it."""

from datetime import datetime

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.holidays import queries as holidays
from app.rules.actors import Actor, Duty, require
from app.sheets import ledger as ledgers
from app.sheets import queries as sheets
from app.sheets.acts import ReasonNeeded
from app.sheets.republishing import NothingAmended
from app.storage.engine import write_transaction
from assessments.grading import counting, queries
from assessments.grading.queries import PUBLIC, GradingFacts
from assessments.grading.tables import SittingGrading
from assessments.rules.lifecycle import SittingStatus
from assessments.sittings import actions as sittings
from assessments.sittings import queries as sitting_queries
from assessments.sittings.queries import SittingLine
from assessments.sittings.tables import Sitting


@refusal
class NotAssessing(RuleBroken):
    """The sitting is not being assessed."""

    says = N_("批次状态应为“考核中”，现在不能办理。")


@refusal
class SheetsNotLocked(RuleBroken):
    """Marks are final only when the lead examiner has signed and locked the sheets."""

    says = N_("评分表还没有全部签字并锁定。请考评组长在“评分”页签字并锁定后再评定。")


@refusal
class MarksChanged(RuleBroken):
    """What was graded is no longer what the ledger says."""

    says = N_("评定之后，评分账册又有更正或新的记录。请重新评定成绩，再公布。")


@refusal
class NotGraded(RuleBroken):
    """The sitting has no grades that wait for publication."""

    says = N_("批次状态应为“已评定”，现在不能办理。")


@refusal
class NotPublishedYet(RuleBroken):
    """Only what was published is published anew."""

    says = N_("结果公布之后才能更正公布。")


@refusal
class AmendmentsOpen(RuleBroken):
    """Somebody says that a mark is wrong, and nobody has answered yet."""

    says = N_(
        "还有 {count} 项分数更正等待另一人确认。请先在“评分”页确认，或写明不同意的原因，再公布。"
    )
    count: int


async def grade_sitting(
    sitting_id: int, *, seen_version: int, reason: str, by: Actor, at: datetime
) -> None:
    """Grade every candidate from the locked ledger; raise where it is open or a mark is missing.

    Once published, only where marks were amended since; what is public stays until the new grades
    are published in its place (see `assessments.grading.amending`).
    """
    async with write_transaction():
        line = await sittings.held_within(sitting_id)
        require(by, sitting_queries.RUNNERS, *line.scopes)
        if line.status is not SittingStatus.ASSESSING and line.status not in PUBLIC:
            raise NotAssessing
        held = await ledgers.lock_within(line.ledger)
        if not held.is_locked:
            raise SheetsNotLocked
        if line.status in PUBLIC and not await counting.is_overtaken(line):
            raise NothingAmended
        graded = await counting.graded_now(line)
        number = await counting.write_within(line, graded, held, reason=reason, by=by, at=at)
        if line.status is SittingStatus.ASSESSING:
            await sittings.step_within(
                line, SittingStatus.GRADED, seen_version=seen_version, by=by, at=at
            )
        await audit.record(
            act=Act.SITTING_GRADED,
            subject=sittings.subject(sitting_id),
            by=by,
            at=at,
            reason=reason,
            after={"grading": number, "ledger_root": held.root, "candidates": len(graded)},
        )


async def reopen(
    sitting_id: int, *, seen_version: int, reason: str, by: Actor, at: datetime
) -> None:
    """Take a sitting back from its grades, which stay readable, so that it is graded anew."""
    async with write_transaction():
        line = await sittings.held_within(sitting_id)
        require(by, sitting_queries.RUNNERS, *line.scopes)
        if line.status is not SittingStatus.GRADED:
            raise NotGraded
        if not reason.strip():
            raise ReasonNeeded
        await sittings.step_within(
            line, SittingStatus.ASSESSING, seen_version=seen_version, by=by, at=at, reason=reason
        )


async def publish(sitting_id: int, *, seen_version: int, by: Actor, at: datetime) -> None:
    """Publish the list of results and start the notice period.

    Raise `MarksChanged` where the ledger says more than it did when the sitting was graded, or
    `AmendmentsOpen` where it may do so soon.
    """
    async with write_transaction():
        line = await sittings.held_within(sitting_id)
        require(by, Duty.ORGANIZER, *line.scopes)
        if line.status is not SittingStatus.GRADED:
            raise NotGraded
        held = await ledgers.lock_within(line.ledger)
        await refuse_open_amendments(held.id)
        grading = await queries.latest_grading(sitting_id)
        if grading is None or grading.ledger_root != held.root:
            raise MarksChanged
        await sittings.step_within(
            line, SittingStatus.PUBLISHED, seen_version=seen_version, by=by, at=at
        )
        await publish_within(line, grading, by=by, at=at)


async def refuse_open_amendments(ledger_id: int) -> None:
    """Raise `AmendmentsOpen` where an amendment waits for its second person."""
    if count := await sheets.open_amendments(ledger_id):
        raise AmendmentsOpen(count)


async def publish_within(
    line: SittingLine, grading: GradingFacts, *, by: Actor, at: datetime
) -> None:
    """Make a grading the public one from now on, with a notice of its own."""
    notice = await holidays.notice(at, line.notice_days)
    await SittingGrading.update({SittingGrading.published_at: at}).where(
        SittingGrading.id == grading.id
    )
    await Sitting.update(
        {
            Sitting.published_at: at,
            Sitting.notice_ends_at: notice.closes_at,
            Sitting.notice_missing_years: notice.missing_text,
        }
    ).where(Sitting.id == line.id)
    await audit.record(
        act=Act.SITTING_PUBLISHED,
        subject=sittings.subject(line.id),
        by=by,
        at=at,
        after={
            "grading": grading.number,
            "notice_ends_at": notice.closes_at,
            "notice_days": line.notice_days,
        },
    )
