"""Check-in, draws and blind codes. Only this slice joins a code to an entry."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.storage.columns import Flag, Instant, Text, Unique, Whole, belongs_to
from competitions.planning.tables import Event
from competitions.registration.tables import Entry


class CheckIn(Table, tablename="check_in"):
    """检录 of an entry: who came, with the right papers and tools."""

    id: Serial
    entry = belongs_to(Entry, unique=True)
    is_present = Flag()
    is_document_right = Flag()  # 证件核验
    are_tools_right = Flag()  # 工具核验, nothing forbidden
    note = Text()
    checked_by = Text()
    checked_at = Instant()
    version = Whole()


class CodeBook(Table, tablename="code_book"):
    """密封表 of one level of an event: sealed at the draw, opened by two duties together."""

    id: Serial
    event = belongs_to(Event)
    level = Whole()  # 1 to 3, rules.blind_codes
    list_hash = Text()  # hex SHA-256 of the list, fixed before the seed
    seed = Text()  # recorded; anyone with the list draws the same again
    witness = Text()  # what the witnesses said, mixed into the seed; empty for none
    drawn_by = Text()
    drawn_by_account = Whole(optional=True)
    drawn_at = Instant()
    keeper_account = Whole(optional=True)  # the one coding judge who reads this level
    keeper_name = Text(optional=True)
    first_key_by = Whole(optional=True)  # account of the first who asked to open
    first_key_name = Text(optional=True)
    first_key_duty = Text(optional=True)
    first_key_at = Instant(optional=True)
    unsealed_by = Text(optional=True)  # the second
    unsealed_at = Instant(optional=True)

    code_book_level_unique = Unique([event, level])


class BlindCode(Table, tablename="blind_code"):
    """加密号 of one level: what it stands for, an entry or the code of the level before."""

    id: Serial
    event = belongs_to(Event)
    level = Whole()
    entry = belongs_to(Entry, optional=True)  # on level 1 only
    original = Text()  # the entry's id as text, or the code of the level before
    code = Text()

    blind_code_unique = Unique([event, level, code])
    blind_code_original_unique = Unique([event, level, original])
