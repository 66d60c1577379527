"""Until when the hall is needed: rooms say when each of theirs is held."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import Final

SOON: Final = timedelta(days=14)
Spans = Sequence[tuple[date, date]]
"""First and last days."""
_rooms: Final[list[Callable[[], Awaitable[Spans]]]] = []


def learn(*rooms: Callable[[], Awaitable[Spans]]) -> None:
    """Let rooms say when their contests or sittings are held."""
    _rooms.extend(rooms)


async def last_day(today: date) -> date:
    """Return the last day of all that is under way or begins within two weeks; else today."""
    spans = [span for room in _rooms for span in await room()]
    return max([today, *(last for first, last in spans if first <= today + SOON)])
