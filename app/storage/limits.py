"""How long a write transaction may last, and that on SQLite it waits for nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar, Final

LONGEST: Final = 30.0
"""Seconds that a write transaction may last; who needs more says so."""


class LastsTooLong(Exception):
    """A write transaction kept the others waiting too long and was taken back."""


class WaitsInside(Exception):
    """A write transaction waited for something else while it held the one writer of SQLite.

    It was taken back. What is waited for belongs before the transaction, or after it.
    """


class Limits:
    """What a block that writes may do: last so long, and on SQLite wait for nothing else."""

    patience: ClassVar[float] = 1.0
    """Seconds after which a block on SQLite must not be found waiting; the tests allow none."""

    def __init__(self, seconds: float | None, *, may_wait: bool) -> None:
        self._seconds = seconds
        self._may_wait = may_wait

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Keep the block to its limits; raise `LastsTooLong` or `WaitsInside`.

        Its task is interrupted where it waits, so the traceback of what is raised shows that line.
        """
        watch = None
        try:
            async with asyncio.timeout(self._seconds) as limit:
                watch = None if self._may_wait else _Watch(limit, self.patience)
                yield
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise self._broken(watch) from error
        finally:
            if watch is not None:
                watch.stop()
        if limit.expired() or (watch is not None and watch.was_waiting):
            raise self._broken(watch)  # The block was through, or caught its interruption.

    def _broken(self, watch: "_Watch | None") -> Exception:
        if watch is not None and watch.was_waiting:
            return WaitsInside()
        return LastsTooLong(f"{self._seconds:g} s")


class _Watch:
    """Looks now and then whether a block's task waits; statements of SQLite never make it wait."""

    def __init__(self, limit: asyncio.Timeout, patience: float) -> None:
        self.was_waiting = False
        self._limit = limit
        self._patience = patience
        self._task = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        self._next = self._loop.call_later(patience, self._look)

    def _look(self) -> None:
        # A task that only lets others have their turn waits for no future.
        if getattr(self._task, "_fut_waiter", None) is None:
            self._next = self._loop.call_later(self._patience, self._look)
        elif not self._limit.expired():
            self.was_waiting = True
            self._limit.reschedule(self._loop.time())

    def stop(self) -> None:
        """Look no more."""
        self._next.cancel()
