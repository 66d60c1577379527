"""Until when the hall is needed: rooms say on which day the last of theirs ends."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final

LastDay = Callable[[], Awaitable[date | None]]
_rooms: Final[list[LastDay]] = []


def learn(*rooms: LastDay) -> None:
    """Let rooms say on which day their last contest or sitting ends."""
    _rooms.extend(rooms)


async def last_day() -> date | None:
    """Return the last day of all that is planned; None where nothing is."""
    return max(filter(None, [await room() for room in _rooms]), default=None)
