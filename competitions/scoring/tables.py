"""Assignments of judges, and what happens to a code besides marks."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.storage.columns import Instant, Text, Unique, Whole, belongs_to
from competitions.planning.tables import Event
from competitions.registration.tables import Entry, Judge


class JudgeAssignment(Table, tablename="judge_assignment"):
    """A judge in a seat of an event."""

    id: Serial
    event = belongs_to(Event)
    judge = belongs_to(Judge)
    seat = Text()  # "J1", "C", "R1"
    kind = Text()  # rules.duties.SeatKind
    assigned_at = Instant()
    withdrawn_at = Instant(optional=True)

    judge_assignment_unique = Unique([event, judge])


class DeclaredConflict(Table, tablename="declared_conflict"):
    """申报回避: a judge of the register and an entry that they may not mark."""

    id: Serial
    event = belongs_to(Event)
    judge = belongs_to(Judge)
    entry = belongs_to(Entry)
    reason = Text()
    declared_by = Text()
    declared_at = Instant()

    declared_conflict_unique = Unique([judge, entry])


class StandIn(Table, tablename="stand_in"):
    """顶替: who marked a code in whose seat, and why; the result book says so."""

    id: Serial
    event = belongs_to(Event)
    code = Text()
    seat = Text()
    judge = belongs_to(Judge)
    instead_of = belongs_to(Judge)
    reason = Text()
    recorded_at = Instant()


class CodeStanding(Table, tablename="code_standing"):
    """缺考、弃权、取消资格 of a code: never a zero."""

    id: Serial
    event = belongs_to(Event)
    code = Text()
    status = Text()  # rules.duties.CodeStatus
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
    taken_back_by = Text(optional=True)
    taken_back_reason = Text(optional=True)


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
