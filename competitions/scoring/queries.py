"""Read assignments and what happened to codes besides marks."""

from collections import defaultdict
from datetime import datetime

import msgspec

from app.rules.mark_sheet import code_order, decimal_text
from competitions.rules.bench import Seated
from competitions.rules.duties import CodeStatus, SeatKind
from competitions.rules.recusal import Conflict, JudgeTies
from competitions.scoring.tables import (
    CodeStanding,
    DeclaredConflict,
    Deduction,
    JudgeAssignment,
    ModuleTime,
    StandIn,
)


class SeatLine(msgspec.Struct, frozen=True):
    """A judge in a seat of an event."""

    id: int
    judge_id: int
    account_id: int
    person_id: int | None
    name: str
    employer: str
    delegation_id: int | None
    delegation: str | None
    county_code: str | None
    seat: str
    kind: SeatKind

    @property
    def is_chief(self) -> bool:
        """Tell whether this is the chief judge's seat."""
        return self.kind is SeatKind.CHIEF

    @property
    def ties(self) -> JudgeTies:
        """Return what binds the judge."""
        return JudgeTies(
            self.name, self.delegation_id, self.employer, self.person_id, self.county_code
        )


class StandingLine(msgspec.Struct, frozen=True):
    """A code that did not compete to the end, and why."""

    code: str
    status: CodeStatus
    reason: str
    recorded_by: str
    recorded_at: datetime


class ConflictLine(msgspec.Struct, frozen=True):
    """A declared conflict."""

    id: int
    judge_id: int
    judge: str
    entry_id: int
    delegation: str
    reason: str
    declared_by: str


class StandInLine(msgspec.Struct, frozen=True):
    """Who marked a code in whose seat."""

    code: str
    seat: str
    judge: str
    instead_of: str
    reason: str

    @property
    def is_recusal(self) -> bool:
        """Tell whether a conflict was the reason; which one could give the contestant away."""
        return set(self.reason.split("、")) <= {item.value for item in Conflict}


class DeductionLine(msgspec.Struct, frozen=True):
    """A deduction in 1/10,000 of a point; `taken_back_by` where it no longer stands."""

    id: int
    code: str
    module: str
    points_e4: int
    reason: str
    recorded_by: str
    taken_back_by: str | None
    taken_back_reason: str | None

    @property
    def points(self) -> str:
        """Return the points as decimal text."""
        return decimal_text(self.points_e4)


class TimeLine(msgspec.Struct, frozen=True):
    """The time of a code in a module."""

    code: str
    module: str
    seconds: int

    @property
    def text(self) -> str:
        """Return hours, minutes and seconds."""
        minutes, seconds = divmod(self.seconds, 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


async def seats(event_id: int) -> list[SeatLine]:
    """Return the judges of an event by seat."""
    rows = (
        await JudgeAssignment.select(
            JudgeAssignment.id,
            JudgeAssignment.judge.as_alias("judge_id"),
            JudgeAssignment.judge._.account.as_alias("account_id"),
            JudgeAssignment.judge._.person.as_alias("person_id"),
            JudgeAssignment.judge._.name.as_alias("name"),
            JudgeAssignment.judge._.employer.as_alias("employer"),
            JudgeAssignment.judge._.delegation.as_alias("delegation_id"),
            JudgeAssignment.judge._.delegation._.name.as_alias("delegation"),
            JudgeAssignment.judge._.county_code.as_alias("county_code"),
            JudgeAssignment.seat,
            JudgeAssignment.kind,
        )
        .where(JudgeAssignment.event == event_id, JudgeAssignment.withdrawn_at.is_null())
        .order_by(JudgeAssignment.id)
    )
    found = msgspec.convert(rows, list[SeatLine], strict=False)
    order = list(SeatKind)
    return sorted(found, key=lambda line: (order.index(line.kind), code_order(line.seat)))


async def seated(event_id: int, kind: SeatKind) -> list[Seated]:
    """Return the judges of a kind as the rules see them, with what they declared."""
    declared: dict[int, set[int]] = defaultdict(set)
    for item in await declared_conflicts(event_id):
        declared[item.judge_id].add(item.entry_id)
    return [
        Seated(line.judge_id, line.seat, line.ties, frozenset(declared[line.judge_id]))
        for line in await seats(event_id)
        if line.kind is kind
    ]


async def declared_conflicts(event_id: int) -> list[ConflictLine]:
    """Return the conflicts that judges declared in an event."""
    rows = (
        await DeclaredConflict.select(
            DeclaredConflict.id,
            DeclaredConflict.judge.as_alias("judge_id"),
            DeclaredConflict.judge._.name.as_alias("judge"),
            DeclaredConflict.entry.as_alias("entry_id"),
            DeclaredConflict.entry._.delegation._.name.as_alias("delegation"),
            DeclaredConflict.reason,
            DeclaredConflict.declared_by,
        )
        .where(DeclaredConflict.event == event_id)
        .order_by(DeclaredConflict.id)
    )
    return msgspec.convert(rows, list[ConflictLine])


async def stand_ins(event_id: int) -> list[StandInLine]:
    """Return who marked which code in whose seat, in order of codes."""
    rows = (
        await StandIn.select(
            StandIn.code,
            StandIn.seat,
            StandIn.judge._.name.as_alias("judge"),
            StandIn.instead_of._.name.as_alias("instead_of"),
            StandIn.reason,
        )
        .where(StandIn.event == event_id)
        .order_by(StandIn.id)
    )
    return sorted(msgspec.convert(rows, list[StandInLine]), key=lambda line: code_order(line.code))


async def standings_of_codes(event_id: int) -> list[StandingLine]:
    """Return the codes that were absent, withdrew or were disqualified."""
    rows = await CodeStanding.select().where(CodeStanding.event == event_id)
    return sorted(
        msgspec.convert(rows, list[StandingLine], strict=False),
        key=lambda line: code_order(line.code),
    )


async def deductions(event_id: int) -> list[DeductionLine]:
    """Return the deductions that stand."""
    return [line for line in await all_deductions(event_id) if line.taken_back_by is None]


async def all_deductions(event_id: int) -> list[DeductionLine]:
    """Return the deductions, also those that were taken back."""
    rows = await Deduction.select().where(Deduction.event == event_id).order_by(Deduction.id)
    return sorted(
        msgspec.convert(rows, list[DeductionLine]), key=lambda line: code_order(line.code)
    )


async def times(event_id: int) -> list[TimeLine]:
    """Return the recorded times."""
    rows = await ModuleTime.select().where(ModuleTime.event == event_id).order_by(ModuleTime.module)
    return sorted(msgspec.convert(rows, list[TimeLine]), key=lambda line: code_order(line.code))
