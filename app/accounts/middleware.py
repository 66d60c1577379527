"""Who asks: the session's cookie becomes the actor of the request."""

from datetime import timedelta

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from app.accounts import actions, queries, session_cache
from app.accounts.queries import SessionFacts
from app.rules.actors import Actor
from app.web import background, clock, cookies
from app.web.bare import BARE
from app.web.http import HouseRequest

REFRESH = timedelta(minutes=10)


class SessionMiddleware(ASGIMiddleware):
    """Put the `Actor` of a request into its scope; nobody where no session holds."""

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = BARE

    def __init__(self, *, is_https: bool) -> None:
        self.is_https = is_https

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        now, address = clock.now(), str(scope["state"].get("address", ""))
        token = _token(scope)
        facts = await _session(token) if token else None
        if facts is None or facts.expires_at <= now:
            scope["user"] = Actor(account_id=None, name="", address=address)
        else:
            scope["user"] = facts.actor(now, address)
            if now - facts.seen_at > REFRESH:
                background.start(actions.keep_alive, token, now)
        await next_app(scope, receive, send)


async def _session(token: str) -> SessionFacts | None:
    facts = session_cache.get(token)
    if facts is None:
        facts = await queries.session_of(token)
        if facts is not None:
            session_cache.put(token, facts)
    return facts


def _token(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"cookie" and cookies.SESSION.encode() in value:
            return HouseRequest(scope).cookies.get(cookies.SESSION, "")
    return ""
