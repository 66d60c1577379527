"""Requests served past the framework, for the one address that each judge's touch comes to.

Such a handler believes no cookie, so it needs no session and no form's token; it reads its body
and compresses its answer itself. It is an `@asgi` handler whose `opt` holds `BARE`.
"""

import gzip
from typing import Final

from litestar.types import Receive, Scope, Send

BARE: Final = "bare"
COMPRESSED: Final = "compressed"
"""In the `opt` of any handler whose answer is compressed already: the framework leaves it alone."""
SHORTEST_COMPRESSED: Final = 1_000  # bytes


class BodyTooLong(Exception):
    """More was sent than is taken."""


class Disconnected(Exception):
    """The client went away before it had sent all."""


def header_of(scope: Scope, name: bytes) -> str:
    """Return the first header of a name in lower case, empty where there is none."""
    return next((value for key, value in scope["headers"] if key == name), b"").decode("latin-1")


async def body_of(receive: Receive, most: int) -> bytes:
    """Return a request's body; raise `BodyTooLong` after `most` bytes, or `Disconnected`."""
    body = b""
    while True:
        event = await receive()
        if event["type"] != "http.request":
            raise Disconnected
        body += event["body"]
        if len(body) > most:
            raise BodyTooLong
        if not event.get("more_body"):
            return body


class JsonBytes:
    """JSON that is written already; never stored, compressed where that is worth it.

    Within the framework it is the framework that compresses.
    """

    def __init__(self, body: bytes, status: int = 200) -> None:
        self.body = body
        self.status = status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        body = self.body
        is_worth_it = _is_bare(scope) and len(body) >= SHORTEST_COMPRESSED
        if is_worth_it and "gzip" in header_of(scope, b"accept-encoding"):
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers += [(b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


def _is_bare(scope: Scope) -> bool:
    return bool(scope["route_handler"].opt.get(BARE))
