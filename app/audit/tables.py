"""The journal. It has no foreign keys, so that it never stands in the way of live rows."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.storage.columns import Instant, Text, Whole


class AuditRecord(Table, tablename="audit_record"):
    """One act; append-only. `hash` covers every other column and the hash before it."""

    id: Serial
    number = Whole(unique=True)  # 1, 2, 3 … without gaps
    act = Text(index=True)
    subject = Text(index=True)  # "competitions.event:12"
    account_id = Whole(optional=True)
    account_name = Text()
    address = Text()
    at = Instant(index=True)
    reason = Text()
    before = Text()  # JSON, empty for none
    after = Text()  # JSON, empty for none
    hash = Text()  # hex SHA-256


class JournalHead(Table, tablename="journal_head"):
    """The last link of the chain; one row, locked by whoever writes the next."""

    id: Serial
    number = Whole()
    hash = Text()
