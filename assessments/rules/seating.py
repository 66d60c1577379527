"""Candidates into numbers and stations: in order of application, room by room."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Seat:
    """A candidate's number (考号), room and station."""

    candidate_id: int
    number: str
    room: str
    station: int


def seats(
    candidate_ids: Sequence[int], *, rooms: Sequence[tuple[str, int]], prefix: str, first: int = 1
) -> list[Seat]:
    """Seat candidates; `rooms` are names and stations; who finds none left starts a new round.

    The number is the sitting's prefix and three digits or more, in order.
    """
    places = [(name, station) for name, size in rooms for station in range(1, size + 1)]
    return [
        Seat(candidate, f"{prefix}{first + index:03d}", *places[(first - 1 + index) % len(places)])
        for index, candidate in enumerate(candidate_ids)
    ]
