"""The one form of schema that both engines take, and mean alike.

SQLite adds no constraint to a table, and PostgreSQL gives an unnamed one the attribute's name,
which two tables may share; so a UNIQUE of several columns is a unique index named by its table.
SQLite keeps a text in a column of whole numbers as it is; so there each such column checks itself.
"""

import re

UNIQUE = re.compile(
    r'ALTER TABLE "?(\w+)"? ADD CONSTRAINT "?(\w+)"? UNIQUE (?:NULLS \w+ )?(?:DISTINCT )?\((.*)\)'
)
CHECK = re.compile(r"ALTER TABLE \S+ ADD CONSTRAINT \S+ CHECK\b")
WHOLE_NUMBER = re.compile(r'("\w+") INTEGER\b(?! PRIMARY KEY| CHECK)')
YES_OR_NO = re.compile(r'("\w+") BOOLEAN\b(?! CHECK)')


class CheckOnTable(Exception):
    """A table names a `Check`, which SQLite cannot add; a struct and a rule check values."""


def translated(ddl: str) -> str:
    """Return a statement of the schema as both engines take it; raise `CheckOnTable`."""
    if CHECK.match(ddl):
        raise CheckOnTable(ddl)
    found = UNIQUE.match(ddl)
    if found is None:
        return ddl
    return f'CREATE UNIQUE INDEX IF NOT EXISTS "{found[1]}_{found[2]}" ON "{found[1]}" ({found[3]})'


def checking_itself(ddl: str) -> str:
    """Return a statement of SQLite's schema whose columns refuse what is not of their type."""
    if not ddl.startswith(("CREATE TABLE", "ALTER TABLE")):
        return ddl
    ddl = WHOLE_NUMBER.sub(r"\1 INTEGER CHECK (typeof(\1) IN ('integer', 'null'))", ddl)
    return YES_OR_NO.sub(r"\1 BOOLEAN CHECK (\1 IN (0, 1))", ddl)
