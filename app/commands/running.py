"""What verbs share: run a coroutine with the house open, as the server has it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from app.main import open_house
from app.people import vault_key
from app.settings import Settings, load

T = TypeVar("T")


def in_house(
    work: Callable[[Settings], Awaitable[T]],
    settings: Settings | None = None,
    *,
    is_prepared: bool = True,
    may_be_new: bool = False,
    open_key: Callable[[Path], Awaitable[None]] = vault_key.open_key,
) -> T:
    """Run work with keys and database open, and close them after it; see `open_house`.

    Only a verb that is there to make a house may meet none: any other, run without the settings of
    the service, would make an empty one elsewhere and report that all is well.
    """
    chosen = settings or load()

    async def run() -> T:
        async with open_house(
            chosen, is_prepared=is_prepared, may_be_new=may_be_new, open_key=open_key
        ):
            return await work(chosen)

    return asyncio.run(run())
