"""Grade a sitting, take it back from its grades, and publish it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from math import floor

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor, Duty, require
from app.rules.notice import notice_period
from app.sheets import ledger as ledgers
from app.sheets.acts import ReasonNeeded
from app.storage.engine import write_transaction
from assessments.enrollment import queries as enrollment
from assessments.enrollment.queries import CandidateLine
from assessments.grading import queries
from assessments.grading.tables import CandidateGrade, SittingGrading
from assessments.rules.grading import Grade, Outcome, PassRule, TaskMark, grade
from assessments.rules.lifecycle import CandidateStatus, SittingStatus
from assessments.sittings import actions as sittings
from assessments.sittings import queries as sitting_queries
from assessments.sittings.queries import SittingLine
from assessments.sittings.tables import Sitting
from assessments.specifications.queries import Specification

OUTCOMES: Mapping[CandidateStatus, Outcome] = {
    CandidateStatus.ABSENT: Outcome.ABSENT,
    CandidateStatus.DISQUALIFIED: Outcome.DISQUALIFIED,
}


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


async def grade_sitting(
    sitting_id: int, *, seen_version: int, reason: str, by: Actor, at: datetime
) -> None:
    """Grade every candidate from the locked ledger; raise where it is open or a mark is missing."""
    line = await sitting_queries.sitting(sitting_id)
    require(by, sitting_queries.RUNNERS, *line.scopes)
    if line.status is not SittingStatus.ASSESSING:
        raise NotAssessing
    async with write_transaction():
        held = await ledgers.lock_within(line.ledger)
        if not held.is_locked:
            raise SheetsNotLocked
        graded = await _all_graded(line)
        previous = await queries.latest_grading(sitting_id)
        head = SittingGrading(
            sitting=sitting_id,
            number=previous.number + 1 if previous else 1,
            ledger_root=held.root,
            graded_by=by.name,
            graded_at=at,
            reason=reason,
        )
        await head.save()
        await CandidateGrade.insert(*(_row(head.id, item, found) for item, found in graded))
        await sittings.step_within(
            line, SittingStatus.GRADED, seen_version=seen_version, by=by, at=at
        )
        await audit.record(
            act=Act.SITTING_GRADED,
            subject=sittings.subject(sitting_id),
            by=by,
            at=at,
            reason=reason,
            after={"grading": head.number, "ledger_root": held.root, "candidates": len(graded)},
        )


async def _all_graded(line: SittingLine) -> list[tuple[CandidateLine, Grade | Outcome]]:
    specification = await sitting_queries.specification_of(line)
    marks = await queries.marks_by_candidate(line)
    return [
        (item, _graded(item, marks, specification))
        for item in await enrollment.candidates(line.id)
        if item.number and (item.status in OUTCOMES or item.status in queries.TO_MARK)
    ]


def _graded(
    candidate: CandidateLine, marks: Mapping[str, Sequence[TaskMark]], specification: Specification
) -> Grade | Outcome:
    if candidate.status in OUTCOMES:
        return OUTCOMES[candidate.status]
    facts = specification.facts
    return grade(
        candidate.number or "",
        marks.get(candidate.number or "", ()),
        {
            queries.task_id(position): task.weight
            for position, task in enumerate(facts.tasks, start=1)
        },
        PassRule(facts.pass_mark, facts.fewest_examiners, specification.pass_policy),
    )


def _row(grading_id: int, candidate: CandidateLine, found: Grade | Outcome) -> CandidateGrade:
    detail: dict[str, object] = {}
    score_e4, outcome = None, found if isinstance(found, Outcome) else found.outcome
    if isinstance(found, Grade):
        score_e4 = floor(found.score * queries.E4 + Fraction(1, 2))
        detail = {
            "score": str(found.score),
            "by_task": {name: str(value) for name, value in found.by_task.items()},
            "by_examiner": {name: str(value) for name, value in found.by_examiner.items()},
        }
    return CandidateGrade(
        grading=grading_id,
        candidate=candidate.id,
        candidate_number=candidate.number or "",
        outcome=outcome.value,
        score_e4=score_e4,
        detail=json.dumps(detail, sort_keys=True),
    )


async def reopen(
    sitting_id: int, *, seen_version: int, reason: str, by: Actor, at: datetime
) -> None:
    """Take a sitting back from its grades, which stay readable, so that it is graded anew."""
    line = await sitting_queries.sitting(sitting_id)
    require(by, sitting_queries.RUNNERS, *line.scopes)
    if line.status is not SittingStatus.GRADED:
        raise NotGraded
    if not reason.strip():
        raise ReasonNeeded
    async with write_transaction():
        await sittings.step_within(
            line, SittingStatus.ASSESSING, seen_version=seen_version, by=by, at=at, reason=reason
        )


async def publish(sitting_id: int, *, seen_version: int, by: Actor, at: datetime) -> None:
    """Publish the list of results and start the notice period of five working days.

    Raise `MarksChanged` where the ledger says more than it did when the sitting was graded.
    """
    line = await sitting_queries.sitting(sitting_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    if line.status is not SittingStatus.GRADED:
        raise NotGraded
    async with write_transaction():
        held = await ledgers.lock_within(line.ledger)
        grading = await queries.latest_grading(sitting_id)
        if grading is None or grading.ledger_root != held.root:
            raise MarksChanged
        await sittings.step_within(
            line, SittingStatus.PUBLISHED, seen_version=seen_version, by=by, at=at
        )
        ends = notice_period(at).closes_at
        await Sitting.update({Sitting.published_at: at, Sitting.notice_ends_at: ends}).where(
            Sitting.id == sitting_id
        )
        await audit.record(
            act=Act.SITTING_PUBLISHED,
            subject=sittings.subject(sitting_id),
            by=by,
            at=at,
            after={"notice_ends_at": ends},
        )
