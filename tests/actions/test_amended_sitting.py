"""更正公布 of a sitting: an objection is upheld after publication, and its results amended."""

import asyncio
from datetime import timedelta

import pytest

from app.audit import queries as journal
from app.audit.acts import Act
from app.certificates import batches, register
from app.errors import NotAllowed
from app.rules.actors import SYSTEM, Actor, Duty
from app.sheets import ledger as ledgers
from app.sheets import republishing
from app.sheets.acts import ReasonNeeded
from app.sheets.republishing import (
    NotCountedAgain,
    NothingAmended,
    NothingProposed,
    NotRepublished,
    OwnRepublishing,
)
from app.storage.engine import write_transaction
from assessments.grading import actions, amending, certifying, counting
from assessments.grading import queries as grades
from assessments.grading.actions import AmendmentsOpen, MarksChanged, NotPublishedYet
from assessments.grading.checklist import checklist
from assessments.grading.tables import SittingGrading
from assessments.rules.lifecycle import SittingStatus
from assessments.sittings import actions as sittings
from assessments.sittings import queries
from tests.builders.assessments import (
    amend,
    assessing,
    graded,
    mark_and_lock,
    propose_amendment,
    published,
)
from tests.builders.certificates import open_house
from tests.builders.competitions import somebody
from tests.builders.events import AT

pytestmark = pytest.mark.anyio
LATER = AT + timedelta(days=1)
AFTER = AT + timedelta(days=30)
WHY = "受理异议，复核后更正一处分数"


async def grade_again(line, at=LATER):
    """Grade a published sitting again."""
    await actions.grade_sitting(line.id, seen_version=line.version, reason="", by=SYSTEM, at=at)


async def amended():
    """A published sitting whose first candidate was amended to fail, graded again."""
    line, group = await published()
    await amend(line, group, "0")
    await grade_again(line)
    return line, group


async def public(line):
    """Return the outcomes that the public reads."""
    found = await grades.public_grades(await queries.sitting(line.id))
    return [item.outcome for item in found]


class TestAnAmendedSitting:
    async def test_is_published_anew_by_two_for_a_reason(self, database):
        line, group = await amended()
        organizer = await somebody(Duty.ORGANIZER, scope=line.scopes[0])

        await amending.propose(line.id, reason=WHY, by=organizer, at=LATER)
        between = await public(line)
        await amending.confirm(line.id, by=group[-1], at=LATER)

        now = await queries.sitting(line.id)
        assert between == ["passed", "passed"]
        assert await public(line) == ["failed", "passed"]
        assert now.status is SittingStatus.PUBLISHED
        assert now.published_at == LATER
        assert now.notice_ends_at is not None
        assert line.notice_ends_at is not None
        assert now.notice_ends_at > line.notice_ends_at
        [kept] = await republishing.confirmed(line.ledger)
        assert (kept.reason, kept.proposed_by, kept.confirmed_by, kept.number) == (
            WHY,
            organizer.name,
            group[-1].name,
            2,
        )
        acts = {item.act for item in await journal.records_of(sittings.subject(line.id))}
        assert {Act.REPUBLISHING_PROPOSED.value, Act.REPUBLISHED.value} <= acts

    async def test_can_be_amended_once_more(self, sqlite_database):
        line, group = await amended()
        await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)
        await amending.confirm(line.id, by=group[-1], at=LATER)

        await amend(line, group, "30")
        assert await counting.is_overtaken(await queries.sitting(line.id))
        await grade_again(line, AFTER)
        await amending.propose(line.id, reason=WHY, by=SYSTEM, at=AFTER)
        await amending.confirm(line.id, by=group[-1], at=AFTER)

        assert await public(line) == ["passed", "passed"]
        assert [item.number for item in await republishing.confirmed(line.ledger)] == [2, 3]

    async def test_is_never_one_persons(self, sqlite_database):
        line, group = await amended()
        both = Actor(group[-1].account_id, "两职", group[-1].grants + SYSTEM.grants)
        organizer = await somebody(Duty.ORGANIZER, scope=line.scopes[0])

        with pytest.raises(NotAllowed):
            await amending.propose(line.id, reason=WHY, by=group[-1], at=LATER)
        await amending.propose(line.id, reason=WHY, by=both, at=LATER)

        with pytest.raises(OwnRepublishing):
            await amending.confirm(line.id, by=both, at=LATER)
        with pytest.raises(NotAllowed):
            await amending.confirm(line.id, by=organizer, at=LATER)

    async def test_needs_an_amendment_a_grading_and_a_reason(self, sqlite_database):
        line, group = await published()

        with pytest.raises(NothingAmended):
            await grade_again(line)
        with pytest.raises(NothingAmended):
            await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)
        await amend(line, group, "0")
        with pytest.raises(NotCountedAgain):
            await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)
        await grade_again(line)
        with pytest.raises(ReasonNeeded):
            await amending.propose(line.id, reason=" ", by=SYSTEM, at=LATER)
        with pytest.raises(NothingProposed):
            await amending.confirm(line.id, by=group[-1], at=LATER)

    async def test_is_of_what_is_recorded_when_it_is_confirmed(self, sqlite_database):
        line, group = await amended()
        await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)
        await amend(line, group, "15")

        with pytest.raises(MarksChanged):
            await amending.confirm(line.id, by=group[-1], at=LATER)
        await grade_again(line)
        with pytest.raises(NothingProposed):
            await amending.confirm(line.id, by=group[-1], at=LATER)

        assert await public(line) == ["passed", "passed"]

    async def test_is_nothing_once_the_mark_is_as_it_was(self, sqlite_database):
        line, group = await amended()
        await amend(line, group, "30")

        with pytest.raises(NothingAmended):
            await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)

        assert not await counting.is_overtaken(await queries.sitting(line.id))

    async def test_comes_after_publication_and_also_after_archiving(self, sqlite_database):
        line, group = await assessing()
        await mark_and_lock(line, group)
        line = await graded(line)
        with pytest.raises(NotPublishedYet):
            await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)
        await actions.publish(line.id, seen_version=line.version, by=SYSTEM, at=AT)
        line = await queries.sitting(line.id)
        archived = SittingStatus.ARCHIVED
        await sittings.step(line.id, archived, seen_version=line.version, by=SYSTEM, at=AFTER)

        await amend(line, group, "0")
        await grade_again(line, AFTER)
        await amending.propose(line.id, reason=WHY, by=SYSTEM, at=AFTER)
        await amending.confirm(line.id, by=group[-1], at=AFTER)

        assert await public(line) == ["failed", "passed"]
        assert (await queries.sitting(line.id)).status is archived


class TestWhatThePublicReads:
    async def test_is_what_was_published_though_a_clock_was_put_back(self, sqlite_database):
        line, group = await assessing()
        await mark_and_lock(line, group)
        line = await graded(line)
        before = AT - timedelta(days=1)
        await actions.publish(line.id, seen_version=line.version, by=SYSTEM, at=before)
        line = await queries.sitting(line.id)
        await amend(line, group, "0")
        await grade_again(line, before)

        assert await public(line) == ["passed", "passed"]

    async def test_is_found_where_an_earlier_release_published(self, database):
        line, group = await published()
        await SittingGrading.update({SittingGrading.published_at: None}, force=True)
        await amend(line, group, "0")
        await grade_again(line)

        assert await public(line) == ["passed", "passed"]


class TestAnOpenAmendment:
    async def test_holds_up_publication_until_it_is_answered(self, database):
        line, group = await assessing()
        await mark_and_lock(line, group)
        line = await graded(line)
        await propose_amendment(line, group, "0")

        with pytest.raises(AmendmentsOpen) as refused:
            await actions.publish(line.id, seen_version=line.version, by=SYSTEM, at=AT)

        assert refused.value.count == 1
        assert (await queries.sitting(line.id)).status is SittingStatus.GRADED

    async def test_holds_up_what_is_published_anew(self, sqlite_database):
        line, group = await amended()
        await propose_amendment(line, group, "15")

        with pytest.raises(AmendmentsOpen):
            await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)


class TestTheChecklist:
    async def test_says_what_comes_next(self, sqlite_database):
        line, group = await published()
        await amend(line, group, "0")

        steps = {item.title: item for item in await checklist(line, AFTER)}

        assert steps["公布结果"].state == "next"
        assert steps["公布结果"].note == "评分记录有更正，待更正公布"
        assert (steps["签发证书"].state, steps["归档"].state) == ("later", "later")


class TestCertificates:
    async def test_wait_for_what_is_published_anew(self, database):
        line, group = await published()
        await amend(line, group, "0")

        with pytest.raises(NotRepublished):
            await certifying.order(line.id, reason="急用", by=SYSTEM, at=LATER)
        await grade_again(line)
        with pytest.raises(NotRepublished):
            await certifying.order(line.id, reason="急用", by=SYSTEM, at=LATER)

    async def test_of_who_has_no_longer_passed_are_named(self, sqlite_database, tmp_path):
        open_house(tmp_path)
        line, group = await published()
        await batches.run(await certifying.order(line.id, reason="急用", by=SYSTEM, at=AT))
        before = await certifying.differing(line, await register.certificates_of(line.ledger))
        await amend(line, group, "0")
        await grade_again(line)
        await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)
        await amending.confirm(line.id, by=group[-1], at=LATER)

        issued = await register.certificates_of(line.ledger)
        [first, *_] = await grades.public_grades(await queries.sitting(line.id))
        assert before == set()
        assert await certifying.differing(await queries.sitting(line.id), issued) == {
            item.id for item in issued if item.person_id == first.person_id
        }


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_who_holds_the_sitting_is_waited_for_and_no_circle_comes_of_it(database):
    """Attendance takes the sitting and then the ledger, and so does everybody."""
    line, group = await assessing()
    await mark_and_lock(line, group)
    is_held = asyncio.Event()

    async def attend():
        async with write_transaction():
            await sittings.held_within(line.id)
            is_held.set()
            await asyncio.sleep(0.5)
            await ledgers.lock_within(line.ledger)

    async def grade():
        await is_held.wait()
        await graded(line)

    await asyncio.gather(attend(), grade())

    assert (await queries.sitting(line.id)).status is SittingStatus.GRADED
