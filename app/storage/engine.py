"""PROVISIONAL (the storage builder replaces this file): stock Piccolo SQLite behind the house's names."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

from piccolo.engine.sqlite import SQLiteEngine, TransactionType
from piccolo.table import Table, create_db_tables

UNIQUE = re.compile(r'ALTER TABLE (\S+) ADD CONSTRAINT "?(\w+)"? UNIQUE \((.*)\)')


class _Engine(SQLiteEngine):
    async def run_ddl(self, ddl: str, in_pool: bool = False) -> Any:  # noqa: FBT001, FBT002
        if found := UNIQUE.match(ddl):
            table = found[1].strip('"')
            ddl = f'CREATE UNIQUE INDEX IF NOT EXISTS "{table}_{found[2]}" ON "{table}" ({found[3]})'
        return await super().run_ddl(ddl, in_pool)


_engine: list[SQLiteEngine] = []


def tables() -> list[type[Table]]:
    found: list[type[Table]] = []
    for room in ("app", "competitions", "assessments"):
        found += import_module(f"{room}.piccolo_app").APP_CONFIG.table_classes
    return found


async def open_database(url: str) -> None:
    path = url.removeprefix("sqlite:///")
    engine = _Engine(path=path)
    _engine[:] = [engine]
    for table in tables():
        table._meta._db = engine
    await create_db_tables(*tables(), if_not_exists=True)


async def close_database() -> None:
    _engine.clear()


async def is_reachable() -> bool:
    return bool(_engine)


def in_transaction() -> bool:
    return _engine[0].transaction_exists()


@asynccontextmanager
async def write_transaction() -> AsyncIterator[None]:
    if in_transaction():
        yield
        return
    async with _engine[0].transaction(transaction_type=TransactionType.immediate):
        yield


@asynccontextmanager
async def read_snapshot() -> AsyncIterator[None]:
    if in_transaction():
        yield
        return
    async with _engine[0].transaction():
        yield
