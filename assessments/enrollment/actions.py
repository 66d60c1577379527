"""Enroll candidates, vet them and seat them."""

from datetime import datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.people import actions as people
from app.people import filling
from app.people.actions import PersonFacts
from app.rules.actors import Actor, require
from app.storage.engine import write_transaction
from app.web.clock import SHANGHAI
from assessments.enrollment import queries
from assessments.enrollment.tables import Candidate
from assessments.rules.candidacy import AppliedAlready, refuse_too_young
from assessments.rules.lifecycle import CandidateStatus, SittingStatus
from assessments.rules.seating import seats
from assessments.sittings import queries as sittings
from assessments.sittings.actions import held_within, subject

C = Candidate
VETTED = frozenset({CandidateStatus.ACCEPTED, CandidateStatus.RETURNED, CandidateStatus.REFUSED})


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """One person who applies, with what the form asks beside the person."""

    person: PersonFacts
    employer: str = ""
    category: str | None = None


@refusal
class EnrollmentClosed(RuleBroken):
    """The sitting does not take candidates now."""

    says = N_("本批次现在不接受报名。请确认批次状态为“报名”。")


@refusal
class EnrollmentPast(RuleBroken):
    """The last moment to apply is over; whoever organizes may move it."""

    says = N_("报名已于 {until} 截止。确需补报的，请先在“筹备”页推迟报名截止时间。")
    until: str


@refusal
class NobodyToSeat(RuleBroken):
    """No accepted candidate is without a number."""

    says = N_("没有待编排的考生。请先审核通过报名。")


@refusal
class WrongOutcome(RuleBroken):
    """Vetting accepts, returns or refuses; who came is recorded on the day."""

    says = N_("请从列出的选项中选择。")
    field = "status"


@refusal
class ReasonNeeded(RuleBroken):
    """Returning and refusing say why."""

    says = N_("退回或不予通过时请写明原因，考生会看到它。")
    field = "note"


def scope_of_candidate(candidate_id: int) -> str:
    """Return how the journal names a candidate."""
    return f"assessments.candidate:{candidate_id}"


async def enroll(sitting_id: int, application: Application, *, by: Actor, at: datetime) -> int:
    """Enroll one person and return the candidate's id; raise `AppliedAlready` for a second time."""
    async with write_transaction():
        line = await open_sitting_within(sitting_id, by)
        refuse_past(line, at)
        refuse_too_young(
            application.person.birth_on or application.person.number.birth_on, line.day
        )
        await filling.fill_within([application.person], by=by, at=at)
        person_id = await people.find_or_add_within(application.person, by=by, at=at)
        known = (await queries.by_person(sitting_id)).get(person_id)
        if known is not None:
            raise AppliedAlready(known.name, known.number or "—")
        row = new_row(sitting_id, person_id, application, at)
        await row.save()
        await audit.record(
            act=Act.CANDIDATE_ENROLLED,
            subject=scope_of_candidate(row.id),
            by=by,
            at=at,
            after={"sitting": sitting_id, "name": application.person.name},
        )
        return row.id


async def vet(
    candidate_id: int,
    outcome: CandidateStatus,
    *,
    note: str,
    seen_version: int,
    by: Actor,
    at: datetime,
) -> None:
    """Accept, return or refuse an application; returning and refusing need a reason."""
    old = await queries.candidate(candidate_id)
    if outcome is not CandidateStatus.ACCEPTED and not note.strip():
        raise ReasonNeeded
    async with write_transaction():
        await open_sitting_within(old.sitting_id, by)
        if outcome not in VETTED:
            raise WrongOutcome
        await update_within(
            candidate_id, seen_version, {C.status: outcome.value, C.note: note.strip()}
        )
        await audit.record(
            act=Act.CANDIDATE_CHANGED,
            subject=scope_of_candidate(candidate_id),
            by=by,
            at=at,
            reason=note.strip(),
            before={"status": old.status},
            after={"status": outcome},
        )


async def accept_all(sitting_id: int, *, by: Actor, at: datetime) -> int:
    """Accept every application that waits; return how many."""
    async with write_transaction():
        await open_sitting_within(sitting_id, by)
        changed = (
            await C.update({C.status: CandidateStatus.ACCEPTED.value})
            .where(C.sitting == sitting_id, C.status == CandidateStatus.APPLIED.value)
            .returning(C.id)
        )
        if changed:
            await audit.record(
                act=Act.CANDIDATE_CHANGED,
                subject=subject(sitting_id),
                by=by,
                at=at,
                before={"status": "applied"},
                after={"status": "accepted", "candidates": len(changed)},
            )
        return len(changed)


async def seat(sitting_id: int, *, by: Actor, at: datetime) -> int:
    """Give every accepted candidate without one a number, a room and a station; return how many."""
    async with write_transaction():
        line = await open_sitting_within(sitting_id, by)
        rooms = [(room.name, room.stations) for room in await sittings.rooms(sitting_id)]
        everybody = await queries.candidates(sitting_id)
        waiting = [
            item.id
            for item in everybody
            if item.status is CandidateStatus.ACCEPTED and item.number is None
        ]
        if not waiting:
            raise NobodyToSeat
        first = sum(item.number is not None for item in everybody) + 1
        for place in seats(waiting, rooms=rooms, prefix=line.code, first=first):
            await C.update(
                {C.number: place.number, C.room: place.room, C.station: place.station}
            ).where(C.id == place.candidate_id)
        await audit.record(
            act=Act.CANDIDATES_SEATED,
            subject=subject(sitting_id),
            by=by,
            at=at,
            after={"candidates": len(waiting)},
        )
        return len(waiting)


async def open_sitting_within(sitting_id: int, by: Actor) -> sittings.SittingLine:
    """Hold a sitting that takes candidates, for whoever runs it; raise `EnrollmentClosed`."""
    line = await held_within(sitting_id)
    require(by, sittings.RUNNERS, *line.scopes)
    refuse_closed(line)
    return line


def refuse_closed(line: sittings.SittingLine) -> None:
    """Raise `EnrollmentClosed` where a sitting takes no candidates now."""
    if line.status is not SittingStatus.ENROLLING:
        raise EnrollmentClosed


def refuse_past(line: sittings.SittingLine, at: datetime) -> None:
    """Raise `EnrollmentPast` after the last moment to apply; vetting and seating go on."""
    if at > line.enrollment_closes_at:
        until = line.enrollment_closes_at.astimezone(SHANGHAI)
        raise EnrollmentPast(f"{until:%Y-%m-%d %H:%M}")


async def update_within(candidate_id: int, seen_version: int, changes: dict[Any, Any]) -> None:
    """Change a candidate who was seen in this version; raise `Stale`."""
    changed = (
        await C.update({**changes, C.version: seen_version + 1})
        .where(C.id == candidate_id, C.version == seen_version)
        .returning(C.id)
    )
    if not changed:
        raise Stale


def new_row(sitting_id: int, person_id: int, application: Application, at: datetime) -> Candidate:
    """Return the row of a new candidate, who waits for vetting."""
    return C(
        sitting=sitting_id,
        person=person_id,
        name=application.person.name,
        employer=application.employer,
        category=application.category,
        region_code=application.person.region_code,
        number=None,
        room=None,
        station=None,
        status=CandidateStatus.APPLIED.value,
        note="",
        applied_at=at,
        version=1,
    )
