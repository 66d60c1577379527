"""What a person is elsewhere: contestant, judge, candidate, holder of a certificate.

The register of persons stands below the rooms and knows none of them. Each room teaches this
module, in app.main, how to find what it holds of some persons. Whoever looks sees only what lies
in their own scopes, and a person of whom they would see nothing is not there for them.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from enum import Enum

import msgspec

from app.rules.actors import Actor, Duty, Scope

SEERS = (
    Duty.ORGANIZER,
    Duty.REGISTRAR,
    Duty.CERTIFICATE_OFFICER,
    Duty.AUDITOR,
    Duty.ADMINISTRATOR,
)
"""Who may look a person up, each in their own scopes."""


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a person is; `opens` are the duties that may open its page."""

    person_id: int
    kind: str  # a word marked for the catalogue, such as 选手
    title: str
    place: str
    state: Enum | None
    on: date | datetime
    href: str
    opens: tuple[Duty, ...]
    scopes: tuple[Scope, ...]


Find = Callable[[Sequence[int]], Awaitable[list[Tie]]]
_finders: dict[str, Find] = {}


def learn(room: str, find: Find) -> None:
    """Let a room say what it holds of persons, by their ids."""
    _finders[room] = find


async def ties_of(person_ids: Sequence[int], actor: Actor) -> list[Tie]:
    """Return what lies in the actor's scopes, the latest first.

    A tie whose page the actor may not open comes without its address.
    """
    found: list[Tie] = []
    for find in _finders.values():
        for tie in await find(person_ids) if person_ids else ():
            if actor.holds(SEERS, *tie.scopes):
                may_open = actor.holds(tie.opens, *tie.scopes)
                found.append(tie if may_open else msgspec.structs.replace(tie, href=""))
    return sorted(found, key=lambda tie: _day(tie.on), reverse=True)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
