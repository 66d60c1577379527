"""20,000 entries from one workbook: read in a limited child, checked cell by cell, durable.

Beside it stands calamine reading the same file and sqlite3 taking its cells, with no check at all.
"""

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from io import BytesIO
from pathlib import Path

os.environ.setdefault("PICCOLO_CONF", "app.storage.piccolo_conf")

import python_calamine

from app.imports import work
from app.imports.progress import tell_nobody
from app.main import open_house
from app.rules.actors import SYSTEM, Scope
from app.settings import load
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from tests.bench.measuring import Figure
from tests.builders.competitions import AT, a_competition, an_event
from tests.builders.large import a_large_table

ROWS, ROUNDS = 20_000, 3


async def own(folder: Path) -> tuple[float, bytes]:
    """Read, check and write; return the seconds and the workbook."""
    async with open_house(load({"XIANGJIANG_DATA_DIR": str(folder)})):
        competition_id = await a_competition()
        await an_event(competition_id, quota=ROWS)
        content = a_large_table(await planning.events(competition_id), ROWS)
        scope = Scope("competition", str(competition_id))
        began = time.perf_counter()
        table, checked = await work.examine("entries", scope, content, AT, tell_nobody)
        async with write_transaction():
            outcome = await work.write_within("entries", scope, checked, by=SYSTEM, at=AT)
        took = time.perf_counter() - began
        assert not table.problems
        assert outcome.added == ROWS
        return took, content


def bare(folder: Path, content: bytes) -> float:
    """Read the cells and insert them in one transaction."""
    database = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    began = time.perf_counter()
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()
    width = len(rows[0])
    columns = ", ".join(f"c{place} TEXT" for place in range(width))
    database.execute(f"CREATE TABLE cells ({columns})")
    database.execute("BEGIN")
    database.executemany(f"INSERT INTO cells VALUES ({', '.join('?' * width)})", rows[1:])
    database.execute("COMMIT")
    took = time.perf_counter() - began
    database.close()
    return took


def figures() -> list[Figure]:
    """Measure in turn, each round in a folder of its own."""
    outcomes = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as text:
            took, content = asyncio.run(own(Path(text)))
            outcomes.append((took, bare(Path(text), content)))
    took, floor = (statistics.median(part) for part in zip(*outcomes, strict=True))
    note = f"{ROWS / took:,.0f} rows/s (goal 1.5 s)"
    return [Figure(f"import of {ROWS:,} entries from .xlsx", took, floor, 0.5, note)]
