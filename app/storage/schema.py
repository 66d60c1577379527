"""What the database has, against what the tables say."""

import sqlite3
from collections import Counter

import asyncpg
from piccolo.constraints import Unique
from piccolo.table import sort_table_classes

from app.storage import engine, migrations

Indexes = dict[str, set[frozenset[str]]]
"""By table, the columns that no two rows have alike."""
MOST_DAMAGE = 20
INDEXES = """
SELECT c.relname AS of_table, array_agg(a.attname::text) AS of_columns
FROM pg_index i
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
GROUP BY i.indexrelid, c.relname
"""


async def problems() -> list[str]:
    """Return what is unsound: what cannot be read, else unique indexes and references."""
    return await unreadable() or [*await _without_index(), *await _leading_nowhere()]


async def unreadable() -> list[str]:
    """Return what keeps rows from being read: migrations, tables, columns, a damaged file."""
    try:
        late = await migrations.pending()
    except migrations.FromTheFuture as refusal:
        return [str(refusal)]
    found = [f"没有执行的迁移：{step.name}" for step in late]
    there = await engine.table_names()
    for table in engine.tables():
        name = table._meta.tablename
        if name not in there:
            found.append(f"缺少数据表 {name}")
            continue
        wanted = ", ".join(f'"{column._meta.db_column_name}"' for column in table._meta.columns)
        try:
            await table.raw(f'SELECT {wanted} FROM "{name}" WHERE 1 = 0')
        except (sqlite3.OperationalError, asyncpg.PostgresError) as error:
            found.append(f"数据表 {name} 与程序不符：{error}")
    return found + await _damage()


async def _damage() -> list[str]:
    """Let SQLite look at its file; a server looks after its own."""
    if engine.is_server():
        return []
    try:
        rows = await engine.read_plain(f"PRAGMA integrity_check({MOST_DAMAGE})")
    except sqlite3.DatabaseError as error:
        rows = [(error,)]
    return [f"数据库文件已损坏：{said}" for (said,) in rows if said != "ok"]


async def _without_index() -> list[str]:
    """Name what may be there twice, because the unique index that forbids it is gone."""
    there = await (_indexes_of_server() if engine.is_server() else _indexes_of_file())
    found = []
    for table in engine.tables():
        name = table._meta.tablename
        wanted = [
            (column._meta.db_column_name,)
            for column in table._meta.columns
            if column._meta.unique and not column._meta.primary_key
        ]
        wanted += [
            tuple(constraint._meta.params["columns"])
            for constraint in table._meta.constraints
            if isinstance(constraint, Unique)
        ]
        found += [
            f"数据表 {name} 缺少唯一索引（{', '.join(columns)}）"
            for columns in wanted
            if frozenset(columns) not in there.get(name, set())
        ]
    return found


async def _indexes_of_file() -> Indexes:
    found: Indexes = {}
    for table in engine.tables():
        name = table._meta.tablename
        for index in await engine.fetch(f'PRAGMA index_list("{name}")'):
            if index["unique"] and not index["partial"]:
                columns = await engine.fetch(f'PRAGMA index_info("{index["name"]}")')
                found.setdefault(name, set()).add(frozenset(row["name"] for row in columns))
    return found


async def _indexes_of_server() -> Indexes:
    found: Indexes = {}
    for row in await engine.fetch(INDEXES):
        found.setdefault(row["of_table"], set()).add(frozenset(row["of_columns"]))
    return found


async def _leading_nowhere() -> list[str]:
    """Name the tables of a file with rows that point at none; a server lets none go."""
    if engine.is_server():
        return []
    counted = Counter(
        (row["table"], row["parent"]) for row in await engine.fetch("PRAGMA foreign_key_check")
    )
    return [
        f"数据表 {table} 有 {count} 行指向 {parent} 中没有的行"
        for (table, parent), count in sorted(counted.items())
    ]


async def create_tables() -> None:
    """Create every table as the program has it, without migrations; `test_schema` compares."""
    async with engine.write_transaction():
        for table in sort_table_classes(engine.tables()):
            await table.create_table()
