"""What both engines say of an open transaction, and how they refuse its misuse."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


class SharedTransaction(Exception):
    """A task uses the transaction of another: `gather` inside one, or a task that it spawned."""


class WriteInSnapshot(Exception):
    """A statement that writes was run inside `read_snapshot`."""


class NoBatches(Exception):
    """Piccolo's `batch()` swallows what its block raises; read by pieces of ids, as copies do."""


class Transaction:
    """An open transaction; only the task that opened it may use it."""

    def __init__(
        self, connection: Any, task: "asyncio.Task[Any] | None", *, is_writing: bool
    ) -> None:
        self.connection = connection
        self.task = task
        self.is_writing = is_writing
        self._depth = 0

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Nest: a failure inside takes back what was written inside, and nothing else."""
        self._depth += 1
        name = f"inner_{self._depth}"
        await self.execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            await self.execute(f"ROLLBACK TO {name}")
            await self.execute(f"RELEASE {name}")
            raise
        else:
            await self.execute(f"RELEASE {name}")
        finally:
            self._depth -= 1

    async def execute(self, statement: str) -> None:
        """Run a statement without an answer on this transaction's connection."""
        self.connection.execute(statement)
