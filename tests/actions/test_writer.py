"""The one writer of SQLite, where SQLite itself takes back what was written."""

import asyncio
import sqlite3
from collections.abc import Iterator

import pytest

from app.storage import writer
from app.storage.writer import DatabaseBusy, TakenBack, Writer

pytestmark = pytest.mark.anyio


@pytest.fixture
def connection(tmp_path) -> Iterator[sqlite3.Connection]:
    """A table in which no word stands twice."""
    opened = sqlite3.connect(
        tmp_path / "house.sqlite", timeout=0, isolation_level=None, check_same_thread=False
    )
    opened.execute("CREATE TABLE word (text TEXT UNIQUE)")
    yield opened
    opened.close()


async def wrote(one: Writer, text: str, *, how: str = "INSERT") -> None:
    """Write in a turn, as the engine does."""
    await one.enter()
    try:
        one.connection.execute(f"{how} INTO word VALUES (?)", [text])
    except BaseException:
        one.abandon()
        raise
    await one.leave()


def words(connection: sqlite3.Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT text FROM word ORDER BY text")]


async def test_says_of_nothing_that_it_is_saved_when_all_was_taken_back(connection):
    one = Writer(connection)
    await wrote(one, "a")

    found = await asyncio.gather(
        wrote(one, "b"),
        wrote(one, "a", how="INSERT OR ROLLBACK"),
        wrote(one, "c"),
        return_exceptions=True,
    )

    assert [type(item) for item in found] == [TakenBack, sqlite3.IntegrityError, type(None)]
    assert words(connection) == ["a", "c"]


async def test_goes_on_after_a_turn_that_could_not_be_ended(connection):
    one = Writer(connection)
    await one.enter()
    connection.execute("INSERT INTO word VALUES ('a')")
    connection.execute("ROLLBACK")

    with pytest.raises(sqlite3.OperationalError):
        await one.leave()
    async with asyncio.timeout(5):
        await wrote(one, "b")

    assert words(connection) == ["b"]


async def test_gives_no_turn_twice_when_waiting_ends_in_two_ways_at_once(
    connection, tmp_path, monkeypatch
):
    monkeypatch.setattr(writer, "BUSY_SECONDS", 0.0)
    one = Writer(connection)
    other = sqlite3.connect(tmp_path / "house.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    first = asyncio.create_task(wrote(one, "a"))
    second = asyncio.create_task(wrote(one, "b"))
    with pytest.raises(DatabaseBusy):
        await first
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    other.execute("ROLLBACK")
    other.close()

    await asyncio.gather(*(wrote(one, text) for text in "cd"))

    assert words(connection) == ["c", "d"]
