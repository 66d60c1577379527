"""Backup and restore: everything of one moment, on either engine, and never half."""

import asyncio
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.audit import actions as audit
from app.audit.acts import Act
from app.audit.queries import journal_problems
from app.people.actions import find_or_add_organization_within
from app.people.kinds import OrganizationKind
from app.people.tables import Organization, Person
from app.rules.actors import SYSTEM
from app.storage import copies, engine, migrations
from app.storage.copies import NotABackup, NotEmpty
from app.storage.engine import write_transaction
from tests import databases
from tests.builders.competitions import a_competition, an_entry, an_event

pytestmark = pytest.mark.anyio
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


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

        count = await copies.back_up(tmp_path / "house.zip", ())
        async with databases.opened(elsewhere):
            restored = await copies.restore(tmp_path / "house.zip", {}, may_replace=False)
            after = await everything()
            problems = await journal_problems()
            await organization("新的单位")  # numbers go on after those that came back

        assert restored.rows == count == sum(len(rows) for rows in before.values()) > 5
        assert after == before
        assert problems == []

    async def test_is_of_one_moment_while_others_write(self, database, tmp_path):
        stop = asyncio.Event()

        async def write() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                await organization(f"单位{number}")

        writing = asyncio.create_task(write())
        await asyncio.sleep(0.05)
        await copies.back_up(tmp_path / "house.zip", ())
        stop.set()
        await writing

        with zipfile.ZipFile(tmp_path / "house.zip") as archive:
            lines = {
                name: archive.read(f"tables/{name}.jsonl").count(b"\n")
                for name in ("organization", "audit_record")
            }
        assert lines["organization"] == lines["audit_record"] > 0

    async def test_is_for_its_owner_only(self, sqlite_database, tmp_path):
        await copies.back_up(tmp_path / "house.zip", ())

        assert (tmp_path / "house.zip").stat().st_mode & 0o777 == 0o600
        assert not (tmp_path / "house.zip.part").exists()

    async def test_holds_no_id_number_to_be_read(self, sqlite_database, tmp_path):
        await a_house_with_entries()

        await copies.back_up(tmp_path / "house.zip", ())

        with zipfile.ZipFile(tmp_path / "house.zip") as archive:
            said = archive.read("tables/person.jsonl").decode()
        [masked] = [row["id_masked"] for row in await Person.select(Person.id_masked)]
        assert masked in said
        assert masked.replace("*", "") != masked


class TestRestore:
    async def test_replaces_only_when_asked(self, database, tmp_path):
        await organization("备份里的单位")
        await copies.back_up(tmp_path / "house.zip", ())
        await organization("后来的单位")

        with pytest.raises(NotEmpty):
            await copies.restore(tmp_path / "house.zip", {}, may_replace=False)
        assert len(await names()) == 2

        await copies.restore(tmp_path / "house.zip", {}, may_replace=True)
        assert await names() == ["备份里的单位"]

    async def test_changes_nothing_for_a_damaged_archive(self, database, tmp_path):
        await organization("单位")
        good = tmp_path / "house.zip"
        await copies.back_up(good, ())
        content = bytearray(good.read_bytes())
        middle = content.index(b"tables/organization.jsonl") + 60
        content[middle] ^= 0xFF
        (tmp_path / "bad.zip").write_bytes(content)
        (tmp_path / "cut.zip").write_bytes(content[: len(content) // 2])
        (tmp_path / "other.zip").write_bytes(b"PK")

        for name in ("bad.zip", "cut.zip", "other.zip", "none.zip"):
            with pytest.raises(NotABackup):
                await copies.restore(tmp_path / name, {}, may_replace=True)
            assert await names() == ["单位"]

    async def test_puts_the_key_files_back(self, sqlite_database, tmp_path):
        key = tmp_path / "secret.key"
        key.write_bytes(b"old key")
        await copies.back_up(tmp_path / "house.zip", (key, tmp_path / "absent.key"))
        key.write_bytes(b"another")

        restored = await copies.restore(
            tmp_path / "house.zip", {"secret.key": key}, may_replace=True
        )

        assert restored.keys == ("secret.key",)
        assert key.read_bytes() == b"old key"
        assert key.stat().st_mode & 0o777 == 0o600

    async def test_refuses_what_a_newer_program_made(self, sqlite_database, tmp_path, monkeypatch):
        await copies.back_up(tmp_path / "house.zip", ())
        monkeypatch.setattr(migrations, "steps", list)

        with pytest.raises(migrations.FromTheFuture):
            await copies.restore(tmp_path / "house.zip", {}, may_replace=True)


async def names() -> list[str]:
    rows = await Organization.select(Organization.name).order_by(Organization.name)
    return [row["name"] for row in rows]


async def test_journal_goes_on_after_a_restore(sqlite_database, tmp_path):
    await organization("单位")
    await copies.back_up(tmp_path / "house.zip", ())
    await copies.restore(tmp_path / "house.zip", {}, may_replace=True)

    async with write_transaction():
        await audit.record(
            act=Act.ORGANIZATION_ADDED, subject="people.organization:1", by=SYSTEM, at=AT
        )

    assert await journal_problems() == []
