"""What happens to a code besides marks: absence, deductions, times."""

from datetime import datetime

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotFound, RuleBroken, refusal
from app.rules.actors import Actor, require
from app.rules.points import e4_of
from app.sheets import actions as sheets
from app.sheets import queries as sheet_queries
from app.storage.engine import write_transaction
from competitions.draw import actions as draw_actions
from competitions.draw import queries as draw
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject, hold_event_within, turn_event_within
from competitions.rules.duties import DEDUCTING, RECORDING, CodeStatus
from competitions.rules.lifecycle import EventStatus, require_stage
from competitions.scoring import queries
from competitions.scoring.tables import CodeStanding, Deduction, ModuleTime

MOST_SECONDS = 30 * 24 * 3600
COUNTED = (EventStatus.MARKING, EventStatus.LOCKED)
"""What may come after the first count, too: it is done again while codes are sealed."""


@refusal
class UnknownCode(RuleBroken):
    """The event has no such code."""

    says = N_("没有加密号“{code}”。")
    field = "code"
    code: str


@refusal
class UnknownModule(RuleBroken):
    """The scheme has no such module."""

    says = N_("评分标准里没有模块“{module}”。")
    field = "module"
    module: str


@refusal
class StandingRecorded(RuleBroken):
    """One code, one reason not to compete."""

    says = N_("加密号 {code} 已登记过，不能重复登记。登记错了的，请先撤销。")
    field = "code"
    code: str


@refusal
class WrongPoints(RuleBroken):
    """Points are a positive decimal."""

    says = N_("扣分应是大于 0 的数，最多四位小数。")
    field = "points"


@refusal
class WrongTime(RuleBroken):
    """A time is written as hours, minutes and seconds."""

    says = N_("用时应写成“时:分:秒”或“分:秒”，例如 2:32:00。")
    field = "time"


@refusal
class ReasonNeeded(RuleBroken):
    """What is taken from somebody has a reason."""

    says = N_("请写明原因和依据的条款。")
    field = "reason"


async def record_standing(
    event_id: int, code: str, status: CodeStatus, *, reason: str, by: Actor, at: datetime
) -> None:
    """Record that a code was absent, withdrew or was disqualified; its sheets no longer count.

    Marks that are final stay: what is found out later may still disqualify, until the codes are
    opened. Raise `LedgerLocked` for an absence or a withdrawal then.
    """
    line = await planning.event(event_id)
    require(by, RECORDING, *line.scopes)
    require_stage(line.status, EventStatus.DRAWN, *COUNTED)
    await draw_actions.refuse_undrawn(line)
    await _refuse_unknown(event_id, code)
    if status is not CodeStatus.ABSENT and not reason.strip():
        raise ReasonNeeded
    async with write_transaction():
        if any(item.code == code for item in await queries.standings_of_codes(event_id)):
            raise StandingRecorded(code)
        await turn_event_within(line)  # Marking may be opening the sheets at this moment.
        await CodeStanding(
            event=event_id,
            code=code,
            status=status.value,
            reason=reason.strip(),
            recorded_by=by.name,
            recorded_at=at,
        ).save()
        if not await _keeps_sheets(line.ledger, status):
            await sheets.void_sheets_within(
                ledger=line.ledger, codes={code}, reason=reason.strip() or status, by=by, at=at
            )
        await audit.record(
            act=Act.CODE_STANDING_RECORDED,
            subject=event_subject(event_id),
            by=by,
            at=at,
            reason=reason,
            after={"status": status, "code": code},
        )


async def _keeps_sheets(ledger: str, status: CodeStatus) -> bool:
    """Tell whether no sheet is taken out of the count: none is opened, or their marks are final.

    Whoever is disqualified is left out of the standings whatever the sheets say.
    """
    row = await sheet_queries.ledger_row(ledger)
    return row is None or (status is CodeStatus.DISQUALIFIED and row["locked_at"] is not None)


async def record_absent_within(event_id: int, codes: set[str], *, by: Actor, at: datetime) -> None:
    """Write down as absent who did not come to the check-in, by code."""
    known = {item.code for item in await queries.standings_of_codes(event_id)}
    for code in sorted(codes - known):
        await CodeStanding(
            event=event_id,
            code=code,
            status=CodeStatus.ABSENT.value,
            reason="",
            recorded_by=by.name,
            recorded_at=at,
        ).save()


async def deduct(
    event_id: int, code: str, module: str, *, points: str, reason: str, by: Actor, at: datetime
) -> None:
    """Deduct points from a code in a module, with a reason."""
    line = await planning.event(event_id)
    require(by, DEDUCTING, *line.scopes)
    await _refuse_unknown(event_id, code, module)
    points_e4 = e4_of(points.strip())
    if points_e4 is None or points_e4 <= 0:
        raise WrongPoints
    if not reason.strip():
        raise ReasonNeeded
    async with write_transaction():
        await _turn_within(event_id)
        await Deduction(
            event=event_id,
            code=code,
            module=module,
            points_e4=points_e4,
            reason=reason.strip(),
            recorded_by=by.name,
            recorded_at=at,
            taken_back_at=None,
            taken_back_by=None,
            taken_back_reason=None,
        ).save()
        await audit.record(
            act=Act.POINTS_DEDUCTED,
            subject=event_subject(event_id),
            by=by,
            at=at,
            reason=reason,
            after={"code": code, "module": module, "points": points.strip()},
        )


async def take_back_deduction(
    event_id: int, deduction_id: int, *, reason: str, by: Actor, at: datetime
) -> None:
    """Take a deduction back; it stays readable."""
    line = await planning.event(event_id)
    require(by, DEDUCTING, *line.scopes)
    if not reason.strip():
        raise ReasonNeeded
    async with write_transaction():
        await _turn_within(event_id)
        changed = (
            await Deduction.update(
                {
                    Deduction.taken_back_at: at,
                    Deduction.taken_back_by: by.name,
                    Deduction.taken_back_reason: reason.strip(),
                }
            )
            .where(
                Deduction.id == deduction_id,
                Deduction.event == event_id,
                Deduction.taken_back_at.is_null(),
            )
            .returning(Deduction.code, Deduction.module)
        )
        if not changed:
            raise NotFound
        await audit.record(
            act=Act.DEDUCTION_TAKEN_BACK,
            subject=event_subject(event_id),
            by=by,
            at=at,
            reason=reason,
            before=changed[0],
        )


async def record_time(
    event_id: int, code: str, module: str, *, seconds: int, by: Actor, at: datetime
) -> None:
    """Record the time of a code in a module, or change it."""
    line = await planning.event(event_id)
    require(by, RECORDING, *line.scopes)
    await _refuse_unknown(event_id, code, module)
    place = (
        (ModuleTime.event == event_id) & (ModuleTime.code == code) & (ModuleTime.module == module)
    )
    async with write_transaction():
        await _turn_within(event_id)
        old = await ModuleTime.select(ModuleTime.id, ModuleTime.seconds).where(place).first()
        if old:
            await ModuleTime.update({ModuleTime.seconds: seconds}).where(ModuleTime.id == old["id"])
        else:
            await ModuleTime(
                event=event_id,
                code=code,
                module=module,
                seconds=seconds,
                recorded_by=by.name,
                recorded_at=at,
            ).save()
        await audit.record(
            act=Act.TIME_RECORDED,
            subject=event_subject(event_id),
            by=by,
            at=at,
            before={"seconds": old["seconds"]} if old else None,
            after={"code": code, "module": module, "seconds": seconds},
        )


def seconds_of(text: str) -> int:
    """Read hours, minutes and seconds, or minutes and seconds; raise `WrongTime`."""
    parts = text.strip().replace("：", ":").split(":")
    if not 2 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise WrongTime
    *before, minutes, seconds = (int(part) for part in parts)
    found = (before[0] if before else 0) * 3600 + minutes * 60 + seconds
    if seconds > 59 or (before and minutes > 59) or found > MOST_SECONDS:
        raise WrongTime
    return found


async def _turn_within(event_id: int) -> None:
    """Hold an event that may still be counted again, and let who counts it now notice."""
    line = await hold_event_within(event_id)
    require_stage(line.status, *COUNTED)
    await turn_event_within(line)


async def _refuse_unknown(event_id: int, code: str, module: str | None = None) -> None:
    if code not in {item.code for item in await draw.sealed_codes(event_id)}:
        raise UnknownCode(code)
    scheme = await planning.scheme(event_id)
    known = {item.id for item in scheme.facts.modules} if scheme else set()
    if module is not None and module not in known:
        raise UnknownModule(module)
