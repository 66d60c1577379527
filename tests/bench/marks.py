"""A mark submitted and durable, 32 tablets at once: sign-in, assignment, ledger, hash chain.

Beside it stands sqlite3 committing the very same rows in groups of 32, with no check at all.
"""

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("PICCOLO_CONF", "app.storage.piccolo_conf")

from litestar.types import ASGIApp, Message, Scope

from app.main import create_app, open_house
from app.settings import Settings, load
from tests.bench.measuring import Figure
from tests.builders.sheets import FakeTablet, a_form, a_judge, a_tablet, an_aspect, open_sheets

TABLETS, MARKS_EACH, ROUNDS = 32, 60, 3


async def post(house: ASGIApp, path: str, body: bytes, token: str) -> int:
    """Send one request through the whole application, without a network."""
    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 8000),
        "state": {},
        "headers": [
            (b"host", b"127.0.0.1:8000"),
            (b"content-type", b"application/json"),
            (b"authorization", f"Bearer {token}".encode()),
            (b"content-length", str(len(body)).encode()),
        ],
    }
    status = 0
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        return waiting.pop() if waiting else await asyncio.Future()

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]

    made: Scope = scope
    await house(made, receive, send)
    return status


async def judge_at_work(house: ASGIApp, tablet: FakeTablet, bodies: list[bytes]) -> list[float]:
    """Post one mark after another, each when the one before is confirmed."""
    times = []
    for body in bodies:
        began = time.perf_counter()
        status = await post(house, "/j/api/sync", body, tablet.token)
        times.append(time.perf_counter() - began)
        assert status == 200, status
    return times


async def own(settings: Settings) -> tuple[float, list[float]]:
    """Let 32 tablets mark at once; return the seconds in all and of each mark."""
    house = create_app(settings)
    async with open_house(settings):
        aspects = [an_aspect(f"A{number}") for number in range(MARKS_EACH)]
        tablets = []
        for number in range(TABLETS):
            judge = await a_judge(f"裁判{number}")
            code = f"{number:03d}"
            opened = await open_sheets(
                {"J1": judge},
                codes=[code],
                form=a_form(*aspects),
                name=f"competitions.event:{1000 + number % 8}",
            )
            sheet = next(row for row in opened if row.subject_code == code)
            tablet = await a_tablet(judge)
            tablets.append((tablet, [one_mark(tablet, sheet, a.id) for a in aspects]))
        began = time.perf_counter()
        done = await asyncio.gather(*(judge_at_work(house, t, bodies) for t, bodies in tablets))
        return time.perf_counter() - began, [seconds for part in done for seconds in part]


def one_mark(tablet: FakeTablet, sheet: Any, aspect: str) -> bytes:
    """Return a batch with one mark, as a tablet sends it while the network is good."""
    tablet.mark(sheet, aspect, "8.25")
    body = tablet.body()
    tablet.waiting = []
    return body


def bare(folder: Path) -> float:
    """Commit the same ledger rows, 32 a group, to a file of the same settings."""
    with sqlite3.connect(folder / "xiangjiang.sqlite") as source:
        [ddl] = source.execute(
            "SELECT sql FROM sqlite_master WHERE name = 'ledger_record'"
        ).fetchone()
        rows = source.execute("SELECT * FROM ledger_record").fetchall()
    source.close()
    target = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    target.execute("PRAGMA journal_mode=WAL")
    target.execute("PRAGMA synchronous=FULL")
    target.execute(ddl)
    insert = f"INSERT INTO ledger_record VALUES ({','.join('?' * len(rows[0]))})"
    began = time.perf_counter()
    for first in range(0, len(rows), TABLETS):
        target.execute("BEGIN IMMEDIATE")
        for row in rows[first : first + TABLETS]:
            target.execute(insert, row)
        target.execute("COMMIT")
    took = time.perf_counter() - began
    target.close()
    (folder / "bare.sqlite").unlink()
    return took


def figures() -> list[Figure]:
    """Measure in turn, each round in a folder of its own."""
    outcomes, singles = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as text:
            folder = Path(text)
            settings = load({"XIANGJIANG_DATA_DIR": text})
            took, each = asyncio.run(own(settings))
            outcomes.append((took, bare(folder)))
            singles += each
    count = TABLETS * MARKS_EACH
    took, floor = (statistics.median(part) for part in zip(*outcomes, strict=True))
    p99 = statistics.quantiles(singles, n=100)[98] * 1000
    note = f"{count / took:,.0f} marks/s, p99 {p99:.0f} ms (goal 100)"
    return [Figure(f"a mark submitted, {TABLETS} at once, {count}", took, floor, 0.25, note)]
