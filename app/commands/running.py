"""What verbs share: run a coroutine with the house open, as the server has it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.main import open_house
from app.settings import Settings, load

T = TypeVar("T")


def in_house(
    work: Callable[[Settings], Awaitable[T]],
    settings: Settings | None = None,
    *,
    is_prepared: bool = True,
    may_be_new: bool = False,
) -> T:
    """Run work with keys and database open, and close them after it; see `open_house`.

    Only a verb that is there to make a house may meet none: any other, run without the settings of
    the service, would make an empty one elsewhere and report that all is well.
    """
    chosen = settings or load()

    async def run() -> T:
        async with open_house(chosen, is_prepared=is_prepared, may_be_new=may_be_new):
            return await work(chosen)

    return asyncio.run(run())
