"""Numbers that no column holds: whoever asks by one asks for nothing that is there."""

import re
import sqlite3

import asyncpg

BEYOND = re.compile(
    r"too large to convert to SQLite INTEGER|datatype mismatch"
    r"|out of int\d+ range|int(?:eger)? out of range"
)


def is_beyond(error: Exception) -> bool:
    """Tell whether a statement failed because a number has more than 64 bits."""
    kinds = OverflowError, sqlite3.IntegrityError, asyncpg.DataError
    return isinstance(error, kinds) and BEYOND.search(str(error)) is not None
