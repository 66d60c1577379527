"""Give the tables of an older SQLite file the checks that new ones are made with.

A check is a part of a table's definition and changes nothing in its rows, so the definition is
written anew in place; copying every table would take a large file minutes. SQLite itself then looks
through all rows, and where one breaks a check everything stays as it was.
"""

from app.errors import N_, RuleBroken, refusal
from app.storage import engine
from app.storage.dialect import checking_itself


@refusal
class OtherValues(RuleBroken):
    """There are values that are not of their column's type."""

    says = N_("数据库里有类型不对的数据，没有补上类型检查：{found}。请先备份，再联系维护人员。")
    found: str


async def complete() -> list[str]:
    """Add the checks that are missing, all or none; return the names of the tables.

    Raise `OtherValues`. On a server there is nothing to add: it checks types by itself.
    """
    if engine.is_server():
        return []
    async with engine.write_transaction(seconds=None):
        rows = await engine.fetch("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        older = {
            row["name"]: checked
            for row in rows
            if (checked := checking_itself(row["sql"])) != row["sql"]
        }
        if older:
            await _define_within(older)
    return sorted(older)


async def _define_within(tables: dict[str, str]) -> None:
    version = (await engine.fetch("PRAGMA schema_version"))[0]["schema_version"]
    await engine.fetch("PRAGMA writable_schema = ON")
    try:
        for name, definition in tables.items():
            await engine.fetch(
                "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?",
                [definition, name],
            )
        await engine.fetch(f"PRAGMA schema_version = {version + 1}")
    finally:
        await engine.fetch("PRAGMA writable_schema = OFF")
    rows = await engine.fetch("PRAGMA integrity_check(5)")
    found = [row["integrity_check"] for row in rows]
    if found != ["ok"]:
        raise OtherValues("; ".join(found))
