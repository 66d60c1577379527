"""Publish a checkpoint after an act; where that fails for a while, as soon as it goes again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from app.certificates import log
from app.errors import Refusal, Unavailable
from app.storage.limits import LastsTooLong
from app.storage.outages import is_outage
from app.storage.writer import DatabaseBusy
from app.web import background
from app.web.clock import now

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 3.0
PASSES = (Unavailable, DatabaseBusy, LastsTooLong)
T = TypeVar("T")
_later: set[asyncio.Task[None]] = set()


async def publish(at: datetime) -> None:
    """Publish what was written; the act stands, also where its checkpoint has to wait."""
    failure = await _failure(at)
    if failure is None:
        return
    is_bug = not isinstance(failure, (*PASSES, Refusal))
    logger.error("a checkpoint waits: %s", failure, exc_info=failure if is_bug else None)
    if _may_come(failure) and not _later:
        task = background.start(_until_published)
        _later.add(task)
        task.add_done_callback(_later.discard)


async def _failure(at: datetime) -> Exception | None:
    """Try to publish; return what stood in the way, whatever it was."""
    try:
        await log.publish(at)
    except Exception as failure:  # noqa: BLE001 - what is committed is not to be called unsaved
        return failure
    return None


def _may_come(failure: Exception | None) -> bool:
    """Tell whether to try again: a refusal is for the operator, and the next act or start tries."""
    return failure is not None and (
        isinstance(failure, Unavailable) or not isinstance(failure, Refusal)
    )


async def _until_published() -> None:
    failure = await _failure(now())
    while _may_come(failure):
        await asyncio.sleep(PAUSE_SECONDS)
        failure = await _failure(now())


async def patiently(
    work: Callable[[], Awaitable[T]],
    on_waiting: Callable[[Unavailable], Awaitable[None]] | None = None,
) -> T:
    """Do work that needs signatures and the database; wait for as long as one of them is away."""
    missing: Unavailable | None = None
    while True:
        try:
            if missing is not None and on_waiting is not None:
                await on_waiting(missing)
            return await work()
        except Exception as failure:
            if not isinstance(failure, PASSES) and not is_outage(failure):
                raise
            missing = failure if isinstance(failure, Unavailable) else None
            logger.warning("certificates wait: %s", failure)
        await asyncio.sleep(PAUSE_SECONDS)
