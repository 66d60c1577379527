"""Draws and blind codes. Only this slice joins a code to an entry."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.storage.columns import Instant, Text, Unique, Whole, belongs_to
from competitions.planning.tables import Event
from competitions.registration.tables import Entry


class CodeBook(Table, tablename="code_book"):
    """密封表 of an event: sealed at the draw, opened by two duties together."""

    id: Serial
    event = belongs_to(Event, unique=True)
    list_hash = Text()  # hex SHA-256 of the entries, fixed before the seed
    seed = Text()  # hex, recorded; anyone with the list draws the same again
    drawn_by = Text()
    drawn_at = Instant()
    first_key_by = Whole(optional=True)  # account of the first who asked to open
    first_key_name = Text(optional=True)
    first_key_duty = Text(optional=True)
    unsealed_by = Text(optional=True)  # the second
    unsealed_at = Instant(optional=True)


class BlindCode(Table, tablename="blind_code"):
    """加密号 of an entry."""

    id: Serial
    event = belongs_to(Event)
    entry = belongs_to(Entry, unique=True)
    code = Text()
    station = Text()

    blind_code_unique = Unique([event, code])
