"""A sitting from its group to its published grades, on both engines: what is refused, and why."""

import asyncio
from datetime import timedelta

import pytest

from app.accounts import holders
from app.accounts.holders import AccountOfAnother
from app.errors import NotAllowed, Stale
from app.rules.actors import SYSTEM, Actor, Duty, Scope
from app.sheets import queries as sheet_queries
from app.sheets.acts import ReasonNeeded
from app.sheets.ledger import LedgerLocked
from app.storage.engine import write_transaction
from assessments.enrollment import actions as enrollment
from assessments.enrollment import attendance, bulk
from assessments.enrollment import queries as candidates
from assessments.enrollment.actions import Application, EnrollmentPast, WrongOutcome
from assessments.enrollment.attendance import NotExpected, NotTheDay
from assessments.grading import actions as grading
from assessments.grading import queries as grades
from assessments.grading import starting
from assessments.grading.actions import MarksChanged, NotGraded
from assessments.grading.checklist import checklist
from assessments.grading.starting import CandidatesUnseated, CandidatesWaiting
from assessments.rules.examiners import NobodySupervises, NotOneLead
from assessments.rules.lifecycle import CandidateStatus, SittingStatus, WrongStep
from assessments.sittings import actions, dispatching, queries
from assessments.sittings.actions import AlreadyAssessing, ComesOfGrading, NoticeRuns
from assessments.sittings.dispatching import DispatchedAlready, LeadExamines
from assessments.sittings.tables import Sitting
from tests.builders.assessments import (
    a_group,
    a_sitting,
    amend,
    assessing,
    enroll,
    graded,
    mark_and_lock,
    seated,
    send,
)
from tests.builders.competitions import somebody
from tests.builders.events import AT, a_person

pytestmark = pytest.mark.anyio
AFTER = AT + timedelta(days=30)


async def start(line):
    return await starting.start(line.id, seen_version=line.version, by=SYSTEM, at=AT)


async def step(line, wanted, at=AT, **more):
    await actions.step(line.id, wanted, seen_version=line.version, by=SYSTEM, at=at, **more)


class TestSteps:
    @pytest.mark.parametrize("wanted", ["graded", "published"])
    async def test_never_pass_grading_and_publication_by(self, wanted, sqlite_database):
        line, group = await assessing()
        if wanted == "published":
            await mark_and_lock(line, group)
            line = await graded(line)

        with pytest.raises(ComesOfGrading):
            await step(line, SittingStatus(wanted))
        assert (await queries.sitting(line.id)).status is line.status

    async def test_cancel_with_a_reason(self, sqlite_database):
        line, _ = await assessing()

        with pytest.raises(ReasonNeeded):
            await step(line, SittingStatus.CANCELED)
        await step(line, SittingStatus.CANCELED, reason="暴雨")

        assert (await queries.sitting(line.id)).status is SittingStatus.CANCELED

    async def test_archive_what_is_published(self, sqlite_database):
        line, group = await assessing()
        await mark_and_lock(line, group, "20")
        line = await graded(line)
        with pytest.raises(WrongStep):
            await step(line, SittingStatus.ARCHIVED)
        await grading.publish(line.id, seen_version=line.version, by=SYSTEM, at=AT)
        line = await queries.sitting(line.id)
        early = {item.title: item.state for item in await checklist(line, AT)}
        offered = {item.title: item.state for item in await checklist(line, AFTER)}

        with pytest.raises(NoticeRuns):
            await step(line, SittingStatus.ARCHIVED)
        await step(line, SittingStatus.ARCHIVED, at=AFTER)

        assert (offered["签发证书"], offered["归档"]) == ("done", "next")
        assert early["归档"] == "later"
        assert (await queries.sitting(line.id)).status is SittingStatus.ARCHIVED


class TestStarting:
    async def test_waits_until_everybody_was_vetted(self, database):
        line, _ = await seated()
        [late] = await enroll(line.id, 9)
        name = (await candidates.candidate(late)).name

        with pytest.raises(CandidatesWaiting) as refused:
            await start(line)
        assert (refused.value.count, refused.value.names) == (1, name)

    async def test_waits_until_everybody_accepted_has_a_number(self, database):
        line, _ = await seated()
        late = await enroll(line.id, *range(11, 18))
        await enrollment.accept_all(line.id, by=SYSTEM, at=AT)

        with pytest.raises(CandidatesUnseated) as refused:
            await start(line)
        assert refused.value.count == len(late)
        assert refused.value.names.count("、") == 4

        await enrollment.seat(line.id, by=SYSTEM, at=AT)
        assert await start(line) == 3 * (2 + len(late))

    async def test_leaves_out_who_was_refused(self, sqlite_database):
        line, _ = await seated()
        [late] = await enroll(line.id, 9)
        await enrollment.vet(
            late, CandidateStatus.REFUSED, note="不符", seen_version=1, by=SYSTEM, at=AT
        )

        assert await start(line) == 3 * 2

    @pytest.mark.parametrize("leads", [0, 2])
    async def test_needs_exactly_one_lead(self, leads, sqlite_database):
        line, _ = await seated_without_group()
        for place in range(3):
            await send(line.id, is_lead=place < leads)
        await send(line.id, duty=Duty.QUALITY_SUPERVISOR)

        with pytest.raises(NotOneLead) as refused:
            await start(line)
        assert refused.value.found == leads

    async def test_needs_a_quality_supervisor(self, sqlite_database):
        line, _ = await seated_without_group()
        for place in range(3):
            await send(line.id, is_lead=place == 0)

        with pytest.raises(NobodySupervises):
            await start(line)

    async def test_happens_once(self, sqlite_database):
        line, _ = await assessing()

        with pytest.raises(WrongStep):
            await start(line)


async def seated_without_group():
    """A sitting whose candidates have numbers and to which nobody was sent."""
    sitting_id = await a_sitting(AT)
    await enroll(sitting_id, 1)
    await enrollment.accept_all(sitting_id, by=SYSTEM, at=AT)
    await enrollment.seat(sitting_id, by=SYSTEM, at=AT)
    return await queries.sitting(sitting_id), ()


class TestEnrolling:
    async def test_ends_with_the_closing_time_unless_it_is_moved(self, database):
        sitting_id = await a_sitting(AT)
        line = await queries.sitting(sitting_id)
        late = line.enrollment_closes_at + timedelta(minutes=1)
        application = Application(person=a_person(1))

        with pytest.raises(EnrollmentPast):
            await enrollment.enroll(sitting_id, application, by=SYSTEM, at=late)
        with pytest.raises(EnrollmentPast):
            await bulk.enroll_many(sitting_id, [application], by=SYSTEM, at=late)
        await Sitting.update({Sitting.enrollment_closes_at: late}).where(Sitting.id == sitting_id)

        assert await enrollment.enroll(sitting_id, application, by=SYSTEM, at=late)

    async def test_vets_to_an_outcome_of_vetting_only(self, sqlite_database):
        sitting_id = await a_sitting(AT)
        [candidate_id] = await enroll(sitting_id, 1)

        with pytest.raises(WrongOutcome):
            await enrollment.vet(
                candidate_id, CandidateStatus.PRESENT, note="好", seen_version=1, by=SYSTEM, at=AT
            )


async def record(candidate_id, status, note="", by=SYSTEM):
    seen = (await candidates.candidate(candidate_id)).version
    await attendance.record_attendance(
        candidate_id, status, note=note, seen_version=seen, by=by, at=AT
    )


class TestAttendance:
    async def test_is_mended_before_the_lock_and_the_sheets_come_back(self, database):
        line, group = await assessing()
        [first, _] = await candidates.candidates(line.id)
        await record(first.id, CandidateStatus.ABSENT, by=group[1])

        with pytest.raises(ReasonNeeded):
            await record(first.id, CandidateStatus.PRESENT, by=group[1])
        await record(first.id, CandidateStatus.PRESENT, "登记错了人", by=group[1])
        await mark_and_lock(line, group)
        line = await graded(line)

        assert [
            item.outcome for item in await grades.grades(line, await grades.latest_grading(line.id))
        ] == ["passed", "passed"]

    async def test_takes_back_no_absence_after_the_lock(self, sqlite_database):
        line, group = await assessing()
        [first, second] = await candidates.candidates(line.id)
        await record(first.id, CandidateStatus.ABSENT)
        await mark_and_lock(line, group)

        with pytest.raises(LedgerLocked):
            await record(first.id, CandidateStatus.PRESENT, "登记错了人")
        with pytest.raises(LedgerLocked):
            await record(second.id, CandidateStatus.ABSENT, "没有来")

    async def test_disqualifies_after_the_lock_and_takes_that_back(self, sqlite_database):
        line, group = await assessing()
        [first, second] = await candidates.candidates(line.id)
        await mark_and_lock(line, group)
        for item in (first, second):
            await record(item.id, CandidateStatus.DISQUALIFIED, "替考")
        await record(second.id, CandidateStatus.PRESENT, "查清不是本人")

        line = await graded(line)

        outcomes = [
            item.outcome for item in await grades.grades(line, await grades.latest_grading(line.id))
        ]
        assert outcomes == ["disqualified", "passed"]

    async def test_is_of_the_day_of_those_expected_and_says_who_came(self, sqlite_database):
        line, group = await seated()
        [late] = await enroll(line.id, 9)
        with pytest.raises(NotTheDay):
            await record(late, CandidateStatus.ABSENT)
        await enrollment.vet(
            late, CandidateStatus.REFUSED, note="不符", seen_version=1, by=SYSTEM, at=AT
        )
        await start(line)

        with pytest.raises(NotExpected):
            await record(late, CandidateStatus.PRESENT)
        [first, *_] = await candidates.candidates(line.id)
        with pytest.raises(WrongOutcome):
            await record(first.id, CandidateStatus.ACCEPTED, by=group[0])


class TestPublishing:
    async def test_waits_for_a_new_grading_where_a_mark_was_amended(self, database):
        line, group = await assessing()
        await mark_and_lock(line, group)
        line = await graded(line)
        await amend(line, group, "0")

        with pytest.raises(MarksChanged):
            await grading.publish(line.id, seen_version=line.version, by=SYSTEM, at=AT)
        with pytest.raises(ReasonNeeded):
            await grading.reopen(line.id, seen_version=line.version, reason=" ", by=SYSTEM, at=AT)
        await grading.reopen(
            line.id, seen_version=line.version, reason="更正了分数", by=SYSTEM, at=AT
        )
        line = await graded(await queries.sitting(line.id))
        await grading.publish(line.id, seen_version=line.version, by=SYSTEM, at=AT)

        shown = [item.score for item in await grades.public_grades(await queries.sitting(line.id))]
        assert shown == [50, 60]
        grading_facts = await grades.latest_grading(line.id)
        assert grading_facts is not None
        assert grading_facts.number == 2

    async def test_is_the_organizers(self, sqlite_database):
        line, group = await assessing()
        await mark_and_lock(line, group)
        line = await graded(line)
        registrar = await somebody(Duty.REGISTRAR, scope=Scope("sitting", str(line.id)))

        with pytest.raises(NotAllowed):
            await grading.publish(line.id, seen_version=line.version, by=registrar, at=AT)
        with pytest.raises(Stale):
            await grading.reopen(
                line.id, seen_version=line.version - 1, reason="试", by=registrar, at=AT
            )

    async def test_takes_nothing_back_that_was_not_graded(self, sqlite_database):
        line, _ = await assessing()

        with pytest.raises(NotGraded):
            await grading.reopen(line.id, seen_version=line.version, reason="试", by=SYSTEM, at=AT)


class TestRotation:
    async def test_counts_only_what_took_place(self, sqlite_database):
        first = await a_sitting(AT)
        line = await queries.sitting(first)
        planned = await a_sitting(AT, code="CL02", **days_after(line, 1))
        await a_group(planned)
        group = await a_group(first)
        later = await queries.sitting(await a_sitting(AT, code="CL03", **days_after(line, 2)))

        assert await queries.earlier_groups(later) == []
        await Sitting.update({Sitting.status: "archived"}).where(Sitting.id == first)

        assert await queries.earlier_groups(later) == [
            {-(actor.account_id or 0) for actor in group[:3]}
        ]


def days_after(line, days):
    """Return what plans another sitting of the same specification later."""
    begins = line.starts_at + timedelta(days=days)
    return {
        "specification_id": line.specification_id,
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=8),
        "enrollment_closes_at": begins,
    }


class TestDispatching:
    async def test_sends_again_who_was_withdrawn_to_the_same_seat(self, database):
        sitting_id = await a_sitting(AT)
        first, second = [await send(sitting_id, employer="县职校") for _ in range(2)]
        [line, _] = await queries.examiners(sitting_id)
        await dispatching.withdraw(sitting_id, line.id, reason="请假", by=SYSTEM, at=AT)

        again = await send(sitting_id, account_id=first.account_id, is_lead=True, employer="县中")

        assert [
            (item.account_id, item.seat, item.is_lead, item.employer)
            for item in await queries.examiners(sitting_id)
        ] == [
            (first.account_id, "E1", True, "县中"),
            (second.account_id, "E2", False, "县职校"),
        ]
        assert again.holds(Duty.EXAMINER, Scope("sitting", str(sitting_id)))
        with pytest.raises(DispatchedAlready):
            await send(sitting_id, account_id=first.account_id)

    async def test_gives_two_at_once_a_seat_each(self, database):
        sitting_id = await a_sitting(AT)
        accounts_ = [await somebody(scope=Scope("sitting", "99"), name=name) for name in "甲乙丙"]

        await asyncio.gather(
            *(send(sitting_id, account_id=account.account_id) for account in accounts_)
        )

        assert sorted(item.seat or "" for item in await queries.examiners(sitting_id)) == [
            "E1",
            "E2",
            "E3",
        ]

    async def test_sends_nobody_once_the_assessment_has_begun(self, sqlite_database):
        line, _ = await assessing()

        with pytest.raises(AlreadyAssessing):
            await send(line.id)

    async def test_lets_no_supervisor_lead(self, sqlite_database):
        with pytest.raises(LeadExamines):
            await send(await a_sitting(AT), duty=Duty.QUALITY_SUPERVISOR, is_lead=True)

    async def test_ends_the_lead_with_the_duty(self, database):
        line, group = await assessing()
        lead = group[0]
        ended = Actor(lead.account_id, lead.name)

        with pytest.raises(NotAllowed):
            await mark_and_lock(line, [ended, *group[1:]])
        await mark_and_lock(line, group)


class TestRecusal:
    async def test_keeps_an_examiner_from_marking_himself(self, database):
        line, _ = await seated()
        [himself, *_] = await candidates.candidates(line.id)
        account = await somebody(scope=Scope("sitting", "99"), name=himself.name)
        person = a_person(1)
        await send(line.id, account_id=account.account_id, person=person)

        await start(line)

        marked = [
            sheet.code
            for sheet in await sheet_queries.sheets_of(line.ledger)
            if sheet.account_id == account.account_id
        ]
        assert len(marked) == 1
        assert himself.number not in marked

    async def test_knows_whose_account_it_is_once_that_was_said(self, sqlite_database):
        sitting_id = await a_sitting(AT)
        sent = await send(sitting_id)
        async with write_transaction():
            person_id = await holders.link_within(
                sent.account_id or 0, a_person(5), by=SYSTEM, at=AT
            )

        assert [item.person_id for item in await queries.examiners(sitting_id)] == [person_id]

    async def test_refuses_the_account_of_another(self, sqlite_database):
        sitting_id = await a_sitting(AT)
        sent = await send(sitting_id, person=a_person(5))
        [line] = await queries.examiners(sitting_id)
        await dispatching.withdraw(sitting_id, line.id, reason="请假", by=SYSTEM, at=AT)

        with pytest.raises(AccountOfAnother):
            await send(sitting_id, account_id=sent.account_id, person=a_person(6))
