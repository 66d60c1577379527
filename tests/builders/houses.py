"""Work in the house of a running server, from the test's own process."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.main import open_house
from app.settings import load
from tests.browser import Server

T = TypeVar("T")


def within(server: Server, work: Callable[[], Awaitable[T]]) -> T:
    """Do work beside a server in its house; in a thread, because Playwright's loop holds this."""

    async def there() -> T:
        async with open_house(load(server.settings)):
            return await work()

    with ThreadPoolExecutor(max_workers=1) as beside:
        return beside.submit(lambda: asyncio.run(there())).result()
