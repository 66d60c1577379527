"""Migrations: Piccolo proposes the files and carries out their steps; the order is kept here.

A file is named by its moment and belongs to one room. It holds the tables as they were, imports
none of ours, and serves both engines. Migrations only go forward.
"""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Collection
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from piccolo.apps.migrations.commands import new
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import AppConfig

from app.storage import engine

INITIAL = "the tables as the house opens"


class NotMigrated(Exception):
    """The database is older than the program: `migrate` first."""


class FromTheFuture(Exception):
    """The database was migrated by a newer program than this one."""


@dataclass(frozen=True)
class Step:
    """One migration of one room."""

    room: str
    id: str
    module: ModuleType

    @property
    def name(self) -> str:
        """What `migrate` prints."""
        return f"{self.room} {self.id} {self.module.DESCRIPTION}".strip()


def config_of(room: str) -> AppConfig:
    """Return what Piccolo knows of a room."""
    config: AppConfig = import_module(f"{room}.piccolo_app").APP_CONFIG
    return config


def steps() -> list[Step]:
    """List every migration in the order in which they are carried out."""
    found = []
    for place, room in enumerate(engine.ROOMS):
        folder = Path(config_of(room).resolved_migrations_folder_path)
        for file in folder.glob("[a-z]*.py"):
            module = import_module(f"{room}.migrations.{file.stem}")
            found.append((_moment(module.ID), place, Step(room, module.ID, module)))
    return [step for _, _, step in sorted(found, key=lambda item: item[:2])]


def _moment(name: str) -> str:
    """Initial migrations stand first: rooms that were proposed one after another are one act."""
    return name.split(".", maxsplit=1)[0]


async def applied() -> set[str]:
    """Return the ids of the migrations that this database has behind it."""
    if Migration._meta.tablename not in await engine.table_names():
        return set()
    return {row["name"] for row in await Migration.select(Migration.name)}


async def pending() -> list[Step]:
    """List what is still to be carried out; raise `FromTheFuture`."""
    every, behind = steps(), await applied()
    if unknown := behind - {step.id for step in every}:
        raise FromTheFuture(", ".join(sorted(unknown)))
    return [step for step in every if step.id not in behind]


async def migrate(only: Collection[str] | None = None) -> list[Step]:
    """Carry out what is pending, all or nothing, and return it; `only` limits it to some ids."""
    wanted = [step for step in await pending() if only is None or step.id in only]
    if not wanted:
        return []
    async with engine.write_transaction():
        if Migration._meta.tablename not in await engine.table_names():
            await Migration.create_table()
        for step in wanted:
            manager = await step.module.forwards()
            with redirect_stdout(io.StringIO()):  # Piccolo prints its progress.
                await manager.run()
            await Migration.insert(Migration(name=step.id, app_name=step.room))
    return wanted


async def prepare() -> None:
    """Make the tables of an empty database; raise `NotMigrated` for one that is behind."""
    if not await engine.table_names():
        await migrate()
    elif late := await pending():
        raise NotMigrated(", ".join(step.name for step in late))


async def propose(room: str, description: str) -> Path | None:
    """Write the migration from the last file to the tables as they are; None where they agree.

    Where a column or table may have been renamed, Piccolo asks on a terminal; elsewhere a new name
    is a new column.
    """
    config = config_of(room)
    folder = Path(config.resolved_migrations_folder_path)
    folder.mkdir(exist_ok=True)
    (folder / "__init__.py").touch()
    answer: Any = None if sys.stdin.isatty() else "n"
    try:
        meta = await new._create_new_migration(
            config, auto=True, description=description, auto_input=answer
        )
    except new.NoChanges:
        return None
    finally:
        sys.path[:] = [place for place in sys.path if place != str(folder)]
    written = Path(meta.migration_path)
    _lay_out(written)
    return written


def _lay_out(file: Path) -> None:
    """Lay the file out as the gate wants it, where the development tools are installed."""
    if find_spec("ruff") is None or shutil.which(sys.executable) is None:
        return
    for verb in (["check", "--fix", "-q"], ["format", "-q"]):
        subprocess.run(  # noqa: S603 - our own program on our own file
            [sys.executable, "-m", "ruff", *verb, os.fspath(file)], check=False
        )
