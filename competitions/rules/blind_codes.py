"""Blind codes drawn from a recorded seed: anyone with the list and the seed draws the same again.

The list is hashed first; then the seed is made; the order is by SHA-256 of seed, list hash and key.
Codes are a bijection between the keys of a level and its codes. There are up to three levels
(domain.md C5), each drawn over the codes of the one before:

1. entry → 参赛编号 (`001`), 2. 参赛编号 → 工位号 (`1`), 3. 工位号 → 作品号 (`Z001`).
"""

import hashlib
from collections.abc import Sequence

MOST_LEVELS = 3
WORK_SIGN = "Z"


def list_hash(keys: Sequence[str]) -> str:
    """Return the hex SHA-256 that fixes the list before the draw; its order does not matter."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()


def seed_hash(seed: str) -> str:
    """Return the hex SHA-256 that commits to a seed before it may be shown."""
    return hashlib.sha256(seed.encode()).hexdigest()


def mixed(random_part: str, witness: str) -> str:
    """Return the seed of a draw: what the machine made and what the witnesses said."""
    return f"{random_part}:{' '.join(witness.split())}" if witness.strip() else random_part


def draw(keys: Sequence[str], seed: str, level: int = 1) -> dict[str, str]:
    """Return the code of each key; raise ValueError where a key stands twice."""
    if len(set(keys)) != len(keys):
        raise ValueError("a key stands twice in the list")
    fixed = list_hash(keys)

    def order(key: str) -> bytes:
        return hashlib.sha256(f"{seed}\n{fixed}\n{key}".encode()).digest()

    ordered = sorted(keys, key=order)
    return {key: code(number, len(keys), level) for number, key in enumerate(ordered, start=1)}


def code(number: int, count: int, level: int) -> str:
    """Write the n-th code of a level among so many; no level is taken for another."""
    width = max(3, len(str(count)))
    if level == 2:
        return str(number)
    return f"{WORK_SIGN if level == MOST_LEVELS else ''}{number:0{width}d}"
