"""Guards: one question each, answered from the session's actor without a query."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from app.errors import N_, NotAllowed
from app.rules.actors import NOBODY, Actor, Duty

AnyConnection = ASGIConnection[Any, Any, Any, Any]


class SignInNeeded(NotAllowed):
    """Nobody is signed in; the page leads to the sign-in page and back."""

    says = N_("请先登录，登录后会回到刚才的页面。")


def actor_of(connection: AnyConnection) -> Actor:
    """Return who makes this request; `NOBODY` where no one is signed in."""
    actor = connection.scope.get("user")
    return actor if isinstance(actor, Actor) else NOBODY


def provide_actor(request: AnyConnection) -> Actor:
    """Give handlers the actor of their request."""
    return actor_of(request)


def requires(*duties: Duty) -> Guard:
    """Demand a signed-in account that holds one of the duties somewhere; any account for none."""

    # Async, though it waits for nothing: a plain function would go through a thread each time.
    async def guard(connection: AnyConnection, _: BaseRouteHandler) -> None:
        actor = actor_of(connection)
        if not actor.is_signed_in:
            raise SignInNeeded
        if duties and not actor.holds_anywhere(*duties):
            raise NotAllowed

    return guard
