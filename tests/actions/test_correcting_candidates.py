"""What was registered wrongly of a candidate is put right, until the certificate is issued."""

import asyncio
from typing import Any

import pytest

from app.accounts import holders
from app.audit import queries as journal
from app.certificates import batches
from app.errors import NotAllowed, Stale
from app.people.actions import NameDiffers
from app.people.correcting import Correction, correct_person
from app.people.organizations import NothingChanged
from app.rules.actors import SYSTEM, Duty, Scope
from app.sheets.acts import ReasonNeeded
from app.storage.engine import write_transaction
from assessments.enrollment import actions as enrollment
from assessments.enrollment import queries
from assessments.enrollment.correcting import (
    CandidateChange,
    CertificateThere,
    CorrectionsOver,
    EmployerFixed,
    NumberOfExaminer,
    correct,
)
from assessments.grading import actions as grading
from assessments.grading import certifying
from assessments.rules.candidacy import AppliedAlready
from assessments.rules.lifecycle import CandidateStatus, SittingStatus
from assessments.sittings import actions as sittings
from assessments.sittings import queries as sitting_queries
from tests.builders.assessments import a_sitting, assessing, enroll, graded, mark_and_lock
from tests.builders.certificates import open_house
from tests.builders.competitions import somebody
from tests.builders.events import AT, a_person

pytestmark = pytest.mark.anyio


async def mend(candidate_id: int, **changes: Any) -> None:
    """Correct a candidate as seen now; what is not said stays."""
    line = await queries.candidate(candidate_id)
    own = {"name": line.name, "employer": line.employer, "region_code": line.region_code}
    by, version = changes.pop("by", SYSTEM), changes.pop("seen_version", line.version)
    change = CandidateChange(**own | changes)
    await correct(candidate_id, change, seen_version=version, by=by, at=AT)


async def rename(candidate_id: int, name: str) -> None:
    """Let the register of persons call a candidate otherwise."""
    line = await queries.candidate(candidate_id)
    wanted = Correction(name=name, phone=None, reason="错录一字")
    await correct_person(line.person_id, wanted, seen_version=1, by=SYSTEM, at=AT)


class TestTheName:
    async def test_follows_the_register_and_is_recorded(self, database):
        [one] = await enroll(await a_sitting(AT), 1)
        old = await queries.candidate(one)
        await rename(one, "石玉兰")

        await mend(one, name="石玉兰", region_code="522631")

        line = await queries.candidate(one)
        assert (line.name, line.region_code, line.version) == ("石玉兰", "522631", 2)
        record = (await journal.records_of(f"assessments.candidate:{one}"))[0]
        assert old.name in record.before
        assert "石玉兰" in record.after
        assert "employer" not in record.after

    async def test_is_refused_where_the_register_has_another(self, sqlite_database):
        [one] = await enroll(await a_sitting(AT), 1)

        with pytest.raises(NameDiffers):
            await mend(one, name="别的人")

        assert (await queries.candidate(one)).version == 1

    async def test_is_not_saved_where_nothing_changed(self, sqlite_database):
        [one] = await enroll(await a_sitting(AT), 1)

        with pytest.raises(NothingChanged):
            await mend(one)


class TestTheNumber:
    async def test_of_another_person_takes_the_place_of_the_wrong_one(self, database):
        [one] = await enroll(await a_sitting(AT), 1)
        was = await queries.candidate(one)
        right = a_person(5)

        await mend(one, name=right.name, person=right)

        line = await queries.candidate(one)
        assert line.person_id != was.person_id
        assert (line.name, line.id_masked) == (right.name, right.number.masked)

    async def test_of_another_candidate_is_refused(self, sqlite_database):
        one, _ = await enroll(await a_sitting(AT), 1, 2)
        other = a_person(2)

        with pytest.raises(AppliedAlready):
            await mend(one, name=other.name, person=other)

    async def test_of_an_examiner_is_refused_once_there_are_sheets(self, sqlite_database):
        line, _ = await assessing()
        [one, *_] = await queries.candidates(line.id)
        [examiner, *_] = await sitting_queries.examiners(line.id)
        person = a_person(7)
        await link(examiner.account_id, person)

        with pytest.raises(NumberOfExaminer):
            await mend(one.id, name=person.name, person=person, reason="证件登记有误")


class TestWhen:
    async def test_a_returned_candidate_was_mended_vetting_begins_again(self, sqlite_database):
        [one] = await enroll(await a_sitting(AT), 1)
        await enrollment.vet(
            one, CandidateStatus.RETURNED, note="缺单位", seen_version=1, by=SYSTEM, at=AT
        )

        await mend(one, employer="茶叶合作社")

        assert (await queries.candidate(one)).status is CandidateStatus.APPLIED

    async def test_the_assessment_has_begun_a_reason_is_needed_and_the_employer_stays(
        self, sqlite_database
    ):
        line, _ = await assessing()
        [one, *_] = await queries.candidates(line.id)

        with pytest.raises(ReasonNeeded):
            await mend(one.id, region_code="522631")
        with pytest.raises(EmployerFixed):
            await mend(one.id, employer="新东家", reason="换了单位")
        await mend(one.id, region_code="522631", reason="核对户口簿")

        assert (await queries.candidate(one.id)).region_code == "522631"

    async def test_a_certificate_was_issued_name_and_person_stay(self, sqlite_database, tmp_path):
        line, group = await assessing(people=1)
        await mark_and_lock(line, group)
        line = await graded(line)
        await grading.publish(line.id, seen_version=line.version, by=SYSTEM, at=AT)
        [one] = await queries.candidates(line.id)
        await rename(one.id, "石玉兰")
        open_house(tmp_path)
        batch = await certifying.order(line.id, reason="急用", by=SYSTEM, at=AT)
        await batches.run(batch)

        with pytest.raises(CertificateThere):
            await mend(one.id, name="石玉兰", reason="错录一字")

    async def test_the_sitting_was_canceled_nothing_is_mended(self, sqlite_database):
        sitting_id = await a_sitting(AT)
        [one] = await enroll(sitting_id, 1)
        await sittings.step(
            sitting_id, SittingStatus.CANCELED, seen_version=2, by=SYSTEM, at=AT, reason="暴雨"
        )

        with pytest.raises(CorrectionsOver):
            await mend(one, region_code="522631")


class TestWho:
    async def test_runs_another_sitting_corrects_nobody(self, sqlite_database):
        [one] = await enroll(await a_sitting(AT), 1)
        elsewhere = await somebody(Duty.REGISTRAR, scope=Scope("sitting", "99"))

        with pytest.raises(NotAllowed):
            await mend(one, region_code="522631", by=elsewhere)

    async def test_of_two_at_once_one_is_told(self, database):
        [one] = await enroll(await a_sitting(AT), 1)

        found = await asyncio.gather(
            mend(one, region_code="522631", seen_version=1),
            mend(one, region_code="522633", seen_version=1),
            return_exceptions=True,
        )

        assert [type(item) for item in found if item is not None] == [Stale]


async def link(account_id: int, person: Any) -> None:
    """Say whose account it is."""
    async with write_transaction():
        await holders.link_within(account_id, person, by=SYSTEM, at=AT)
