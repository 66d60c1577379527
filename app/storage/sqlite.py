"""SQLite under Piccolo: one writer with group commit, inline reads, WAL, FULL, real savepoints."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NoReturn, cast

from piccolo.engine.sqlite import SQLiteEngine, convert_date_in, convert_datetime_in
from piccolo.query.base import Query
from piccolo.querystring import QueryString

from app.storage.dialect import checking_itself, translated
from app.storage.limits import LONGEST, Limits
from app.storage.transactions import NoBatches, SharedTransaction, Transaction, WriteInSnapshot
from app.storage.writer import Writer

PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
)
# Of an import's many rows nearly all were written at one moment, and many were born on one day.
sqlite3.register_adapter(datetime, lru_cache(1024)(convert_datetime_in))
sqlite3.register_adapter(date, lru_cache(1024)(convert_date_in))
CONVERTING: Final = sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES
READING = re.compile(r"\s*(SELECT|PRAGMA|EXPLAIN)\b", re.IGNORECASE)
# Piccolo reads every whole number through a decimal; here only whole numbers can be stored.
sqlite3.register_converter("INTEGER", int)


def _mapping(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip([column[0] for column in cursor.description], row, strict=True))


class HouseSqlite(SQLiteEngine):
    """One file, opened once; statements run inline, only COMMIT leaves the event loop."""

    def __init__(self, path: Path) -> None:
        super().__init__(path=str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self.place = str(path)
        self._writer = Writer(self._connect())
        self._reader = self._connect()
        self._plain_reader = self._connect(detect_types=0)
        self._plain_reader.execute("PRAGMA query_only = ON")
        self._snapshots: list[sqlite3.Connection] = []

    def _connect(self, detect_types: int = CONVERTING) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            isolation_level=None,
            check_same_thread=False,
            detect_types=detect_types,
            cached_statements=512,
            timeout=5,
        )
        for pragma in PRAGMAS:
            connection.execute(pragma)
        connection.execute("PRAGMA busy_timeout = 0")
        return connection

    def close(self) -> None:
        """Close every connection; the last one folds the log into the file."""
        readers = (*self._snapshots, self._reader, self._plain_reader)
        for connection in (*readers, self._writer.connection):
            connection.close()

    @asynccontextmanager
    async def write_transaction(self, seconds: float | None = LONGEST) -> AsyncIterator[None]:
        """Write in turn, durable when the block has ended; inside another, a savepoint.

        Raise `LastsTooLong`, or `WaitsInside` for a block that waits for something else.
        """
        current = self._own()
        if current is not None:
            async with current.savepoint():
                yield
            return
        await self._writer.enter()
        transaction = Transaction(self._writer.connection, asyncio.current_task(), is_writing=True)
        token = self.current_transaction.set(transaction)  # type: ignore[arg-type]
        try:
            async with Limits(seconds, may_wait=False).kept():
                yield
        except BaseException:
            self.current_transaction.reset(token)
            self._writer.abandon()
            raise
        self.current_transaction.reset(token)
        await self._writer.leave()

    @asynccontextmanager
    async def read_snapshot(self) -> AsyncIterator[None]:
        """Read one moment of the database; writing inside is refused."""
        if self._own() is not None:
            yield
            return
        connection = self._snapshots.pop() if self._snapshots else self._connect()
        connection.execute("BEGIN")
        transaction = Transaction(connection, asyncio.current_task(), is_writing=False)
        token = self.current_transaction.set(transaction)  # type: ignore[arg-type]
        try:
            yield
        finally:
            self.current_transaction.reset(token)
            connection.execute("ROLLBACK")
            self._snapshots.append(connection)

    def _own(self) -> Transaction | None:
        current: Any = self.current_transaction.get()
        if current is None:
            return None
        if current.task is not asyncio.current_task():
            raise SharedTransaction
        return cast(Transaction, current)

    def transaction(self, *_: Any, **__: Any) -> Any:
        """Lead Piccolo's own transactions (migrations, `atomic`, `add_m2m`) to ours."""
        return self.write_transaction()

    async def batch(
        self, query: Query[Any, Any], batch_size: int = 100, node: str | None = None
    ) -> NoReturn:
        """Refuse Piccolo's batches."""
        raise NoBatches

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Run a compiled query; alone, a write is a transaction of its own."""
        query, arguments = querystring.compile_string(engine_type=self.engine_type)
        return await self._run(query, arguments)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Run a statement of the schema in the form that both engines mean alike."""
        return await self._run(checking_itself(translated(ddl)), ())

    async def fetch(self, query: str, arguments: Sequence[Any]) -> list[Mapping[str, Any]]:
        """Run one statement with `?` for its arguments."""
        found: list[Mapping[str, Any]] = await self._run(query, arguments, sqlite3.Row)
        return found

    async def read_plain(self, query: str, arguments: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        """Run one SELECT; no value is converted, so a day or an instant is a text."""
        current = self._own()
        connection = self._plain_reader if current is None else current.connection
        found: list[tuple[Any, ...]] = connection.execute(query, arguments).fetchall()
        return found

    async def moment(self) -> int:
        """Return the reader's count of what others committed; it commits nothing itself."""
        version: int = self._reader.execute("PRAGMA data_version").fetchone()[0]
        return version

    async def run_each(self, query: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement with `?` for its arguments for each row of them."""
        current = self._own()
        if current is None:
            async with self.write_transaction():
                self._writer.connection.executemany(query, rows)
        elif current.is_writing:
            current.connection.executemany(query, rows)
        else:
            raise WriteInSnapshot

    async def _run(self, query: str, arguments: Sequence[Any], rows: Any = _mapping) -> Any:
        current = self._own()
        is_reading = READING.match(query) is not None
        if current is not None:
            if not current.is_writing and not is_reading:
                raise WriteInSnapshot
            return _fetched(current.connection, query, arguments, rows)
        if is_reading:
            return _fetched(self._reader, query, arguments, rows)
        async with self.write_transaction():
            return _fetched(self._writer.connection, query, arguments, rows)


def _fetched(
    connection: sqlite3.Connection, query: str, arguments: Sequence[Any], rows: Any
) -> list[Any]:
    """Run one statement; `rows` makes Piccolo's dicts, or the faster rows of sqlite3 itself."""
    cursor = connection.cursor()
    cursor.row_factory = rows
    return cursor.execute(query, arguments).fetchall()
