"""How often one asker may ask: sliding windows in this process's memory, bounded."""

import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

from litestar.exceptions import TooManyRequestsException

MOST_KEYS = 50_000


FORM_BYTES = 10_000
"""The longest body of a form with a few short fields that anybody may send."""

BODY_BYTES = 2 * 1024 * 1024
"""The longest body where a page does not say otherwise."""


@dataclass
class Limit:
    """At most `most` times in `seconds` for each key."""

    most: int
    seconds: int
    _taken: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)

    def take(self, key: str, factor: int = 1) -> int:
        """Count one time; return 0, or the seconds until the next may be tried.

        `factor` multiplies what is allowed; 0 allows everything.
        """
        if factor == 0:
            return 0
        present = time.monotonic()
        times = self._taken.setdefault(key, deque())
        self._taken.move_to_end(key)
        while times and times[0] <= present - self.seconds:
            times.popleft()
        if len(times) >= self.most * factor:
            return max(1, ceil(times[0] + self.seconds - present))
        times.append(present)
        while len(self._taken) > MOST_KEYS:
            self._taken.popitem(last=False)
        return 0

    def give_back(self, key: str) -> None:
        """Count the last time of a key no longer: it was none of those that are limited."""
        if times := self._taken.get(key):
            times.pop()

    def forget(self, key: str) -> None:
        """Begin anew with a key."""
        self._taken.pop(key, None)

    def clear(self) -> None:
        """Forget everyone (tests)."""
        self._taken.clear()


def enforce(limit: Limit, key: str, factor: int, headers: Mapping[str, str] | None = None) -> None:
    """Answer 429 with Retry-After where a key asks too often."""
    wait = limit.take(key, factor)
    if wait:
        raise TooManyRequestsException(headers={**(headers or {}), "Retry-After": str(wait)})
