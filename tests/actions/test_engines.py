"""The engines under Piccolo: what they promise, and the traps of both that they avoid."""

import asyncio
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import asyncpg
import pytest
from piccolo.columns import BigInt, Text
from piccolo.constraints import Unique
from piccolo.table import Table

from app.storage import columns, engine
from app.storage.engine import read_snapshot, write_transaction
from app.storage.postgres import POOL_MOST
from app.storage.transactions import SharedTransaction, WriteInSnapshot
from app.storage.uniqueness import TakenMeanwhile

pytestmark = pytest.mark.anyio
REFUSED = (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError, TakenMeanwhile)


class Page(Table, tablename="engine_page"):
    title = columns.Text(unique=True)


class Note(Table, tablename="engine_note"):
    page = columns.belongs_to(Page)
    place = BigInt()
    text = Text()
    one_place = Unique(["page", "place"])


class Twin(Table, tablename="engine_twin"):
    place = BigInt()
    one_place = Unique(["place"])


@pytest.fixture
def patience() -> None:
    """Let transactions wait: these tests hold them open on purpose."""


@pytest.fixture
async def house(database: str) -> str:
    for table in (Page, Note, Twin):
        table._meta._db = engine.current()
        await table.create_table()
    return database


async def titles() -> list[str]:
    return [row["title"] for row in await Page.select(Page.title).order_by(Page.title)]


class Broken(Exception):
    """What a test throws."""


async def fail_after(title: str) -> None:
    async with write_transaction():
        await Page.insert(Page(title=title))
        raise Broken


class TestTransaction:
    async def test_leaves_nothing_when_it_fails(self, house):
        with pytest.raises(Broken):
            await fail_after("a")

        assert await titles() == []

    async def test_takes_back_only_the_part_that_failed(self, house):
        async with write_transaction():
            await Page.insert(Page(title="before"))
            with pytest.raises(Broken):
                await fail_after("inner")
            await Page.insert(Page(title="after"))

        assert await titles() == ["after", "before"]

    async def test_goes_on_after_a_refused_statement_in_a_part(self, house):
        async with write_transaction():
            await Page.insert(Page(title="a"))
            with pytest.raises(REFUSED):
                async with write_transaction():
                    await Page.insert(Page(title="a"))
            await Page.insert(Page(title="b"))

        assert await titles() == ["a", "b"]

    async def test_is_seen_by_others_only_when_it_is_whole(self, house):
        written, seen = asyncio.Event(), asyncio.Event()

        async def write() -> None:
            async with write_transaction():
                await Page.insert(Page(title="a"))
                assert await titles() == ["a"]
                written.set()
                await seen.wait()

        task = asyncio.create_task(write())
        await written.wait()
        assert await titles() == []
        seen.set()
        await task
        assert await titles() == ["a"]

    async def test_refuses_to_be_shared_by_tasks(self, house):
        async with write_transaction():
            with pytest.raises(SharedTransaction):
                await asyncio.create_task(_in_a_transaction("b"))

        assert await titles() == []

    async def test_is_taken_back_when_its_task_is_cancelled(self, house):
        for _ in range(POOL_MOST * 2):
            started = asyncio.Event()
            task = asyncio.create_task(_insert_and_wait(started))
            await started.wait()
            task.cancel()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        assert await titles() == []
        await Page.insert(Page(title="still works"))
        assert await titles() == ["still works"]

    async def test_gives_its_turn_on_when_cancelled_while_waiting(self, house):
        release = asyncio.Event()
        first = asyncio.create_task(_hold(release))
        await asyncio.sleep(0.01)
        waiting = [asyncio.create_task(_in_a_transaction(f"w{number}")) for number in range(4)]
        await asyncio.sleep(0.01)
        waiting[0].cancel()
        waiting[2].cancel()
        release.set()
        await asyncio.gather(first, *waiting, return_exceptions=True)

        assert {"w1", "w3"} <= set(await titles())

    async def test_loses_nothing_when_commit_fails(self, house):
        for _ in range(POOL_MOST * 2):
            with pytest.raises(REFUSED):
                await _commit_a_note_without_a_page()

        await Page.insert(Page(title="still works"))
        assert await titles() == ["still works"]
        assert await Note.count() == 0

    async def test_lets_fifty_at_once_count_on(self, house):
        page_id = (await Page.insert(Page(title="a")))[0]["id"]

        async def add() -> None:
            async with write_transaction():
                await Page.raw("UPDATE engine_page SET title = title WHERE id = {}", page_id)
                place = await Note.count()
                await Note.insert(Note(page=page_id, place=place, text=""))

        await asyncio.gather(*(add() for _ in range(50)))

        places = [row["place"] for row in await Note.select(Note.place).order_by(Note.place)]
        assert places == list(range(50))


class TestSnapshot:
    async def test_reads_one_moment(self, house):
        await Page.insert(Page(title="a"))
        async with read_snapshot():
            assert await titles() == ["a"]
            await asyncio.create_task(_outside("b"))
            assert await titles() == ["a"]

        assert await titles() == ["a", "b"]

    async def test_refuses_to_write(self, house):
        with pytest.raises((WriteInSnapshot, asyncpg.ReadOnlySQLTransactionError)):
            async with read_snapshot():
                await Page.insert(Page(title="a"))

        assert await titles() == []


class TestSchema:
    async def test_keeps_several_columns_unique_together(self, house):
        page_id = (await Page.insert(Page(title="a")))[0]["id"]
        await Note.insert(Note(page=page_id, place=1, text="x"))

        with pytest.raises(REFUSED):
            await Note.insert(Note(page=page_id, place=1, text="y"))

    async def test_lets_two_tables_name_a_constraint_alike(self, house):
        await Twin.insert(Twin(place=1))

        with pytest.raises(REFUSED):
            await Twin.insert(Twin(place=1))

    async def test_restricts_what_is_referred_to(self, house):
        page_id = (await Page.insert(Page(title="a")))[0]["id"]
        await Note.insert(Note(page=page_id, place=1, text="x"))

        with pytest.raises(REFUSED):
            await Page.delete().where(Page.title == "a")

        assert await titles() == ["a"]

    async def test_never_invents_a_value(self, house):
        with pytest.raises((*REFUSED, ValueError)):
            await Page.insert(Page())


class TestSqliteFile:
    async def test_is_kept_as_decided(self, sqlite_database):
        async def pragma(name: str) -> object:
            rows = await Page.raw(f"PRAGMA {name}")
            return next(iter(rows[0].values()))

        Page._meta._db = engine.current()
        assert await pragma("journal_mode") == "wal"
        assert await pragma("foreign_keys") == 1
        async with write_transaction():
            assert await pragma("synchronous") == 2
            assert await pragma("foreign_keys") == 1

    async def test_waits_for_another_process_without_stopping_the_others(self, sqlite_database):
        Page._meta._db = engine.current()
        await Page.create_table()
        path = sqlite_database.removeprefix("sqlite:///")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        writing = asyncio.create_task(_in_a_transaction("a"))
        await asyncio.sleep(0.05)

        assert not writing.done()
        assert await titles() == []

        other.execute("ROLLBACK")
        other.close()
        await writing
        assert await titles() == ["a"]

    def test_keeps_every_acknowledged_row_when_the_process_is_killed(self, tmp_path):
        for turn in range(3):
            path = tmp_path / f"killed{turn}.sqlite"
            acknowledged = _insert_until_killed(path, after=200 * (turn + 1))
            with sqlite3.connect(path) as found:
                kept = {row[0] for row in found.execute("SELECT title FROM engine_page")}
                sound = found.execute("PRAGMA integrity_check").fetchone()
            found.close()

            assert len(acknowledged) >= 200
            assert acknowledged <= kept
            assert sound == ("ok",)


async def _in_a_transaction(title: str) -> None:
    async with write_transaction():
        await Page.insert(Page(title=title))


async def _outside(title: str) -> None:
    engine.current().current_transaction.set(None)
    await _in_a_transaction(title)


async def _insert_and_wait(started: asyncio.Event) -> None:
    async with write_transaction():
        await Page.insert(Page(title="a"))
        started.set()
        await asyncio.sleep(60)


async def _hold(release: asyncio.Event) -> None:
    async with write_transaction():
        await release.wait()


async def _commit_a_note_without_a_page() -> None:
    async with write_transaction():
        if "sqlite" in type(engine.current()).__name__.lower():
            await Page.raw("PRAGMA defer_foreign_keys = ON")
        else:
            await Note.raw(
                "ALTER TABLE engine_note ALTER CONSTRAINT engine_note_page_fkey"
                " DEFERRABLE INITIALLY DEFERRED"
            )
        await Note.insert(Note(page=404, place=1, text="x"))


KILLED = """
import asyncio, sys
from piccolo.table import Table
from app.storage import columns, engine
from app.storage.uniqueness import TakenMeanwhile

class Page(Table, tablename="engine_page"):
    title = columns.Text(unique=True)

async def write(number):
    for turn in range(10_000):
        title = f"{number}-{turn}"
        await Page.insert(Page(title=title))
        print(title, flush=True)

async def main():
    await engine.open_database("sqlite:///" + sys.argv[1])
    Page._meta._db = engine.current()
    await Page.create_table()
    await asyncio.gather(*(write(number) for number in range(32)))

asyncio.run(main())
"""


def _insert_until_killed(path: Path, *, after: int) -> set[str]:
    """Let a process insert, kill it after so many rows, and return those it called durable."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(path)],
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
