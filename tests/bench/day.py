"""The evening after a day without a network: 40 tablets send all their marks at once.

On SQLite and on PostgreSQL, both durable. Beside each stands its own driver that commits the very
same rows, in groups of one batch, with no check at all. Nothing may be lost or doubled.
"""

import asyncio
import os
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

os.environ.setdefault("PICCOLO_CONF", "app.storage.piccolo_conf")

from app.main import create_app, open_house, settle_memory
from app.settings import Settings, load
from app.sheets.checking import verify_ledgers
from app.storage import engine
from tests.bench.marks import insert_into, post
from tests.bench.measuring import Figure
from tests.builders.sheets import FakeTablet, a_form, a_judge, a_tablet, an_aspect, open_sheets
from tests.databases import postgres_server

TABLETS, SHEETS, ASPECTS, BATCH = 40, 10, 30, 100
MARKS = TABLETS * SHEETS * ASPECTS
COPIED = ("ledger_record", "mark_head")


def figures() -> list[Figure]:
    """Measure both databases."""
    found = []
    with tempfile.TemporaryDirectory() as text:
        settings = load({"XIANGJIANG_DATA_DIR": text})
        took, _ = asyncio.run(own(settings))
        found.append(figure("SQLite", took, bare_sqlite(Path(text))))
    with tempfile.TemporaryDirectory() as text, postgres_server(is_durable=True) as url:
        asyncio.run(make_database(url))
        address = {"XIANGJIANG_DATABASE_URL": f"{url}/day", "XIANGJIANG_DATA_DIR": text}
        took, rows = asyncio.run(own(load(address)))
        found.append(figure("PostgreSQL", took, asyncio.run(bare_postgres(f"{url}/day", rows))))
    return found


def figure(name: str, took: float, floor: float) -> Figure:
    """Return the line of one database."""
    note = f"{MARKS / took:,.0f} marks/s, none lost"
    return Figure(f"a day's {MARKS} marks of {TABLETS} tablets, {name}", took, floor, 0.2, note)


async def own(settings: Settings) -> tuple[float, dict[str, list[tuple[Any, ...]]]]:
    """Let every tablet send its day; return the seconds and the rows that came of it."""
    house = create_app(settings)
    async with open_house(settings):
        tablets = [await a_day(number) for number in range(TABLETS)]
        bodies = [(tablet, in_batches(tablet)) for tablet in tablets]
        settle_memory()
        began = time.perf_counter()
        await asyncio.gather(*(send(house, tablet, parts) for tablet, parts in bodies))
        took = time.perf_counter() - began
        rows = {
            name: [
                tuple(row) for row in await engine.fetch(f"SELECT * FROM {name} ORDER BY id", [])
            ]
            for name in COPIED
        }
        assert len(rows["ledger_record"]) == len(rows["mark_head"]) == MARKS
        assert await verify_ledgers() == []
    return took, rows


async def a_day(number: int) -> FakeTablet:
    """A tablet whose judge marked every aspect of ten sheets without a network."""
    judge = await a_judge(f"裁判{number}")
    codes = [f"{number:02d}{sheet:02d}" for sheet in range(SHEETS)]
    form = a_form(*(an_aspect(f"A{place}") for place in range(ASPECTS)))
    name = f"competitions.event:{2000 + number % 8}"
    opened = await open_sheets({"J1": judge}, codes=codes, form=form, name=name)
    tablet = await a_tablet(judge)
    for sheet in opened:
        if sheet.subject_code in codes:
            for place in range(ASPECTS):
                tablet.mark(sheet, f"A{place}", f"{place % 10}.5")
    return tablet


def in_batches(tablet: FakeTablet) -> list[bytes]:
    """Return what the tablet posts, a hundred entries at a time."""
    entries, bodies = tablet.waiting, []
    for first in range(0, len(entries), BATCH):
        tablet.waiting = entries[first : first + BATCH]
        bodies.append(tablet.body())
    return bodies


async def send(house: Any, tablet: FakeTablet, bodies: Sequence[bytes]) -> None:
    """Post one batch after another, each when the one before is confirmed."""
    for body in bodies:
        status = await post(house, "/j/api/sync", body, tablet.token)
        assert status == 200, status


def bare_sqlite(folder: Path) -> float:
    """Commit the same rows to a file of the same settings."""
    source = sqlite3.connect(folder / "xiangjiang.sqlite")
    target = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    target.execute("PRAGMA journal_mode=WAL")
    target.execute("PRAGMA synchronous=FULL")
    stored = {}
    for name in COPIED:
        query = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL"
        for (ddl,) in source.execute(query, (name,)):
            target.execute(ddl)
        stored[name] = source.execute(f"SELECT * FROM {name} ORDER BY id").fetchall()
    began = time.perf_counter()
    for first in range(0, MARKS, BATCH):
        target.execute("BEGIN IMMEDIATE")
        for name in COPIED:
            part = stored[name][first : first + BATCH]
            target.executemany(insert_into(name, part[0]), part)
        target.execute("COMMIT")
    return time.perf_counter() - began


async def make_database(url: str) -> None:
    """Make the empty database that the house then fills with tables."""
    link = await asyncpg.connect(f"{url}/postgres")
    await link.execute("CREATE DATABASE day")
    await link.close()


async def bare_postgres(url: str, rows: dict[str, list[tuple[Any, ...]]]) -> float:
    """Commit the same rows to empty tables of the same make."""
    link = await asyncpg.connect(url)
    for name in COPIED:
        await link.execute(f"CREATE TABLE bare_{name} (LIKE {name} INCLUDING ALL)")
    began = time.perf_counter()
    for first in range(0, MARKS, BATCH):
        async with link.transaction():
            for name in COPIED:
                part = rows[name][first : first + BATCH]
                places = ", ".join(f"${place + 1}" for place in range(len(part[0])))
                await link.executemany(f"INSERT INTO bare_{name} VALUES ({places})", part)
    took = time.perf_counter() - began
    await link.close()
    return took
