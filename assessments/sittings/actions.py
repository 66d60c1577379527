"""Plan sittings, and move a sitting through its days."""

from datetime import datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.people.actions import find_or_add_organization_within
from app.people.kinds import OrganizationKind
from app.rules.actors import Actor, Duty, Scope, require
from app.sheets.acts import ReasonNeeded
from app.storage.engine import write_transaction
from assessments.rules.examiners import refuse_without_rotation, refuse_wrong_group
from assessments.rules.lifecycle import SittingStatus, SpecificationStatus, step_sitting
from assessments.sittings import queries
from assessments.sittings.tables import AssessmentRoom, Sitting
from assessments.specifications import queries as specifications


class SittingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What is planned; organizations by name, found or registered."""

    code: str
    name: str
    specification_id: int
    institution: str
    issuer: str
    site: str
    region_code: str
    address: str
    starts_at: datetime
    ends_at: datetime
    enrollment_closes_at: datetime
    rooms: tuple[tuple[str, int], ...]
    filing_number: str | None = None
    instructions: str = ""


@refusal
class NotInForce(RuleBroken):
    """A sitting uses a specification in force."""

    says = N_("规范“{name}”还没有施行，不能据此安排考核。请先在规范页面办理施行。")
    field = "specification_id"
    name: str


@refusal
class CodeTaken(RuleBroken):
    """Another sitting has this code."""

    says = N_("批次代码“{code}”已被使用，请换一个。")
    field = "code"
    code: str


@refusal
class EndsBeforeStart(RuleBroken):
    """The days run forwards."""

    says = N_("结束时间应晚于开始时间，报名截止应不晚于开始时间。")
    field = "ends_at"


@refusal
class NoRooms(RuleBroken):
    """There is no room to sit in."""

    says = N_("请至少填写一个考场，工位数为 1 到 500。")
    field = "rooms"


def subject(sitting_id: int) -> str:
    """Return how the journal names a sitting."""
    return f"assessments.sitting:{sitting_id}"


async def plan(wanted: SittingPlan, *, by: Actor, at: datetime) -> int:
    """Plan a sitting and return its id."""
    region = wanted.region_code
    codes = dict.fromkeys((region, region[:4] + "00", region[:2] + "0000"))
    require(by, queries.RUNNERS, *(Scope("region", code) for code in codes))
    specification = await specifications.specification(wanted.specification_id)
    if specification.status is not SpecificationStatus.IN_FORCE:
        raise NotInForce(specification.name)
    _refuse_wrong_days(wanted)
    async with write_transaction():
        if await Sitting.exists().where(Sitting.code == wanted.code):
            raise CodeTaken(wanted.code)
        row = Sitting(
            **await _columns(wanted, by=by, at=at),
            status=SittingStatus.PLANNED.value,
            published_at=None,
            notice_ends_at=None,
            created_at=at,
            version=1,
        )
        await row.save()
        await _write_rooms(row.id, wanted.rooms)
        await audit.record(
            act=Act.SITTING_PLANNED,
            subject=subject(row.id),
            by=by,
            at=at,
            after=msgspec.to_builtins(wanted),
        )
        return row.id


async def change(
    sitting_id: int, wanted: SittingPlan, *, seen_version: int, by: Actor, at: datetime
) -> None:
    """Change the plan of a sitting that has not been assessed."""
    line = await queries.sitting(sitting_id)
    require(by, queries.RUNNERS, *line.scopes)
    if line.status not in {SittingStatus.PLANNED, SittingStatus.ENROLLING}:
        raise AlreadyAssessing
    _refuse_wrong_days(wanted)
    async with write_transaction():
        columns = await _columns(wanted, by=by, at=at)
        await _update(
            sitting_id,
            seen_version,
            {getattr(Sitting, name): value for name, value in columns.items()},
        )
        await AssessmentRoom.delete().where(AssessmentRoom.sitting == sitting_id)
        await _write_rooms(sitting_id, wanted.rooms)
        await audit.record(
            act=Act.SITTING_CHANGED,
            subject=subject(sitting_id),
            by=by,
            at=at,
            before=msgspec.to_builtins(line),
            after=msgspec.to_builtins(wanted),
        )


@refusal
class AlreadyAssessing(RuleBroken):
    """The plan is fixed once the assessment has begun."""

    says = N_("考核已经开始，批次安排不能再改。")


async def held_within(sitting_id: int) -> queries.SittingLine:
    """Return a sitting that nobody else changes until this transaction ends; raise `NotFound`."""
    await Sitting.raw("UPDATE sitting SET version = version WHERE id = {}", sitting_id)
    return await queries.sitting(sitting_id)


BY_HAND = frozenset({SittingStatus.ENROLLING, SittingStatus.CANCELED, SittingStatus.ARCHIVED})
"""The states that follow from a word alone; grading leads to the others."""


@refusal
class ComesOfGrading(RuleBroken):
    """Sheets, grades and publication lead to the other states, never a word alone."""

    says = N_("不能直接变为“{wanted}”。请按办理进度办理。")
    wanted: SittingStatus


async def step(
    sitting_id: int,
    wanted: SittingStatus,
    *,
    seen_version: int,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Open a sitting for candidates, cancel it with a reason, or archive it."""
    line = await queries.sitting(sitting_id)
    require(by, queries.RUNNERS, *line.scopes)
    step_sitting(line.status, wanted)
    if wanted not in BY_HAND:
        raise ComesOfGrading(wanted)
    if wanted is SittingStatus.CANCELED and not reason.strip():
        raise ReasonNeeded
    async with write_transaction():
        await step_within(line, wanted, seen_version=seen_version, by=by, at=at, reason=reason)


async def step_within(
    line: queries.SittingLine,
    wanted: SittingStatus,
    *,
    seen_version: int,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Move a sitting on inside the caller's transaction.

    The assessment begins only with a proper group of examiners.
    """
    step_sitting(line.status, wanted)
    if wanted is SittingStatus.ASSESSING and line.status is SittingStatus.ENROLLING:
        await refuse_unfit_group(line)
    await _update(line.id, seen_version, {Sitting.status: wanted.value})
    await audit.record(
        act=Act.SITTING_STEPPED,
        subject=subject(line.id),
        by=by,
        at=at,
        reason=reason.strip(),
        before={"status": line.status},
        after={"status": wanted},
    )


async def refuse_unfit_group(line: queries.SittingLine) -> None:
    """Raise where those who were sent may not assess a sitting together."""
    sent = await queries.dispatches(line.id)
    group = [item.facts for item in sent if item.duty is Duty.EXAMINER]
    fewest = (await queries.specification_of(line)).facts.fewest_examiners
    refuse_wrong_group(group, fewest=fewest, supervisors=len(sent) - len(group), on=line.day)
    refuse_without_rotation(group, await queries.earlier_groups(line))


async def _columns(wanted: SittingPlan, *, by: Actor, at: datetime) -> dict[str, Any]:
    kinds = {
        "institution": OrganizationKind.INSTITUTION,
        "issuer": OrganizationKind.CENTER,
        "site": OrganizationKind.SITE,
    }
    ids = {
        name: await find_or_add_organization_within(
            name=getattr(wanted, name), kind=kind, region_code=wanted.region_code, by=by, at=at
        )
        for name, kind in kinds.items()
    }
    plain = {
        name: getattr(wanted, name)
        for name in (
            "code",
            "name",
            "region_code",
            "address",
            "starts_at",
            "ends_at",
            "enrollment_closes_at",
            "filing_number",
            "instructions",
        )
    }
    return plain | ids | {"specification": wanted.specification_id}


async def _write_rooms(sitting_id: int, rooms: tuple[tuple[str, int], ...]) -> None:
    await AssessmentRoom.insert(
        *(
            AssessmentRoom(sitting=sitting_id, name=name, stations=stations)
            for name, stations in rooms
        )
    )


async def _update(sitting_id: int, seen_version: int, changes: dict[Any, Any]) -> None:
    changed = (
        await Sitting.update({**changes, Sitting.version: seen_version + 1})
        .where(Sitting.id == sitting_id, Sitting.version == seen_version)
        .returning(Sitting.id)
    )
    if not changed:
        raise Stale


def _refuse_wrong_days(wanted: SittingPlan) -> None:
    if wanted.ends_at <= wanted.starts_at or wanted.enrollment_closes_at > wanted.starts_at:
        raise EndsBeforeStart
    if not wanted.rooms or any(
        not name or not 1 <= stations <= 500 for name, stations in wanted.rooms
    ):
        raise NoRooms
