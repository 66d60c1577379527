"""Ask a website from the command line, with nothing but the standard library."""

import http.client
from urllib.parse import urlsplit

from app.certificates.following import LogMisbehaves

SECONDS = 30
BROKEN = 500


def ask(
    origin: str, method: str, path: str, body: bytes | None = None, *, may_refuse: bool = False
) -> bytes:
    """Return what an address answers; raise `LogMisbehaves` for one that is not there.

    A server that is tired or broken raises `http.client.HTTPException`, as one that is away raises
    `OSError`: both may be asked again.
    """
    parts = urlsplit(origin)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=SECONDS)
    try:
        headers = {"Content-Type": "text/plain; charset=utf-8"} if body else {}
        connection.request(method, parts.path.rstrip("/") + path, body, headers)
        answer = connection.getresponse()
        content: bytes = answer.read()
    finally:
        connection.close()
    if answer.status == http.client.TOO_MANY_REQUESTS or answer.status >= BROKEN:
        raise http.client.HTTPException(f"{path}: {answer.status}")
    if answer.status != http.client.OK and not may_refuse:
        raise LogMisbehaves(f"{path}: {answer.status}")
    return content
