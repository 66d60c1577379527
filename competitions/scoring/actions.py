"""Seat judges, open mark sheets, record deductions, times and absences."""

import re
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

from app.accounts import actions as accounts
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotFound, RuleBroken, refusal
from app.rules.actors import Actor, Duty, Grant, Scope, require
from app.rules.mark_sheet import AspectKind, SchemeName, SheetAspect, SheetForm
from app.sheets import actions as sheets
from app.sheets import queries as sheet_queries
from app.sheets.actions import LedgerSpec, SheetSpec
from app.storage.engine import write_transaction
from competitions.draw import actions as draw_actions
from competitions.draw import queries as draw
from competitions.planning import queries as planning
from competitions.planning import schemes
from competitions.planning.actions import event_subject, stage_event_within
from competitions.planning.queries import EventLine, SchemeLine
from competitions.registration import queries as registration
from competitions.registration.queries import EntryLine
from competitions.rules.lifecycle import EventStatus, require_stage
from competitions.rules.rule_sets import field_panel
from competitions.rules.scheme import SHARED_KINDS, SchemeAspect, SchemeFacts
from competitions.scoring import queries
from competitions.scoring.queries import SeatLine
from competitions.scoring.tables import CodeStanding, Deduction, JudgeAssignment, ModuleTime

E4 = 10_000
STATUSES = ("absent", "withdrawn", "disqualified")
POINTS = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4})?")


@refusal
class SeatedAlready(RuleBroken):
    """A judge has one seat."""

    says = N_("{name}已在本赛项的裁判名单中。")
    field = "judge_id"
    name: str


@refusal
class TooFewJudges(RuleBroken):
    """The rule set needs more."""

    says = N_("按评分规则至少要 {fewest} 名评分裁判，现有 {found} 名。")
    found: int
    fewest: int


@refusal
class TooFewForCode(RuleBroken):
    """Recusal leaves an entry with too few judges."""

    says = N_("有一个加密号因回避只剩 {found} 名裁判，至少要 {fewest} 名。请增派裁判。")
    found: int
    fewest: int


@refusal
class NoScheme(RuleBroken):
    """There is nothing to mark by."""

    says = N_("还没有评分标准，不能开始评分。")


@refusal
class UnknownCode(RuleBroken):
    """The event has no such code."""

    says = N_("没有加密号“{code}”。")
    field = "code"
    code: str


@refusal
class WrongPoints(RuleBroken):
    """Points are a positive decimal."""

    says = N_("扣分应是大于 0 的数，最多四位小数。")
    field = "points"


@refusal
class ReasonNeeded(RuleBroken):
    """What is taken from somebody has a reason."""

    says = N_("请写明原因和依据的条款。")
    field = "reason"


async def seat(event_id: int, judge_id: int, *, is_chief: bool, by: Actor, at: datetime) -> str:
    """Seat a judge of the register and return the seat; the duty is granted for this event."""
    line = await planning.event(event_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    require_stage(line.status, EventStatus.PREPARING, EventStatus.DRAWN)
    judges = {item.id: item for item in await registration.judges(line.competition_id)}
    if judge_id not in judges:
        raise NotFound
    async with write_transaction():
        there = await JudgeAssignment.select().where(JudgeAssignment.event == event_id)
        if any(row["judge"] == judge_id for row in there):
            raise SeatedAlready(judges[judge_id].name)
        number = sum(not row["is_chief"] for row in there) + 1
        name = "C" if is_chief else f"J{number}"
        await JudgeAssignment(
            event=event_id,
            judge=judge_id,
            seat=name,
            is_chief=is_chief,
            assigned_at=at,
            withdrawn_at=None,
        ).save()
        duty = Duty.CHIEF_JUDGE if is_chief else Duty.MARKING_JUDGE
        granted = Grant(duty, Scope("event", str(event_id)), at)
        await accounts.grant_within(judges[judge_id].account_id, granted, by=by, at=at)
        await audit.record(
            act=Act.JUDGE_ASSIGNED,
            subject=event_subject(event_id),
            by=by,
            at=at,
            after={"judge": judges[judge_id].name, "seat": name},
        )
        return name


async def start_marking(event_id: int, *, by: Actor, at: datetime) -> int:
    """Lock the scheme and open a sheet for each judge and code; return how many.

    A judge gets no sheet of an entry of the own delegation or employer (marking.md section 6).
    """
    line = await planning.event(event_id)
    require(by, (Duty.ORGANIZER, Duty.CHIEF_JUDGE), *line.scopes)
    require_stage(line.status, EventStatus.DRAWN)
    scheme = await planning.scheme(event_id)
    if scheme is None:
        raise NoScheme
    judges = [item for item in await queries.seats(event_id) if not item.is_chief]
    fewest = fewest_judges(line, scheme.facts)
    if len(judges) < fewest:
        raise TooFewJudges(len(judges), fewest)
    await draw_actions.refuse_undrawn(line)
    codes = {item.code: item.station for item in await draw.sealed_codes(event_id)}
    entries = {item.id: item for item in await registration.entries_of_event(event_id)}
    forms = _forms(line, scheme)
    absent = await draw.absent_codes_within(event_id)
    away = absent | {item.code for item in await queries.standings_of_codes(event_id)}
    specs: list[SheetSpec] = []
    for code, entry_id in sorted((await draw.entries_by_code_within(event_id)).items()):
        if code in away:
            continue
        free = [item for item in judges if not must_stand_aside(item, entries[entry_id])]
        if len(free) < fewest:
            raise TooFewForCode(len(free), fewest)
        specs += _sheets(code, codes[code], free, forms)
    ledger = LedgerSpec(
        name=line.ledger, title=f"{line.name}", scopes=line.scopes, subject_word="加密号"
    )
    async with write_transaction():
        await schemes.lock_scheme_within(event_id, at)
        await _record_absent_within(event_id, absent, by=by, at=at)
        await stage_event_within(
            line, EventStatus.MARKING, come_from=(EventStatus.DRAWN,), by=by, at=at
        )
        return await sheets.open_sheets_within(ledger=ledger, specs=specs, by=by, at=at)


async def _record_absent_within(
    event_id: int, absent: set[str], *, by: Actor, at: datetime
) -> None:
    """Write down as absent who did not come to the check-in, by code."""
    known = {item.code for item in await queries.standings_of_codes(event_id)}
    for code in sorted(absent - known):
        await CodeStanding(
            event=event_id,
            code=code,
            status="absent",
            reason="",
            recorded_by=by.name,
            recorded_at=at,
        ).save()


def fewest_judges(line: EventLine, scheme: SchemeFacts) -> int:
    """Return how many marking judges the rule set and the scheme need."""
    kinds = {aspect.kind for aspect in scheme.aspects()}
    needs = [1]
    if "panel" in kinds:
        needs.append(field_panel(line.rule_set))
    if "judgement" in kinds:
        needs.append(int(line.rule_set["judgement"].get("min_judges", 3)))
    return max(needs)


def must_stand_aside(judge: SeatLine, entry: EntryLine) -> bool:
    """Tell whether a judge may not mark an entry: the same delegation or employer."""
    employers = {item.employer for item in entry.contestants if item.employer}
    return judge.delegation_id == entry.delegation_id or judge.employer in employers


def _forms(line: EventLine, scheme: SchemeLine) -> tuple[SheetForm, SheetForm | None]:
    """Return the first judge's form, with every aspect, and the others', with what all mark."""
    name = SchemeName(
        f"{line.name} {line.rule_set_name[:20]}", scheme.version_number, scheme.sha256
    )
    every = tuple(
        _aspect(aspect, module.name) for module in scheme.facts.modules for aspect in module.aspects
    )
    shared = tuple(item for item in every if item.kind.value in SHARED_KINDS)
    return SheetForm(line.name, name, every), SheetForm(line.name, name, shared) if shared else None


def _aspect(aspect: SchemeAspect, module: str) -> SheetAspect:
    return SheetAspect(
        id=aspect.id,
        kind=AspectKind(aspect.kind),
        title=aspect.title,
        max=aspect.max or None,
        hint=aspect.hint,
        unit=aspect.unit,
        decimals=aspect.decimals,
        descriptors=aspect.descriptors,
        calculation=aspect.calculation,
        zeroes=aspect.zeroes,
        group=f"{module} {aspect.criterion}".strip(),
    )


def _sheets(
    code: str, station: str, judges: Sequence[SeatLine], forms: tuple[SheetForm, SheetForm | None]
) -> list[SheetSpec]:
    found = []
    for place, judge in enumerate(judges):
        form = forms[0] if place == 0 else forms[1]
        if form is not None:
            found.append(
                SheetSpec(
                    subject_code=code,
                    seat=judge.seat,
                    form=form,
                    station=station,
                    account_id=judge.account_id,
                )
            )
    return found


async def record_standing(
    event_id: int, code: str, status: str, *, reason: str, by: Actor, at: datetime
) -> None:
    """Record that a code was absent, withdrew or was disqualified; its sheets no longer count."""
    line = await planning.event(event_id)
    require(by, (Duty.CHIEF_JUDGE, Duty.ORGANIZER), *line.scopes)
    require_stage(line.status, EventStatus.DRAWN, EventStatus.MARKING)
    await _refuse_unknown(event_id, code)
    if status != "absent" and not reason.strip():
        raise ReasonNeeded
    async with write_transaction():
        await CodeStanding(
            event=event_id,
            code=code,
            status=status,
            reason=reason.strip(),
            recorded_by=by.name,
            recorded_at=at,
        ).save()
        if await sheet_queries.ledger_row(line.ledger):
            await sheets.void_sheets_within(
                ledger=line.ledger, codes={code}, reason=reason.strip() or status, by=by, at=at
            )
        await audit.record(
            act=Act.CODE_STANDING_RECORDED,
            subject=event_subject(event_id),
            by=by,
            at=at,
            reason=reason,
            after={"status": status},
        )


async def deduct(
    event_id: int, code: str, module: str, *, points: str, reason: str, by: Actor, at: datetime
) -> None:
    """Deduct points from a code in a module, with a reason."""
    line = await planning.event(event_id)
    require(by, Duty.CHIEF_JUDGE, *line.scopes)
    require_stage(line.status, EventStatus.MARKING)
    await _refuse_unknown(event_id, code)
    if not POINTS.fullmatch(points.strip()) or Fraction(points) == 0:
        raise WrongPoints
    if not reason.strip():
        raise ReasonNeeded
    async with write_transaction():
        await Deduction(
            event=event_id,
            code=code,
            module=module,
            points_e4=int(Fraction(points) * E4),
            reason=reason.strip(),
            recorded_by=by.name,
            recorded_at=at,
            taken_back_at=None,
        ).save()
        await audit.record(
            act=Act.POINTS_DEDUCTED,
            subject=event_subject(event_id),
            by=by,
            at=at,
            reason=reason,
            after={"module": module},
        )


async def take_back_deduction(
    event_id: int, deduction_id: int, *, reason: str, by: Actor, at: datetime
) -> None:
    """Take a deduction back; it stays readable."""
    line = await planning.event(event_id)
    require(by, Duty.CHIEF_JUDGE, *line.scopes)
    require_stage(line.status, EventStatus.MARKING)
    if not reason.strip():
        raise ReasonNeeded
    async with write_transaction():
        changed = (
            await Deduction.update({Deduction.taken_back_at: at})
            .where(
                Deduction.id == deduction_id,
                Deduction.event == event_id,
                Deduction.taken_back_at.is_null(),
            )
            .returning(Deduction.id)
        )
        if not changed:
            raise NotFound
        await audit.record(
            act=Act.DEDUCTION_TAKEN_BACK,
            subject=event_subject(event_id),
            by=by,
            at=at,
            reason=reason,
        )


async def record_time(
    event_id: int, code: str, module: str, *, seconds: int, by: Actor, at: datetime
) -> None:
    """Record the time of a code in a module, or change it."""
    line = await planning.event(event_id)
    require(by, (Duty.CHIEF_JUDGE, Duty.ORGANIZER), *line.scopes)
    require_stage(line.status, EventStatus.MARKING)
    await _refuse_unknown(event_id, code)
    place = (
        (ModuleTime.event == event_id) & (ModuleTime.code == code) & (ModuleTime.module == module)
    )
    async with write_transaction():
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
            after={"module": module, "seconds": seconds},
        )


async def _refuse_unknown(event_id: int, code: str) -> None:
    if code not in {item.code for item in await draw.sealed_codes(event_id)}:
        raise UnknownCode(code)
