"""The open database of this process, and the two ways to use it: write, or read one moment."""

from contextlib import AbstractAsyncContextManager
from importlib import import_module

from piccolo.table import Table

from app.storage.postgres import HousePostgres
from app.storage.sqlite import HouseSqlite

ROOMS = ("app", "competitions", "assessments")
Engine = HouseSqlite | HousePostgres
_open: list[Engine] = []


class NoDatabase(Exception):
    """No database is open in this process."""


def tables() -> list[type[Table]]:
    """Return every table of every room, in an order in which they can be created."""
    found: list[type[Table]] = []
    for room in ROOMS:
        found += import_module(f"{room}.piccolo_app").APP_CONFIG.table_classes
    return found


def current() -> Engine:
    """Return the open database."""
    if not _open:
        raise NoDatabase
    return _open[-1]


def enter(engine: Engine) -> None:
    """Make a database the open one, and bind every table to it."""
    _open.append(engine)
    _bind(engine)


def leave() -> Engine:
    """Forget the database that was opened last; the one before it is open again."""
    engine = _open.pop()
    _bind(_open[-1] if _open else None)
    return engine


def _bind(engine: Engine | None) -> None:
    for table in tables():
        table._meta._db = engine


async def table_names() -> set[str]:
    """Return the names of the tables that are there."""
    return await current().table_names()


def in_transaction() -> bool:
    """Tell whether this task is inside a transaction."""
    return current().current_transaction.get() is not None


def write_transaction() -> AbstractAsyncContextManager[None]:
    """Write: all or nothing, durable when the block has ended; nested, a real savepoint."""
    return current().write_transaction()


def read_snapshot() -> AbstractAsyncContextManager[None]:
    """Read one moment of the database."""
    return current().read_snapshot()
