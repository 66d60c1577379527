"""Many rows at once, past the query builder, whose work would be most of a large import."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from piccolo.table import Table

from app.storage import engine

MOST_ARGUMENTS = 30_000
"""PostgreSQL takes 32,767 arguments in one statement, SQLite 32,766."""
MOST_ROWS = 500


async def insert_rows(table: type[Table], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows of the same columns, by their names in the database; return the ids in order."""
    if not rows:
        return []
    columns = tuple(rows[0])
    names = ", ".join(
        f'"{table._meta.get_column_by_name(name)._meta.db_column_name}"' for name in columns
    )
    ids: list[int] = []
    for part in _parts(rows, min(MOST_ROWS, MOST_ARGUMENTS // len(columns))):
        places = engine.places(len(part), len(columns))
        answer = await engine.fetch(
            f'INSERT INTO "{table._meta.tablename}" ({names}) VALUES {places} RETURNING id',
            [row[name] for row in part for name in columns],
        )
        ids += [row["id"] for row in answer]
    return ids


async def rows_where_in(
    table: type[Table], columns: Sequence[str], key: str, values: Sequence[Any]
) -> list[Mapping[str, Any]]:
    """Select columns of the rows whose key is one of many values."""
    found: list[Mapping[str, Any]] = []
    names = ", ".join(f'"{name}"' for name in columns)
    for part in _parts(values, MOST_ARGUMENTS):
        found += await engine.fetch(
            f'SELECT {names} FROM "{table._meta.tablename}" WHERE "{key}" IN'
            f" {engine.places(1, len(part))}",
            list(part),
        )
    return found


def _parts(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
