"""Copies of the whole house: the rows of every table and the key files, in one archive.

The same archive restores on either engine: rows are JSON lines of one moment, a file a table, with
the migrations that the database had behind it.
"""

import base64
import json
import os
import zipfile
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from piccolo import columns
from piccolo.table import Table, sort_table_classes

from app.errors import N_, RuleBroken, refusal
from app.storage import engine, migrations
from app.storage.clearing import clear_within
from app.storage.whole_files import write_whole

FORMAT = "xiangjiang-backup/1"
CHUNK, CHUNK_OF_FILES = 1000, 20
"""Rows that are in memory at once, and fewer of those that may hold a photo or a workbook."""
KEYS = "keys/"


@refusal
class NotABackup(RuleBroken):
    """The file is no backup of ours, or a damaged one."""

    says = N_("{file} 不是本系统的备份，或已损坏（{reason}）。没有恢复任何内容。")
    file: str
    reason: str


@dataclass(frozen=True)
class BackedUp:
    """What went in: rows, and the key files by their purposes."""

    rows: int
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Restored:
    """What came back: rows, and the key files by their purposes.

    `kept` are the copies of key files that had to give way, `left` the archive's that have no place
    in this house.
    """

    rows: int
    keys: tuple[str, ...]
    kept: tuple[Path, ...]
    left: tuple[str, ...]


async def back_up(target: Path, keys: Mapping[str, Path]) -> BackedUp:
    """Write every row of one moment, and the key files by their purposes, for the owner only."""
    there = {purpose: path for purpose, path in keys.items() if path.exists()}
    part = target.with_name(target.name + ".part")
    try:
        with (
            os.fdopen(_private(part), "wb") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            count = await _pack(archive)
            for purpose, path in there.items():
                archive.writestr(KEYS + purpose, path.read_bytes())
        _put(part, target)
    finally:
        part.unlink(missing_ok=True)
    return BackedUp(count, tuple(there))


async def _pack(archive: zipfile.ZipFile) -> int:
    """Write every row of one moment; a table may grow beyond what a plain archive can hold."""
    count = 0
    async with engine.read_snapshot():
        behind = sorted(await migrations.applied())
        archive.writestr("format.json", json.dumps({"format": FORMAT, "migrations": behind}))
        for table in sort_table_classes(engine.tables()):
            name = f"tables/{table._meta.tablename}.jsonl"
            with archive.open(name, "w", force_zip64=True) as lines:
                async for row in _rows(table):
                    lines.write(json.dumps(_plain(row), ensure_ascii=False).encode() + b"\n")
                    count += 1
    return count


async def restore(
    source: Path, keys: Mapping[str, Path], *, may_replace: bool, at: datetime
) -> Restored:
    """Fill an empty database from a backup, or replace what is there; put the key files back.

    A key file that is another than the archive's stays beside it, under the moment's name.
    An archive of an older version is filled into the tables of its time and then migrated. Raise
    `NotABackup` or `NotEmpty`; whatever fails, the database stays as it was.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            found: dict[str, list[bytes]] = {}
            for info in archive.infolist():
                if info.filename.startswith(KEYS):
                    name = info.filename.removeprefix(KEYS)
                    found.setdefault(name, []).append(archive.read(info))
            rows = await _restore(archive, may_replace=may_replace)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise NotABackup(str(source), str(error)) from error
    return _put_back(found, keys, rows, at)


async def _restore(archive: zipfile.ZipFile, *, may_replace: bool) -> int:
    told = json.loads(archive.read("format.json"))
    if told["format"] != FORMAT:
        raise ValueError(told["format"])
    if unknown := set(told["migrations"]) - {step.id for step in migrations.steps()}:
        raise migrations.FromTheFuture(", ".join(sorted(unknown)))
    if (damaged := archive.testzip()) is not None:
        raise ValueError(damaged)
    count = 0
    async with engine.write_transaction(seconds=None):
        await clear_within(may_replace=may_replace)
        await migrations.migrate(only=told["migrations"])
        for table in sort_table_classes(engine.tables()):
            count += await _fill(table, archive)
        await migrations.migrate()
    return count


def _put_back(
    there: Mapping[str, Sequence[bytes]], keys: Mapping[str, Path], rows: int, at: datetime
) -> Restored:
    """Give every key of the archive its place; a file that must give way is kept beside it.

    Earlier archives name a key as its file was called; two of one name cannot be told apart.
    """
    named = {purpose: purpose if purpose in there else path.name for purpose, path in keys.items()}
    found = {purpose: name for purpose, name in named.items() if len(there.get(name, ())) == 1}
    kept = []
    for purpose, name in found.items():
        [content], path = there[name], keys[purpose]
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and (old := path.read_bytes()) != content:
            kept.append(path.with_name(f"{path.name}.{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"))
            write_whole(kept[-1], old, 0o600)
        write_whole(path, content, 0o600)
    left = sorted(set(there) - set(found.values()))
    return Restored(rows, tuple(found), tuple(kept), tuple(left))


async def _rows(table: type[Table]) -> AsyncIterator[Mapping[str, Any]]:
    """Read a table in the order of its ids, a piece at a time."""
    key = table._meta.primary_key
    holds_files = any(isinstance(column, columns.Bytea) for column in table._meta.columns)
    most = CHUNK_OF_FILES if holds_files else CHUNK
    last = 0
    while True:
        rows = await table.select().where(key > last).order_by(key).limit(most)
        for row in rows:
            yield row
        if len(rows) < most:
            return
        last = rows[-1]["id"]


async def _fill(table: type[Table], archive: zipfile.ZipFile) -> int:
    name = f"tables/{table._meta.tablename}.jsonl"
    if name not in archive.namelist():
        return 0
    count = 0
    with archive.open(name) as lines:
        for line in lines:
            row = {key: _value(table, key, value) for key, value in json.loads(line).items()}
            names = ", ".join(f'"{key}"' for key in row)
            blanks = ", ".join("{}" for _ in row)
            await table.raw(
                f'INSERT INTO "{table._meta.tablename}" ({names}) VALUES ({blanks})',
                *row.values(),
            )
            count += 1
    if count:
        await engine.continue_numbers(table)
    return count


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in row.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _value(table: type[Table], name: str, plain: Any) -> Any:
    """Read a value as its column holds it."""
    if plain is None:
        return None
    column = table._meta.get_column_by_name(name)
    if isinstance(column, columns.Bytea):
        return base64.b64decode(plain)
    if isinstance(column, columns.Timestamptz):
        return datetime.fromisoformat(plain)
    if isinstance(column, columns.Date):
        return date.fromisoformat(plain)
    return UUID(plain) if isinstance(column, columns.UUID) else plain


def _private(path: Path) -> int:
    """Open a file for writing that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _put(part: Path, target: Path) -> None:
    """Give a finished file its name, when it is on the disk."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
