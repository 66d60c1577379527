"""A network that fails on command: a small proxy between a browser and a real server.

Playwright's own offline switch does not reach the service worker's update checks nor a browser
that was started again; a proxy is the truth.
"""

import http.client
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import urlsplit

from playwright.sync_api import Route

from app.web.templating import static_prefix

SYNC = "/j/api/sync"
WORKER = "/j/sw.js"
BUILD = static_prefix().rsplit("/", 1)[-1]
HOP = {
    "connection",
    "keep-alive",
    "transfer-encoding",
    "content-length",
    "content-encoding",
    "date",
    "server",
}
PORTAL = b"<!DOCTYPE html><title>Welcome</title><h1>Please accept the terms of this network</h1>"
PORTALS = {"portal": 200, "400": 400, "403": 403, "404": 404, "413": 413}
HALVES = {"torn", "stalled"}


class FaultyNetwork:
    """Passes requests on to `upstream`, unless told otherwise.

    `faults` are used up one by one by the sync requests: "500", "429", "lost" (the server has
    committed, the answer never arrives), "torn" (half an answer), "stalled" (half an answer, then
    silence), "portal" (somebody else's page with 200), and such a page with "400", "403", "404" or
    "413". While `is_down`, every connection is reset. Sheets' pages come `lateness` seconds late.
    `deployed` names another build: the server seems to have it, and `withholds_worker` its worker.
    """

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream).netloc
        self.is_down = False
        self.lateness = 0.0
        self.deployed = b""
        self.withholds_worker = False
        self.faults: list[str] = []
        self.met: list[str] = []
        self._lock = threading.Lock()
        self._server = _Door(self)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def origin(self) -> str:
        """The address that browsers open."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def next_fault(self, path: str) -> str:
        """Take the next fault for a sync request; none for any other."""
        with self._lock:
            if path != SYNC or not self.faults:
                return ""
            self.met.append(self.faults[0])
            return self.faults.pop(0)

    def start(self) -> None:
        """Begin to pass requests on."""
        self._thread.start()

    def stop(self) -> None:
        """End, and free the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Passing(BaseHTTPRequestHandler):
    """One connection of a browser; its server knows the network that it stands in."""

    protocol_version = "HTTP/1.1"

    @property
    def network(self) -> FaultyNetwork:
        return cast(_Door, self.server).network

    def handle(self) -> None:
        with suppress(ConnectionError, TimeoutError):
            super().handle()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _pass(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length) if length else None
        fault = self.network.next_fault(self.path)
        if self.path.startswith("/j/sheets/"):
            time.sleep(self.network.lateness)
        if self.network.is_down or (self.network.withholds_worker and self.path == WORKER):
            self._reset()
        elif fault in PORTALS:
            self._answer(PORTALS[fault], [("content-type", "text/html")], PORTAL)
        elif fault in {"500", "429"}:
            self._answer(int(fault), [], b"")
        else:
            self._forward(body, fault)

    def _forward(self, body: bytes | None, fault: str) -> None:
        link = http.client.HTTPConnection(self.network.upstream, timeout=30)
        try:
            headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
            headers["Accept-Encoding"] = "identity"
            path = self.path.replace(self.network.deployed.decode() or BUILD, BUILD)
            link.request(self.command, path, body=body, headers=headers)
            answer = link.getresponse()
            sent, told = self._as_deployed(answer.read(), answer.getheaders())
        except OSError:
            self._reset()
            return
        finally:
            link.close()
        if fault == "lost" or self.network.is_down:
            self._reset()
        else:
            self._answer(answer.status, told, sent, half=fault)

    def _as_deployed(
        self, body: bytes, headers: list[tuple[str, str]]
    ) -> tuple[bytes, list[tuple[str, str]]]:
        other = self.network.deployed or BUILD.encode()
        told = [(name, value.replace(BUILD, other.decode())) for name, value in headers]
        return body.replace(BUILD.encode(), other), told

    def _answer(
        self, status: int, headers: list[tuple[str, str]], body: bytes, *, half: str = ""
    ) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if half in HALVES else body)
        if half == "stalled":
            self.rfile.read(1)  # until the browser has had enough
        if half in HALVES:
            self._reset()

    def _reset(self) -> None:
        with suppress(OSError):
            self.wfile.flush()
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
        self.close_connection = True

    do_GET = do_POST = do_HEAD = do_PUT = _pass  # noqa: N815 - the base class's names


class _Door(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, network: FaultyNetwork) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.network = network


def portal(status: int) -> Callable[[Route], None]:
    """Answer a page's request with a stranger's page."""

    def answer(route: Route) -> None:
        route.fulfill(status=status, content_type="text/html", body=PORTAL)

    return answer


@contextmanager
def faulty_network(upstream: str) -> Iterator[FaultyNetwork]:
    """Stand between a browser and a server until the block ends."""
    network = FaultyNetwork(upstream)
    network.start()
    try:
        yield network
    finally:
        network.stop()
