"""What the scopes of duties are called: `event:12` is 砌筑（职工组）; `app.main` says it."""

from collections.abc import Awaitable, Callable, Iterable

from app.errors import N_, NotFound
from app.rules.actors import Scope
from app.web.locale import gettext as _

Namer = Callable[[str], Awaitable[str]]
EVERYTHING = N_("全部")

_namers: dict[str, Namer] = {}


def learn(kind: str, namer: Namer) -> None:
    """Let a room name the scopes of one kind by their key."""
    _namers[kind] = namer


async def names_of(scopes: Iterable[Scope]) -> dict[str, str]:
    """Return the name of each scope by its text; the text itself where nobody knows it."""
    return {str(scope): await _name(scope) for scope in set(scopes)}


async def _name(scope: Scope) -> str:
    if scope.kind == "all":
        return _(EVERYTHING)
    try:
        return await _namers[scope.kind](scope.key)
    except (KeyError, NotFound, ValueError):
        return str(scope)
