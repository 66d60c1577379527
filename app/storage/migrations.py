"""Migrations: Piccolo proposes the files and carries out their steps; the order is kept here.

A file is named by its moment and belongs to one room. It holds the tables as they were, imports
none of ours, and serves both engines. Migrations only go forward.
"""

import io
import os
import re
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

from app.errors import N_, RuleBroken, refusal
from app.storage import engine

os.environ.setdefault("PICCOLO_CONF", "app.storage.piccolo_conf")  # noqa: TID251 - Piccolo looks there

# What a column or table is unless it is said, as Piccolo writes it into each file.
USUAL = re.compile(
    r"""\s+("?)(primary_key|unique|index|index_method|choices|db_column_name|secret|schema|"""
    r"""target_column|nulls_distinct)\1(=|: )(False|None|IndexMethod\.btree),(?=\s)"""
)


@refusal
class NotMigrated(RuleBroken):
    """The database is older than the program."""

    says = N_(
        "数据库结构比程序旧（缺 {steps}）。请先用旧版程序备份（SQLite 也可停机后复制数据库文件），"
        "再运行 xiangjiang migrate。"
    )
    steps: str


@refusal
class FromTheFuture(RuleBroken):
    """The database was migrated by a newer program than this one."""

    says = N_("数据库由更新的程序版本建立（{steps}），本版本不能打开。请换用新版本程序。")
    steps: str


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
    """List every migration in the order in which they were proposed, and are carried out."""
    found = []
    for room in engine.ROOMS:
        folder = Path(config_of(room).resolved_migrations_folder_path)
        for file in folder.glob("[a-z]*.py"):
            module = import_module(f"{room}.migrations.{file.stem}")
            found.append(Step(room, module.ID, module))
    return sorted(found, key=lambda step: step.id)


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
    async with engine.write_transaction(seconds=None):
        if Migration._meta.tablename not in await engine.table_names():
            await Migration.create_table()
        for step in wanted:
            forwards = await step.module.forwards()
            with redirect_stdout(io.StringIO()):  # Piccolo prints its progress.
                await forwards.run()
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
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240 - a tool of one user
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
    """Leave out what Piccolo would add by itself, and lay the file out as the gate wants it."""
    file.write_text(USUAL.sub("", file.read_text(encoding="utf-8")), encoding="utf-8")
    if find_spec("ruff") is None:
        return
    for verb in (
        ["check", "--fix"],
        ["format", "--config", "format.skip-magic-trailing-comma=true"],
    ):
        subprocess.run(  # noqa: S603 - our own program on our own file
            [sys.executable, "-m", "ruff", *verb, "-q", os.fspath(file)], check=False
        )
