"""Backup and restore: everything of one moment, on either engine, and never half."""

import asyncio
import warnings
import zipfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.audit import actions as audit
from app.audit.acts import Act
from app.audit.queries import journal_problems
from app.people.actions import find_or_add_many_within, find_or_add_organization_within
from app.people.kinds import OrganizationKind
from app.people.tables import Organization, Person
from app.rules.actors import SYSTEM
from app.storage import copies, engine, migrations
from app.storage.clearing import NotEmpty
from app.storage.copies import NotABackup
from app.storage.engine import write_transaction
from app.storage.migrations import Step, migrate, prepare
from tests import databases
from tests.builders.competitions import a_competition, a_person, an_entry, an_event

pytestmark = pytest.mark.anyio
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
LATER = "2999-01-01T00:00:00:000000"
LATER_TABLES = (
    """CREATE TABLE "group" (id INTEGER PRIMARY KEY, name TEXT)""",
    "CREATE TABLE nickname (id INTEGER PRIMARY KEY, organization INTEGER NOT NULL"
    " REFERENCES organization (id) ON DELETE RESTRICT)",
    "CREATE TABLE meaning (id INTEGER PRIMARY KEY,"
    " nickname INTEGER NOT NULL REFERENCES nickname (id) ON DELETE RESTRICT)",
    """ALTER TABLE organization ADD "group" INTEGER REFERENCES "group" (id) ON DELETE RESTRICT""",
)


async def everything() -> dict[str, list[dict[str, Any]]]:
    """Read every row of every table."""
    return {
        table._meta.tablename: await table.select().order_by(table._meta.primary_key)
        for table in engine.tables()
    }


async def organization(name: str) -> None:
    async with write_transaction():
        await find_or_add_organization_within(
            name=name, kind=OrganizationKind.SCHOOL, region_code=None, by=SYSTEM, at=AT
        )


async def a_house_with_entries() -> None:
    competition_id = await a_competition()
    await an_entry(competition_id, await an_event(competition_id))


@pytest.fixture
async def elsewhere(request: pytest.FixtureRequest, postgres: str, tmp_path: Path) -> str:
    """The address of an empty database on the other engine."""
    if request.node.callspec.params["database"] == "postgres":
        return f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    name = f"elsewhere_{request.node.name.split('[')[0]}"[:60]
    return await databases.empty_postgres(postgres, name)


class TestBackup:
    async def test_comes_back_whole_on_the_other_engine(self, database, elsewhere, tmp_path):
        await a_house_with_entries()
        before = await everything()

        count = (await copies.back_up(tmp_path / "house.zip", {})).rows
        async with databases.opened(elsewhere):
            restored = await copies.restore(tmp_path / "house.zip", {}, may_replace=False, at=AT)
            after = await everything()
            problems = await journal_problems()
            await organization("新的单位")  # numbers go on after those that came back

        assert restored.rows == count == sum(len(rows) for rows in before.values()) > 5
        assert after == before
        assert problems == []

    async def test_is_of_one_moment_while_others_write(self, database, tmp_path):
        begun, stop = asyncio.Event(), asyncio.Event()

        async def write() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                await organization(f"单位{number}")
                begun.set()

        writing = asyncio.create_task(write())
        await begun.wait()
        await copies.back_up(tmp_path / "house.zip", {})
        stop.set()
        await writing

        with zipfile.ZipFile(tmp_path / "house.zip") as archive:
            lines = {
                name: archive.read(f"tables/{name}.jsonl").count(b"\n")
                for name in ("organization", "audit_record")
            }
        assert lines["organization"] == lines["audit_record"] > 0

    async def test_is_for_its_owner_only(self, sqlite_database, tmp_path):
        await copies.back_up(tmp_path / "house.zip", {})

        assert (tmp_path / "house.zip").stat().st_mode & 0o777 == 0o600
        assert not (tmp_path / "house.zip.part").exists()

    async def test_holds_no_id_number_to_be_read(self, sqlite_database, tmp_path):
        await a_house_with_entries()

        await copies.back_up(tmp_path / "house.zip", {})

        with zipfile.ZipFile(tmp_path / "house.zip") as archive:
            said = archive.read("tables/person.jsonl").decode()
        [masked] = [row["id_masked"] for row in await Person.select(Person.id_masked)]
        assert masked in said
        assert masked.replace("*", "") != masked

    async def test_holds_tables_beyond_the_size_of_a_plain_archive(
        self, database, tmp_path, monkeypatch
    ):
        for number in range(25):
            await organization(f"单位{number}")
        before = await names()
        monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)

        await copies.back_up(tmp_path / "house.zip", {})
        await copies.restore(tmp_path / "house.zip", {}, may_replace=True, at=AT)

        assert await names() == before

    async def test_holds_every_photo_and_sealed_number(self, sqlite_database, tmp_path):
        people = [a_person() for _ in range(copies.CHUNK_OF_FILES * 2 + 1)]
        async with write_transaction():
            await find_or_add_many_within(people, by=SYSTEM, at=AT)
        before = await everything()

        await copies.back_up(tmp_path / "house.zip", {})
        await copies.restore(tmp_path / "house.zip", {}, may_replace=True, at=AT)

        assert len(before["person"]) == len(people)
        assert await everything() == before

    async def test_leaves_nothing_half_done_behind(self, sqlite_database, tmp_path):
        (tmp_path / "key").mkdir()

        with pytest.raises(IsADirectoryError):
            await copies.back_up(tmp_path / "house.zip", {"secret.key": tmp_path / "key"})

        assert not list(tmp_path.glob("house.zip*"))


@pytest.fixture
def upgraded(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Awaitable[None]]:
    """A newer program with tables of its own, at work on the house; then the older one again."""

    async def forwards() -> MigrationManager:
        manager = MigrationManager(migration_id=LATER, app_name="app", description="nicknames")

        async def run() -> None:
            for statement in LATER_TABLES:
                await Organization.raw(statement)

        manager.add_raw(run)
        return manager

    older = migrations.steps()
    module: Any = SimpleNamespace(ID=LATER, DESCRIPTION="nicknames", forwards=forwards)
    newer = [*older, Step("app", LATER, module)]

    async def upgrade() -> None:
        monkeypatch.setattr(migrations, "steps", lambda: newer)
        await migrate()
        monkeypatch.setattr(migrations, "steps", lambda: older)

    return upgrade


class TestRestoreAfterAnUpgrade:
    async def test_goes_back_to_the_older_program_and_on_again(self, database, upgraded, tmp_path):
        await organization("升级前的单位")
        await copies.back_up(tmp_path / "house.zip", {})
        await upgraded()
        await Organization.raw("""INSERT INTO "group" (id, name) VALUES (1, '组')""")
        await Organization.raw("""UPDATE organization SET "group" = 1""")
        await Organization.raw("INSERT INTO nickname SELECT 1, id FROM organization")
        await Organization.raw("INSERT INTO meaning VALUES (1, 1)")

        await copies.restore(tmp_path / "house.zip", {}, may_replace=True, at=AT)

        assert await names() == ["升级前的单位"]
        assert not {"group", "nickname", "meaning"} & await engine.table_names()
        await prepare()
        await upgraded()
        assert {"group", "nickname", "meaning"} <= await engine.table_names()

    async def test_takes_rows_of_a_newer_program_for_data(self, database, upgraded, tmp_path):
        await copies.back_up(tmp_path / "house.zip", {})
        await upgraded()
        await Organization.raw("""INSERT INTO "group" (id, name) VALUES (1, '组')""")

        with pytest.raises(NotEmpty):
            await copies.restore(tmp_path / "house.zip", {}, may_replace=False, at=AT)

        assert "group" in await engine.table_names()

    async def test_leaves_the_tables_of_others_alone(self, database, tmp_path):
        await Organization.raw("CREATE TABLE of_others (id INTEGER PRIMARY KEY)")
        await copies.back_up(tmp_path / "house.zip", {})

        await copies.restore(tmp_path / "house.zip", {}, may_replace=True, at=AT)

        assert "of_others" in await engine.table_names()


class TestRestore:
    async def test_replaces_only_when_asked(self, database, tmp_path):
        await organization("备份里的单位")
        await copies.back_up(tmp_path / "house.zip", {})
        await organization("后来的单位")

        with pytest.raises(NotEmpty):
            await copies.restore(tmp_path / "house.zip", {}, may_replace=False, at=AT)
        assert len(await names()) == 2

        await copies.restore(tmp_path / "house.zip", {}, may_replace=True, at=AT)
        assert await names() == ["备份里的单位"]

    async def test_changes_nothing_for_a_damaged_archive(self, database, tmp_path):
        await organization("单位")
        good = tmp_path / "house.zip"
        await copies.back_up(good, {})
        content = bytearray(good.read_bytes())
        middle = content.index(b"tables/organization.jsonl") + 60
        content[middle] ^= 0xFF
        (tmp_path / "bad.zip").write_bytes(content)
        (tmp_path / "cut.zip").write_bytes(content[: len(content) // 2])
        (tmp_path / "other.zip").write_bytes(b"PK")

        for name in ("bad.zip", "cut.zip", "other.zip", "none.zip"):
            with pytest.raises(NotABackup):
                await copies.restore(tmp_path / name, {}, may_replace=True, at=AT)
            assert await names() == ["单位"]

    async def test_puts_the_key_files_back_and_keeps_what_was_there(
        self, sqlite_database, tmp_path
    ):
        keys = {"secret.key": tmp_path / "one" / "key", "log.key": tmp_path / "two" / "key"}
        absent = {"signing.key": tmp_path / "absent.key"}
        for role, path in keys.items():
            path.parent.mkdir()
            path.write_text(f"old {role}")
        done = await copies.back_up(tmp_path / "house.zip", keys | absent)
        assert done.keys == ("secret.key", "log.key")
        keys["secret.key"].write_text("another")

        restored = await copies.restore(
            tmp_path / "house.zip", keys | absent, may_replace=True, at=AT
        )

        assert restored.keys == ("secret.key", "log.key")
        assert [path.read_text() for path in keys.values()] == ["old secret.key", "old log.key"]
        assert keys["secret.key"].stat().st_mode & 0o777 == 0o600
        assert restored.kept == (tmp_path / "one" / "key.20261123T013000.000000Z",)
        assert restored.kept[0].read_text() == "another"
        assert restored.kept[0].stat().st_mode & 0o777 == 0o600
        assert not absent["signing.key"].exists()
        assert sorted(path.name for path in (tmp_path / "two").iterdir()) == ["key"]

    async def test_reads_keys_by_the_names_of_earlier_archives(self, sqlite_database, tmp_path):
        await copies.back_up(tmp_path / "house.zip", {})
        with zipfile.ZipFile(tmp_path / "house.zip", "a") as archive:
            archive.writestr("keys/house-secret", b"secret")
            archive.writestr("keys/key", b"one")
            with warnings.catch_warnings(action="ignore"):  # Two files of one name, as it was then
                archive.writestr("keys/key", b"two")
        keys = {
            "secret.key": tmp_path / "house-secret",
            "signing.key": tmp_path / "a" / "key",
            "log.key": tmp_path / "b" / "key",
        }

        restored = await copies.restore(tmp_path / "house.zip", keys, may_replace=True, at=AT)

        assert (restored.keys, restored.left) == (("secret.key",), ("key",))
        assert keys["secret.key"].read_bytes() == b"secret"
        assert not keys["log.key"].exists()

    async def test_refuses_what_a_newer_program_made(self, sqlite_database, tmp_path, monkeypatch):
        await copies.back_up(tmp_path / "house.zip", {})
        monkeypatch.setattr(migrations, "steps", list)

        with pytest.raises(migrations.FromTheFuture):
            await copies.restore(tmp_path / "house.zip", {}, may_replace=True, at=AT)


async def names() -> list[str]:
    rows = await Organization.select(Organization.name).order_by(Organization.name)
    return [row["name"] for row in rows]


async def test_journal_goes_on_after_a_restore(sqlite_database, tmp_path):
    await organization("单位")
    await copies.back_up(tmp_path / "house.zip", {})
    await copies.restore(tmp_path / "house.zip", {}, may_replace=True, at=AT)

    async with write_transaction():
        await audit.record(
            act=Act.ORGANIZATION_ADDED, subject="people.organization:1", by=SYSTEM, at=AT
        )

    assert await journal_problems() == []
