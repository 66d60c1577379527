"""Assignments of judges, and what happens to a code besides marks."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.storage.columns import Flag, Instant, Text, Unique, Whole, belongs_to
from competitions.planning.tables import Event
from competitions.registration.tables import Judge


class JudgeAssignment(Table, tablename="judge_assignment"):
    """A judge in a seat of an event."""

    id: Serial
    event = belongs_to(Event)
    judge = belongs_to(Judge)
    seat = Text()  # "J1"
    is_chief = Flag()
    assigned_at = Instant()
    withdrawn_at = Instant(optional=True)

    judge_assignment_unique = Unique([event, judge])


class CodeStanding(Table, tablename="code_standing"):
    """缺考、弃权、取消资格 of a code: never a zero."""

    id: Serial
    event = belongs_to(Event)
    code = Text()
    status = Text()  # "absent", "withdrawn", "disqualified"
    reason = Text()
    recorded_by = Text()
    recorded_at = Instant()

    code_standing_unique = Unique([event, code])


class Deduction(Table, tablename="deduction"):
    """违规扣分 of a code in a module; taken back, never deleted."""

    id: Serial
    event = belongs_to(Event)
    code = Text()
    module = Text()
    points_e4 = Whole()  # 1/10,000 of a point
    reason = Text()
    recorded_by = Text()
    recorded_at = Instant()
    taken_back_at = Instant(optional=True)


class ModuleTime(Table, tablename="module_time"):
    """用时 of a code in a module."""

    id: Serial
    event = belongs_to(Event)
    code = Text()
    module = Text()
    seconds = Whole()
    recorded_by = Text()
    recorded_at = Instant()

    module_time_unique = Unique([event, code, module])
