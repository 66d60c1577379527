"""Where the authority over a certificate lies: the scope of its basis and those around it.

Each room says in app.main how its bases lie in competitions and regions; alone, a basis reaches
no further than its own event or sitting.
"""

from collections.abc import Awaitable, Callable

from app.errors import NotFound
from app.rules.actors import Actor, Duty, Scope, require

Widen = Callable[[int], Awaitable[tuple[Scope, ...]]]
KINDS = {"competitions.event": "event", "assessments.sitting": "sitting"}

MAY_READ = (Duty.CERTIFICATE_OFFICER, Duty.ORGANIZER, Duty.AUDITOR, Duty.ADMINISTRATOR)
"""Who reads certificates with full names, each in their own scopes."""

_widened: dict[str, Widen] = {}


def learn(room: str, widen: Widen) -> None:
    """Let a room say in which scopes its things lie, by their number."""
    _widened[room] = widen


async def scopes_of(basis: str) -> tuple[Scope, ...]:
    """Return every scope that a basis lies in: `competitions.event:12` is in event 12."""
    room, _, key = basis.partition(":")
    kind = KINDS.get(room)
    own = (Scope(kind, key),) if kind and key else ()
    if room not in _widened or not key.isdecimal():
        return own
    try:
        return await _widened[room](int(key))
    except NotFound:
        return own  # A certificate outlives what it was issued on.


async def require_over(actor: Actor, duties: tuple[Duty, ...], basis: str) -> None:
    """Raise `NotAllowed` unless the actor holds one of the duties over the basis."""
    require(actor, duties, *await scopes_of(basis))
