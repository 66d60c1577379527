"""Where duties hold: what a scope is called, what it lies in, which may be picked.

`event:12` is 砌筑（职工组）, which lies in its competition and its regions. Each room says so of
its own kinds of scopes; `app.main` brings them together.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from app.errors import N_, NotFound
from app.people.queries import region_name
from app.rules.actors import Actor, Duty, Scope, region_scopes
from app.web.locale import gettext as _

EVERYTHING = N_("全部")


@dataclass(frozen=True)
class Place:
    """A scope, its name, the scopes that hold all of it (itself first), where it is listed."""

    scope: Scope
    name: str
    within: tuple[Scope, ...]
    group: str = ""


async def _no_places() -> Sequence[Place]:
    return ()


@dataclass(frozen=True)
class ScopeKind:
    """How to find the scope of a key, or raise `NotFound`; and all that may be picked."""

    one: Callable[[str], Awaitable[Place]]
    every: Callable[[], Awaitable[Sequence[Place]]] = _no_places


async def _region(code: str) -> Place:
    scopes = region_scopes(code)
    return Place(scopes[0], region_name(code, is_long=True), scopes)


_kinds: dict[str, ScopeKind] = {"region": ScopeKind(_region)}


def learn(kind: str, scopes: ScopeKind) -> None:
    """Let a room speak for the scopes of one kind."""
    _kinds[kind] = scopes


async def names_of(scopes: Iterable[Scope]) -> dict[str, str]:
    """Return the name of each scope by its text; the text itself where nobody knows it."""
    return {str(scope): (await _place(scope)).name for scope in set(scopes)}


async def within(scope: Scope) -> tuple[Scope, ...]:
    """Return the scopes that hold all of a scope, itself first; everything is not among them."""
    return (await _place(scope)).within


async def meet(one: Scope, other: Scope) -> bool:
    """Tell whether one of two scopes lies in the other."""
    return one in await within(other) or other in await within(one)


async def every(kind: str) -> Sequence[Place]:
    """Return all that may be picked of one kind."""
    return await _kinds[kind].every()


async def offered_to(by: Actor) -> dict[str, list[Place]]:
    """Return the places in which somebody may grant duties, by the group they are listed under."""
    found: dict[str, list[Place]] = {}
    for kind in _kinds.values():
        for place in await kind.every():
            if by.holds(Duty.ADMINISTRATOR, *place.within):
                found.setdefault(place.group, []).append(place)
    return found


async def administered_by(by: Actor, scopes: Iterable[Scope]) -> frozenset[Scope]:
    """Return those of some scopes in which somebody may grant duties."""
    return frozenset(
        [item for item in set(scopes) if by.holds(Duty.ADMINISTRATOR, *await within(item))]
    )


async def _place(scope: Scope) -> Place:
    if scope.kind == "all":
        return Place(scope, _(EVERYTHING), (scope,))
    try:
        return await _kinds[scope.kind].one(scope.key)
    except (KeyError, NotFound, ValueError):
        return Place(scope, str(scope), (scope,))
