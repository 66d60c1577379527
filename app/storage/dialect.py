"""The one form of schema that both engines take.

SQLite adds no constraint to a table, and PostgreSQL gives an unnamed one the attribute's name,
which two tables may share; so a UNIQUE of several columns is a unique index named by its table.
"""

import re

UNIQUE = re.compile(
    r'ALTER TABLE "?(\w+)"? ADD CONSTRAINT "?(\w+)"? UNIQUE (?:NULLS \w+ )?(?:DISTINCT )?\((.*)\)'
)


def translated(ddl: str) -> str:
    """Return a statement of the schema as both engines take it."""
    found = UNIQUE.match(ddl)
    if found is None:
        return ddl
    return f'CREATE UNIQUE INDEX IF NOT EXISTS "{found[1]}_{found[2]}" ON "{found[1]}" ({found[3]})'
