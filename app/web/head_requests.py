"""HEAD is answered as GET is, without the body: link checkers and monitors ask so."""

from typing import Any

from litestar import Litestar
from litestar.types import Message, Send


class House(Litestar):
    """The application; every address that can be read can be asked after."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        if scope.get("method") == "HEAD":
            await super().__call__(scope | {"method": "GET"}, receive, _without_body(send))
        else:
            await super().__call__(scope, receive, send)


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return send_head
