"""Public answers that are signed: once for all who ask, until what they say has changed."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from app.errors import Unavailable

MOST = 500
T = TypeVar("T")


class SignedOnce(Generic[T]):
    """The last answer by its name and the moment for which it was signed.

    While one is signed, all who ask for it wait for that one. Where an older one still tells the
    truth, because it says as of when, it is given to everybody but the first, and to everybody
    while nothing can be signed.
    """

    def __init__(self, *, may_be_older: bool = False) -> None:
        self._may_be_older = may_be_older
        self._kept: OrderedDict[Hashable, tuple[Hashable, T]] = OrderedDict()
        self._signing: dict[Hashable, asyncio.Lock] = {}

    async def get(self, name: Hashable, moment: Hashable, sign: Callable[[], Awaitable[T]]) -> T:
        """Return the answer of this name and moment, signed by `sign` where there is none."""
        if (kept := self._kept.get(name)) is not None and kept[0] == moment:
            return kept[1]
        lock = self._signing.setdefault(name, asyncio.Lock())
        if kept is not None and self._may_be_older and lock.locked():
            return kept[1]
        try:
            async with lock:
                return await self._signed(name, moment, sign)
        finally:
            if not lock.locked():
                self._signing.pop(name, None)

    async def _signed(
        self, name: Hashable, moment: Hashable, sign: Callable[[], Awaitable[T]]
    ) -> T:
        kept = self._kept.get(name)
        if kept is not None and kept[0] == moment:
            return kept[1]
        try:
            answer = await sign()
        except Unavailable:
            if kept is None or not self._may_be_older:
                raise
            return kept[1]
        self._kept[name] = (moment, answer)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return answer

    def forget(self) -> None:
        """Forget every answer: they belong to the register that was open."""
        self._kept.clear()
