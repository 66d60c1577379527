"""A form is taken only from our own page, and only from the browser it was given to.

The browser's own word (Sec-Fetch-Site, Origin) is believed where it says "another site". The
token in the form is an HMAC over the sign-in session, or over a visit cookie before sign-in.
"""

import hashlib
import hmac
import secrets

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import N_, NotAllowed
from app.storage import secret_key
from app.web import cookies, places
from app.web.bare import BARE
from app.web.guards import SignInNeeded, actor_of
from app.web.http import AnyRequest, HouseRequest, parts_of

FIELD = "_csrf_token"
HEADER = "x-csrf-token"
NAMELESS = "null"
"""What a browser writes for its origin on pages that tell nobody where they come from, as those
about certificates do (Referrer-Policy: no-referrer). It says nothing; the token decides."""
EXEMPT_PREFIXES = ("/api/", "/j/api/", "/v/", "/verify")
"""Where a form acts for nobody: it asks about certificates, or programs send it.

The page at `/verify` is kept on devices for use without a network; no token in it would be theirs.
"""
OF_ACCOUNTS = ("/desk", "/account")
"""Where nobody but an account sends anything; its files may be large, and are read only then."""


class ForgedForm(NotAllowed):
    """The form was not given out to this browser by this house."""

    heading = N_("页面已过期")
    says = N_("这个页面打开得太久，或不是从本站打开的，为安全起见没有提交。")


def token_for(request: AnyRequest) -> str:
    """Return the form token of this browser; the response sets a visit cookie where it has none."""
    base = request.cookies.get(cookies.SESSION) or request.cookies.get(cookies.VISIT)
    if base is None:
        base = request.scope["state"].setdefault("new_visit", secrets.token_urlsafe(16))
    return hmac.digest(secret_key.derived("csrf"), base.encode(), hashlib.sha256).hex()


class CsrfMiddleware(ASGIMiddleware):
    """Refuse unsafe requests that come from elsewhere, before any handler reads them."""

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = BARE

    def __init__(self, *, is_https: bool) -> None:
        self.is_https = is_https

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        is_unsafe = scope.get("method") not in places.SAFE_METHODS
        if is_unsafe and not scope["path"].startswith(EXEMPT_PREFIXES):
            request = HouseRequest(scope, receive, send)
            if scope["path"].startswith(OF_ACCOUNTS) and not actor_of(request).is_signed_in:
                raise SignInNeeded
            await refuse_forged(request)

        async def send_with_visit(message: Message) -> None:
            visit = scope["state"].get("new_visit")
            if message["type"] == "http.response.start" and visit is not None:
                cookies.add_header(
                    message,
                    cookies.cookie_header(
                        cookies.VISIT, str(visit), max_age=None, is_https=self.is_https
                    ),
                )
            await send(message)

        await next_app(scope, receive, send_with_visit)


async def refuse_forged(request: AnyRequest) -> None:
    """Raise `ForgedForm` for a request from another site or without this browser's token."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        raise ForgedForm
    origin = request.headers.get("origin")
    if origin not in {None, NAMELESS} and parts_of(origin).netloc != request.headers.get("host"):
        raise ForgedForm
    given = request.headers.get(HEADER)
    if not given:
        form = await request.form()
        request.scope["state"][places.CARRIED] = str(form.get(places.FIELD, ""))
        given = form.get(FIELD, "")
    if not isinstance(given, str) or not _is_token(given, request):
        raise ForgedForm


def _is_token(given: str, request: AnyRequest) -> bool:
    return hmac.compare_digest(
        given.encode("utf-8", "surrogatepass"), token_for(request).encode("ascii")
    )
