"""Open the sheets of a sitting, grade it, publish it, and issue its certificates."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor, Duty, require
from app.rules.mark_sheet import AspectKind, SchemeName, SheetAspect, SheetForm
from app.sheets import actions as sheets
from app.sheets import queries as sheet_queries
from app.sheets.actions import LedgerSpec, SheetSpec
from app.storage.engine import write_transaction
from assessments.enrollment import queries as enrollment
from assessments.enrollment.queries import CandidateLine
from assessments.grading import queries
from assessments.grading.tables import CandidateGrade, SittingGrading
from assessments.rules import examiners
from assessments.rules.grading import Grade, Outcome, PassRule, TaskMark, grade
from assessments.rules.lifecycle import CandidateStatus, SittingStatus
from assessments.sittings import actions as sittings
from assessments.sittings import queries as sitting_queries
from assessments.sittings.queries import DispatchLine, SittingLine
from assessments.sittings.tables import Sitting
from assessments.specifications.queries import Specification

NOTICE_DAYS = 5
OUTCOMES: Mapping[CandidateStatus, Outcome] = {
    CandidateStatus.ABSENT: Outcome.ABSENT,
    CandidateStatus.DISQUALIFIED: Outcome.DISQUALIFIED,
}


@refusal
class NobodySeated(RuleBroken):
    """No candidate has a number."""

    says = N_("还没有编排考号，不能生成评分表。请先审核报名并编排考号。")


@refusal
class TooFewForCandidate(RuleBroken):
    """Recusal leaves a candidate with too few examiners."""

    says = N_("考号 {number} 因回避只剩 {found} 名考评员，至少要 {fewest} 名。请增派考评员。")
    number: str
    found: int
    fewest: int


@refusal
class NotAssessing(RuleBroken):
    """The sitting is not being assessed."""

    says = N_("批次状态应为“考核中”，现在不能办理。")


@refusal
class SheetsNotLocked(RuleBroken):
    """Marks are final only when the lead examiner has signed and locked the sheets."""

    says = N_("评分表还没有全部签字并锁定。请考评组长在“评分”页签字并锁定后再评定。")


@refusal
class NotGraded(RuleBroken):
    """There is nothing to publish."""

    says = N_("成绩还没有评定，不能公布。")


def scheme_of(specification: Specification) -> SchemeName:
    """Return how sheets name the specification they were made from."""
    facts = specification.facts
    told = [facts.name, [[task.name, task.weight, list(task.norms)] for task in facts.tasks]]
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
    return SchemeName(f"{facts.name}专项职业能力考核规范", specification.version_number, digest)


def form_of(specification: Specification) -> SheetForm:
    """Return the mark sheet of a specification: one aspect a task, 0 to its weight."""
    aspects = tuple(
        SheetAspect(
            id=queries.task_id(position),
            kind=AspectKind.POINTS,
            title=task.name,
            max=str(task.weight),
            hint="\n".join(task.norms),
            unit="分",
            decimals=1,
        )
        for position, task in enumerate(specification.facts.tasks, start=1)
    )
    return SheetForm(title=specification.name, scheme=scheme_of(specification), aspects=aspects)


async def start(sitting_id: int, *, seen_version: int, by: Actor, at: datetime) -> int:
    """Check the group and open a sheet for each examiner and number; return how many."""
    line = await sitting_queries.sitting(sitting_id)
    require(by, sitting_queries.RUNNERS, *line.scopes)
    specification = await sitting_queries.specification_of(line)
    group = await sitting_queries.examiners(sitting_id)
    seated = [
        item
        for item in await enrollment.candidates(sitting_id)
        if item.number and item.status in queries.TO_MARK
    ]
    if not seated:
        raise NobodySeated
    form = form_of(specification)
    specs = [
        spec
        for item in seated
        for spec in _sheets_of(item, group, form, specification.facts.fewest_examiners)
    ]
    ledger = LedgerSpec(
        name=line.ledger,
        title=line.name,
        scopes=line.scopes,
        subject_word="考号",
        lead_ids=tuple(item.account_id for item in group if item.is_lead),
    )
    async with write_transaction():
        await sittings.step_within(
            line, SittingStatus.ASSESSING, seen_version=seen_version, by=by, at=at
        )
        return await sheets.open_sheets_within(ledger=ledger, specs=specs, by=by, at=at)


def _sheets_of(
    candidate: CandidateLine, group: Sequence[DispatchLine], form: SheetForm, fewest: int
) -> list[SheetSpec]:
    aside = examiners.standing_aside(
        (item.facts for item in group),
        candidate_person=candidate.person_id,
        candidate_employer=candidate.employer,
    )
    free = [item for item in group if item.facts.person_id not in aside]
    if len(free) < fewest:
        raise TooFewForCandidate(candidate.number or "", len(free), fewest)
    return [
        SheetSpec(
            subject_code=candidate.number or "",
            seat=item.seat or "",
            form=form,
            station=f"{candidate.room}-{candidate.station}",
            account_id=item.account_id,
        )
        for item in free
    ]


async def grade_sitting(
    sitting_id: int, *, seen_version: int, reason: str, by: Actor, at: datetime
) -> None:
    """Grade every candidate from the locked ledger; raise where it is open or a mark is missing."""
    line = await sitting_queries.sitting(sitting_id)
    require(by, sitting_queries.RUNNERS, *line.scopes)
    if line.status is not SittingStatus.ASSESSING:
        raise NotAssessing
    async with write_transaction():
        ledger = await sheet_queries.ledger_of(line.ledger)
        if ledger is None or ledger.locked_at is None:
            raise SheetsNotLocked
        root = await sheet_queries.ledger_root(line.ledger)
        graded = await _all_graded(line)
        previous = await queries.latest_grading(sitting_id)
        head = SittingGrading(
            sitting=sitting_id,
            number=previous.number + 1 if previous else 1,
            ledger_root=root,
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
            after={"grading": head.number, "ledger_root": root, "candidates": len(graded)},
        )


async def _all_graded(line: SittingLine) -> list[tuple[CandidateLine, Grade | Outcome]]:
    specification = await sitting_queries.specification_of(line)
    marks = await queries.marks_by_candidate(line)
    return [
        (item, _graded(item, marks, specification))
        for item in await enrollment.candidates(line.id)
        if item.number
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


async def publish(sitting_id: int, *, seen_version: int, by: Actor, at: datetime) -> None:
    """Publish the list of results and start the notice period of five days."""
    line = await sitting_queries.sitting(sitting_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    if line.status is not SittingStatus.GRADED:
        raise NotGraded
    async with write_transaction():
        await sittings.step_within(
            line, SittingStatus.PUBLISHED, seen_version=seen_version, by=by, at=at
        )
        ends = at + timedelta(days=NOTICE_DAYS)
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
