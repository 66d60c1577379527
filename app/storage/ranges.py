"""What no column holds, a number too large or the letter NUL: who asks by it asks for nothing."""

import re
import sqlite3

import asyncpg

BEYOND = re.compile(
    r"too large to convert to SQLite INTEGER|datatype mismatch"
    r"|out of int\d+ range|int(?:eger)? out of range|invalid byte sequence"
)


def is_beyond(error: Exception) -> bool:
    """Tell whether a statement failed for a number or a letter that no column takes."""
    kinds = OverflowError, sqlite3.IntegrityError, asyncpg.DataError
    return isinstance(error, kinds) and BEYOND.search(str(error)) is not None
