"""A mark submitted and durable, 32 tablets at once: token, assignment, ledger, hash chain, answer.

Beside it stands sqlite3 committing the very same rows in groups of 32, with no check at all: the
record, the present value, the ledger's last link and the sheet's version, in tables with the same
indexes.
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

from app.main import create_app, open_house, settle_memory
from app.rules.mark_sheet import SheetAspect
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


async def own(settings: Settings) -> tuple[float, float, list[float]]:
    """Let 32 tablets mark at once; return the seconds in all, of the processor, of each mark."""
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
            bodies = [one_mark(tablet, sheet, aspects, place) for place in range(MARKS_EACH)]
            tablets.append((tablet, bodies))
        settle_memory()
        began, busy = time.perf_counter(), time.process_time()
        done = await asyncio.gather(*(judge_at_work(house, t, bodies) for t, bodies in tablets))
        took = time.perf_counter() - began
        each = [seconds for part in done for seconds in part]
        return took, time.process_time() - busy, each


def one_mark(tablet: FakeTablet, sheet: Any, aspects: list[SheetAspect], place: int) -> bytes:
    """Return a batch with one mark, as a tablet sends it that has heard every answer before."""
    tablet.mark(sheet, aspects[place].id, "8.25")
    body = tablet.body({sheet.key: 1 + place})
    tablet.waiting = []
    return body


def bare(folder: Path) -> float:
    """Commit the same rows, 32 marks a group, to a file of the same settings."""
    source = sqlite3.connect(folder / "xiangjiang.sqlite")
    target = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    target.execute("PRAGMA journal_mode=WAL")
    target.execute("PRAGMA synchronous=FULL")
    for name in ("mark_ledger", "mark_sheet", "ledger_record", "mark_head"):
        query = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL"
        for (ddl,) in source.execute(query, (name,)):
            target.execute(ddl)
    for name in ("mark_ledger", "mark_sheet"):
        rows = source.execute(f"SELECT * FROM {name}").fetchall()
        target.executemany(insert_into(name, rows[0]), rows)
    records = source.execute("SELECT * FROM ledger_record ORDER BY id").fetchall()
    heads = source.execute("SELECT * FROM mark_head ORDER BY record_id").fetchall()
    links = source.execute(
        "SELECT sheet, ledger, seq, hash FROM ledger_record ORDER BY id"
    ).fetchall()
    source.close()
    began = time.perf_counter()
    for first in range(0, len(records), TABLETS):
        group = slice(first, first + TABLETS)
        target.execute("BEGIN IMMEDIATE")
        target.executemany(insert_into("ledger_record", records[0]), records[group])
        target.executemany(insert_into("mark_head", heads[0]), heads[group])
        sheets = [(sheet,) for sheet, *_ in links[group]]
        target.executemany("UPDATE mark_sheet SET version = version + 1 WHERE id = ?", sheets)
        last = {ledger: (seq, digest, ledger) for _, ledger, seq, digest in links[group]}
        target.executemany("UPDATE mark_ledger SET seq = ?, root = ? WHERE id = ?", last.values())
        target.execute("COMMIT")
    took = time.perf_counter() - began
    target.close()
    (folder / "bare.sqlite").unlink()
    return took


def insert_into(name: str, row: tuple[object, ...]) -> str:
    """Return the statement that inserts such a row."""
    return f"INSERT INTO {name} VALUES ({','.join('?' * len(row))})"


def figures() -> list[Figure]:
    """Measure in turn, each round in a folder of its own."""
    outcomes, singles, busy = [], [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as text:
            folder = Path(text)
            settings = load({"XIANGJIANG_DATA_DIR": text})
            took, cpu, each = asyncio.run(own(settings))
            outcomes.append((took, bare(folder)))
            singles += each
            busy.append(cpu)
    count = TABLETS * MARKS_EACH
    took, floor = (statistics.median(part) for part in zip(*outcomes, strict=True))
    p99 = statistics.quantiles(singles, n=100)[98] * 1000
    micros = statistics.median(busy) / count * 1e6
    note = f"{count / took:,.0f} marks/s, p99 {p99:.0f} ms (goal 100), {micros:.0f} us CPU each"
    return [Figure(f"a mark submitted, {TABLETS} at once, {count}", took, floor, 0.25, note)]
