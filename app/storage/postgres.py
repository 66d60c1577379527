"""PostgreSQL under Piccolo: a pool, real savepoints, and connections that always come back."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NoReturn, cast

import asyncpg
from piccolo.engine.postgres import PostgresEngine
from piccolo.query.base import Query
from piccolo.querystring import QueryString

from app.errors import N_, Refusal, refusal
from app.storage.dialect import translated
from app.storage.limits import LONGEST, Limits
from app.storage.transactions import NoBatches, SharedTransaction, Transaction

POOL_MOST = 10
PARTS = frozenset((float, Decimal, Fraction))
BROKEN = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
"""What a connection says that is not there any more."""


@refusal
class Unreachable(Refusal):
    """The server does not answer, or does not let us in."""

    says = N_(
        "连不上数据库 {place}：{why}。"
        "请检查 XIANGJIANG_DATABASE_URL 中的主机、库名、用户和密码，以及数据库是否已启动。"
    )
    place: str
    why: str


@lru_cache(256)
def numbered(query: str) -> str:
    """Return a statement with `$1`, `$2` … where it has `?`."""
    first, *others = query.split("?")
    return first + "".join(f"${place}{part}" for place, part in enumerate(others, start=1))


def whole(arguments: Sequence[Any]) -> Sequence[Any]:
    """Return arguments of a statement as they are; raise `asyncpg.DataError` for parts of numbers.

    No column of ours holds any, and asyncpg would cut 1.5 to 1 without a word.
    """
    if not PARTS.isdisjoint(map(type, arguments)):
        raise asyncpg.DataError("a statement's numbers are whole here")
    return arguments


def place(url: str) -> str:
    """Return the host and name in a database's address, without user, password and parameters."""
    return url.partition("://")[2].rpartition("@")[2].partition("?")[0]


async def _keep(_: Any) -> None:
    """Reset nothing when a connection comes back: every transaction here ends what it began."""


class PostgresTransactionInUse(Transaction):
    """A transaction whose statements are awaited."""

    async def execute(self, statement: str) -> None:
        await self.connection.execute(statement)


class HousePostgres(PostgresEngine):
    """One pool; a failed COMMIT or a cancelled task never loses a connection."""

    def __init__(self, url: str) -> None:
        _, _, rest = url.partition("://")
        super().__init__(config={"dsn": f"postgresql://{rest}"})
        self.place = place(url)
        self._ending: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Open the pool; raise `Unreachable`."""
        try:
            self.pool = await asyncpg.create_pool(
                **self.config, min_size=1, max_size=POOL_MOST, reset=_keep
            )
        except (*BROKEN, ValueError) as error:  # asyncpg cannot read every address
            raise Unreachable(self.place, str(error)) from error

    async def shut(self) -> None:
        """Close the pool."""
        pool, self.pool = self.pool, None
        if pool is not None:
            await pool.close()

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:  # noqa: FBT001, FBT002
        """Run a statement of the schema in the form that both engines mean alike."""
        return await super().run_ddl(translated(ddl), in_pool)

    def transaction(self, *_: Any, **__: Any) -> Any:
        """Lead Piccolo's own transactions (migrations, `atomic`, `add_m2m`) to ours."""
        return self.write_transaction()

    async def batch(
        self, query: Query[Any, Any], batch_size: int = 100, node: str | None = None
    ) -> NoReturn:
        """Refuse Piccolo's batches."""
        raise NoBatches

    @asynccontextmanager
    async def write_transaction(self, seconds: float | None = LONGEST) -> AsyncIterator[None]:
        """Write all or nothing, durable when the block has ended; inside another, a savepoint.

        Raise `LastsTooLong`.
        """
        if self._own() is not None:
            async with self._transaction("", is_writing=True):
                yield
            return
        async with (
            self._transaction("BEGIN", is_writing=True),
            Limits(seconds, may_wait=True).kept(),
        ):
            yield

    @asynccontextmanager
    async def read_snapshot(self) -> AsyncIterator[None]:
        """Read one moment of the database; the server refuses to write."""
        if self.current_transaction.get() is not None:
            yield
            return
        async with self._transaction(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", is_writing=False
        ):
            yield

    @asynccontextmanager
    async def _transaction(self, begin: str, *, is_writing: bool) -> AsyncIterator[None]:
        current = self._own()
        if current is not None:
            async with current.savepoint():
                yield
            return
        connection = await self._begun(begin)
        transaction = PostgresTransactionInUse(
            connection, asyncio.current_task(), is_writing=is_writing
        )
        token = self.current_transaction.set(transaction)  # type: ignore[arg-type]
        try:
            yield
        except BaseException:
            self.current_transaction.reset(token)
            with suppress(*BROKEN):  # Then there is nothing left to take back.
                await self._brought_to_an_end(self._end(connection, "ROLLBACK"))
            raise
        self.current_transaction.reset(token)
        await self._brought_to_an_end(self._end(connection, "COMMIT"))

    async def _begun(self, begin: str) -> Any:
        """Return a connection with an open transaction; whoever is cancelled here loses none.

        asyncpg must not be cancelled while it connects, so that is done by a task of its own.
        """
        opening = asyncio.get_running_loop().create_task(self._open_transaction(begin))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(self._give_back_unused)
            raise

    async def _brought_to_an_end(self, work: Coroutine[Any, Any, None]) -> None:
        """Wait for work that goes on when who waits for it is cancelled."""
        task = asyncio.get_running_loop().create_task(work)
        self._ending.add(task)
        task.add_done_callback(self._ended)
        await asyncio.shield(task)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._ending.discard(task)
        if not task.cancelled():
            task.exception()  # Whoever still waits hears of it; for others it ends here.

    async def _open_transaction(self, begin: str) -> Any:
        if self.pool is None:
            raise RuntimeError("the pool is closed")
        connection = await self.pool.acquire()
        try:
            await connection.execute(begin)
        except BaseException:
            await self._give_back(connection)
            raise
        return connection

    def _give_back_unused(self, opening: "asyncio.Task[Any]") -> None:
        if not opening.cancelled() and opening.exception() is None:
            task = asyncio.get_running_loop().create_task(self._give_back(opening.result()))
            self._ending.add(task)
            task.add_done_callback(self._ended)

    async def fetch(self, query: str, arguments: Sequence[Any]) -> list[Mapping[str, Any]]:
        """Run one statement with `?` for its arguments."""
        return list(await self._run(numbered(query), arguments))

    async def read_plain(self, query: str, arguments: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        """Run one SELECT; here every value has its type."""
        return [tuple(row) for row in await self._run(numbered(query), arguments)]

    async def moment(self) -> str:
        """Return which transactions can be seen."""
        rows = await self.fetch("SELECT pg_current_snapshot()::text AS moment", ())
        return str(rows[0]["moment"])

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:  # noqa: FBT001, FBT002
        """Run a compiled query."""
        query, arguments = querystring.compile_string(engine_type=self.engine_type)
        return await self._run(query, arguments)

    async def _run(self, query: str, arguments: Sequence[Any]) -> Any:
        current = self._own()
        if current is not None:
            return await current.connection.fetch(query, *whole(arguments))
        if self.pool is None:
            raise RuntimeError("the pool is closed")
        return await self.pool.fetch(query, *whole(arguments))

    async def run_each(self, query: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement with `?` for its arguments for each row of them, in one round trip."""
        for row in rows:
            whole(row)
        current = self._own()
        if current is not None:
            await current.connection.executemany(numbered(query), rows)
        elif self.pool is not None:
            await self.pool.executemany(numbered(query), rows)

    def _own(self) -> Transaction | None:
        current: Any = self.current_transaction.get()
        if current is not None and current.task is not asyncio.current_task():
            raise SharedTransaction
        return cast("Transaction | None", current)

    async def _end(self, connection: Any, statement: str) -> None:
        try:
            await connection.execute(statement)
        finally:
            await self._give_back(connection)

    async def _give_back(self, connection: Any) -> None:
        if connection.is_in_transaction() or connection.is_closed():
            connection.terminate()
        if self.pool is not None:
            await self.pool.release(connection)
