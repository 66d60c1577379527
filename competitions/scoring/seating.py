"""Seat judges, take them off, and write down whom they may not mark."""

from datetime import datetime

from app.accounts import grants, holders
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotFound, RuleBroken, refusal
from app.rules.actors import Actor, Grant, Scope, require
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject, hold_event_within
from competitions.planning.queries import EventLine
from competitions.registration import queries as registration
from competitions.registration.queries import JudgeLine
from competitions.rules.duties import LETTERS, SEAT_DUTIES, SEATING, STARTING, SeatKind
from competitions.rules.lifecycle import EventStatus, require_stage
from competitions.scoring import queries
from competitions.scoring.incidents import ReasonNeeded
from competitions.scoring.tables import DeclaredConflict, JudgeAssignment

BEFORE_MARKING = (EventStatus.PREPARING, EventStatus.DRAWN)


@refusal
class SeatedAlready(RuleBroken):
    """A judge has one seat."""

    says = N_("{name}已在本赛项的裁判名单中。")
    field = "judge_id"
    name: str


@refusal
class ChiefSeated(RuleBroken):
    """An event has one chief judge."""

    says = N_("本赛项已有裁判长{name}，请先撤下再安排。")
    field = "kind"
    name: str


@refusal
class DeclaredAlready(RuleBroken):
    """It stands already."""

    says = N_("这名裁判已申报过这个回避。")
    field = "entry_id"


async def seat(
    event_id: int,
    judge_id: int,
    *,
    kind: SeatKind = SeatKind.MARKING,
    by: Actor,
    at: datetime,
) -> str:
    """Seat a judge of the register and return the seat; the duty is granted for this event.

    Raise `SeatedAlready` or `ChiefSeated`.
    """
    line = await planning.event(event_id)
    require(by, SEATING, *line.scopes)
    judge = await _judge(line, judge_id)
    async with write_transaction():
        _refuse_stage(await hold_event_within(event_id), kind)
        there = await JudgeAssignment.select().where(JudgeAssignment.event == event_id)
        sitting = [row for row in there if row["withdrawn_at"] is None]
        if any(row["judge"] == judge_id for row in sitting):
            raise SeatedAlready(judge.name)
        if kind is SeatKind.CHIEF and any(row["kind"] == kind.value for row in sitting):
            chief = next(item for item in await queries.seats(event_id) if item.is_chief)
            raise ChiefSeated(chief.name)
        name = _free_seat(kind, {row["seat"] for row in sitting})
        if any(row["judge"] == judge_id for row in there):
            await _sit_again_within(event_id, judge_id, name, kind, at=at)
        else:
            await JudgeAssignment(
                event=event_id,
                judge=judge_id,
                seat=name,
                kind=kind.value,
                assigned_at=at,
                withdrawn_at=None,
            ).save()
        if judge.person_id is not None:
            await holders.own_within(judge.account_id, judge.person_id, by=by, at=at)
        granted = Grant(SEAT_DUTIES[kind], Scope("event", str(event_id)), at)
        await grants.grant_within(judge.account_id, granted, by=by, at=at)
        await _journal(Act.JUDGE_ASSIGNED, event_id, judge.name, name, by=by, at=at)
        return name


def _refuse_stage(line: EventLine, kind: SeatKind) -> None:
    """Marking judges sit down before marking; a reserve or a chief judge may come later."""
    later = () if kind is SeatKind.MARKING else (EventStatus.MARKING,)
    require_stage(line.status, *BEFORE_MARKING, *later)


async def _judge(line: EventLine, judge_id: int) -> JudgeLine:
    judges = {item.id: item for item in await registration.judges(line.competition_id)}
    if judge_id not in judges:
        raise NotFound
    return judges[judge_id]


def _free_seat(kind: SeatKind, taken: set[str]) -> str:
    letter = LETTERS[kind]
    if kind is SeatKind.CHIEF:
        return letter
    return next(
        name for number in range(1, len(taken) + 2) if (name := f"{letter}{number}") not in taken
    )


async def _sit_again_within(
    event_id: int, judge_id: int, name: str, kind: SeatKind, *, at: datetime
) -> None:
    await JudgeAssignment.update(
        {
            JudgeAssignment.seat: name,
            JudgeAssignment.kind: kind.value,
            JudgeAssignment.assigned_at: at,
            JudgeAssignment.withdrawn_at: None,
        }
    ).where(JudgeAssignment.event == event_id, JudgeAssignment.judge == judge_id)


async def unseat(event_id: int, judge_id: int, *, by: Actor, at: datetime) -> None:
    """Take a judge off the bench before marking; the duty ends with the seat.

    A chief judge or a reserve may be taken off while marking, too.
    """
    line = await planning.event(event_id)
    require(by, SEATING, *line.scopes)
    found = next(
        (item for item in await queries.seats(event_id) if item.judge_id == judge_id), None
    )
    if found is None:
        raise NotFound
    async with write_transaction():
        _refuse_stage(await hold_event_within(event_id), found.kind)
        await JudgeAssignment.update({JudgeAssignment.withdrawn_at: at}).where(
            JudgeAssignment.id == found.id
        )
        ended = Grant(SEAT_DUTIES[found.kind], Scope("event", str(event_id)), at)
        await grants.end_duty_within(found.account_id, ended, by=by, at=at)
        await _journal(Act.JUDGE_WITHDRAWN, event_id, found.name, found.seat, by=by, at=at)


async def declare_conflict(
    event_id: int, judge_id: int, entry_id: int, *, reason: str, by: Actor, at: datetime
) -> None:
    """Write down that a judge may not mark an entry; counts from the start of marking."""
    line = await planning.event(event_id)
    require(by, STARTING, *line.scopes)
    judge = await _judge(line, judge_id)
    if entry_id not in {item.id for item in await registration.entries_of_event(event_id)}:
        raise NotFound
    if not reason.strip():
        raise ReasonNeeded
    async with write_transaction():
        require_stage((await hold_event_within(event_id)).status, *BEFORE_MARKING)
        there = await queries.declared_conflicts(event_id)
        if any((item.judge_id, item.entry_id) == (judge_id, entry_id) for item in there):
            raise DeclaredAlready
        await DeclaredConflict(
            event=event_id,
            judge=judge_id,
            entry=entry_id,
            reason=reason.strip(),
            declared_by=by.name,
            declared_at=at,
        ).save()
        await audit.record(
            act=Act.CONFLICT_DECLARED,
            subject=event_subject(event_id),
            by=by,
            at=at,
            reason=reason,
            after={"judge": judge.name, "entry": entry_id},
        )


async def _journal(
    act: Act, event_id: int, name: str, seat_name: str, *, by: Actor, at: datetime
) -> None:
    await audit.record(
        act=act,
        subject=event_subject(event_id),
        by=by,
        at=at,
        after={"judge": name, "seat": seat_name},
    )
