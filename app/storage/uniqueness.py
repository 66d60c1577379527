"""Two at once: what the database refuses the second of them becomes a refusal, in one place.

Whoever writes looks first whether a name, a code or a number is free. On a server two can look in
the same moment; the index then stops the second, and they read the same as those who came later.
Two who wait for each other there are parted: one goes on, the other begins anew.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from app.errors import N_, RuleBroken, Stale, refusal

logger = logging.getLogger(__name__)
TWICE = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})


@refusal
class TakenMeanwhile(RuleBroken):
    """Somebody else took it in the same moment."""

    says = N_(
        "刚刚有人同时登记了同样的名称或编号，这一次没有保存。请先看看是不是已经有了；没有的，再提交一次。"
    )


@contextmanager
def second_of_two() -> Iterator[None]:
    """Raise `TakenMeanwhile` for what a unique index refuses, `Stale` for a deadlock; log which."""
    try:
        yield
    except asyncpg.DeadlockDetectedError as error:
        logger.warning("a deadlock was broken: %s", error.detail)
        raise Stale from error
    except (sqlite3.IntegrityError, asyncpg.UniqueViolationError) as error:
        if isinstance(error, sqlite3.IntegrityError) and error.sqlite_errorname not in TWICE:
            raise
        name = getattr(error, "constraint_name", None) or str(error)
        logger.warning("a unique index refused a row: %s", name)
        raise TakenMeanwhile from error
