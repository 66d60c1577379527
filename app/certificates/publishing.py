"""Publish a checkpoint after an act; where the signer is silent, as soon as it answers again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from app.certificates import log
from app.certificates.signer import SignerSilent
from app.errors import Refusal
from app.web import background
from app.web.clock import now

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 3.0
T = TypeVar("T")
_later: set[asyncio.Task[None]] = set()


async def publish(at: datetime) -> None:
    """Publish what was written; the act stands, also where its checkpoint has to wait."""
    try:
        await log.publish(at)
    except SignerSilent as silence:
        logger.error("a checkpoint waits: %s", silence)  # noqa: TRY400 - no bug of ours
        if not _later:
            task = background.start(patiently, lambda: log.publish(now()))
            _later.add(task)
            task.add_done_callback(_later.discard)
    except Refusal as refusal:
        # Not worth asking again: it is for the operator, and the next act or start publishes.
        logger.error("a checkpoint waits: %s", refusal)  # noqa: TRY400 - no bug of ours


async def patiently(
    work: Callable[[], Awaitable[T]],
    on_silence: Callable[[SignerSilent], Awaitable[None]] | None = None,
) -> T:
    """Do work that needs a signature; wait for as long as the signer is silent."""
    while True:
        try:
            return await work()
        except SignerSilent as silence:
            if on_silence is not None:
                await on_silence(silence)
        await asyncio.sleep(PAUSE_SECONDS)
