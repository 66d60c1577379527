"""Answers that pages give besides a page."""

from urllib.parse import quote

from litestar.datastructures import Cookie
from litestar.response import Redirect

from app.web import cookies
from app.web.http import AnyRequest

TOAST_SECONDS = 60


def go(path: str, *, toast: str = "") -> Redirect:
    """Send the browser on after a form (303), with a word about what was done."""
    given = [Cookie(cookies.TOAST, value=quote(toast), max_age=TOAST_SECONDS, httponly=True)]
    return Redirect(path, status_code=303, cookies=given if toast else None)


def local_path(text: str, otherwise: str = "/") -> str:
    """Return a path of this site to go on to; never another site's address."""
    is_local = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if is_local else otherwise


def wants_json(request: AnyRequest) -> bool:
    """Tell whether the asker is a program: an API address, or an Accept header that says so."""
    path = request.scope["path"]
    accepted = request.headers.get("accept", "")
    return (
        path.startswith(("/api/", "/j/api/"))
        or path.endswith(".json")
        or ("application/json" in accepted and "text/html" not in accepted)
    )
