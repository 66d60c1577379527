"""The outermost middleware: each request gets a number, a language, an address and one log line."""

import secrets
import time
from urllib.parse import parse_qs

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app.rules.proxies import Proxies
from app.web import cookies, locale, operators_log
from app.web.bare import header_of
from app.web.http import HouseRequest

LANGUAGE_SECONDS = 365 * 24 * 3600


class RequestMiddleware(ASGIMiddleware):
    """Number, language, client address; then one line in the operators' log, without secrets."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, *, is_https: bool, trusted_proxies: Proxies) -> None:
        self.is_https = is_https
        self.trusted_proxies = trusted_proxies

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        began = time.perf_counter()
        scope["state"]["address"] = self._address(scope)
        scope["state"]["request_number"] = secrets.token_hex(4)
        chosen = _chosen_language(scope)
        locale.use(chosen or _remembered_language(scope))
        status = 500

        async def watched_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if chosen:
                    remembered = cookies.cookie_header(
                        cookies.LANGUAGE, chosen, max_age=LANGUAGE_SECONDS, is_https=self.is_https
                    )
                    cookies.add_header(message, remembered)
            await send(message)

        try:
            await next_app(scope, receive, watched_send)
        finally:
            operators_log.note(scope, status, time.perf_counter() - began)

    def _address(self, scope: Scope) -> str:
        peer = (scope.get("client") or ("",))[0]
        # A proxy adds to the header that came, or puts one of its own behind it.
        said = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
        forwarded = b",".join(said).decode("latin-1").split(",")
        return self.trusted_proxies.asker(peer, forwarded)


def _chosen_language(scope: Scope) -> str:
    query = scope.get("query_string", b"")
    if b"lang=" not in query:
        return ""
    wanted = parse_qs(query.decode("latin-1")).get("lang", [""])[-1]
    return wanted if wanted in locale.LOCALES else ""


def _remembered_language(scope: Scope) -> str:
    if cookies.LANGUAGE in header_of(scope, b"cookie"):
        remembered = HouseRequest(scope).cookies.get(cookies.LANGUAGE)
        if remembered is not None:
            return remembered
    return locale.negotiate(header_of(scope, b"accept-language"))
