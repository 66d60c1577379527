"""The open database of this process, and the two ways to use it: write, or read one moment."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Hashable, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from piccolo.apps.migrations.tables import Migration
from piccolo.table import Table

from app.errors import N_, Refusal, refusal
from app.storage.limits import LONGEST
from app.storage.postgres import BROKEN, HousePostgres
from app.storage.sqlite import HouseSqlite
from app.storage.uniqueness import second_of_two

MOST_ROWS = 500
ROOMS = ("app", "competitions", "assessments")
Engine = HouseSqlite | HousePostgres
_open: list[Engine] = []


class NoDatabase(Exception):
    """No database is open in this process."""


@refusal
class UnknownDatabase(Refusal):
    """The address names no engine of ours."""

    says = N_("不认识“{scheme}”这种数据库地址：应为 sqlite:///文件 或 postgres://用户@主机/库名。")
    scheme: str


@refusal
class NoHouse(Refusal):
    """There is no database where the settings say, and this is no act that makes one."""

    says = N_(
        "{place} 没有数据库，什么也没有做。请带着网站的设置运行"
        "（XIANGJIANG_DATA_DIR、XIANGJIANG_DATABASE_URL 等，例如先 set -a; . /etc/xiangjiang.env）"
        "，或先用 xiangjiang migrate 新建。"
    )
    place: str


def tables() -> list[type[Table]]:
    """Return every table of every room, in an order in which they can be created."""
    found: list[type[Table]] = []
    for room in ROOMS:
        found += import_module(f"{room}.piccolo_app").APP_CONFIG.table_classes
    return found


def current() -> Engine:
    """Return the open database."""
    if not _open:
        raise NoDatabase
    return _open[-1]


async def open_database(url: str, *, may_be_new: bool = True) -> None:
    """Open a database and bind every table to it.

    Raise `UnknownDatabase` or `Unreachable`, or `NoHouse` for one that would have to be made first.
    """
    engine = await _opened(url, may_be_new=may_be_new)
    _open.append(engine)
    _bind(engine)
    if not may_be_new and not await table_names():
        await close_database()
        raise NoHouse(engine.place)


async def _opened(url: str, *, may_be_new: bool) -> Engine:
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite":
        path = Path(rest[3:] if rest.startswith("////") else rest.removeprefix("//"))
        if not may_be_new and not path.exists():  # noqa: ASYNC240 - before anything is served
            raise NoHouse(str(path))
        return HouseSqlite(path)
    if scheme in {"postgres", "postgresql", "cockroachdb"}:
        engine = HousePostgres(url)
        await engine.open()
        return engine
    raise UnknownDatabase(scheme)


def _bind(engine: Engine | None) -> None:
    bound: list[type[Table]] = [*tables(), Migration]
    for table in bound:
        table._meta._db = engine


async def fetch(query: str, arguments: Sequence[Any] = ()) -> list[Mapping[str, Any]]:
    """Run one statement, with `?` for its arguments, past the query builder."""
    return await current().fetch(query, arguments)


async def read_plain(query: str, arguments: Sequence[Any] = ()) -> Sequence[tuple[Any, ...]]:
    """Run one SELECT as `fetch` does, in half the time: values may come as the engine keeps them.

    From SQLite a day or an instant comes as a text, and a truth as a number.
    """
    return await current().read_plain(query, arguments)


async def run_each(query: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one statement, with `?` for its arguments, for each row of them: all or nothing.

    Between many rows others have their turn.
    """
    if 0 < len(rows) <= MOST_ROWS:
        await current().run_each(query, rows)
    elif rows:
        async with write_transaction():
            for start in range(0, len(rows), MOST_ROWS):
                await current().run_each(query, rows[start : start + MOST_ROWS])
                await asyncio.sleep(0)


async def moment() -> Hashable:
    """Return what is the same for as long as nothing is committed, by us or by anybody else."""
    return await current().moment()


def is_server() -> bool:
    """Tell whether the database is a server, and no file of this process."""
    return isinstance(current(), HousePostgres)


def row_lock() -> str:
    """Return what ends a SELECT that holds its rows; the one writer of SQLite holds them anyway."""
    return " FOR NO KEY UPDATE" if is_server() else ""


async def free_ids(table: type[Table], count: int) -> Sequence[int]:
    """Return ids for new rows, in order; in a write transaction nobody else is given them."""
    name = table._meta.tablename
    if is_server():
        rows = await fetch(
            f"SELECT nextval(pg_get_serial_sequence('{name}', 'id')) AS id"
            " FROM generate_series(1, ?)",
            [count],
        )
        return [row["id"] for row in rows]
    rows = await fetch(f'SELECT COALESCE(MAX(id), 0) AS last FROM "{name}"')
    return range(rows[0]["last"] + 1, rows[0]["last"] + 1 + count)


async def hold_name_within(what: str) -> None:
    """Let nobody else hold the same until this transaction ends: who looks first, writes first.

    The one writer of SQLite holds everything anyway.
    """
    if is_server():
        await fetch("SELECT pg_advisory_xact_lock(hashtext(?))", [what])


async def continue_numbers(table: type[Table]) -> None:
    """Let new rows be numbered after those that were put in with their numbers."""
    if is_server():
        name = table._meta.tablename
        await table.raw(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'),"
            f' GREATEST((SELECT MAX(id) FROM "{name}"), 1))'
        )


async def table_names() -> set[str]:
    """Return the names of the tables that are there."""
    engine = current()
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if isinstance(engine, HouseSqlite)
        else "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    )
    rows = await tables()[0].raw(query)
    return {row["name"] for row in rows}


async def close_database() -> None:
    """Close the database that was opened last."""
    engine = _open.pop()
    _bind(_open[-1] if _open else None)
    if isinstance(engine, HouseSqlite):
        engine.close()
    else:
        await engine.shut()


async def is_reachable() -> bool:
    """Tell whether the database answers."""
    try:
        return bool(await table_names())
    except (*BROKEN, sqlite3.Error, NoDatabase):
        return False


def in_transaction() -> bool:
    """Tell whether this task is inside a transaction."""
    return current().current_transaction.get() is not None


@asynccontextmanager
async def write_transaction(seconds: float | None = LONGEST) -> AsyncIterator[None]:
    """Write: all or nothing, durable when the block has ended; nested, a real savepoint.

    A block that lasts longer than `seconds` is taken back; None lets it last (restore, migrate).
    Raise `TakenMeanwhile` where a unique index refused a row, `Stale` where two waited for each
    other.
    """
    with second_of_two():
        async with current().write_transaction(seconds):
            yield


@asynccontextmanager
async def read_snapshot() -> AsyncIterator[None]:
    """Read one moment of the database."""
    async with current().read_snapshot():
        yield
