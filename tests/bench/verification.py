"""The verification page over HTTP, beside a constant answer of the same server."""

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.measuring import Figure
from tests.browser import Server, run_verb, serving, settings_for

CONNECTIONS, REQUESTS, ROUNDS = 16, 150, 3


async def ask(host: str, port: int, path: str) -> None:
    """Fetch one address again and again over one connection."""
    reader, writer = await asyncio.open_connection(host, port)
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept-Language: zh\r\n\r\n".encode()
    for _ in range(REQUESTS):
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 200"), head
        length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
    writer.close()
    await writer.wait_closed()


def round_of(server: Server, path: str) -> float:
    """Time all connections together."""
    host, port = server.origin.removeprefix("http://").split(":")

    async def together() -> None:
        await asyncio.gather(*(ask(host, int(port), path) for _ in range(CONNECTIONS)))

    began = time.perf_counter()
    asyncio.run(together())
    return time.perf_counter() - began


def figures() -> list[Figure]:
    """Measure the page of a demonstration's certificate and /healthz in turn."""
    with tempfile.TemporaryDirectory() as text:
        settings = settings_for(Path(text), DEMO="1")
        run_verb(["migrate"], settings)
        run_verb(["seed"], settings)
        with serving(Path(text), DEMO="1", LIMIT_FACTOR="0") as server:
            certificates = json.loads(server.run("certificates", "--json"))
            valid = next(item for item in certificates if item["status"] == "valid")
            path = f"/v/{valid['id']}"
            pairs = [(round_of(server, path), round_of(server, "/healthz")) for _ in range(ROUNDS)]
    own, floor = (statistics.median(part) for part in zip(*pairs, strict=True))
    note = f"{CONNECTIONS * REQUESTS / own:,.0f} pages/s"
    return [Figure(f"verification page, {CONNECTIONS * REQUESTS} over HTTP", own, floor, 0.5, note)]
