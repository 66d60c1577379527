"""How often one asker may ask: sliding windows in this process's memory, bounded."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Network, ip_address
from math import ceil
from weakref import WeakSet

from litestar.exceptions import TooManyRequestsException
from litestar.types import Scope

MOST_KEYS = 200_000
LONGEST_KEY = 64
"""A longer key is kept as its digest, so that nobody fills the memory with what they send."""
LINE_BITS = 64
"""Who has one address of IPv6 has all that begin alike: a line is given no fewer."""
FORM_BYTES = 10_000
"""The longest body of a form with a few short fields that anybody may send."""

BODY_BYTES = 2 * 1024 * 1024
"""The longest body where a page does not say otherwise."""


_limits: WeakSet["Limit"] = WeakSet()


@dataclass(eq=False)
class Limit:
    """At most `most` times in `seconds` for each key."""

    most: int
    seconds: int
    _taken: OrderedDict[str, list[float]] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        _limits.add(self)

    def take(self, key: str, factor: int = 1) -> int:
        """Count one time; return 0, or the seconds until the next may be tried.

        `factor` multiplies what is allowed; 0 allows everything.
        """
        if factor == 0:
            return 0
        present = time.monotonic()
        kept = _kept(key)
        times = self._taken.setdefault(kept, [])
        self._taken.move_to_end(kept)
        while times and times[0] <= present - self.seconds:
            del times[0]
        if len(times) >= self.most * factor:
            return max(1, ceil(times[0] + self.seconds - present))
        times.append(present)
        while len(self._taken) > MOST_KEYS:
            self._taken.popitem(last=False)
        return 0

    def give_back(self, key: str) -> None:
        """Count the last time of a key no longer: it was none of those that are limited."""
        if times := self._taken.get(_kept(key)):
            times.pop()

    def forget(self, key: str) -> None:
        """Begin anew with a key."""
        self._taken.pop(_kept(key), None)


def forget_all() -> None:
    """Begin anew with everyone, whatever the limit (tests: each has askers of its own)."""
    for limit in _limits:
        limit._taken.clear()


def _kept(key: str) -> str:
    if len(key) <= LONGEST_KEY:
        return key
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def asker(scope: Scope) -> str:
    """Return whom a limit counts: the address that asks, of IPv6 the line that it belongs to."""
    address = str(scope["state"].get("address", ""))
    return line_of(address) if ":" in address else address


def line_of(address: str) -> str:
    """Return an address of IPv6 as its line, any other as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), LINE_BITS), strict=False))


def minutes_of(wait: int) -> int:
    """Return the seconds that somebody has to wait as the minutes that a sentence names."""
    return ceil(wait / 60)


def enforce(limit: Limit, key: str, factor: int, headers: Mapping[str, str] | None = None) -> None:
    """Answer 429 with Retry-After where a key asks too often."""
    wait = limit.take(key, factor)
    if wait:
        raise TooManyRequestsException(headers={**(headers or {}), "Retry-After": str(wait)})
