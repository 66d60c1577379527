"""The left rails of a competition's and of an event's pages, in the order of the day, with counts.

A later stage counts for itself: it teaches this module its counter, since planning knows no stage
after it.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from app.errors import N_
from app.rules.actors import Duty


class Count(msgspec.Struct, frozen=True):
    """How many wait at a stage; `is_blocked` where somebody must act before the day goes on."""

    number: int
    is_blocked: bool = False


Counter = Callable[[int], Awaitable[Count]]

COMPETITION_STAGES = (
    ("overview", N_("概览"), ""),
    ("plan", N_("筹备"), "/edit"),
    ("entries", N_("报名"), "/entries"),
    ("delegations", N_("代表队"), "/delegations"),
    ("judges", N_("裁判"), "/judges"),
    ("draw", N_("抽签"), "?stage=draw"),
    ("marking", N_("评分"), "?stage=marking"),
    ("results", N_("成绩"), "?stage=results"),
    ("certificates", N_("证书"), "?stage=certificates"),
)
EVENT_STAGES = (
    ("overview", N_("概览"), ""),
    ("plan", N_("筹备"), "/edit"),
    ("rule_set", N_("评分规则"), "/rule-set"),
    ("scheme", N_("评分标准"), "/scheme"),
    ("checkin", N_("检录"), "/check-in"),
    ("draw", N_("抽签加密"), "/draw"),
    ("judges", N_("裁判席位"), "/seats"),
    ("marking", N_("评分"), "/marking"),
    ("proposals", N_("更改提议"), "/proposals"),
    ("results", N_("成绩"), "/results"),
    ("certificates", N_("证书"), "/certificates"),
)
RUNNERS = (Duty.ORGANIZER, Duty.REGISTRAR)
AT_THE_EVENT = (Duty.ORGANIZER, Duty.CHIEF_JUDGE, Duty.CODING_JUDGE, Duty.SUPERVISOR)
OPEN_TO: Mapping[tuple[str, str], tuple[Duty, ...]] = {
    ("competition", "plan"): (Duty.ORGANIZER,),
    ("competition", "entries"): RUNNERS,
    ("competition", "delegations"): RUNNERS,
    ("competition", "judges"): (Duty.ORGANIZER,),
    ("event", "plan"): (Duty.ORGANIZER,),
    ("event", "checkin"): RUNNERS,
    ("event", "draw"): (*AT_THE_EVENT, Duty.REGISTRAR),
    ("event", "judges"): AT_THE_EVENT,
    ("event", "marking"): AT_THE_EVENT,
    ("event", "results"): (
        *AT_THE_EVENT,
        Duty.REGISTRAR,
        Duty.CERTIFICATE_OFFICER,
        Duty.AUDITOR,
    ),
}
"""Who finds a page open, as its guard says; the others are for everybody at the desk."""
_counters: dict[tuple[str, str], Counter] = {}


def count_competition(stage: str, counter: Counter) -> None:
    """Let a stage say how many wait there in a competition."""
    _counters["competition", stage] = counter


def count_event(stage: str, counter: Counter) -> None:
    """Let a stage say how many wait there in an event."""
    _counters["event", stage] = counter


async def competition_rail(competition_id: int, current: str) -> list[dict[str, Any]]:
    """Return the stages of a competition; `current` is the one on screen."""
    return await _rail("competition", COMPETITION_STAGES, competition_id, current)


async def event_rail(event_id: int, current: str) -> list[dict[str, Any]]:
    """Return the stages of an event; `current` is the one on screen."""
    return await _rail("event", EVENT_STAGES, event_id, current)


async def _rail(
    kind: str, stages: tuple[tuple[str, str, str], ...], key: int, current: str
) -> list[dict[str, Any]]:
    found = []
    for name, label, path in stages:
        counter = _counters.get((kind, name))
        count = await counter(key) if counter else None
        found.append(
            {
                "label": label,
                "href": f"/desk/{kind}s/{key}{path}",
                "is_current": name == current,
                "count": count.number if count and count.number else None,
                "blocked": bool(count and count.is_blocked),
                "duties": OPEN_TO.get((kind, name), ()),
            }
        )
    return found
