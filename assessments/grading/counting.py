"""From the marks that are recorded now to every candidate's grade, and whether a grading holds."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from math import floor

from app.errors import RuleBroken
from app.rules.actors import Actor
from app.sheets.ledger import LockedLedger
from assessments.enrollment import queries as enrollment
from assessments.enrollment.queries import CandidateLine
from assessments.grading import queries
from assessments.grading.queries import PUBLIC, GradingFacts
from assessments.grading.tables import CandidateGrade, SittingGrading
from assessments.rules.grading import Grade, Outcome, PassRule, TaskMark, grade
from assessments.rules.lifecycle import CandidateStatus
from assessments.sittings import queries as sitting_queries
from assessments.sittings.queries import SittingLine
from assessments.specifications.queries import Specification

Graded = tuple[CandidateLine, Grade | Outcome]
OUTCOMES: Mapping[CandidateStatus, Outcome] = {
    CandidateStatus.ABSENT: Outcome.ABSENT,
    CandidateStatus.DISQUALIFIED: Outcome.DISQUALIFIED,
}


async def graded_now(line: SittingLine) -> list[Graded]:
    """Grade every candidate from what is recorded; raise where a mark is missing."""
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


async def write_within(
    line: SittingLine,
    graded: Sequence[Graded],
    held: LockedLedger,
    *,
    reason: str,
    by: Actor,
    at: datetime,
) -> int:
    """Write the next grading of a sitting down beside the earlier ones; return its number."""
    previous = await queries.latest_grading(line.id)
    head = SittingGrading(
        sitting=line.id,
        number=previous.number + 1 if previous else 1,
        ledger_root=held.root,
        graded_by=by.name,
        graded_at=at,
        reason=reason,
        published_at=None,
    )
    await head.save()
    await CandidateGrade.insert(*(_row(head.id, item, found) for item, found in graded))
    return head.number


def _row(grading_id: int, candidate: CandidateLine, found: Grade | Outcome) -> CandidateGrade:
    outcome, detail = _said(found)
    score = floor(found.score * queries.E4 + Fraction(1, 2)) if isinstance(found, Grade) else None
    return CandidateGrade(
        grading=grading_id,
        candidate=candidate.id,
        candidate_number=candidate.number or "",
        outcome=outcome,
        score_e4=score,
        detail=detail,
    )


def _said(found: Grade | Outcome) -> tuple[str, str]:
    """Return what a grading keeps of a candidate: the outcome, and how it came about as JSON."""
    if isinstance(found, Outcome):
        return found.value, "{}"
    detail = {
        "score": str(found.score),
        "by_task": {name: str(value) for name, value in found.by_task.items()},
        "by_examiner": {name: str(value) for name, value in found.by_examiner.items()},
    }
    return found.outcome.value, json.dumps(detail, sort_keys=True)


async def is_current(line: SittingLine, grading: GradingFacts) -> bool:
    """Tell whether a grading says what comes of the marks that are recorded now."""
    try:
        now = {item.number or "": _said(found) for item, found in await graded_now(line)}
    except RuleBroken:  # a mark was taken away that the grading had
        return False
    return now == await queries.said_by_number(grading.id)


async def is_overtaken(line: SittingLine) -> bool:
    """Tell whether marks were amended since the results of a sitting were published."""
    if line.status not in PUBLIC:
        return False
    public = await queries.published_grading(line)
    return public is not None and not await is_current(line, public)
