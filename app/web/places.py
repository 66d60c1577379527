"""Where a page stands: its own address or, after its form was refused, that of the form's page.

A refused form is answered by its page at the address that took it, which often takes nothing
else. The page's own links, its filter and its pager lead to where it can be read.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode

from litestar.exceptions import HTTPException

from app.web.http import AnyRequest, parts_of, query_of

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD: Final = "_page"
"""What a form carries that was refused before: the place where it was first read."""
CARRIED: Final = "sent_from"
"""Where a request's state keeps it."""


class Place(NamedTuple):
    """A path and its query, as they stand in an address."""

    path: str
    query: str

    def __str__(self) -> str:
        return self.path + (f"?{self.query}" if self.query else "")

    def with_(self, name: str, value: str) -> str:
        """Return the address with one thing of its query set anew."""
        kept = [item for item in parse_qsl(self.query, keep_blank_values=True) if item[0] != name]
        return f"{self.path}?{urlencode([*kept, (name, value)])}"


def place_of(request: AnyRequest) -> Place:
    """Return where somebody reads this page, or read the one whose form was sent."""
    here = Place(quote(request.scope["path"]), query_of(request))
    if request.method in SAFE_METHODS:
        return here
    return next(place for place in _sent_from(request, here) if _is_read(request, place.path))


def _sent_from(request: AnyRequest, here: Place) -> Iterator[Place]:
    """List where a form may have been read, the likeliest first; the start page is the last."""
    referer = parts_of(request.headers.get("referer", ""))
    carried = parts_of(request.scope["state"].get(CARRIED, ""))
    if carried.path.startswith("/") and not carried.netloc:
        yield Place(carried.path, carried.query)
    if referer.netloc == request.headers.get("host"):
        yield Place(referer.path, referer.query)
    parts = here.path.rstrip("/").split("/")
    for length in range(len(parts), 1, -1):
        yield Place("/".join(parts[:length]), here.query)
    yield Place("/", "")


def _is_read(request: AnyRequest, path: str) -> bool:
    try:
        request.app.asgi_router.handle_routing(path=unquote(path), method="GET")
    except HTTPException:
        return False
    return True
