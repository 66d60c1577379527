"""What the database has, against what the tables say."""

import sqlite3

import asyncpg
from piccolo.table import sort_table_classes

from app.storage import engine, migrations


async def problems() -> list[str]:
    """Return what the schema lacks: migrations, tables, columns, unique indexes."""
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
    return found


async def create_tables() -> None:
    """Create every table as the program has it, without migrations; `test_schema` compares."""
    async with engine.write_transaction():
        for table in sort_table_classes(engine.tables()):
            await table.create_table()
