"""放假安排 is entered, corrected and taken back; notices count by it and keep their end."""

import asyncio
import json
from datetime import date, timedelta

import pytest

from app.audit.acts import Act
from app.audit.queries import records_of
from app.errors import NotAllowed, Stale
from app.holidays import actions, queries
from app.holidays.actions import (
    SUBJECT,
    CorrectionUnexplained,
    NothingChosen,
    NothingNew,
    TakenBackUnexplained,
)
from app.holidays.tables import Holiday
from app.rules.actors import SYSTEM, Duty
from app.rules.holidays import DayKind, NamedDay, read_days
from app.storage import engine
from app.storage.migrations import migrate, prepare
from assessments.sittings import queries as sittings
from competitions.planning import queries as planning
from tests.builders.assessments import published
from tests.builders.events import AT, an_event
from tests.builders.people import someone

pytestmark = pytest.mark.anyio
NATIONAL = "2026-09-19—2026-09-22 休 中秋节\n2026-09-26 班 中秋节"
"""Made up: a holiday that begins three days after AT, a Wednesday."""
STEPS = (
    "2026-11-27T18:55:01:262424",
    "2026-11-27T18:55:10:155883",
    "2026-11-27T19:10:10:022196",
)
COLUMNS = (
    ("competition", "notice_days"),
    ("result_version", "notice_missing_years"),
    ("sitting", "notice_days"),
    ("sitting", "notice_missing_years"),
)


async def enter(text: str, reason: str = "", by=SYSTEM) -> actions.Entered:
    """Enter lines as somebody pastes them."""
    days, bad = read_days(text, last_year=2027)
    assert not bad
    return await actions.enter(days, reason=reason, by=by, at=AT)


async def acts() -> list[tuple[str, str, str]]:
    return [(item.act, item.account_name, item.reason) for item in await records_of(SUBJECT)]


@pytest.mark.usefixtures("database")
class TestEntering:
    async def test_keeps_days_and_says_so_in_the_journal(self):
        done = await enter(NATIONAL)

        assert (done.added, done.corrected) == (5, 0)
        calendar = await queries.calendar(2026)
        assert calendar.rest == {date(2026, 9, day) for day in range(19, 23)}
        assert calendar.work == {date(2026, 9, 26)}
        assert await acts() == [(Act.HOLIDAYS_ENTERED, SYSTEM.name, "")]

    async def test_corrects_a_day_only_for_a_reason_and_keeps_what_it_said(self):
        await enter(NATIONAL)
        line = "2026-09-26 休 中秋节\n2026-10-01 休 国庆节"

        with pytest.raises(CorrectionUnexplained) as refused:
            await enter(line, reason=" ")
        assert "2026-09-26" in str(refused.value)
        assert "2026-10-01" not in str(refused.value)
        assert len(await queries.days(2026)) == 5
        done = await enter(line, reason="看错了一天")

        assert (done.added, done.corrected) == (1, 1)
        assert (await queries.calendar(2026)).work == frozenset()
        [old] = await queries.ended_days(2026)
        assert (old.kind, old.reason, old.ended_by) == (DayKind.WORK, "看错了一天", SYSTEM.name)
        assert (Act.HOLIDAYS_CORRECTED, SYSTEM.name, "看错了一天") in await acts()
        [corrected] = [
            item for item in await records_of(SUBJECT) if item.act == Act.HOLIDAYS_CORRECTED
        ]
        assert json.loads(corrected.before) == {"2026-09-26": "班 中秋节"}
        assert json.loads(corrected.after) == {"2026-09-26": "休 中秋节"}

    async def test_says_where_nothing_is_new(self):
        await enter(NATIONAL)

        with pytest.raises(NothingNew):
            await enter(NATIONAL)

        assert len(await acts()) == 1

    async def test_is_for_administrators_of_the_whole_house(self):
        organizer = await someone(Duty.ORGANIZER)

        with pytest.raises(NotAllowed):
            await enter(NATIONAL, by=organizer)
        with pytest.raises(NotAllowed):
            await actions.take_back([1], reason="试", by=organizer, at=AT)

    async def test_by_two_at_once_leaves_one_row_a_day(self):
        done = await asyncio.gather(
            enter(NATIONAL), enter("2026-09-19 休 中秋节"), return_exceptions=True
        )

        assert any(isinstance(item, actions.Entered) for item in done)
        days = [line.day for line in await queries.days(2026)]
        assert len(days) == len(set(days)) == 5


@pytest.mark.usefixtures("database")
class TestTakingBack:
    async def test_ends_days_for_a_reason_and_deletes_nothing(self):
        await enter(NATIONAL)
        ids = [line.id for line in await queries.days(2026)]

        with pytest.raises(NothingChosen):
            await actions.take_back([], reason="试录", by=SYSTEM, at=AT)
        with pytest.raises(TakenBackUnexplained):
            await actions.take_back(ids[:2], reason=" ", by=SYSTEM, at=AT)
        assert await actions.take_back(ids[:2], reason="试录", by=SYSTEM, at=AT) == 2

        assert len(await queries.days(2026)) == 3
        assert [line.day.day for line in await queries.ended_days(2026)] == [20, 19]
        assert await Holiday.count() == 5
        assert (Act.HOLIDAYS_TAKEN_BACK, SYSTEM.name, "试录") in await acts()
        with pytest.raises(Stale):
            await actions.take_back(ids[1:3], reason="再来", by=SYSTEM, at=AT)
        assert len(await queries.days(2026)) == 3

    async def test_lets_a_year_be_unknown_again(self):
        await enter("2026-10-01 休 国庆节")
        [line] = await queries.days(2026)
        assert await queries.years() == [2026]

        await actions.take_back([line.id], reason="试录", by=SYSTEM, at=AT)

        assert await queries.years() == []
        assert (await queries.notice(AT, 5)).missing_years == (2026,)


@pytest.mark.usefixtures("database")
class TestANotice:
    async def test_leaves_holidays_out_and_keeps_its_end(self):
        """17, 18, 23, 24 and 25 September work; the holiday and its weekend do not."""
        await enter(NATIONAL)

        line, _ = await published()

        assert (line.notice_until, line.notice_missing_years) == (date(2026, 9, 25), "")
        await enter("2026-09-25 休 中秋节", reason="补一天")
        again = await sittings.sitting(line.id)
        assert (again.notice_until, again.notice_missing_years) == (date(2026, 9, 25), "")

    async def test_knows_a_year_by_days_before_it_opens(self):
        await enter("2026-01-01 休 元旦")

        assert (await queries.notice(AT, 5)).missing_years == ()
        december = AT + timedelta(days=104)
        assert (await queries.notice(december, 5)).missing_years == (2027,)


class TestAnEarlierDatabase:
    async def test_comes_along_with_its_contests_and_sittings(self, database):
        event = await an_event(entries=1)
        sitting, _ = await published()
        for table, column in COLUMNS:
            await engine.fetch(f"ALTER TABLE {table} DROP COLUMN {column}")
        await engine.fetch("DROP TABLE holiday")
        for step in STEPS:
            await engine.fetch("DELETE FROM migration WHERE name = ?", [step])

        done = await migrate()

        assert sorted(step.id for step in done) == sorted(STEPS)
        await prepare()
        assert (await planning.competition(event.competition_id)).notice_days == 5
        line = await sittings.sitting(sitting.id)
        assert (line.notice_days, line.notice_missing_years) == (5, None)
        assert line.notice_until == sitting.notice_until
        assert (
            await actions.enter(
                [NamedDay(date(2026, 10, 1), DayKind.REST, "国庆节")], reason="", by=SYSTEM, at=AT
            )
        ).added == 1
