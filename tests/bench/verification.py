"""The verification page over HTTP, beside a constant answer of the same server.

Each certificate is asked for once, in six rounds: at first sight. Then all are asked for again
and again, more of them than the server keeps drawn pages of, so that each page is made anew from
the register; and at last one and the same. `verification=3000000` fills the register with
synthetic certificates first (it takes minutes), to show that it stays flat.

The constant answer is /healthz. It comes from the same process over the same connections, through
the same outermost middleware (number, language, address, log line), and then through what every
page of the framework passes: its routing, the session, the form guard, its response. A stranger's
verification page needs none of these and is answered before them, as the house serves it. So an
answer that is kept is faster than the constant one, although it is a page of some thousand bytes
beside two letters. No limit is kept, or there would be 60 pages. The server is warmed by constant
answers only.
"""

import asyncio
import json
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from tests.bench.many_certificates import fill
from tests.bench.measuring import Figure
from tests.browser import Server, run_verb, serving, settings_for

CONNECTIONS, ROUNDS = 16, 5
FRESH, FRESH_ROUNDS = 400, 6
ASKED = FRESH * FRESH_ROUNDS
SMALLEST = 1_000
GOAL, GOAL_KEPT = 0.5, 0.9


async def ask(host: str, port: int, paths: Sequence[str]) -> None:
    """Fetch addresses one after the other over one connection."""
    reader, writer = await asyncio.open_connection(host, port)
    for path in paths:
        request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept-Language: zh\r\n\r\n"
        writer.write(request.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"http/1.1 200"), head
        length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
    writer.close()
    await writer.wait_closed()


def round_of(server: Server, paths: Sequence[str]) -> float:
    """Time all connections together, each with its share of the addresses."""
    host, port = server.origin.removeprefix("http://").split(":")

    async def together() -> None:
        shares = [paths[place::CONNECTIONS] for place in range(CONNECTIONS)]
        await asyncio.gather(*(ask(host, int(port), share) for share in shares))

    began = time.perf_counter()
    asyncio.run(together())
    return time.perf_counter() - began


def figures(count: int = SMALLEST) -> list[Figure]:
    """Measure the pages of a register of `count` certificates and /healthz in turn."""
    with tempfile.TemporaryDirectory() as text:
        settings = settings_for(Path(text), DEMO="1")
        run_verb(["migrate"], settings)
        run_verb(["seed"], settings)
        ids = fill(Path(text), count, ASKED)
        with serving(Path(text), DEMO="1", LIMIT_FACTOR="0") as server:
            assert "有效" in server.get(f"/v/{ids[0]}")
            anew = [f"/v/{one}" for one in ids]
            same, floor = anew[:1] * ASKED, ["/healthz"] * ASKED
            wrong, unknown = (rows_of(letter) for letter in "ZY")
            alike = [[told(server, rows) for rows in (wrong, unknown)] for _ in range(2 * ROUNDS)]
            fresh = [anew[FRESH * place :][:FRESH] for place in range(FRESH_ROUNDS)]
            round_of(server, floor)
            firsts = rounds_of(server, *([part, floor[:FRESH]] for part in fresh))
            times = rounds_of(server, *[[anew, same, floor]] * ROUNDS)
    name, number = (statistics.median(part) for part in zip(*alike, strict=True))
    first, beside = (part * FRESH_ROUNDS for part in firsts)
    made, kept, bare = times
    return [
        Figure(f"verification page, {count:,}, at first sight", first, beside, GOAL, _rate(first)),
        Figure(f"verification page, {count:,} certificates", made, bare, GOAL, _rate(made)),
        Figure("verification page, the same one again", kept, bare, GOAL_KEPT, _rate(kept)),
        Figure("1,000 wrong names beside unknown numbers", name, number, GOAL_KEPT, "alike is 1"),
    ]


def rounds_of(server: Server, *rounds: Sequence[Sequence[str]]) -> list[float]:
    """Time each part of each round, one after the other; return the median of each part."""
    times = [[round_of(server, paths) for paths in parts] for parts in rounds]
    return [statistics.median(part) for part in zip(*times, strict=True)]


def rows_of(letter: str) -> bytes:
    """A thousand questions for the synthetic numbers, or for numbers that nobody has."""
    rows = [{"number": f"{letter}{place:015d}", "name": "无此人"} for place in range(1000)]
    return json.dumps({"rows": rows}).encode()


def told(server: Server, rows: bytes) -> float:
    """Ask in one request, and time the answer: nothing was found."""
    request = urllib.request.Request(
        server.origin + "/api/v1/verify", rows, {"Content-Type": "application/json"}
    )
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:
        found = json.loads(answer.read())["rows"]
    assert {row["reason"] for row in found} == {"not_found"}
    return time.perf_counter() - began


def _rate(seconds: float) -> str:
    return f"{ASKED / seconds:,.0f} pages/s"
