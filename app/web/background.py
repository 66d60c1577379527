"""Work that goes on after the answer: in a fresh context, awaited or cancelled at the end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import ParamSpec

logger = logging.getLogger(__name__)
_running: set[asyncio.Task[None]] = set()
P = ParamSpec("P")


def start(
    work: Callable[P, Awaitable[object]], *args: P.args, **kwargs: P.kwargs
) -> asyncio.Task[None]:
    """Start work that must not share this request's transaction or language."""

    async def run() -> None:
        try:
            await work(*args, **kwargs)
        except asyncio.CancelledError:
            raise
        except Exception:
            logger.exception("background work failed: %s", getattr(work, "__qualname__", work))

    task = Context().run(asyncio.get_running_loop().create_task, run())
    _running.add(task)
    task.add_done_callback(_running.discard)
    return task


async def finish() -> None:
    """Cancel what still runs and wait for it; unfinished work is taken up at the next start."""
    tasks = list(_running)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def settle() -> None:
    """Wait until nothing runs any more (the command line and tests)."""
    while _running:
        await asyncio.gather(*list(_running), return_exceptions=True)
