"""Ask a website from the command line, with nothing but the standard library."""

import http.client
from urllib.parse import urlsplit

SECONDS = 30
MOST_BYTES = 1_000_000
"""The longest that a log's address answers is a tile of 8 KB, or a note of 100 KB."""
BROKEN = 500


class NotThere(http.client.HTTPException):
    """The website has nothing under this address."""


def ask(
    origin: str, method: str, path: str, body: bytes | None = None, *, may_refuse: bool = False
) -> bytes:
    """Return what an address answers; raise `http.client.HTTPException` for anything but 200.

    One that is away raises `OSError`. Either may be asked again. Where the website `may_refuse`,
    its refusal is its answer, unless it is tired or broken.
    """
    parts = urlsplit(origin)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=SECONDS)
    try:
        headers = {"Content-Type": "text/plain; charset=utf-8"} if body else {}
        connection.request(method, parts.path.rstrip("/") + path, body, headers)
        answer = connection.getresponse()
        content: bytes = answer.read(MOST_BYTES + 1)
    finally:
        connection.close()
    if len(content) > MOST_BYTES:
        raise http.client.HTTPException(f"{path}: too long")
    is_tired = answer.status == http.client.TOO_MANY_REQUESTS or answer.status >= BROKEN
    if answer.status == http.client.OK or (may_refuse and not is_tired):
        return content
    if answer.status == http.client.NOT_FOUND:
        raise NotThere(f"{path}: {answer.status}")
    raise http.client.HTTPException(f"{path}: {answer.status}")
