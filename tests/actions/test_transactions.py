"""Write transactions end in time, wait for nothing else, and lose nothing when they are cut off."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

import pytest
from piccolo.table import Table

from app.errors import Stale
from app.storage import columns, engine, writer
from app.storage.engine import read_snapshot, write_transaction
from app.storage.limits import LastsTooLong, Limits, WaitsInside
from app.storage.postgres import HousePostgres
from app.storage.transactions import NoBatches
from app.web import background

pytestmark = pytest.mark.anyio
Work = Callable[[str], Awaitable[None]]


class Line(Table, tablename="transaction_line"):
    text = columns.Text(unique=True)


@pytest.fixture
def patience() -> None:
    """Let transactions wait: these tests hold them open on purpose."""


@pytest.fixture
async def house(database: str) -> str:
    Line._meta._db = engine.current()
    await Line.create_table()
    return database


async def lines() -> list[str]:
    return [row["text"] for row in await Line.select(Line.text).order_by(Line.text)]


async def insert(text: str) -> None:
    await Line.insert(Line(text=text))


async def insert_and_wait(text: str, *, seconds: float | None = 0.1) -> None:
    async with write_transaction(seconds):
        await insert(text)
        await asyncio.sleep(60)


class TestLimit:
    async def test_takes_back_what_lasts_too_long_and_lets_the_others_go_on(self, house):
        hanging = asyncio.create_task(insert_and_wait("hangs"))
        await asyncio.sleep(0.01)

        await asyncio.wait_for(insert("goes on"), 10)

        with pytest.raises(LastsTooLong):
            await hanging
        assert await lines() == ["goes on"]

    async def test_is_said_even_by_a_block_that_ignores_it(self, house):
        async def stubborn() -> None:
            async with write_transaction(0.05):
                await insert("stubborn")
                try:
                    await asyncio.sleep(60)
                except asyncio.CancelledError:
                    await insert("goes on")

        with pytest.raises(LastsTooLong):
            await stubborn()

        assert await lines() == []

    async def test_is_not_taken_for_a_timeout_of_the_block_itself(self, house):
        async def impatient() -> None:
            async with write_transaction():
                await insert("a")
                async with asyncio.timeout(0.01):
                    await asyncio.sleep(60)

        with pytest.raises(TimeoutError):
            await impatient()

        assert await lines() == []

    async def test_leaves_a_cancellation_a_cancellation(self, house):
        task = asyncio.create_task(insert_and_wait("a", seconds=30))
        await asyncio.sleep(0.05)
        task.cancel()

        with pytest.raises(asyncio.CancelledError):
            await task

        assert await lines() == []

    async def test_does_not_hold_for_who_asked_for_none(self, house):
        async with write_transaction(seconds=None):
            await insert("a")

        assert await lines() == ["a"]


class TestWaiting:
    @pytest.fixture(autouse=True)
    def strict(self, monkeypatch):
        monkeypatch.setattr(Limits, "patience", 0.0)

    async def test_for_something_else_is_refused_where_one_writer_serves_all(self, sqlite_database):
        Line._meta._db = engine.current()
        await Line.create_table()
        with pytest.raises(WaitsInside) as caught:
            await insert_and_wait("a", seconds=30)

        said = [str(entry.path) for entry in caught.traceback]
        assert any(path.endswith("test_transactions.py") for path in said)
        assert await lines() == []
        await insert("still works")
        assert await lines() == ["still works"]

    async def test_for_a_thread_is_refused(self, sqlite_database):
        with pytest.raises(WaitsInside):
            async with write_transaction():
                await asyncio.to_thread(sqlite3.sqlite_version.upper)

    async def test_is_not_what_letting_others_have_their_turn_is(self, house):
        async with write_transaction():
            await insert("a")
            for _ in range(50):
                await asyncio.sleep(0)
            await insert("b")

        assert await lines() == ["a", "b"]

    async def test_on_a_server_holds_nobody_up(self, house):
        if "postgres" in house:
            async with write_transaction():
                await insert("a")
                await asyncio.sleep(0.05)
            assert await lines() == ["a"]


async def plain(text: str) -> None:
    await insert(text)


async def nested(text: str) -> None:
    async with write_transaction():
        await insert(text)
        async with write_transaction():
            await insert(f"{text} inside")


async def refused(text: str) -> None:
    async with write_transaction():
        await insert(text)
        await insert(text)


async def read(_: str) -> None:
    async with read_snapshot():
        await lines()


async def all_connections_are_back() -> None:
    database = engine.current()
    if isinstance(database, HousePostgres) and database.pool is not None:
        while database.pool.get_idle_size() < database.pool.get_size():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


class TestCancellation:
    @pytest.mark.parametrize("work", [plain, nested, refused, read])
    @pytest.mark.parametrize("times", [1, 2])
    @pytest.mark.parametrize("is_busy", [False, True])
    async def test_at_any_moment_leaves_all_or_nothing_and_loses_no_connection(
        self, house, work, times, is_busy
    ):
        for passes in range(24):
            other = asyncio.create_task(nested(f"other {passes}")) if is_busy else None
            task = asyncio.create_task(work(f"{passes}"))
            for _ in range(passes):
                await asyncio.sleep(0)
            for _ in range(times):
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            if other is not None:
                await other

        found = set(await lines())
        for passes in range(24):
            if work is nested:
                assert (f"{passes}" in found) == (f"{passes} inside" in found)
            if is_busy:
                assert {f"other {passes}", f"other {passes} inside"} <= found
        await asyncio.wait_for(insert("still works"), 10)
        await asyncio.wait_for(all_connections_are_back(), 10)

    async def test_of_one_leaves_the_others_of_its_group_alone(self, house):
        tasks = [asyncio.create_task(insert(f"{number:02}")) for number in range(20)]
        await asyncio.sleep(0)
        for task in tasks[::3]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

        kept = {f"{number:02}" for number in range(20) if number % 3}
        assert kept <= set(await lines())


class TestAnotherProcess:
    async def test_that_keeps_the_database_is_waited_for_once(self, sqlite_database, monkeypatch):
        monkeypatch.setattr(writer, "BUSY_SECONDS", 2.0)
        Line._meta._db = engine.current()
        await Line.create_table()
        other = sqlite3.connect(sqlite_database.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        writing = [insert(f"{number}") for number in range(10)]
        answers = await asyncio.wait_for(asyncio.gather(*writing, return_exceptions=True), 15)

        other.execute("ROLLBACK")
        other.close()
        assert all(isinstance(answer, writer.DatabaseBusy) for answer in answers)
        await insert("afterwards")
        assert await lines() == ["afterwards"]


class TestWorkThatGoesOn:
    async def test_has_a_transaction_of_its_own(self, house):
        async with write_transaction():
            await insert("before")
            background.start(insert, "afterwards")
        await background.settle()

        assert await lines() == ["afterwards", "before"]


class TestPiccoloItself:
    async def test_gets_our_transaction_where_it_opens_one(self, house):
        async def fail() -> None:
            async with engine.current().transaction():
                await insert("a")
                raise RuntimeError

        with pytest.raises(RuntimeError):
            await fail()
        atomic = engine.current().atomic()
        atomic.add(Line.insert(Line(text="b")))
        await atomic.run()

        assert await lines() == ["b"]

    async def test_offers_no_batches_that_swallow_errors(self, house):
        with pytest.raises(NoBatches):
            await Line.select().batch(batch_size=2)


async def test_of_two_who_wait_for_each_other_one_begins_anew(house: str) -> None:
    await insert("first")
    await insert("second")

    async def touch_both(texts: tuple[str, str]) -> None:
        async with write_transaction():
            for text in texts:
                await Line.update({Line.text: text}).where(Line.text == text)
                await asyncio.sleep(0.2)

    answers = await asyncio.gather(
        touch_both(("first", "second")), touch_both(("second", "first")), return_exceptions=True
    )

    refused = [type(item) for item in answers if item is not None]
    assert refused == ([Stale] if "postgres" in house else [])
