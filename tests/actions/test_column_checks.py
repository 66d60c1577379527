"""An older SQLite file, made before columns checked themselves, comes to check them."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from app.storage import column_checks, engine, migrations, schema
from app.storage.column_checks import OtherValues
from tests import databases

pytestmark = pytest.mark.anyio
CHECK = re.compile(r" CHECK \((?:typeof\(\S+\) IN \('integer', 'null'\)|\S+ IN \(0, 1\))\)")
ORGANIZATION = (
    "INSERT INTO organization (name, kind, created_at, is_closed, version)"
    " VALUES (?, 'school', '2026-11-23 01:30:00+00:00', ?, ?)"
)


@pytest.fixture
async def older(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Path]:
    """An open house over a file whose tables have no checks, with one organization."""
    path = tmp_path / "older.sqlite"
    with closing(sqlite3.connect(sqlite_template)) as whole, closing(sqlite3.connect(path)) as old:
        for (definition,) in whole.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC"
        ).fetchall():
            old.execute(CHECK.sub("", definition))
        old.executemany(
            "INSERT INTO migration VALUES (?, ?, ?, ?)", whole.execute("SELECT * FROM migration")
        )
        old.execute(ORGANIZATION, ["榕江县职校", 0, 1])
        old.commit()
        assert "CHECK" not in str(old.execute("SELECT sql FROM sqlite_master").fetchall())
    async with databases.opened(f"sqlite:///{path}"):
        yield path


async def definitions() -> dict[str, str]:
    rows = await engine.fetch("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    return {row["name"]: row["sql"] for row in rows}


class TestOlderFile:
    async def test_becomes_as_a_new_one_and_keeps_its_rows(self, older, sqlite_template):
        with closing(sqlite3.connect(sqlite_template)) as whole:
            new = dict(whole.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))

        assert "organization" in await column_checks.complete()

        assert await definitions() == new
        assert await column_checks.complete() == []
        assert await schema.problems() == []
        assert await migrations.pending() == []
        rows = await engine.fetch("SELECT name FROM organization")
        assert [row["name"] for row in rows] == ["榕江县职校"]

    @pytest.mark.parametrize(("closed", "version"), [(0, "many"), (0, 1.5), (2, 1)])
    async def test_refuses_other_values_from_then_on(self, older, closed, version):
        await column_checks.complete()

        with closing(sqlite3.connect(older)) as another, pytest.raises(sqlite3.IntegrityError):
            another.execute(ORGANIZATION, ["贵阳市技师学院", closed, version])
        with pytest.raises(sqlite3.IntegrityError):
            await engine.fetch(ORGANIZATION, ["贵阳市技师学院", closed, version])

    async def test_stays_as_it_was_where_a_value_is_of_another_type(self, older):
        await engine.fetch(ORGANIZATION, ["贵阳市技师学院", 0, "many"])
        before = await definitions()

        with pytest.raises(OtherValues, match="organization"):
            await column_checks.complete()

        assert await definitions() == before
        await engine.fetch(ORGANIZATION, ["凯里学院", 0, "many"])


class TestAnyDatabase:
    async def test_that_is_new_lacks_nothing(self, database):
        assert await column_checks.complete() == []
