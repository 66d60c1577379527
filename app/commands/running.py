"""What verbs share: run a coroutine with the house open, as the server has it."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from app.errors import N_, Refusal, refusal
from app.main import open_house
from app.people import vault_key
from app.settings import Settings, load
from app.storage.limits import LastsTooLong
from app.storage.writer import DatabaseBusy

T = TypeVar("T")
BUSY = "别的程序占用太久，请等半分钟再试"


@refusal
class DatabaseTrouble(Refusal):
    """The database did not do what it should."""

    says = N_("数据库出了问题，没有办成：{why}。")
    why: str


def in_house(
    work: Callable[[Settings], Awaitable[T]],
    settings: Settings | None = None,
    *,
    is_prepared: bool = True,
    may_be_new: bool = False,
    open_key: Callable[[Path], Awaitable[None]] = vault_key.open_key,
) -> T:
    """Run work with keys and database open, and close them after it; see `open_house`.

    Only a verb that is there to make a house may meet none: any other, run without the settings of
    the service, would make an empty one elsewhere and report that all is well.
    """
    chosen = settings or load()

    async def run_there() -> T:
        async with open_house(
            chosen, is_prepared=is_prepared, may_be_new=may_be_new, open_key=open_key
        ):
            return await work(chosen)

    return run(run_there())


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run work with a database to its end; raise `DatabaseTrouble` for what its engine says."""
    try:
        return asyncio.run(work)
    except (DatabaseBusy, LastsTooLong) as busy:
        raise DatabaseTrouble(BUSY) from busy
    except (sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
        raise DatabaseTrouble(str(trouble)) from trouble
