"""Who came to the assessment, who did not, who was sent away; and how a wrong word is mended."""

from datetime import datetime

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor, Duty, require
from app.rules.mark_sheet import SheetStatus
from app.sheets import actions as sheets
from app.sheets import ledger as ledgers
from app.sheets.acts import ReasonNeeded
from app.sheets.reopening import reopen_sheets_within
from app.sheets.rows import rows_of
from app.storage.engine import write_transaction
from assessments.enrollment import queries
from assessments.enrollment.actions import WrongOutcome, scope_of_candidate, update_within
from assessments.enrollment.queries import CandidateLine
from assessments.enrollment.tables import Candidate
from assessments.rules.lifecycle import CandidateStatus, SittingStatus
from assessments.sittings import queries as sittings
from assessments.sittings.actions import held_within

C = Candidate
RECORDERS = (*sittings.RUNNERS, Duty.QUALITY_SUPERVISOR, Duty.EXAMINER)
RECORDED = frozenset(
    {CandidateStatus.PRESENT, CandidateStatus.ABSENT, CandidateStatus.DISQUALIFIED}
)
DID_NOT_SIT = RECORDED - {CandidateStatus.PRESENT}


@refusal
class NotTheDay(RuleBroken):
    """Attendance is recorded while the assessment goes on."""

    says = N_("到考情况在“考核中”登记，批次现在的状态不能登记。")


@refusal
class NoteNeeded(ReasonNeeded):
    """Sending somebody away, and another word than the one recorded, say why."""

    field = "note"


@refusal
class NotExpected(RuleBroken):
    """Only who was accepted and has a number is expected to come."""

    says = N_("{name}没有考号，不在本批次应考名单中。")
    name: str


async def record_attendance(
    candidate_id: int,
    status: CandidateStatus,
    *,
    note: str,
    seen_version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Record that a candidate came, did not, or was disqualified (劝告 → 警告 → 终止).

    Another word than the one recorded before needs a reason; who came after all gets the sheets
    back as they were. Who is disqualified after the lock keeps them; they no longer count.
    """
    async with write_transaction():
        old = await queries.candidate(candidate_id)
        line = await held_within(old.sitting_id)
        require(by, RECORDERS, *line.scopes)
        _refuse(line, old, status, note)
        await update_within(
            candidate_id, seen_version, {C.status: status.value, C.note: note.strip()}
        )
        reason = note.strip() or status.value
        if status in DID_NOT_SIT:
            await _void_within(line, old, status, reason, by=by, at=at)
        elif old.status in DID_NOT_SIT:
            await _reopen_within(line, old, reason, by=by, at=at)
        await audit.record(
            act=Act.ATTENDANCE_RECORDED,
            subject=scope_of_candidate(candidate_id),
            by=by,
            at=at,
            reason=note.strip(),
            before={"status": old.status},
            after={"status": status},
        )


def _refuse(
    line: sittings.SittingLine, old: CandidateLine, status: CandidateStatus, note: str
) -> None:
    if line.status is not SittingStatus.ASSESSING:
        raise NotTheDay
    if status not in RECORDED:
        raise WrongOutcome
    if old.number is None or old.status is CandidateStatus.REFUSED:
        raise NotExpected(old.name)
    is_correction = old.status in RECORDED and old.status is not status
    if (status is CandidateStatus.DISQUALIFIED or is_correction) and not note.strip():
        raise NoteNeeded


async def _void_within(
    line: sittings.SittingLine,
    old: CandidateLine,
    status: CandidateStatus,
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    held = await ledgers.lock_within(line.ledger)
    if held.is_locked and status is CandidateStatus.DISQUALIFIED:
        return
    codes = {old.number or ""}
    await sheets.void_sheets_within(ledger=line.ledger, codes=codes, reason=reason, by=by, at=at)


async def _reopen_within(
    line: sittings.SittingLine, old: CandidateLine, reason: str, *, by: Actor, at: datetime
) -> None:
    held = await ledgers.lock_within(line.ledger)
    sheets_of_old = [row for row in await rows_of(held.id) if row.subject_code == old.number]
    if any(row.status is SheetStatus.VOID for row in sheets_of_old):
        codes = {old.number or ""}
        await reopen_sheets_within(ledger=line.ledger, codes=codes, reason=reason, by=by, at=at)
