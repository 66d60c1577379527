"""The busiest page of all, past the framework: what is drawn is kept, what stands alike is filled.

A page is drawn by the template once for each way in which a certificate can stand, with gaps for
its texts; from then on the texts are put in. A page that is asked for again is kept for as long as
nobody, through the house or behind its back, changes the database. Whoever is known to us, by a
cookie, is served by the handler.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

import msgspec
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from app.certificates import answers, frames, headers, queries
from app.certificates.frames import Frame
from app.certificates.queries import PublicEntry
from app.rules.check_characters import parse_id, printed_id
from app.storage import engine
from app.web import locale
from app.web.limits import Limit, asker
from app.web.templating import prose_date, prose_datetime

PREFIX: Final = "/v/"
PAGE_LIMIT: Final = Limit(60, 60)
MOST_DRAWN: Final = 2000
MOST_FRAMES: Final = 200
ONCE: Final = (None, b"")
"""Stands for a page that was asked for once: it is kept from the second time on."""
HEADERS: Final = [
    (b"content-type", b"text/html; charset=utf-8"),
    *((name.lower().encode(), text.encode()) for name, text in headers.PRIVATE.items()),
]
_drawn: OrderedDict[tuple[str, str], tuple[Hashable, bytes]] = OrderedDict()
_frames: OrderedDict[tuple[object, ...], Frame] = OrderedDict()


class DrawnPages(ASGIMiddleware):
    """Answers with a page that is drawn, or whose frame is; all else goes on to the framework."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, limit_factor: int) -> None:
        self.limit_factor = limit_factor

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        drawn = await _asked_page(scope)
        # Who asks too often is refused by the handler, which counts again.
        if drawn is None or PAGE_LIMIT.take(asker(scope), self.limit_factor):
            await next_app(scope, receive, send)
            return
        length = (b"content-length", str(len(drawn)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, length]})
        await send({"type": "http.response.body", "body": drawn, "more_body": False})


async def _asked_page(scope: Scope) -> bytes | None:
    """Return the page that a stranger asks for, where it can be told without the template."""
    path = scope["path"]
    if not path.startswith(PREFIX) or scope.get("method") != "GET" or is_personal(scope):
        return None
    try:
        return await _page(parse_id(path[len(PREFIX) :]))
    except Exception:  # noqa: BLE001 - the handler meets the same, and shows what it is
        return None


def is_personal(scope: Scope) -> bool:
    """Tell whether the page may show who is signed in, what was done last, or what was asked."""
    return bool(scope.get("query_string")) or any(name == b"cookie" for name, _ in scope["headers"])


async def _page(verification_id: str) -> bytes | None:
    key = (verification_id, locale.current())
    kept = _drawn.get(key)
    moment = None if kept is None else await engine.moment()
    if kept is not None and kept[0] == moment:
        return kept[1]
    entry = await queries.entry_of(verification_id)
    frame = _frames.get(_frame_key(entry))
    if frame is None:
        return None
    drawn = frame.filled(texts_of(entry))
    _drawn[key] = ONCE if kept is None else (moment, drawn)
    while len(_drawn) > MOST_DRAWN:
        _drawn.popitem(last=False)
    return drawn


async def keep_frame(
    entry: PublicEntry, draw: Callable[[Mapping[str, str]], Awaitable[str]]
) -> None:
    """Keep the page of every certificate that stands like this one, with gaps for its texts."""
    key = _frame_key(entry)
    if key not in _frames:
        while len(_frames) >= MOST_FRAMES:
            _frames.popitem(last=False)
        _frames[key] = frames.cut(await draw(frames.gaps(texts_of(entry))))


def forget() -> None:
    """Forget everything drawn (tests: each has a house of its own)."""
    _drawn.clear()
    _frames.clear()


def _frame_key(entry: PublicEntry) -> tuple[object, ...]:
    return locale.current(), entry.changes, *shape_of(entry)


def shape_of(entry: PublicEntry) -> tuple[object, ...]:
    """Return all on which the template decides; pages of one shape differ in their texts only."""
    return (
        entry.verdict,
        entry.kind,
        entry.doubt,
        entry.differs,
        entry.reason_code,
        entry.is_late,
        entry.logged_at is None,
        entry.changed_at is None,
        entry.successor_id is None,
        entry.predecessor_id is None,
        entry.reissues > 0,
    )


def texts_of(entry: PublicEntry) -> Mapping[str, str]:
    """Return what a page says of one certificate alone, in the language of the request."""
    register = {
        "id": entry.id,
        "kind": int(entry.kind),
        "number": entry.number,
        "name": entry.masked_name,
        "title": entry.claim_title,
        "issued_on": entry.issued_on.isoformat(),
        "commit": entry.commit,
        "differs": entry.differs,
    }
    return {
        "id": entry.id,
        "printed_id": printed_id(entry.id),
        "name": entry.masked_name,
        "title": entry.title,
        "number": entry.number,
        "issuer": entry.issuer,
        "issued_on": _day(entry.issued_on, locale.current()),
        "logged_at": _instant(entry.logged_at, locale.current()),
        "changed_at": _instant(entry.changed_at, locale.current()),
        "successor": entry.successor_id or "",
        "predecessor": entry.predecessor_id or "",
        "register": msgspec.json.encode(register).decode(),
    }


# Certificates come in batches: many are of one day, and were logged in one second.
@lru_cache(1024)
def _day(day: date, _language: str) -> str:
    return prose_date(day)


@lru_cache(1024)
def _instant(seconds: int | None, _language: str) -> str:
    return "" if seconds is None else prose_datetime(answers.moment(seconds))
