"""What failed because the database is away or has no room: no bug of a page, and soon over."""

import sqlite3

import asyncpg

from app.storage.writer import TakenBack

NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
AWAY = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # it stops, or it has only begun to start
    asyncpg.InsufficientResourcesError,
    TakenBack,
)
CLOSED = "closed"


def is_outage(error: Exception) -> bool:
    """Tell whether a statement failed for the state of the database, whatever it asked."""
    if isinstance(error, asyncpg.InterfaceError):
        return CLOSED in str(error)
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode & 0xFF in NO_ROOM
    return isinstance(error, AWAY)
