"""What is printed of a draw: the record of each level, and the table for whoever keeps it."""

from collections.abc import Mapping

import msgspec

from competitions.draw import queries
from competitions.draw.queries import CodeBookLine
from competitions.registration import queries as registration
from competitions.rules import blind_codes


class TableLine(msgspec.Struct, frozen=True):
    """What a code stands for; names and delegation on level 1 only."""

    original: str
    code: str
    delegation: str = ""
    names: str = ""


class LevelRecord(msgspec.Struct, frozen=True):
    """One level of a draw: its book, and its table once it is open.

    `is_verified` tells whether drawing again from the list and the seed gives the same; None while
    sealed.
    """

    book: CodeBookLine
    count: int
    lines: tuple[TableLine, ...] = ()
    is_verified: bool | None = None


async def draw_record(event_id: int) -> list[LevelRecord]:
    """Return the levels of an event's draw, each with its table once it was opened."""
    found = []
    for book in await queries.code_books(event_id):
        table = await queries.table_within(event_id, book.level)
        if book.unsealed_at is None:
            found.append(LevelRecord(book, len(table)))
            continue
        again = blind_codes.draw(list(table), book.seed, book.level)
        found.append(
            LevelRecord(
                book,
                len(table),
                tuple(await table_lines(event_id, book.level, table)),
                again == table and blind_codes.list_hash(list(table)) == book.list_hash,
            )
        )
    return found


async def table_lines(event_id: int, level: int, table: Mapping[str, str]) -> list[TableLine]:
    """Return a level's table for print: level 1 by delegation with names, others by code."""
    if level > 1:
        return [TableLine(original, code) for original, code in table.items()]
    entries = {str(item.id): item for item in await registration.entries_of_event(event_id)}
    lines = [
        TableLine(original, code, entries[original].party, entries[original].names)
        for original, code in table.items()
    ]
    return sorted(lines, key=lambda line: (line.delegation, line.names))
