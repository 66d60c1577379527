"""Sessions of the last seconds, so that a page does not ask the database who is there.

A change of rights in this process empties it at once; another process sees it after `FRESH`.
"""

import time
from typing import Final

from app.accounts.queries import SessionFacts

FRESH: Final = 5.0  # seconds
MOST: Final = 10_000
_known: dict[str, tuple[float, SessionFacts]] = {}


def get(token: str) -> SessionFacts | None:
    """Return a session seen within the last seconds."""
    found = _known.get(token)
    return found[1] if found and time.monotonic() - found[0] < FRESH else None


def put(token: str, facts: SessionFacts) -> None:
    """Remember a session."""
    if len(_known) >= MOST:
        _known.clear()
    _known[token] = (time.monotonic(), facts)


def forget(token: str) -> None:
    """Forget one session."""
    _known.pop(token, None)


def clear() -> None:
    """Forget all sessions."""
    _known.clear()
