"""The one writer of a SQLite file: transactions in turn, committed together (group commit).

Whoever waits joins the open BEGIN IMMEDIATE in a savepoint of its own, and so does whoever is ready
to run and comes within the same pass of the event loop; when nobody comes any more, or enough have
joined, one COMMIT makes all of them durable, in a thread, off the event loop. A transaction returns
only after that COMMIT, so what was acknowledged is on the disk.
"""

import asyncio
import sqlite3
import time
from collections import deque
from contextvars import Context
from typing import Final

JOINED_MOST: Final = 64
BUSY_SECONDS: Final = 30.0
BUSY_PAUSE: Final = 0.005


class DatabaseBusy(Exception):
    """Another process has held the database for too long."""


class TakenBack(Exception):
    """SQLite has taken back what was written together with another transaction, which broke it."""


class Batch:
    """The transactions that one COMMIT makes durable."""

    def __init__(self) -> None:
        self.joined = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Writer:
    """Grants turns on one connection; `connection` is used only by who has the turn."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._is_taken = False
        self._batch: Batch | None = None

    async def enter(self) -> None:
        """Wait for the turn and open a savepoint in the batch; raise `DatabaseBusy`."""
        if self._is_taken:
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled() and turn.exception() is None:
                    self._pass_on()
                raise
        self._is_taken = True
        try:
            if self._batch is None:
                await self._begin()
                self._batch = Batch()
            self.connection.execute("SAVEPOINT turn")
        except DatabaseBusy:
            self._refuse_all()
            self._pass_on()
            raise
        except BaseException:
            self._pass_on()
            raise

    async def leave(self) -> None:
        """End a turn that went well and wait until it is on the disk; raise what COMMIT raised."""
        batch = self._joined()
        try:
            self.connection.execute("RELEASE turn")
        except BaseException:
            self.abandon()
            raise
        batch.joined += 1
        self._pass_on()
        await asyncio.shield(batch.done)

    def abandon(self) -> None:
        """End a turn that failed; what others of the batch wrote stays.

        Unless SQLite took everything back itself, as it does when the disk is full: then nothing
        of the batch may be committed any more, and whoever waits for it hears `TakenBack`.
        """
        try:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK TO turn")
                self.connection.execute("RELEASE turn")
        except sqlite3.Error:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        finally:
            if self._batch is not None and not self.connection.in_transaction:
                _fail(self._batch, TakenBack())
                self._batch = None
            self._pass_on()

    def _joined(self) -> Batch:
        if self._batch is None:
            raise RuntimeError("no transaction is open")
        return self._batch

    async def _begin(self) -> None:
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self.connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) and "busy" not in str(error):
                    raise
                if time.monotonic() > deadline:
                    raise DatabaseBusy from error
                await asyncio.sleep(BUSY_PAUSE)
            else:
                return

    def _pass_on(self) -> None:
        """Give the turn to who waits; where nobody does, commit after this pass of the loop."""
        if self._batch is not None and self._batch.joined >= JOINED_MOST:
            self._start_commit(self._batch)
            return
        self._is_taken = self._wake()
        if not self._is_taken and self._batch is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(self._commit_if_alone, self._batch, context=Context())

    def _commit_if_alone(self, batch: Batch) -> None:
        """Commit, unless somebody came and has the turn: then that one passes it on."""
        if batch is self._batch and not self._is_taken:
            self._start_commit(batch)

    def _start_commit(self, batch: Batch) -> None:
        """Commit in a task of its own, which keeps the turn until it is done."""
        self._is_taken, self._batch = True, None
        loop = asyncio.get_running_loop()
        self._committing = Context().run(loop.create_task, self._commit(batch))

    def _refuse_all(self) -> None:
        """Let nobody wait as long again for a database that another process does not let go."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_exception(DatabaseBusy())

    def _wake(self) -> bool:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return True
        return False

    async def _commit(self, batch: Batch) -> None:
        try:
            if batch.joined:
                await asyncio.get_running_loop().run_in_executor(
                    None, self.connection.execute, "COMMIT"
                )
            elif self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            _fail(batch, error)
        else:
            batch.done.set_result(None)
        finally:
            self._is_taken = self._wake()


def _fail(batch: Batch, error: BaseException) -> None:
    """Tell whoever waits for a batch, and nobody where nobody does."""
    batch.done.set_exception(error)
    batch.done.exception()
