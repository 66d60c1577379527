"""Find a word in a text, alike on both engines: in any case, each character for itself."""

from typing import Any

from piccolo.columns import Column
from piccolo.columns.combination import Where
from piccolo.columns.operators.comparison import ComparisonOperator

from app.storage import engine


class _HasOnSqlite(ComparisonOperator):
    template = "{name} LIKE {value} ESCAPE '!'"


class _HasOnPostgres(ComparisonOperator):
    template = "{name} ILIKE {value} ESCAPE '!'"


def has(column: Any, word: str) -> Where:
    """Ask for the rows whose text has a word in it; upper and lower case of ASCII are one."""
    operator = _HasOnPostgres if engine.is_server() else _HasOnSqlite
    literal = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    asked: Column = column
    return Where(column=asked, value=f"%{literal}%", operator=operator)
