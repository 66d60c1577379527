"""Choices that look like chance and are the same each time: a hash counted upwards."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream of choices from one word."""

    def __init__(self, word: str) -> None:
        self._word, self._count = word, 0

    def below(self, limit: int) -> int:
        """Return a number from 0 up to, not including, `limit`."""
        self._count += 1
        digest = hashlib.sha256(f"{self._word}:{self._count}".encode()).digest()
        return int.from_bytes(digest[:8]) % limit

    def one_of(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[self.below(len(items))]

    def between(self, low: int, high: int) -> int:
        """Return a number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def around(self, center: int, spread: int) -> int:
        """Return a number near the center: the mean of three, at most `spread` away."""
        return center + (sum(self.between(-spread, spread) for _ in range(3)) // 3)
