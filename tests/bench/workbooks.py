"""20,000 entries from one workbook: read in a limited child, checked cell by cell, durable.

Beside it stands calamine reading the same file, here and at once, and `executemany` writing the
same rows into the same tables: no child, no check, nothing sealed, nothing looked up, no journal.
"""

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from io import BytesIO
from pathlib import Path

os.environ.setdefault("PICCOLO_CONF", "app.storage.piccolo_conf")

import python_calamine

from app.imports import work
from app.imports.progress import tell_nobody
from app.main import open_house, settle_memory
from app.rules.actors import SYSTEM, Scope
from app.settings import load
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from tests.bench.measuring import Figure, processor_seconds
from tests.builders.competitions import AT, a_competition, an_event
from tests.builders.large import a_large_table

ROWS, ROUNDS = 20_000, 3
PERSON = (
    "INSERT INTO person (name, name_key, id_kind, id_digest, id_sealed, id_masked, birth_on, sex,"
    " ethnic_group, education, phone_sealed, phone_masked, created_at, version)"
    " VALUES (?5, ?5, ?9, ?10, ?10, ?10, ?8, ?6, ?7, ?12, ?18, ?18, '2026-01-01', 1)"
)
ENTRY = (
    "INSERT INTO entry (event, delegation, team, status, coach, note, registered_at,"
    " registered_by, version) VALUES (1, 1, ?4, 'registered', ?19, '', '2026-01-01', '', 1)"
)
CONTESTANT = (
    "INSERT INTO contestant (entry, competition, person, name, employer, position, skill_level,"
    " skill_certificate, household, clothes_size, diet, county_code, retired_entry)"
    " VALUES (?22, 1, ?22, ?5, ?13, ?14, ?15, ?16, ?11, ?20, ?21, ?17, 0)"
)


async def own(folder: Path) -> tuple[float, float, bytes]:
    """Read, check and write; return processor time, time by the clock, and the workbook."""
    async with open_house(load({"XIANGJIANG_DATA_DIR": str(folder)})):
        competition_id = await a_competition()
        await an_event(competition_id, quota=ROWS)
        content = a_large_table(await planning.events(competition_id), ROWS)
        scope = Scope("competition", str(competition_id))
        settle_memory()
        began, used = time.perf_counter(), processor_seconds()
        table, checked = await work.examine("entries", scope, content, AT, tell_nobody)
        async with write_transaction():
            outcome = await work.write_within("entries", scope, checked, by=SYSTEM, at=AT)
        used, took = processor_seconds() - used, time.perf_counter() - began
        assert not table.problems
        assert outcome.added == ROWS
        return used, took, content


def bare(folder: Path, content: bytes) -> float:
    """Read the cells and insert them as the same rows in one transaction."""
    database = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    for statement in schema(folder):
        database.execute(statement)
    began = time.perf_counter()
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python()[1:]
    database.execute("BEGIN")
    database.executemany(PERSON, (row[:18] for row in rows))
    database.executemany(ENTRY, (row[:19] for row in rows))
    database.executemany(CONTESTANT, ((*row, place) for place, row in enumerate(rows, start=1)))
    database.execute("COMMIT")
    took = time.perf_counter() - began
    database.close()
    return took


def schema(folder: Path) -> list[str]:
    """Return what creates the tables of the rows, with their indexes, from the house's own."""
    with closing(
        sqlite3.connect(f"file:{folder / 'xiangjiang.sqlite'}?mode=ro", uri=True)
    ) as database:
        rows = database.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND tbl_name IN ('person', 'entry', 'contestant') ORDER BY type DESC"
        )
        return [sql for (sql,) in rows]


def figures() -> list[Figure]:
    """Measure in turn, each round in a folder of its own."""
    outcomes = []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as text:
            used, took, content = asyncio.run(own(Path(text)))
            floor_used = -processor_seconds()
            floor = bare(Path(text), content)
            outcomes.append((took, floor, (floor_used + processor_seconds()) / used))
    took, floor, ratio = (statistics.median(part) for part in zip(*outcomes, strict=True))
    note = f"{ROWS / took:,.0f} rows/s (goal 1.5 s); by processor time {ratio:.2f}"
    return [Figure(f"import of {ROWS:,} entries from .xlsx", took, floor, 0.5, note)]
