"""Which events are at which stage of the day: what the rail of a competition counts and lists."""

from collections.abc import Mapping
from types import MappingProxyType

from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.planning.rail import Count, Counter, count_competition
from competitions.rules.lifecycle import EventStatus

STAGES: Mapping[str, frozenset[EventStatus]] = MappingProxyType(
    {
        "draw": frozenset({EventStatus.PREPARING}),
        "marking": frozenset({EventStatus.DRAWN, EventStatus.MARKING}),
        "results": frozenset({EventStatus.LOCKED, EventStatus.UNSEALED}),
        "certificates": frozenset({EventStatus.PUBLISHED}),
    }
)
NAMES = frozenset({*STAGES, "schemes"})


def is_at(line: EventLine, stage: str, *, has_scheme: bool) -> bool:
    """Tell whether an event is at a stage; every event is where no stage is named."""
    if stage == "schemes":
        return not has_scheme and line.status is not EventStatus.CALLED_OFF
    return stage not in STAGES or line.status in STAGES[stage]


def _counter(stage: str) -> Counter:
    async def count(competition_id: int) -> Count:
        lines = await planning.events(competition_id)
        return Count(sum(line.status in STAGES[stage] for line in lines))

    return count


for name in STAGES:
    count_competition(name, _counter(name))
