"""The application with what stands before the framework's own routing."""

from collections.abc import Sequence
from typing import Any

from litestar import Litestar
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Send


class House(Litestar):
    """The application; every address that can be read can be asked after with HEAD.

    HEAD is answered as GET is, without the body: link checkers and monitors ask so. `outermost`
    sees each request before the framework does, also those that no route takes.
    """

    def __init__(self, *, outermost: Sequence[ASGIMiddleware], **composed: Any) -> None:
        super().__init__(**composed)
        whole: Any = super().__call__
        for middleware in reversed(outermost):
            whole = middleware(whole)
        self._whole: ASGIApp = whole

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await super().__call__(scope, receive, send)
            return
        scope.setdefault("state", {})
        if scope.get("method") == "HEAD":
            scope, send = scope | {"method": "GET"}, _without_body(send)
        await self._whole(scope, receive, send)


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return send_head
