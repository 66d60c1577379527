"""Cookies on raw ASGI messages, for middleware that answers nothing itself."""

from http.cookies import SimpleCookie
from typing import Final

from litestar.types import Message

SESSION: Final = "xj_session"
VISIT: Final = "xj_visit"
TOAST: Final = "xj_toast"
LANGUAGE: Final = "xj_lang"


def cookie_header(
    name: str, value: str, *, max_age: int | None, is_https: bool
) -> tuple[bytes, bytes]:
    """Return a Set-Cookie header; `max_age` in seconds, None for as long as the browser runs."""
    cookie: SimpleCookie = SimpleCookie()
    cookie[name] = value
    morsel = cookie[name]
    morsel["path"] = "/"
    morsel["httponly"] = True
    morsel["samesite"] = "Lax"
    if is_https:
        morsel["secure"] = True
    if max_age is not None:
        morsel["max-age"] = max_age
    return b"set-cookie", morsel.OutputString().encode("latin-1")


def add_header(message: Message, header: tuple[bytes, bytes]) -> None:
    """Add a header to a response's start."""
    if message["type"] == "http.response.start":
        message["headers"] = [*message.get("headers", ()), header]
