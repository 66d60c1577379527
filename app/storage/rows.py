"""Many rows at once, past the query builder, whose work would be most of a large import."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from piccolo.table import Table

from app.storage import engine

MOST_SOUGHT = 1000
"""A statement that seeks more takes longer to be read than to be run."""


async def insert_rows(table: type[Table], rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """Insert rows of the same columns, by their names in the database; return the ids in order."""
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return []
    columns = tuple(first)
    values = ([row[name] for name in columns] for row in chain([first], waiting))
    return await insert_values(table, columns, values)


async def insert_values(
    table: type[Table], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> list[int]:
    """Insert rows of values, in the order of the columns; return the ids drawn. All or none.

    None are drawn where `id` is a column: the caller took `engine.free_ids`. Between two statements
    others have their turn, so a large table does not stop the house.
    """
    drawn = () if "id" in columns else ("id",)
    names = ", ".join(f'"{name}"' for name in (*columns, *drawn))
    places = f"({', '.join('?' * (len(columns) + len(drawn)))})"
    ids: list[int] = []
    async with engine.write_transaction():
        for part in parts(rows, engine.MOST_ROWS):
            # Ids that are known before take less than RETURNING does.
            free = await engine.free_ids(table, len(part)) if drawn else []
            await engine.fetch(
                f'INSERT INTO "{table._meta.tablename}" ({names})'
                f" VALUES {', '.join([places] * len(part))}",
                [*chain.from_iterable(map(chain, part, zip(free) if drawn else [()] * len(part)))],
            )
            ids += free
            if len(part) == engine.MOST_ROWS:
                await asyncio.sleep(0)
    return ids


async def rows_where_in(
    table: type[Table], columns: Sequence[str], key: str, values: Sequence[Any]
) -> list[Mapping[str, Any]]:
    """Select columns of the rows whose key is one of many values."""
    found: list[Mapping[str, Any]] = []
    names = ", ".join(f'"{name}"' for name in columns)
    for part in parts(values, MOST_SOUGHT):
        found += await engine.fetch(
            f'SELECT {names} FROM "{table._meta.tablename}" WHERE "{key}" IN'
            f" ({', '.join('?' * len(part))})",
            part,
        )
    return found


def one_of(values: Iterable[Any], each: str = "?") -> tuple[str, list[Any]]:
    """Return the places after IN for some values, and their arguments.

    Both are filled up to the next power of two with the last value, so that a hot statement has
    few forms and is found prepared. `each` is the place of one value; where that holds more than
    one, the values are tuples.
    """
    wanted = list(values)
    size = 1 << (len(wanted) - 1).bit_length() if wanted else 0
    wanted += wanted[-1:] * (size - len(wanted))
    arguments = wanted if each.count("?") == 1 else [item for value in wanted for item in value]
    return ", ".join([each] * size), arguments


def parts(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Return items in lists of at most `size`."""
    waiting = iter(items)
    while part := list(islice(waiting, size)):
        yield part
