"""Take away every table of the house, also those that a newer program made."""

from graphlib import TopologicalSorter

from piccolo.apps.migrations.tables import Migration

from app.errors import N_, RuleBroken, refusal
from app.storage import engine, migrations

OF_AN_EMPTY_HOUSE = {"audit_record", "journal_head", "vault_key", Migration._meta.tablename}
"""Where `migrate` and `check` leave rows in a house that holds nothing yet."""


@refusal
class NotEmpty(RuleBroken):
    """The database holds rows, and replacing them was not asked for."""

    says = N_("数据库中已有数据，没有恢复。确要替换，请加 --replace。")


async def clear_within(*, may_replace: bool) -> None:
    """Take away every table; raise `NotEmpty` where there are rows that may not go."""
    names = await _ours()
    for name in names - OF_AN_EMPTY_HOUSE:
        if not may_replace and await engine.fetch(f'SELECT 1 FROM "{name}" LIMIT 1'):
            raise NotEmpty
    how = " CASCADE" if engine.is_server() else ""
    for name in await _children_first(names):
        await engine.fetch(f'DROP TABLE "{name}"{how}')


async def _ours() -> set[str]:
    """Return our tables that are there, and all others where a newer program was at work.

    Left behind, those would hold on to ours, and stand in the way of the next upgrade. Otherwise
    what we do not know is somebody else's.
    """
    there = {name for name in await engine.table_names() if not name.startswith("sqlite_")}
    if await migrations.applied() - {step.id for step in migrations.steps()}:
        return there
    known = {table._meta.tablename for table in engine.tables()}
    return there & (known | {Migration._meta.tablename})


async def _children_first(names: set[str]) -> list[str]:
    """Order tables so that none goes before one that points at it; a server sees to it itself."""
    if engine.is_server():
        return sorted(names)
    pointing: dict[str, set[str]] = {name: set() for name in names}
    for name in names:
        for row in await engine.fetch(f'PRAGMA foreign_key_list("{name}")'):
            if row["table"] != name:
                pointing.setdefault(row["table"], set()).add(name)
    return [name for name in TopologicalSorter(pointing).static_order() if name in names]
