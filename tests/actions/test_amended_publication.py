"""更正公布: an objection is upheld after publication, and the results are published anew."""

from datetime import timedelta

import pytest

from app.audit.acts import Act
from app.audit.queries import records_of
from app.certificates import batches, register
from app.errors import NotAllowed
from app.rules.actors import SYSTEM, Actor, Duty
from app.sheets import republishing
from app.sheets.acts import ReasonNeeded
from app.sheets.republishing import (
    NotCountedAgain,
    NothingAmended,
    NothingProposed,
    NotRepublished,
    OwnRepublishing,
)
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject
from competitions.results import actions, amending, books, certifying, queries, tie_deciding
from competitions.results.actions import StillUndecided
from competitions.results.published import published_result
from competitions.results.recounting import RecordsChanged
from competitions.rules.lifecycle import EventStatus, WrongEventStage
from tests.builders.certificates import open_house
from tests.builders.events import (
    AT,
    amend,
    an_event,
    an_official,
    lock,
    mark,
    marking,
    unseal,
)

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]
LATER = AT + timedelta(days=2)
WHY = "受理乙镇代表队异议，复核后更正"


async def a_published_event(*values, rule_set="rural-national"):
    """An event whose codes have these values, published; and the codes."""
    line = await an_event(entries=len(values), rule_set=rule_set)
    codes = await marking(line)
    await mark(line, dict(zip(codes, values, strict=True)))
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    await unseal(line)
    await actions.publish(line.id, by=SYSTEM, at=AT)
    return await planning.event(line.id), codes


async def amended(*values):
    """An event of which a mark was amended after publication, and counted again."""
    line, codes = await a_published_event(*values)
    await amend(line, codes[1], "95")
    await actions.compute(line.id, by=SYSTEM, at=LATER)
    return await planning.event(line.id), codes


async def public_ranks(line):
    result = await published_result(line.id)
    assert result is not None
    return {item.code: item.rank for item in await queries.places(line, result)}


class TestAnAmendedPublication:
    async def test_stands_instead_once_two_have_said_so(self):
        line, codes = await amended("90", "80", "70")
        before = await published_result(line.id)
        organizer = await an_official(line, Duty.ORGANIZER)
        supervisor = await an_official(line, Duty.SUPERVISOR)

        await amending.propose(line.id, reason=WHY, by=organizer, at=LATER)
        between = await public_ranks(line)
        await amending.confirm(line.id, by=supervisor, at=LATER)

        assert between == {codes[0]: 1, codes[1]: 2, codes[2]: 3}
        assert await public_ranks(line) == {codes[1]: 1, codes[0]: 2, codes[2]: 3}
        after = await published_result(line.id)
        assert before is not None
        assert after is not None
        assert (after.published_at, before.published_at) == (LATER, AT)
        assert after.notice_ends_at is not None
        assert before.notice_ends_at is not None
        assert after.notice_ends_at > before.notice_ends_at
        assert await queries.version(line.id, before.number) == before
        [kept] = await republishing.confirmed(line.ledger)
        assert (kept.reason, kept.proposed_by, kept.confirmed_by, kept.number) == (
            WHY,
            organizer.name,
            supervisor.name,
            after.number,
        )
        acts = [item.act for item in await records_of(event_subject(line.id))]
        assert {Act.REPUBLISHING_PROPOSED.value, Act.REPUBLISHED.value} <= set(acts)
        assert (await planning.event(line.id)).status is EventStatus.PUBLISHED
        [event] = await books.published(line.competition_id, line.id)
        assert event.result == after
        assert event.amended == [kept]

    async def test_says_who_stands_otherwise(self):
        line, codes = await amended("90", "80", "70")
        result = await queries.latest(line.id)
        assert result is not None

        changed = await amending.changed_places(line, result)

        assert [(item.after.code, item.before.rank, item.after.rank) for item in changed] == [
            (codes[1], 2, 1),
            (codes[0], 1, 2),
        ]

    async def test_is_never_one_persons(self):
        line, _ = await amended("90", "80")
        organizer = await an_official(line, Duty.ORGANIZER)
        both = Actor(
            organizer.account_id,
            organizer.name,
            organizer.grants + (await an_official(line, Duty.SUPERVISOR)).grants,
        )

        await amending.propose(line.id, reason=WHY, by=organizer, at=LATER)

        with pytest.raises(OwnRepublishing):
            await amending.confirm(line.id, by=both, at=LATER)
        with pytest.raises(NotAllowed):
            await amending.confirm(line.id, by=await an_official(line, Duty.ORGANIZER), at=LATER)
        with pytest.raises(NotAllowed):
            await amending.propose(
                line.id, reason=WHY, by=await an_official(line, Duty.SUPERVISOR), at=LATER
            )

    async def test_has_a_reason_and_something_that_was_amended(self):
        line, codes = await a_published_event("90", "80")
        supervisor = await an_official(line, Duty.SUPERVISOR)

        with pytest.raises(NothingAmended):
            await actions.compute(line.id, by=SYSTEM, at=LATER)
        with pytest.raises(NothingAmended):
            await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)
        await amend(line, codes[1], "95")
        with pytest.raises(NotCountedAgain):
            await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)
        await actions.compute(line.id, by=SYSTEM, at=LATER)
        with pytest.raises(ReasonNeeded):
            await amending.propose(line.id, reason=" ", by=SYSTEM, at=LATER)
        with pytest.raises(NothingProposed):
            await amending.confirm(line.id, by=supervisor, at=LATER)

    async def test_is_of_what_is_recorded_when_it_is_confirmed(self):
        line, codes = await amended("90", "80")
        supervisor = await an_official(line, Duty.SUPERVISOR)
        await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)
        await amend(line, codes[1], "60")

        with pytest.raises(RecordsChanged):
            await amending.confirm(line.id, by=supervisor, at=LATER)
        await actions.compute(line.id, by=SYSTEM, at=LATER)
        with pytest.raises(NothingProposed):
            await amending.confirm(line.id, by=supervisor, at=LATER)

        assert await public_ranks(line) == {codes[0]: 1, codes[1]: 2}

    async def test_waits_for_what_the_chief_judge_decides_of_equals(self):
        line, codes = await a_published_event("90", "80", "70", rule_set="rural-province")
        await amend(line, codes[1], "90")
        await actions.compute(line.id, by=SYSTEM, at=LATER)
        chief = await an_official(line, Duty.CHIEF_JUDGE)
        supervisor = await an_official(line, Duty.SUPERVISOR)

        with pytest.raises(StillUndecided):
            await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)
        await tie_deciding.decide_tie(
            line.id, [codes[1], codes[0]], reason="用时较短", by=chief, at=LATER
        )
        [decision] = await queries.tie_decisions(line.id)
        await tie_deciding.confirm_tie(line.id, decision.id, by=supervisor, at=LATER)
        [book] = await books.published(line.competition_id, line.id)
        await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)
        await amending.confirm(line.id, by=supervisor, at=LATER)

        assert book.decisions == []
        assert await public_ranks(line) == {codes[1]: 1, codes[0]: 2, codes[2]: 3}

    async def test_comes_after_publication(self):
        line = await an_event()

        with pytest.raises(WrongEventStage):
            await amending.propose(line.id, reason=WHY, by=SYSTEM, at=AT)


class TestCertificates:
    async def test_are_not_ordered_from_what_was_overtaken(self):
        line, codes = await a_published_event("90", "80")
        await amend(line, codes[1], "95")

        with pytest.raises(NotRepublished):
            await certifying.order(line.id, reason="颁奖", by=SYSTEM, at=LATER)
        await actions.compute(line.id, by=SYSTEM, at=LATER)
        with pytest.raises(NotRepublished):
            await certifying.order(line.id, reason="颁奖", by=SYSTEM, at=LATER)

    async def test_of_what_was_amended_since_are_named(self, tmp_path):
        open_house(tmp_path)
        line, codes = await a_published_event("90", "80")
        await batches.run(await certifying.order(line.id, reason="颁奖", by=SYSTEM, at=AT))
        issued = await register.certificates_of(line.ledger)
        before = await certifying.differing(line, issued)
        await amend(line, codes[1], "95")
        await actions.compute(line.id, by=SYSTEM, at=LATER)
        await amending.propose(line.id, reason=WHY, by=SYSTEM, at=LATER)
        await amending.confirm(line.id, by=await an_official(line, Duty.SUPERVISOR), at=LATER)

        assert before == set()
        assert await certifying.differing(line, issued) == {item.id for item in issued}
