"""Migrations: a fresh database is the program's own, and one with data comes along."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.commands.new import AutoMigrationManager
from piccolo.columns.column_types import Text

from app.people.actions import find_or_add_organization_within
from app.people.kinds import OrganizationKind
from app.people.tables import Organization
from app.rules.actors import SYSTEM
from app.storage import engine, migrations, schema
from app.storage.engine import write_transaction
from app.storage.migrations import FromTheFuture, NotMigrated, Step, migrate, pending, prepare
from tests import databases

pytestmark = pytest.mark.anyio
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
LATER = "2999-01-01T00:00:00:000000"
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, column_default
FROM information_schema.columns WHERE table_schema = 'public'
"""
INDEXES = "SELECT tablename AS table_name, indexdef FROM pg_indexes WHERE schemaname = 'public'"
REFERENCES = """
SELECT conrelid::regclass::text AS table_name, pg_get_constraintdef(oid) AS said
FROM pg_constraint WHERE contype = 'f'
"""
WITHOUT_NUMBERS = {
    "postgres": ["ALTER TABLE audit_record DROP CONSTRAINT audit_record_number_key"],
    "sqlite": [
        "CREATE TABLE plain AS SELECT * FROM audit_record",
        "DROP TABLE audit_record",
        "ALTER TABLE plain RENAME TO audit_record",
        "CREATE INDEX plain_number ON audit_record (number)",
    ],
}


async def shape() -> dict[str, list[str]]:
    """Describe every table of ours as the engine itself sees it."""
    found: dict[str, list[str]] = {table._meta.tablename: [] for table in engine.tables()}
    if "Sqlite" in type(engine.current()).__name__:
        await _sqlite_shape(found)
    else:
        for query in (COLUMNS, INDEXES, REFERENCES):
            for row in await Organization.raw(query):
                if row["table_name"].strip('"') in found:
                    found[row["table_name"].strip('"')].append(str(sorted(row.items())))
    return {name: sorted(lines) for name, lines in found.items()}


async def _sqlite_shape(found: dict[str, list[str]]) -> None:
    for name, lines in found.items():
        for row in await Organization.raw(f'PRAGMA table_info("{name}")'):
            lines.append(str([row[key] for key in ("name", "type", "notnull", "dflt_value", "pk")]))
        for row in await Organization.raw(f'PRAGMA foreign_key_list("{name}")'):
            lines.append(str([row[key] for key in ("from", "table", "to", "on_delete")]))
        for index in await Organization.raw(f'PRAGMA index_list("{name}")'):
            columns = await Organization.raw(f'PRAGMA index_info("{index["name"]}")')
            lines.append(str([index["unique"], [column["name"] for column in columns]]))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Give the program one migration more: organizations get a nickname."""

    async def forwards() -> MigrationManager:
        manager = MigrationManager(migration_id=LATER, app_name="app", description="nickname")
        manager.add_column(
            table_class_name="Organization",
            tablename="organization",
            column_name="nickname",
            db_column_name="nickname",
            column_class_name="Text",
            column_class=Text,
            params={"default": None, "null": True, "unique": False, "index": False},
        )
        return manager

    module: Any = SimpleNamespace(ID=LATER, DESCRIPTION="nickname", forwards=forwards)
    before = migrations.steps()
    return lambda: monkeypatch.setattr(
        migrations, "steps", lambda: [*before, Step("app", LATER, module)]
    )


class TestMigratedDatabase:
    async def test_has_what_the_tables_say(self, database, postgres, tmp_path):
        migrated = await shape()

        if "sqlite" in database:
            url = f"sqlite:///{tmp_path / 'created.sqlite'}"
        else:
            url = await databases.empty_postgres(postgres, "created")
        async with databases.opened(url):
            await schema.create_tables()
            created = await shape()
        if "postgres" in database:
            await databases.drop_postgres(postgres, "created")

        assert len(migrated) > 50
        assert migrated == created

    async def test_is_sound(self, database):
        assert await schema.problems() == []
        assert await pending() == []
        assert await migrate() == []

    async def test_is_unsound_without_a_unique_index(self, database):
        await engine.fetch("DROP INDEX event_event_name_unique")
        for statement in WITHOUT_NUMBERS["sqlite" if "sqlite" in database else "postgres"]:
            await engine.fetch(statement)

        assert await schema.problems() == [
            "数据表 audit_record 缺少唯一索引（number）",
            "数据表 event 缺少唯一索引（competition, name, division）",
        ]
        assert await schema.unreadable() == []

    async def test_needs_no_new_migration(self, database):
        # A changed table without its migration would be noticed only by those who have data.
        for room in engine.ROOMS:
            said = await AutoMigrationManager().get_alter_statements(migrations.config_of(room))
            assert [statement for part in said for statement in part.statements] == []


class TestOlderDatabase:
    async def test_is_not_opened_unasked_and_keeps_its_data(self, database, later):
        async with write_transaction():
            await find_or_add_organization_within(
                name="榕江县职校", kind=OrganizationKind.SCHOOL, region_code=None, by=SYSTEM, at=AT
            )
        later()

        with pytest.raises(NotMigrated) as refused:
            await prepare()
        assert "nickname" in str(refused.value)
        assert (await schema.problems())[0].endswith("nickname")

        done = await migrate()

        assert [step.id for step in done] == [LATER]
        rows = await Organization.raw("SELECT name, nickname FROM organization")
        assert [dict(row) for row in rows] == [{"name": "榕江县职校", "nickname": None}]
        assert await migrate() == []
        await prepare()

    async def test_stays_as_it_was_when_a_step_fails(self, database, later, monkeypatch):
        later()
        failing: Any = SimpleNamespace(ID="2999-01-02", DESCRIPTION="bad", forwards=_fails)
        steps = migrations.steps()
        failed = Step("app", failing.ID, failing)
        monkeypatch.setattr(migrations, "steps", lambda: [*steps, failed])

        with pytest.raises((sqlite3.DatabaseError, asyncpg.PostgresError)):
            await migrate()

        assert len(await pending()) == 2


class TestNewerDatabase:
    async def test_is_refused_by_an_older_program(self, database, later, monkeypatch):
        older = migrations.steps()
        later()
        await migrate()
        monkeypatch.setattr(migrations, "steps", lambda: older)

        with pytest.raises(FromTheFuture):
            await prepare()
        assert len(await schema.problems()) == 1


async def _fails() -> MigrationManager:
    manager = MigrationManager(migration_id="2999-01-02", app_name="app", description="bad")

    async def run() -> None:
        await Organization.raw("CREATE UNIQUE INDEX bad ON organization (no_such_column)")

    manager.add_raw(run)
    return manager
