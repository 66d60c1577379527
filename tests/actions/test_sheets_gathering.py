"""Batches that wait at the same time share one transaction, and nobody's fate but their own."""

import asyncio
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import asyncpg
import pytest

from app.sheets import queries, sync
from app.sheets.checking import verify_ledgers
from app.sheets.sync import SyncAnswer
from app.sheets.tables import LedgerRecord, MarkHead
from app.storage import engine, writer
from app.storage.engine import write_transaction
from app.storage.limits import Limits
from app.storage.uniqueness import TakenMeanwhile
from app.storage.writer import DatabaseBusy
from tests.builders.sheets import (
    LEDGER,
    FakeTablet,
    a_form,
    a_judge,
    a_tablet,
    an_aspect,
    open_sheets,
    outcomes,
)

pytestmark = pytest.mark.anyio
REFUSED = (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError, TakenMeanwhile)


async def one_tablet_each(count: int, *, ledgers: int = 1) -> list[tuple[FakeTablet, str]]:
    """Tablets with a mark that waits, each of another judge, and the key of its sheet."""
    made = []
    for number in range(count):
        judge = await a_judge(f"裁判{number}")
        code, name = f"{number:03}", f"{LEDGER}{number % ledgers}"
        rows = await open_sheets({"J1": judge}, codes=[code], name=name)
        [sheet] = [row for row in rows if row.subject_code == code]
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1", str(number % 11))
        made.append((tablet, sheet.key))
    return made


async def all_at_once(made: list[tuple[FakeTablet, str]]) -> list[SyncAnswer | BaseException]:
    return await asyncio.gather(
        *(tablet.send({key: 1}) for tablet, key in made), return_exceptions=True
    )


class TestTogether:
    async def test_each_hears_of_its_own_sheet(self, database: str) -> None:
        made = await one_tablet_each(9, ledgers=3)

        answers = await all_at_once(made)

        for (tablet, key), answer in zip(made, answers, strict=True):
            assert isinstance(answer, SyncAnswer)
            assert outcomes(answer.results) == [("ok", "")]
            assert list(answer.sheets) == [key]
            [head] = answer.sheets[key].cells["B1:J1"].heads
            assert head.dev == tablet.facts.label
        assert await LedgerRecord.count() == 9
        assert await verify_ledgers() == []

    async def test_one_that_cannot_be_written_spoils_no_other(self, database: str) -> None:
        made = await one_tablet_each(4)
        await LedgerRecord.raw(
            "CREATE UNIQUE INDEX one_reason ON ledger_record (reason) WHERE reason <> ''"
        )
        for tablet, _ in made[1:3]:
            tablet.waiting[0]["reason"] = "笔误"

        answers = await all_at_once(made)

        refused = [place for place, answer in enumerate(answers) if isinstance(answer, REFUSED)]
        assert refused in ([1], [2])
        assert sum(isinstance(answer, SyncAnswer) for answer in answers) == 3
        assert await LedgerRecord.count() == 3
        assert await verify_ledgers() == []

    @pytest.mark.parametrize("given_up", [[0], [1], [0, 2], [0, 1, 2, 3]])
    async def test_whoever_gives_up_takes_nobody_along(
        self, database: str, monkeypatch: pytest.MonkeyPatch, given_up: list[int]
    ) -> None:
        monkeypatch.setattr(Limits, "patience", 30.0)
        made = await one_tablet_each(4)
        release = asyncio.Event()
        holding = asyncio.create_task(_hold(release))
        await asyncio.sleep(0.01)
        tasks = [asyncio.create_task(tablet.send_again()) for tablet, _ in made]
        await asyncio.sleep(0.01)
        for place in given_up:
            tasks[place].cancel()
        await asyncio.sleep(0.01)
        release.set()
        answers = await asyncio.gather(holding, *tasks, return_exceptions=True)

        stayed = [answers[1 + place] for place in range(4) if place not in given_up]
        assert all(isinstance(answer, SyncAnswer) for answer in stayed)
        again = await all_at_once(made)
        assert all(isinstance(answer, SyncAnswer) for answer in again)
        assert await LedgerRecord.count() == 4
        assert await verify_ledgers() == []

    async def test_everybody_hears_at_once_that_the_database_is_held(
        self, sqlite_database: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer, "BUSY_SECONDS", 0.1)
        made = await one_tablet_each(4)
        other = sqlite3.connect(sqlite_database.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        answers = await asyncio.wait_for(all_at_once(made), 10)

        other.execute("ROLLBACK")
        other.close()
        assert all(isinstance(answer, DatabaseBusy) for answer in answers)

    async def test_more_than_one_transaction_should_hold_go_in_several(self, database: str) -> None:
        judge = await a_judge("王建国")
        form = a_form(*(an_aspect(f"A{number}") for number in range(3)))
        sheets = await open_sheets({"J1": judge}, codes=("001", "002", "003"), form=form)
        tablets = [await a_tablet(judge) for _ in sheets]
        for tablet, sheet in zip(tablets, sheets, strict=True):
            for turn in range(300):
                tablet.mark(sheet, f"A{turn % 3}", str(turn % 11))

        await asyncio.gather(*(tablet.send() for tablet in tablets))

        assert await LedgerRecord.count() == 900
        assert await verify_ledgers() == []

    async def test_a_submission_and_marks_of_another_sheet(self, database: str) -> None:
        judges = [await a_judge("王建国"), await a_judge("李秀兰")]
        form = a_form(an_aspect("B1"))
        sheets = await open_sheets({"J1": judges[0], "J2": judges[1]}, form=form)
        tablets = [await a_tablet(judge) for judge in judges]
        for tablet, sheet in zip(tablets, sheets, strict=True):
            tablet.mark(sheet, "B1")
        tablets[0].submit(sheets[0])

        await asyncio.gather(*(tablet.send() for tablet in tablets))

        assert [line.status.value for line in await queries.sheets_of(LEDGER)] == [
            "submitted",
            "open",
        ]


class TestStrangeEntries:
    @pytest.mark.parametrize(
        "facts", [{"reason": "a\0b"}, {"seq": 2**70}, {"seq": -1}, {"scheme": "\0"}]
    )
    async def test_no_text_or_number_fails_the_batch(
        self, database: str, facts: dict[str, object]
    ) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1", **facts)
        tablet.mark(sheet, "B2")

        answer = await tablet.send()

        assert outcomes(answer.results) == [("rejected", "unreadable"), ("ok", "")]

    @pytest.mark.parametrize("known", [{"a\0": 1}, {"a": -1}, {"a": 2**70}])
    async def test_no_strange_version_is_asked_of_the_database(
        self, database: str, known: dict[str, int]
    ) -> None:
        tablet = await a_tablet(await a_judge("王建国"))
        with pytest.raises(sync.NotOurProtocol):
            await tablet.send(known)

    async def test_a_mark_decides_held_marks_of_its_own_sheet_only(self, database: str) -> None:
        judge, other = await a_judge("王建国"), await a_judge("李秀兰")
        sheets = await open_sheets({"J1": judge, "J2": other})
        tablet = await a_tablet(judge)
        held = tablet.mark(sheets[1], "B1", "3")
        tablet.mark(sheets[0], "B1", "4", parents=[held])

        answer = await tablet.send()

        assert outcomes(answer.results) == [("held", "reassigned"), ("ok", "")]
        assert [line.held_count for line in await queries.sheets_of(LEDGER)] == [0, 1]
        assert await verify_ledgers() == []


class TestKilledProcess:
    def test_keeps_every_mark_that_was_confirmed(self, tmp_path: Path) -> None:
        for turn in range(2):
            file = tmp_path / f"killed{turn}.sqlite"
            confirmed = _mark_until_killed(file, after=150 * (turn + 1))
            kept, problems = asyncio.run(_found(f"sqlite:///{file}"))

            assert len(confirmed) >= 150
            assert confirmed <= kept
            assert problems == []


KILLED = """
import asyncio, sys
from app.storage import engine, migrations, secret_key
from app.storage.uniqueness import TakenMeanwhile
from tests.builders.sheets import a_form, a_judge, a_tablet, an_aspect, open_sheets

async def judge_at_work(tablet, sheet):
    for turn in range(10_000):
        name = tablet.mark(sheet, f"A{turn % 5}", str(turn % 11))
        [result] = (await tablet.send({sheet.key: 1})).results
        assert result.status == "ok"
        print(name, flush=True)

async def main():
    secret_key.use(b"a key for tests, 32 bytes long!!")
    await engine.open_database("sqlite:///" + sys.argv[1])
    await migrations.migrate()
    form = a_form(*(an_aspect(f"A{number}") for number in range(5)))
    work = []
    for number in range(16):
        judge = await a_judge(f"裁判{number}")
        rows = await open_sheets({"J1": judge}, codes=[f"{number:03}"], form=form)
        work.append(judge_at_work(await a_tablet(judge), rows[-1]))
    await asyncio.gather(*work)

asyncio.run(main())
"""


def _mark_until_killed(file: Path, *, after: int) -> set[str]:
    """Let tablets mark, kill the process after so many, and return the marks it confirmed."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(file)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(after)]
    process.kill()
    said += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    return {line.strip() for line in said if line.endswith("\n")}


async def _found(url: str) -> tuple[set[str], list[str]]:
    await engine.open_database(url)
    try:
        rows = await LedgerRecord.select(LedgerRecord.record_id)
        heads = await MarkHead.count()
        problems = await verify_ledgers()
    finally:
        await engine.close_database()
    return {row["record_id"] for row in rows}, problems if heads else ["no present marks"]


async def _hold(release: asyncio.Event) -> None:
    async with write_transaction():
        await LedgerRecord.raw("UPDATE mark_ledger SET seq = seq")
        await release.wait()
