"""Read assignments and what happened to codes besides marks."""

import msgspec

from competitions.scoring.tables import CodeStanding, Deduction, JudgeAssignment, ModuleTime


class SeatLine(msgspec.Struct, frozen=True):
    """A judge in a seat of an event."""

    id: int
    judge_id: int
    account_id: int
    name: str
    employer: str
    delegation_id: int | None
    seat: str
    is_chief: bool


class StandingLine(msgspec.Struct, frozen=True):
    """A code that did not compete to the end, and why."""

    code: str
    status: str
    reason: str


class DeductionLine(msgspec.Struct, frozen=True):
    """A deduction in 1/10,000 of a point."""

    id: int
    code: str
    module: str
    points_e4: int
    reason: str
    recorded_by: str


class TimeLine(msgspec.Struct, frozen=True):
    """The time of a code in a module."""

    code: str
    module: str
    seconds: int


async def seats(event_id: int) -> list[SeatLine]:
    """Return the judges of an event by seat."""
    rows = (
        await JudgeAssignment.select(
            JudgeAssignment.id,
            JudgeAssignment.judge.as_alias("judge_id"),
            JudgeAssignment.judge._.account.as_alias("account_id"),
            JudgeAssignment.judge._.name.as_alias("name"),
            JudgeAssignment.judge._.employer.as_alias("employer"),
            JudgeAssignment.judge._.delegation.as_alias("delegation_id"),
            JudgeAssignment.seat,
            JudgeAssignment.is_chief,
        )
        .where(JudgeAssignment.event == event_id, JudgeAssignment.withdrawn_at.is_null())
        .order_by(JudgeAssignment.id)
    )
    return msgspec.convert(rows, list[SeatLine])


async def standings_of_codes(event_id: int) -> list[StandingLine]:
    """Return the codes that were absent, withdrew or were disqualified."""
    rows = (
        await CodeStanding.select()
        .where(CodeStanding.event == event_id)
        .order_by(CodeStanding.code)
    )
    return [StandingLine(row["code"], row["status"], row["reason"]) for row in rows]


async def deductions(event_id: int) -> list[DeductionLine]:
    """Return the deductions that stand."""
    rows = (
        await Deduction.select()
        .where(Deduction.event == event_id, Deduction.taken_back_at.is_null())
        .order_by(Deduction.id)
    )
    return msgspec.convert(rows, list[DeductionLine])


async def times(event_id: int) -> list[TimeLine]:
    """Return the recorded times."""
    rows = await ModuleTime.select().where(ModuleTime.event == event_id).order_by(ModuleTime.code)
    return msgspec.convert(rows, list[TimeLine])
