"""Competitions, events and schemes on a real database."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from app.audit.queries import journal_problems, records_of
from app.errors import NotAllowed, NotFound, Stale
from app.rules.actors import NOBODY, SYSTEM, Actor, Duty, Scope
from app.storage.engine import write_transaction
from competitions.draw import actions as draw
from competitions.planning import actions, events, queries, scheme_versions, schemes
from competitions.planning.actions import (
    NameTaken,
    RegionOfOthers,
    WrongAges,
    WrongDays,
    WrongWindow,
    competition_subject,
    event_subject,
)
from competitions.planning.events import FixedByDraw, NothingToCopy, plan_of
from competitions.planning.rule_sets import UnknownRuleSet
from competitions.planning.schemes import (
    NoSchemeThere,
    SchemeLocked,
    SchemeNotLocked,
    SchemeUnchanged,
    SchemeWrittenMeanwhile,
)
from competitions.registration import calling_off
from competitions.rules.lifecycle import (
    CompetitionStatus,
    Division,
    EventStatus,
    WrongCompetitionStep,
    WrongEventStage,
)
from competitions.rules.scheme import SchemeFacts, SchemeIncomplete
from tests.builders.competitions import (
    AT,
    a_competition,
    a_plan,
    a_scheme,
    accepted_entries,
    an_event,
    somebody,
    with_scheme,
)

pytestmark = pytest.mark.anyio


class TestCreateCompetition:
    async def test_writes_it_down_and_records_it(self, database: str) -> None:
        new_id = await actions.create_competition(
            a_plan(series="技艺比赛", edition=5), by=SYSTEM, at=AT
        )

        line = await queries.competition(new_id)
        assert (line.name, line.series, line.edition) == ("榕江县技艺比赛", "技艺比赛", 5)
        assert line.status is CompetitionStatus.PREPARING
        [record] = await records_of(competition_subject(new_id))
        assert record.act == "competitions.competition.created"
        assert await journal_problems() == []

    async def test_belongs_to_organizers_of_its_region_or_above(self, database: str) -> None:
        province = await somebody(Duty.ORGANIZER, scope=Scope("region", "520000"))
        elsewhere = await somebody(Duty.ORGANIZER, scope=Scope("region", "530000"))

        await actions.create_competition(a_plan(), by=province, at=AT)

        with pytest.raises(NotAllowed):
            await actions.create_competition(a_plan(name="另一届"), by=elsewhere, at=AT)
        with pytest.raises(NotAllowed):
            await actions.create_competition(a_plan(name="又一届"), by=NOBODY, at=AT)

    async def test_keeps_one_name_for_one_competition(self, database: str) -> None:
        await a_competition()

        with pytest.raises(NameTaken):
            await a_competition()

    async def test_refuses_days_and_ages_that_run_backwards(self, database: str) -> None:
        plan = a_plan()
        late = plan.entries_close_at + timedelta(days=90)

        for refusal, changes in (
            (WrongDays, {"ends_on": plan.starts_on - timedelta(days=1)}),
            (WrongWindow, {"entries_close_at": plan.entries_open_at}),
            (WrongWindow, {"entries_close_at": late}),
            (WrongAges, {"youngest": 18, "oldest": 17}),
        ):
            with pytest.raises(refusal):
                await actions.create_competition(
                    msgspec.structs.replace(plan, **changes), by=SYSTEM, at=AT
                )
        assert await queries.competitions() == []


class TestChangeCompetition:
    async def test_is_not_handed_to_a_region_by_a_slip(self, database: str) -> None:
        competition_id = await a_competition()
        province = await somebody(Duty.ORGANIZER, scope=Scope("region", "520000"))
        own = await somebody(Duty.ORGANIZER, scope=Scope("competition", str(competition_id)))

        async def move(region: str, by: Actor, seen: int) -> None:
            await actions.change_competition(
                competition_id, a_plan(host_region=region), seen_version=seen, by=by, at=AT
            )

        with pytest.raises(RegionOfOthers):
            await move("530000", province, 1)
        await move("522601", province, 1)
        await move("530000", own, 2)

        assert (await queries.competition(competition_id)).host_region == "530000"

    async def test_records_what_was_there_before(self, database: str) -> None:
        new_id = await a_competition()

        await actions.change_competition(
            new_id, a_plan(venue="体育馆"), seen_version=1, by=SYSTEM, at=AT
        )

        line = await queries.competition(new_id)
        assert (line.venue, line.version) == ("体育馆", 2)
        record = (await records_of(competition_subject(new_id)))[0]
        assert "文化广场" in record.before
        assert "体育馆" in record.after

    async def test_lets_one_of_two_win(self, database: str) -> None:
        new_id = await a_competition()

        answers = await asyncio.gather(
            *(
                actions.change_competition(
                    new_id, a_plan(venue=venue), seen_version=1, by=SYSTEM, at=AT
                )
                for venue in ("甲馆", "乙馆")
            ),
            return_exceptions=True,
        )

        assert sorted(type(item).__name__ for item in answers) == ["NoneType", "Stale"]

    async def test_goes_through_its_states_in_order(self, database: str) -> None:
        new_id = await a_competition()

        with pytest.raises(WrongCompetitionStep):
            await actions.step(new_id, CompetitionStatus.CLOSED, seen_version=1, by=SYSTEM, at=AT)
        await actions.step(new_id, CompetitionStatus.ANNOUNCED, seen_version=1, by=SYSTEM, at=AT)
        with pytest.raises(Stale):
            await actions.step(
                new_id, CompetitionStatus.UNDER_WAY, seen_version=1, by=SYSTEM, at=AT
            )
        assert [line.id for line in await queries.public_competitions()] == [new_id]


class TestEvents:
    async def test_stand_in_order_with_their_rule_set(self, database: str) -> None:
        competition_id = await a_competition()
        await an_event(competition_id, "砌筑")
        await an_event(competition_id, "砌筑", division=Division.STUDENTS)

        lines = await queries.events(competition_id)

        assert [line.position for line in lines] == [1, 2]
        assert lines[0].rule_set_id == lines[1].rule_set_id
        assert lines[0].rule_set_code == "county-craft"

    async def test_keep_one_name_for_one_division(self, database: str) -> None:
        competition_id = await a_competition()
        await an_event(competition_id, "砌筑")

        with pytest.raises(NameTaken):
            await an_event(competition_id, "砌筑")

    async def test_know_only_the_rule_sets_there_are(self, database: str) -> None:
        competition_id = await a_competition()

        with pytest.raises(UnknownRuleSet):
            await an_event(competition_id, rule_set="guess")

    async def test_change_until_marking_and_less_after_the_draw(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id)
        plan = plan_of(await queries.event(event_id))
        wider = msgspec.structs.replace(plan, quota=2)

        await events.change_event(event_id, wider, seen_version=1, by=SYSTEM, at=AT)
        await accepted_entries(competition_id, event_id)
        await draw.draw(event_id, by=SYSTEM, at=AT)

        version = (await queries.event(event_id)).version
        with pytest.raises(FixedByDraw):
            await events.change_event(event_id, plan, seen_version=version, by=SYSTEM, at=AT)
        renamed = msgspec.structs.replace(wider, name="砌墙")
        await events.change_event(event_id, renamed, seen_version=version, by=SYSTEM, at=AT)
        assert (await queries.event(event_id)).name == "砌墙"

    async def test_are_copied_with_their_scheme(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await with_scheme(await an_event(competition_id))

        new_id = await events.copy_event(
            event_id, name="砌筑", division=Division.STUDENTS, by=SYSTEM, at=AT
        )

        old, new = await queries.scheme(event_id), await queries.scheme(new_id)
        assert old is not None
        assert new is not None
        assert old.sha256 == new.sha256
        assert (await queries.event(new_id)).division is Division.STUDENTS

    async def test_are_brought_over_from_an_earlier_edition_once(self, database: str) -> None:
        earlier = await a_competition(name="第一届")
        await with_scheme(await an_event(earlier, "砌筑"))
        await an_event(earlier, "电工")
        await calling_off.call_off(await an_event(earlier, "焊接"), by=SYSTEM, at=AT)
        later = await a_competition(name="第二届")
        await an_event(later, "电工")

        assert await events.copy_events(later, earlier, by=SYSTEM, at=AT) == 1
        with pytest.raises(NothingToCopy):
            await events.copy_events(later, earlier, by=SYSTEM, at=AT)

        assert [line.name for line in await queries.events(later)] == ["电工", "砌筑"]
        assert len(await queries.schemed(line.id for line in await queries.events(later))) == 1

    async def test_are_seen_by_those_who_have_to_do_with_them(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id)
        judge = await somebody(Duty.CHIEF_JUDGE, scope=Scope("event", str(event_id)))
        stranger = await somebody(Duty.CHIEF_JUDGE, scope=Scope("event", "9999"))

        assert (await queries.seen_event(event_id, judge)).id == event_id
        assert (await queries.seen_competition(competition_id, judge)).id == competition_id
        for seen in (queries.seen_event, queries.seen_competition):
            with pytest.raises(NotFound):
                await seen(event_id if seen is queries.seen_event else competition_id, stranger)


class TestSchemes:
    async def test_are_versions_and_the_newest_counts(self, database: str) -> None:
        event_id = await with_scheme(await an_event(await a_competition()))

        number = await schemes.write_scheme(event_id, a_scheme(title="造型"), by=SYSTEM, at=AT)

        line = await queries.scheme(event_id)
        assert number == 2
        assert line is not None
        assert next(line.facts.aspects()).title == "造型"

    async def test_are_not_written_twice_alike(self, database: str) -> None:
        event_id = await with_scheme(await an_event(await a_competition()))

        with pytest.raises(SchemeUnchanged):
            await schemes.write_scheme(event_id, a_scheme(), by=SYSTEM, at=AT)

    async def test_are_refused_where_nobody_could_mark_by_them(self, database: str) -> None:
        event_id = await an_event(await a_competition())

        with pytest.raises(SchemeIncomplete):
            await schemes.write_scheme(event_id, SchemeFacts(), by=SYSTEM, at=AT)
        assert await queries.scheme(event_id) is None

    async def test_are_locked_by_the_first_mark(self, database: str) -> None:
        event_id = await with_scheme(await an_event(await a_competition()))
        await schemes.lock_scheme_within(event_id, AT)

        with pytest.raises(SchemeLocked):
            await schemes.write_scheme(event_id, a_scheme(title="造型"), by=SYSTEM, at=AT)

    async def test_are_not_written_over_a_version_that_nobody_saw(self, database: str) -> None:
        event_id = await with_scheme(await an_event(await a_competition()))
        await schemes.write_scheme(event_id, a_scheme(title="造型"), by=SYSTEM, at=AT)

        with pytest.raises(SchemeWrittenMeanwhile) as refused:
            await schemes.write_scheme(
                event_id, a_scheme(title="色彩"), by=SYSTEM, at=AT, seen_version=1
            )

        assert refused.value.number == 2
        number = await schemes.write_scheme(
            event_id, a_scheme(title="色彩"), by=SYSTEM, at=AT, seen_version=2
        )
        assert number == 3

    async def test_once_locked_are_replaced_by_a_locked_one(self, database: str) -> None:
        event_id = await with_scheme(await an_event(await a_competition()))
        with pytest.raises(SchemeNotLocked):
            async with write_transaction():
                await schemes.replace_within(event_id, a_scheme(title="造型"), by=SYSTEM, at=AT)
        await schemes.lock_scheme_within(event_id, AT)

        async with write_transaction():
            number = await schemes.replace_within(
                event_id, a_scheme(title="造型"), by=SYSTEM, at=AT
            )

        line = await queries.scheme(event_id)
        assert line is not None
        assert (number, line.locked_at) == (2, AT)
        assert [item.version_number for item in await scheme_versions.versions(event_id)] == [2, 1]
        with pytest.raises(SchemeUnchanged):
            async with write_transaction():
                await schemes.replace_within(event_id, a_scheme(title="造型"), by=SYSTEM, at=AT)
        with pytest.raises(SchemeIncomplete):
            async with write_transaction():
                await schemes.replace_within(event_id, SchemeFacts(), by=SYSTEM, at=AT)

    async def test_know_every_identifier_that_was_ever_given(self, database: str) -> None:
        event_id = await with_scheme(await an_event(await a_competition()))
        [module] = a_scheme().modules
        renamed = (replace(module.aspects[0], id="A7"), module.aspects[1])
        later = SchemeFacts((replace(module, aspects=renamed),))

        await schemes.write_scheme(event_id, later, by=SYSTEM, at=AT)

        assert await scheme_versions.aspect_ids(event_id) == ["A1", "A2", "A7"]

    async def test_are_copied_from_an_event_that_has_one(self, database: str) -> None:
        competition_id = await a_competition()
        source = await with_scheme(await an_event(competition_id, "砌筑"))
        event_id = await an_event(competition_id, "电工")

        assert await schemes.copy_scheme(event_id, source, by=SYSTEM, at=AT) == 1
        empty = await an_event(competition_id, "美发")
        with pytest.raises(NoSchemeThere):
            await schemes.copy_scheme(event_id, empty, by=SYSTEM, at=AT)

    async def test_belong_to_organizer_and_chief_judge(self, database: str) -> None:
        event_id = await an_event(await a_competition())
        scope = Scope("event", str(event_id))
        chief = await somebody(Duty.CHIEF_JUDGE, scope=scope)
        registrar = await somebody(Duty.REGISTRAR, scope=scope)

        await schemes.write_scheme(event_id, a_scheme(), by=chief, at=AT)

        with pytest.raises(NotAllowed):
            await schemes.write_scheme(event_id, a_scheme(title="造型"), by=registrar, at=AT)


class TestStages:
    async def test_move_once_from_where_the_event_stood(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id)
        await accepted_entries(competition_id, event_id)
        await draw.draw(event_id, by=SYSTEM, at=AT)
        line = await queries.event(event_id)

        with pytest.raises(WrongEventStage):
            await actions.stage_event_within(
                line, EventStatus.LOCKED, come_from=(EventStatus.MARKING,), by=SYSTEM, at=AT
            )
        acts = [item.act for item in await records_of(event_subject(event_id))]
        assert "competitions.event.staged" in acts
