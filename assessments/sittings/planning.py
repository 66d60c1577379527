"""Plan sittings, and change the plan until the assessment begins."""

from datetime import datetime
from typing import Any

import msgspec

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotAllowed, RuleBroken, refusal
from app.people.actions import find_or_add_organization_within
from app.people.kinds import OrganizationKind
from app.people.queries import region_name
from app.rules.actors import Actor, Scope, region_scopes, require
from app.rules.notice import WORKING_DAYS
from app.storage.engine import hold_name_within, write_transaction
from assessments.rules.lifecycle import SittingStatus, SpecificationStatus
from assessments.sittings import queries
from assessments.sittings.actions import (
    AlreadyAssessing,
    held_within,
    subject,
    update_within,
)
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
    notice_days: int = WORKING_DAYS


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


@refusal
class RoomTwice(RuleBroken):
    """Candidates are sent to a room by its name."""

    says = N_("考场“{name}”写了两次。请合并成一行，或换一个名称。")
    field = "rooms"
    name: str


@refusal
class OutsideYourRegion(NotAllowed):
    """Whoever plans a sitting in a wrong place would hand it away, and could not take it back."""

    says = N_("您在“{region}”没有组织考核的职责。请核对所在县。")
    field = "region_code"
    region: str


async def plan(wanted: SittingPlan, *, by: Actor, at: datetime) -> int:
    """Plan a sitting and return its id."""
    _refuse_elsewhere(by, wanted.region_code)
    _refuse_unfit(wanted)
    async with write_transaction():
        await _refuse_taken_within(wanted.code, 0)
        await _refuse_not_in_force(wanted.specification_id)
        row = Sitting(
            **await _columns(wanted, by=by, at=at),
            status=SittingStatus.PLANNED.value,
            published_at=None,
            notice_ends_at=None,
            notice_missing_years=None,
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
    """Change the plan of a sitting that has not been assessed.

    It may keep a specification that was superseded since; another one must be in force.
    """
    _refuse_unfit(wanted)
    async with write_transaction():
        await _refuse_taken_within(wanted.code, sitting_id)
        line = await held_within(sitting_id)
        require(by, queries.RUNNERS, *line.scopes)
        if wanted.region_code != line.region_code:
            _refuse_elsewhere(by, wanted.region_code, line.scopes[0])
        if line.status not in {SittingStatus.PLANNED, SittingStatus.ENROLLING}:
            raise AlreadyAssessing
        if wanted.specification_id != line.specification_id:
            await _refuse_not_in_force(wanted.specification_id)
        columns = await _columns(wanted, by=by, at=at)
        await update_within(
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


def _refuse_elsewhere(by: Actor, region_code: str, *own: Scope) -> None:
    if not by.holds(queries.RUNNERS, *own, *region_scopes(region_code)):
        raise OutsideYourRegion(region_name(region_code, is_long=True))


async def _refuse_taken_within(code: str, sitting_id: int) -> None:
    """Let nobody else take a code meanwhile; raise `CodeTaken` where another sitting has it."""
    await hold_name_within("sittings")
    if await Sitting.exists().where(Sitting.code == code, Sitting.id != sitting_id):
        raise CodeTaken(code)


async def _refuse_not_in_force(specification_id: int) -> None:
    specification = await specifications.specification(specification_id)
    if specification.status is not SpecificationStatus.IN_FORCE:
        raise NotInForce(specification.name)


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
            "notice_days",
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


def _refuse_unfit(wanted: SittingPlan) -> None:
    if wanted.ends_at <= wanted.starts_at or wanted.enrollment_closes_at > wanted.starts_at:
        raise EndsBeforeStart
    if not wanted.rooms or any(
        not name or not 1 <= stations <= 500 for name, stations in wanted.rooms
    ):
        raise NoRooms
    names = [name for name, _ in wanted.rooms]
    for name in names:
        if names.count(name) > 1:
            raise RoomTwice(name)
