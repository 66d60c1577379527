"""Check-in, draw, sealed tables and unsealing on a real database."""

import asyncio
from typing import Any

import pytest

from app.audit.queries import records_of
from app.errors import NotAllowed
from app.rules.actors import SYSTEM, Actor, Duty, Scope
from app.storage.engine import write_transaction
from competitions.draw import actions, checkin, queries, records, unsealing
from competitions.draw.actions import (
    AllLevelsDrawn,
    EntriesWaiting,
    LevelsMissing,
    NobodyToDraw,
    SameCodingJudge,
)
from competitions.draw.checkin import AllCheckedIn, CheckInFacts, NotAdmitted, SayWhatIsWrong
from competitions.draw.queries import StillSealed
from competitions.draw.unsealing import SecondKeyNeeded
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject, stage_event_within
from competitions.rules import blind_codes
from competitions.rules.lifecycle import EventStatus, WrongEventStage
from tests.builders.competitions import (
    AT,
    a_competition,
    accepted_entries,
    an_entry,
    an_event,
    somebody,
)

pytestmark = pytest.mark.anyio


async def an_accepted_event(**changes: Any) -> tuple[int, list[int]]:
    competition_id = await a_competition()
    event_id = await an_event(competition_id, **changes)
    return event_id, await accepted_entries(competition_id, event_id, 5)


async def coding_judge(event_id: int, name: str = "加密甲") -> Actor:
    return await somebody(Duty.CODING_JUDGE, scope=Scope("event", str(event_id)), name=name)


async def supervisor(event_id: int) -> Actor:
    return await somebody(Duty.SUPERVISOR, scope=Scope("event", str(event_id)), name="监督")


async def lock(event_id: int) -> None:
    """Bring an event to where its marks are locked, without marking."""
    for wanted in (EventStatus.MARKING, EventStatus.LOCKED):
        line = await planning.event(event_id)
        async with write_transaction():
            await stage_event_within(line, wanted, come_from=(line.status,), by=SYSTEM, at=AT)


class TestDraw:
    async def test_gives_every_accepted_entry_a_code_with_one_click(self, database: str) -> None:
        event_id, entries = await an_accepted_event()

        count = await actions.draw(event_id, by=SYSTEM, at=AT)

        codes = await queries.sealed_codes(event_id)
        assert count == 5
        assert [item.code for item in codes] == ["001", "002", "003", "004", "005"]
        assert [item.station for item in codes] == ["1", "2", "3", "4", "5"]
        assert (await planning.event(event_id)).status is EventStatus.DRAWN
        by_code = await queries.entries_by_code_within(event_id)
        assert sorted(by_code.values()) == sorted(entries)

    async def test_can_be_drawn_again_from_list_and_seed(self, database: str) -> None:
        event_id, entries = await an_accepted_event()
        await actions.draw(event_id, by=SYSTEM, at=AT, seed="5eed", witness="3 8 1")

        table = await queries.table_within(event_id, 1)

        assert table == blind_codes.draw([str(key) for key in entries], "5eed:3 8 1")

    async def test_hides_seed_and_names_until_unsealed(self, database: str) -> None:
        event_id, _ = await an_accepted_event()
        await actions.draw(event_id, by=SYSTEM, at=AT, seed="5eed")

        book = await queries.code_book(event_id)

        assert book is not None
        assert book.seed == ""
        assert book.seed_hash == blind_codes.seed_hash("5eed")
        with pytest.raises(StillSealed):
            await queries.opened_codes(event_id)
        for record in await records_of(event_subject(event_id)):
            assert "5eed" not in record.after

    async def test_waits_for_vetting(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id)

        with pytest.raises(NobodyToDraw):
            await actions.draw(event_id, by=SYSTEM, at=AT)
        await an_entry(competition_id, event_id)
        with pytest.raises(EntriesWaiting):
            await actions.draw(event_id, by=SYSTEM, at=AT)
        assert (await planning.event(event_id)).status is EventStatus.PREPARING

    async def test_happens_once_even_when_two_ask(self, database: str) -> None:
        event_id, _ = await an_accepted_event()

        answers = await asyncio.gather(
            *(actions.draw(event_id, by=SYSTEM, at=AT) for _ in range(2)), return_exceptions=True
        )

        assert sum(item == 5 for item in answers) == 1
        assert len(await queries.sealed_codes(event_id)) == 5

    async def test_is_for_coding_judge_and_organizer(self, database: str) -> None:
        event_id, _ = await an_accepted_event()
        marker = await somebody(Duty.MARKING_JUDGE, scope=Scope("event", str(event_id)))

        with pytest.raises(NotAllowed):
            await actions.draw(event_id, by=marker, at=AT)
        await actions.draw(event_id, by=await coding_judge(event_id), at=AT)


class TestLevels:
    async def test_are_drawn_by_different_judges_each_over_the_one_before(
        self, database: str
    ) -> None:
        event_id, entries = await an_accepted_event(code_levels=3)
        judges = [await coding_judge(event_id, name) for name in ("甲", "乙", "丙")]
        line = await planning.event(event_id)

        await actions.draw(event_id, by=judges[0], at=AT)
        with pytest.raises(SameCodingJudge):
            await actions.draw(event_id, by=judges[0], at=AT)
        with pytest.raises(LevelsMissing):
            await actions.refuse_undrawn(line)
        await actions.draw(event_id, by=judges[1], at=AT)
        await actions.draw(event_id, by=judges[2], at=AT)

        codes = await queries.sealed_codes(event_id)
        assert [item.code for item in codes] == ["Z001", "Z002", "Z003", "Z004", "Z005"]
        assert codes[0].station == "Z001"
        assert sorted((await queries.entries_by_code_within(event_id)).values()) == entries
        with pytest.raises(AllLevelsDrawn):
            await actions.draw(event_id, by=SYSTEM, at=AT)

    async def test_show_the_station_where_it_is_the_code(self, database: str) -> None:
        event_id, _ = await an_accepted_event(code_levels=2)
        await actions.draw(event_id, by=await coding_judge(event_id, "甲"), at=AT)
        await actions.draw(event_id, by=await coding_judge(event_id, "乙"), at=AT)

        codes = await queries.sealed_codes(event_id)

        assert [item.station for item in codes] == ["1", "2", "3", "4", "5"]


class TestSealedTables:
    async def test_are_read_by_their_keeper_and_every_reading_is_recorded(
        self, database: str
    ) -> None:
        event_id, entries = await an_accepted_event(code_levels=2)
        first, second = await coding_judge(event_id, "甲"), await coding_judge(event_id, "乙")
        await actions.draw(event_id, by=first, at=AT)
        await actions.draw(event_id, by=second, at=AT)

        table = await actions.read_table(event_id, 1, by=first, at=AT)
        lines = await records.table_lines(event_id, 1, table)

        assert sorted(int(key) for key in table) == entries
        assert all(line.names and line.delegation for line in lines)
        acts = [item.act for item in await records_of(event_subject(event_id))]
        assert acts.count("competitions.code_table.read") == 1
        for level, other in ((1, second), (2, first)):
            with pytest.raises(NotAllowed):
                await actions.read_table(event_id, level, by=other, at=AT)

    async def test_fall_to_the_first_coding_judge_where_an_organizer_drew(
        self, database: str
    ) -> None:
        event_id, _ = await an_accepted_event()
        await actions.draw(
            event_id,
            by=await somebody(Duty.ORGANIZER, scope=Scope("event", str(event_id))),
            at=AT,
        )
        first, second = await coding_judge(event_id, "甲"), await coding_judge(event_id, "乙")

        await actions.read_table(event_id, 1, by=first, at=AT)
        await actions.read_table(event_id, 1, by=first, at=AT)

        with pytest.raises(NotAllowed):
            await actions.read_table(event_id, 1, by=second, at=AT)

    async def test_are_shut_to_organizers(self, database: str) -> None:
        event_id, _ = await an_accepted_event()
        organizer = await somebody(Duty.ORGANIZER, scope=Scope("event", str(event_id)))
        await actions.draw(event_id, by=organizer, at=AT)

        with pytest.raises(NotAllowed):
            await actions.read_table(event_id, 1, by=organizer, at=AT)


class TestUnsealing:
    async def test_needs_two_persons_of_two_duties_after_the_marks_are_locked(
        self, database: str
    ) -> None:
        event_id, entries = await an_accepted_event()
        await actions.draw(event_id, by=SYSTEM, at=AT, seed="5eed")
        coder, watcher = await coding_judge(event_id), await supervisor(event_id)

        with pytest.raises(WrongEventStage):
            await unsealing.turn_key(event_id, by=coder, at=AT)
        await lock(event_id)
        assert not await unsealing.turn_key(event_id, by=coder, at=AT)
        with pytest.raises(SecondKeyNeeded):
            await unsealing.turn_key(event_id, by=coder, at=AT)
        with pytest.raises(SecondKeyNeeded):
            await unsealing.turn_key(event_id, by=await coding_judge(event_id, "乙"), at=AT)
        assert await unsealing.turn_key(event_id, by=watcher, at=AT)

        assert sorted((await queries.opened_codes(event_id)).values()) == entries
        assert (await planning.event(event_id)).status is EventStatus.UNSEALED
        [level] = await records.draw_record(event_id)
        assert level.book.seed == "5eed"
        assert level.is_verified
        assert len(level.lines) == 5

    async def test_opens_levels_in_reverse(self, database: str) -> None:
        event_id, _ = await an_accepted_event(code_levels=2)
        await actions.draw(event_id, by=await coding_judge(event_id, "甲"), at=AT)
        await actions.draw(event_id, by=await coding_judge(event_id, "乙"), at=AT)
        coder, watcher = await coding_judge(event_id, "丙"), await supervisor(event_id)
        await lock(event_id)

        for expected in (False, False, False, True):
            books = await queries.code_books(event_id)
            by = watcher if books[-1].first_key_name and not books[-1].unsealed_at else coder
            if books[-1].unsealed_at:
                by = watcher if books[0].first_key_name else coder
            assert await unsealing.turn_key(event_id, by=by, at=AT) is expected
        books = await queries.code_books(event_id)
        assert all(book.unsealed_at for book in books)

    async def test_lets_two_at_once_count_as_one_key_and_then_the_other(
        self, database: str
    ) -> None:
        event_id, _ = await an_accepted_event()
        await actions.draw(event_id, by=SYSTEM, at=AT)
        coder, watcher = await coding_judge(event_id), await supervisor(event_id)
        await lock(event_id)

        answers = await asyncio.gather(
            unsealing.turn_key(event_id, by=coder, at=AT),
            unsealing.turn_key(event_id, by=watcher, at=AT),
            return_exceptions=True,
        )

        assert False in answers
        book = await queries.code_book(event_id)
        assert book is not None
        assert (book.unsealed_at is not None) == (True in answers)

    async def test_is_not_for_others(self, database: str) -> None:
        event_id, _ = await an_accepted_event()
        await actions.draw(event_id, by=SYSTEM, at=AT)
        await lock(event_id)
        chief = await somebody(Duty.CHIEF_JUDGE, scope=Scope("event", str(event_id)))

        with pytest.raises(NotAllowed):
            await unsealing.turn_key(event_id, by=chief, at=AT)


class TestCheckIn:
    async def test_draws_a_code_for_who_has_not_come_yet(self, database: str) -> None:
        event_id, entries = await an_accepted_event()
        away = CheckInFacts(is_present=False, note="未到场")
        await checkin.check_in(entries[0], away, by=SYSTEM, at=AT)

        assert await checkin.check_in_rest(event_id, by=SYSTEM, at=AT) == 4
        assert await actions.draw(event_id, by=SYSTEM, at=AT) == 5

        with pytest.raises(AllCheckedIn):
            await checkin.check_in_rest(event_id, by=SYSTEM, at=AT)
        [code] = await queries.absent_codes_within(event_id)
        assert (await queries.entries_by_code_within(event_id))[code] == entries[0]
        await checkin.check_in(entries[0], CheckInFacts(is_present=True), by=SYSTEM, at=AT)
        assert await queries.absent_codes_within(event_id) == set()

    async def test_names_the_code_of_who_was_missed_after_the_draw(self, database: str) -> None:
        event_id, entries = await an_accepted_event()
        await actions.draw(event_id, by=SYSTEM, at=AT)
        away = CheckInFacts(is_present=False, note="未到场")
        await checkin.check_in(entries[2], away, by=SYSTEM, at=AT)

        [code] = await queries.absent_codes_within(event_id)

        assert (await queries.entries_by_code_within(event_id))[code] == entries[2]

    async def test_says_what_is_wrong_and_can_be_corrected(self, database: str) -> None:
        event_id, entries = await an_accepted_event()

        with pytest.raises(SayWhatIsWrong):
            await checkin.check_in(
                entries[0],
                CheckInFacts(is_present=True, are_tools_right=False),
                by=SYSTEM,
                at=AT,
            )
        wrong = CheckInFacts(is_present=True, are_tools_right=False, note="自带图纸")
        await checkin.check_in(entries[0], wrong, by=SYSTEM, at=AT)
        await checkin.check_in(entries[0], CheckInFacts(is_present=True), by=SYSTEM, at=AT)

        line = (await queries.check_ins(event_id))[entries[0]]
        assert (line.are_tools_right, line.version) == (True, 2)

    async def test_is_for_accepted_entries(self, database: str) -> None:
        competition_id = await a_competition()
        entry_id = await an_entry(competition_id, await an_event(competition_id))

        with pytest.raises(NotAdmitted):
            await checkin.check_in(entry_id, CheckInFacts(is_present=True), by=SYSTEM, at=AT)
