"""What a corrected list moves to another delegation or team: whole entries, or single contestants.

All of an entry who go to the same free place take the entry along, with its vetting and its note.
Anybody else leaves it for a team that stands there, or for a new one.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

Place = tuple[int, int | str, str]
"""An event, a delegation by whatever tells it from others, and a team; empty for a single."""


@dataclass(frozen=True)
class Moves:
    """Entries that move with everybody in them, contestants who leave theirs, and what is left."""

    whole: Mapping[int, Place]
    single: Mapping[int, Place]
    emptied: frozenset[int]


def moves_of(there: Mapping[int, tuple[int, Place]], wanted: Mapping[int, Place]) -> Moves:
    """Return how contestants come from where they are to where a list wants them.

    `there` holds the entry of each contestant and its place, `wanted` the places of those listed.
    """
    members: dict[int, list[int]] = defaultdict(list)
    for one, (entry_id, _) in there.items():
        members[entry_id].append(one)
    teams = {place: entry_id for entry_id, place in there.values() if place[2]}
    whole: dict[int, Place] = {}
    single: dict[int, Place] = {}
    for entry_id, own in members.items():
        place = there[own[0]][1]
        goals = {one: wanted.get(one, place) for one in own}
        goal = goals[own[0]]
        is_free = not goal[2] or goal not in {*teams, *whole.values()}
        if set(goals.values()) == {goal} and goal != place and is_free:
            whole[entry_id] = goal
        else:
            single |= {one: to for one, to in goals.items() if to != place}
    kept = {there[one][0] for one in there if one not in single}
    kept |= {teams[to] for to in single.values() if to in teams and teams[to] not in whole}
    return Moves(whole, single, frozenset(members.keys() - kept))
