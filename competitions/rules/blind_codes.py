"""Blind codes drawn from a recorded seed: anyone with the list and the seed draws the same again.

The list of entries is hashed first; then the seed is made; the order is by SHA-256 of seed, list
hash and entry. Codes are 001, 002, … in that order: a bijection between entries and codes.
"""

import hashlib
from collections.abc import Sequence


def list_hash(entry_keys: Sequence[str]) -> str:
    """Return the hex SHA-256 that fixes the list before the draw; its order does not matter."""
    return hashlib.sha256("\n".join(sorted(entry_keys)).encode()).hexdigest()


def draw(entry_keys: Sequence[str], seed: str) -> dict[str, str]:
    """Return the code of each entry; raise ValueError where an entry stands twice."""
    if len(set(entry_keys)) != len(entry_keys):
        raise ValueError("an entry stands twice in the list")
    fixed = list_hash(entry_keys)

    def order(key: str) -> bytes:
        return hashlib.sha256(f"{seed}\n{fixed}\n{key}".encode()).digest()

    width = max(3, len(str(len(entry_keys))))
    ordered = sorted(entry_keys, key=order)
    return {key: f"{number:0{width}d}" for number, key in enumerate(ordered, start=1)}
