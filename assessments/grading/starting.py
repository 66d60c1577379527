"""Start an assessment: everybody vetted and numbered, a proper group, a sheet for each of both."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor, require
from app.rules.mark_sheet import AspectKind, SchemeName, SheetAspect, SheetForm
from app.sheets import actions as sheets
from app.sheets.actions import LedgerSpec, SheetSpec
from app.storage.engine import write_transaction
from assessments.enrollment import queries as enrollment
from assessments.enrollment.queries import CandidateLine
from assessments.grading import queries
from assessments.rules import examiners
from assessments.rules.lifecycle import CandidateStatus, SittingStatus, WrongStep
from assessments.sittings import actions as sittings
from assessments.sittings import queries as sitting_queries
from assessments.sittings.queries import DispatchLine
from assessments.specifications.queries import Specification

WAITING = frozenset({CandidateStatus.APPLIED, CandidateStatus.RETURNED})
NAMES_SHOWN = 5


@refusal
class NobodySeated(RuleBroken):
    """No candidate has a number."""

    says = N_("还没有编排考号，不能生成评分表。请先审核报名并编排考号。")


@refusal
class CandidatesWaiting(RuleBroken):
    """Vetting is not finished."""

    says = N_("还有 {count} 人没有审核完：{names}。请先逐个审核，通过或不予通过。")
    count: int
    names: str


@refusal
class CandidatesUnseated(RuleBroken):
    """Who was accepted after the seating has no number yet."""

    says = N_("还有 {count} 名审核通过的考生没有考号：{names}。请先编排考号。")
    count: int
    names: str


@refusal
class TooFewForCandidate(RuleBroken):
    """Recusal leaves a candidate with too few examiners."""

    says = N_("考号 {number} 因回避只剩 {found} 名考评员，至少要 {fewest} 名。请增派考评员。")
    number: str
    found: int
    fewest: int


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
    """Check the group and open a sheet for each examiner and number; return how many.

    Raise `CandidatesWaiting` or `CandidatesUnseated` where somebody would be left out.
    """
    async with write_transaction():
        line = await sittings.held_within(sitting_id)
        require(by, sitting_queries.RUNNERS, *line.scopes)
        if line.status is not SittingStatus.ENROLLING:
            raise WrongStep(line.status, SittingStatus.ASSESSING)
        specification = await sitting_queries.specification_of(line)
        group = await sitting_queries.examiners(sitting_id)
        seated = _seated(await enrollment.candidates(sitting_id))
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
        await sittings.step_within(
            line, SittingStatus.ASSESSING, seen_version=seen_version, by=by, at=at
        )
        return await sheets.open_sheets_within(ledger=ledger, specs=specs, by=by, at=at)


def _seated(candidates: Sequence[CandidateLine]) -> list[CandidateLine]:
    waiting = [item.name for item in candidates if item.status in WAITING]
    if waiting:
        raise CandidatesWaiting(len(waiting), _some(waiting))
    accepted = [item for item in candidates if item.status in queries.TO_MARK]
    seated = [item for item in accepted if item.number]
    if not seated:
        raise NobodySeated
    unseated = [item.name for item in accepted if not item.number]
    if unseated:
        raise CandidatesUnseated(len(unseated), _some(unseated))
    return seated


def _some(names: Sequence[str]) -> str:
    more = "……" if len(names) > NAMES_SHOWN else ""
    return "、".join(names[:NAMES_SHOWN]) + more


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
