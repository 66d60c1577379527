"""A small page without https, on which tablets fetch the hall's authority before they trust it."""

import http.server
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final

from app.venue import authority
from app.web import locale
from app.web.templating import STATIC, environment

FILE_NAME: Final = "xiangjiang-venue.crt"
STYLE: Final = "house.css"
HTML: Final = "text/html; charset=utf-8"


class HandOut(http.server.ThreadingHTTPServer):
    """Serves the authority's certificate and how to install it, until stopped."""

    def __init__(self, path: Path, *, venue_origin: str, port: int) -> None:
        fingerprint = authority.fingerprint(authority.read(path))
        self.answers: Mapping[str, tuple[str, bytes]] = {
            "/": (HTML, _page("zh", fingerprint, venue_origin)),
            "/en": (HTML, _page("en", fingerprint, venue_origin)),
            f"/{STYLE}": ("text/css; charset=utf-8", (STATIC / STYLE).read_bytes()),
            f"/{FILE_NAME}": ("application/x-x509-ca-cert", path.read_bytes()),
        }
        super().__init__(("0.0.0.0", port), _Door)  # noqa: S104 - tablets of the hall come here


class _Door(http.server.BaseHTTPRequestHandler):
    """Gives what stands at an address, and nothing else."""

    server: HandOut

    def do_GET(self) -> None:
        kind, body = self.server.answers.get(self.path, ("", b""))
        if not kind:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the page is for a hall, not for a record."""


def _page(language: str, fingerprint: str, origin: str) -> bytes:
    before = locale.current()
    locale.use(language)
    template = environment().get_template("app/venue/hand_out.html")
    text = template.render(
        language=language, file_name=FILE_NAME, fingerprint=fingerprint, origin=origin
    )
    locale.use(before)
    return text.encode()
