"""停办: an event set up by mistake, or with too few entries, does not hold the competition open."""

import pytest

from app.errors import NotAllowed
from app.rules.actors import SYSTEM, Duty
from app.storage.engine import write_transaction
from competitions.planning import actions, events, queries
from competitions.planning.actions import stage_event_within
from competitions.planning.events import EventPlan, NameCalledOff
from competitions.registration import calling_off, vetting
from competitions.registration.calling_off import CompetitionEnded, StillEntered
from competitions.results.checklist import competition_checklist
from competitions.rules.entries import EntryStatus
from competitions.rules.lifecycle import CompetitionStatus, Division, EventStatus, WrongEventStage
from tests.builders.competitions import AT, a_competition, an_entry, an_event
from tests.builders.people import someone
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio


async def status_of(event_id: int) -> EventStatus:
    return (await queries.event(event_id)).status


class TestCallingOff:
    async def test_takes_an_event_out_of_what_its_competition_waits_for(self, database):
        competition_id = await a_competition()
        held, mistaken = await an_event(competition_id), await an_event(competition_id, "砌")
        await _bring_to(competition_id, held, EventStatus.PUBLISHED)
        assert (await _closing(competition_id)) == "later"

        await calling_off.call_off(mistaken, by=SYSTEM, at=AT)

        assert await status_of(mistaken) is EventStatus.CALLED_OFF
        assert (await _closing(competition_id)) == "next"
        public = queries.by_trade(await queries.events(competition_id))
        assert [name for name, _ in public] == ["砌筑"]

    async def test_takes_no_entry_any_more_until_it_is_taken_up(self, database):
        competition_id = await a_competition()
        event_id = await an_event(competition_id)
        await calling_off.call_off(event_id, by=SYSTEM, at=AT)
        with pytest.raises(WrongEventStage):
            await an_entry(competition_id, event_id)

        await calling_off.take_up(event_id, by=SYSTEM, at=AT)

        await an_entry(competition_id, event_id)

    async def test_is_refused_while_somebody_is_entered(self, database):
        competition_id = await a_competition()
        event_id = await an_event(competition_id)
        entry_id = await an_entry(competition_id, event_id)
        with pytest.raises(StillEntered):
            await calling_off.call_off(event_id, by=SYSTEM, at=AT)
        await vetting.vet(
            entry_id, EntryStatus.WITHDRAWN, note="人数不足", seen_version=1, by=SYSTEM, at=AT
        )

        await calling_off.call_off(event_id, by=SYSTEM, at=AT)

        assert await status_of(event_id) is EventStatus.CALLED_OFF

    async def test_is_for_organizers_and_before_the_draw(self, database):
        event_id = await an_event(await a_competition())
        with pytest.raises(NotAllowed):
            await calling_off.call_off(event_id, by=await someone(Duty.REGISTRAR), at=AT)
        with pytest.raises(WrongEventStage):
            await calling_off.take_up(event_id, by=SYSTEM, at=AT)
        await _bring_to(0, event_id, EventStatus.DRAWN)

        with pytest.raises(WrongEventStage):
            await calling_off.call_off(event_id, by=SYSTEM, at=AT)

    async def test_and_taking_up_end_with_the_competition(self, database):
        competition_id = await a_competition()
        held, called_off = await an_event(competition_id), await an_event(competition_id, "砌")
        await calling_off.call_off(called_off, by=SYSTEM, at=AT)
        await _bring_to(competition_id, held, EventStatus.PREPARING)
        seen = (await queries.competition(competition_id)).version
        closed = CompetitionStatus.CLOSED
        await actions.step(competition_id, closed, seen_version=seen, by=SYSTEM, at=AT)

        with pytest.raises(CompetitionEnded):
            await calling_off.take_up(called_off, by=SYSTEM, at=AT)
        with pytest.raises(CompetitionEnded):
            await calling_off.call_off(held, by=SYSTEM, at=AT)

    async def test_keeps_the_name_and_says_so_to_whoever_sets_it_up_again(self, database):
        competition_id = await a_competition()
        await calling_off.call_off(await an_event(competition_id), by=SYSTEM, at=AT)
        other = await an_event(competition_id, "砌")

        with pytest.raises(NameCalledOff):
            await an_event(competition_id)
        with pytest.raises(NameCalledOff):
            await events.change_event(
                other,
                EventPlan(name="砌筑", division=Division.WORKERS),
                seen_version=1,
                by=SYSTEM,
                at=AT,
            )
        with pytest.raises(NameCalledOff):
            await events.copy_event(other, name="砌筑", division=Division.WORKERS, by=SYSTEM, at=AT)


class TestTheDesk:
    async def test_lists_no_called_off_event_where_one_is_waited_for(self, database, tmp_path):
        competition_id = await a_competition()
        await an_event(competition_id, "电工", members=2)
        mistaken = await an_event(competition_id, "茶艺", members=3)
        desk = f"/desk/competitions/{competition_id}"
        async with a_visit(tmp_path, await someone(Duty.ORGANIZER)) as visitor:
            await visitor.send(f"/desk/events/{mistaken}", f"/desk/events/{mistaken}/calling-off")
            everything = await visitor.get(desk)
            schemes = await visitor.get(f"{desk}?stage=schemes")
            entry = await visitor.get(f"{desk}/entries/new")

        assert "茶艺" in everything.text
        assert "电工" in schemes.text
        assert "电工" in entry.text
        assert "茶艺" not in schemes.text + entry.text


async def _bring_to(competition_id: int, event_id: int, status: EventStatus) -> None:
    async with write_transaction():
        line = await queries.event(event_id)
        await stage_event_within(line, status, come_from=(line.status,), by=SYSTEM, at=AT)
    for wanted in (CompetitionStatus.ANNOUNCED, CompetitionStatus.UNDER_WAY):
        if competition_id:
            seen = (await queries.competition(competition_id)).version
            await actions.step(competition_id, wanted, seen_version=seen, by=SYSTEM, at=AT)


async def _closing(competition_id: int) -> str:
    steps = await competition_checklist(await queries.competition(competition_id))
    return steps[-1].state
