"""The days of the State Council's 放假安排."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.storage.columns import Day, Instant, Text


class Holiday(Table, tablename="holiday"):
    """A day of rest or of work as somebody entered it; one row a day counts, the others ended."""

    id: Serial
    day = Day(index=True)
    kind = Text()  # rules.holidays.DayKind
    name = Text()  # of the holiday; empty for none
    entered_by = Text()
    entered_at = Instant()
    ended_by = Text(optional=True)  # who corrected it or took it back
    ended_at = Instant(optional=True)
    reason = Text(optional=True)  # why it ended
