"""Copies of the whole house: the rows of every table and the key files, in one archive.

The same archive restores on either engine: rows are JSON lines of one snapshot, a file a table.
"""

import base64
import io
import json
import os
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from piccolo.columns import Bytea, Date, Timestamptz
from piccolo.table import Table, sort_table_classes

from app.storage import engine

FORMAT = "xiangjiang-backup/1"
CHUNK = 500
KEYS = "keys/"


class NotEmpty(Exception):
    """The database holds rows, and replacing them was not asked for."""


class NotABackup(Exception):
    """The file is no backup of ours; the message says why."""


async def back_up(target: Path, keys: Iterable[Path]) -> int:
    """Write every row of one moment and the key files (mode 0600) and return the count of rows."""
    count = 0
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        async with engine.read_snapshot():
            for table in sort_table_classes(engine.tables()):
                rows = await table.select().order_by(table._meta.primary_key)
                lines = "".join(json.dumps(_plain(row), ensure_ascii=False) + "\n" for row in rows)
                archive.writestr(f"tables/{table._meta.tablename}.jsonl", lines)
                count += len(rows)
        archive.writestr("format", FORMAT)
        for key in keys:
            if key.exists():
                archive.writestr(KEYS + key.name, key.read_bytes())
    _write_private(target, content.getvalue())
    return count


async def restore(source: Path, keys: Mapping[str, Path], *, may_replace: bool) -> int:
    """Fill an empty database from a backup, or replace what is there; return the count of rows.

    Raise `NotABackup` or `NotEmpty`; whatever fails, the database stays as it was.
    """
    try:
        archive = zipfile.ZipFile(source)
        is_ours = archive.read("format").decode() == FORMAT
    except (OSError, KeyError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise NotABackup(f"{source}: {error}") from error
    if not is_ours:
        raise NotABackup(f"{source}: 不是本系统的备份")
    ordered = sort_table_classes(engine.tables())
    count = 0
    with archive:
        async with engine.write_transaction():
            if not may_replace and any([await table.exists() for table in ordered]):
                raise NotEmpty
            for table in reversed(ordered):
                await table.delete(force=True)
            for table in ordered:
                count += await _fill(table, archive)
        for name, path in keys.items():
            if KEYS + name in archive.namelist():
                _write_private(path, archive.read(KEYS + name))
    return count


async def _fill(table: type[Table], archive: zipfile.ZipFile) -> int:
    name = f"tables/{table._meta.tablename}.jsonl"
    if name not in archive.namelist():
        return 0
    rows = [_row(table, json.loads(line)) for line in archive.read(name).decode().splitlines()]
    for start in range(0, len(rows), CHUNK):
        await table.insert(*rows[start : start + CHUNK])
    await engine.continue_numbers(table)
    return len(rows)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in row.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _row(table: type[Table], given: Mapping[str, Any]) -> Table:
    values: dict[str, Any] = {}
    for column in table._meta.columns:
        name = column._meta.name
        value = given.get(name)
        if value is not None and isinstance(column, Bytea):
            value = base64.b64decode(value)
        elif value is not None and isinstance(column, Timestamptz):
            value = datetime.fromisoformat(value)
        elif value is not None and isinstance(column, Date):
            value = date.fromisoformat(value)
        values[name] = value
    return table(**values)


def _write_private(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
