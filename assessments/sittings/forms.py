"""The forms of sittings, and what they say."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from app.accounts import queries as accounts
from app.accounts.actions import account_id_of
from app.errors import N_, RuleBroken, refusal
from app.people.actions import resident
from app.people.queries import region_code_of, region_name
from app.rules.actors import Duty
from app.rules.notice import FEWEST_DAYS, MOST_DAYS, WORKING_DAYS
from app.web.templating import local
from assessments.rules.lifecycle import SittingStatus
from assessments.sittings import queries
from assessments.sittings.dispatching import ExaminerPlan
from assessments.sittings.planning import SittingPlan
from assessments.sittings.queries import SittingLine

INSTRUCTIONS = """请携带本准考证和有效身份证件，提前 30 分钟到考场签到。
迟到 15 分钟不得入场；手机等通信工具不得带入。
按考评员指令开始和停止操作，注意安全，遵守考场纪律。
考核结束后经考评员同意方可离场。"""


NEW = {"instructions": INSTRUCTIONS, "notice_days": WORKING_DAYS}
"""What the form of a new sitting says at first."""
ROOM = re.compile(r"(?P<name>.+?)[\s，,：:]+(?P<stations>[0-9]{1,4})\s*个?(?:工位|座位|人)?")


@refusal
class UnknownCounty(RuleBroken):
    """A county is one of the table, by name or code."""

    says = N_("没有“{text}”这个地区，或有几个同名的。请从列表中选择，或填六位区划代码。")
    field = "region_code"
    text: str


class SittingForm(Struct, frozen=True):
    """A sitting's plan; rooms are written one a line, name and stations."""

    code: Annotated[str, Meta(title=N_("批次代码"), pattern="^[0-9A-Z]{2,12}$")]
    name: Annotated[str, Meta(title=N_("批次名称"), max_length=80)]
    specification_id: Annotated[int, Meta(title=N_("考核规范"))]
    institution: Annotated[str, Meta(title=N_("考核机构"), max_length=80)]
    issuer: Annotated[str, Meta(title=N_("发证机构"), max_length=80)]
    site: Annotated[str, Meta(title=N_("考点"), max_length=80)]
    region_code: Annotated[str, Meta(title=N_("所在县"), max_length=60)]
    address: Annotated[str, Meta(title=N_("考点地址"), max_length=120)]
    starts_at: Annotated[datetime, Meta(title=N_("开始时间"))]
    ends_at: Annotated[datetime, Meta(title=N_("结束时间"))]
    enrollment_closes_at: Annotated[datetime, Meta(title=N_("报名截止"))]
    rooms: Annotated[str, Meta(title=N_("考场和工位数"), max_length=1000)]
    filing_number: Annotated[str, Meta(title=N_("报备编号"), max_length=60)] = ""
    instructions: Annotated[str, Meta(title=N_("考生须知"), max_length=2000)] = ""
    notice_days: Annotated[int, Meta(title=N_("公示的工作日数"), ge=FEWEST_DAYS, le=MOST_DAYS)] = (
        WORKING_DAYS
    )
    version: int = 0


@refusal
class NoSuchExaminer(RuleBroken):
    """Examiners have accounts of their own, which administrators make."""

    says = N_("没有这个账号，或已停用。请先由管理员建立账号。")
    field = "sign_in_name"


class ExaminerForm(Struct, frozen=True):
    """An examiner or quality supervisor to send."""

    sign_in_name: Annotated[str, Meta(title=N_("登录名"), max_length=64)]
    duty: Annotated[Duty, Meta(title=N_("职责"))] = Duty.EXAMINER
    employer: Annotated[str, Meta(title=N_("工作单位"), max_length=80)] = ""
    card_number: Annotated[str, Meta(title=N_("考评员证号"), max_length=60)] = ""
    card_valid_until: Annotated[date | None, Meta(title=N_("证件有效期至"))] = None
    is_lead: Annotated[bool, Meta(title=N_("考评组长"))] = False
    id_number: Annotated[str, Meta(title=N_("身份证号"), max_length=30)] = ""


class WithdrawForm(Struct, frozen=True):
    """Why somebody is taken out of the group."""

    reason: Annotated[str, Meta(title=N_("原因"), max_length=200)]


class StepForm(Struct, frozen=True):
    """A step of a sitting that was seen in this version."""

    wanted: Annotated[SittingStatus, Meta(title=N_("下一步"))]
    version: int
    reason: Annotated[str, Meta(title=N_("原因"), max_length=200)] = ""


def plan_of(data: SittingForm) -> SittingPlan:
    """Return the plan that a form says; raise `UnknownCounty`."""
    region_code = region_code_of(data.region_code)
    if region_code is None:
        raise UnknownCounty(data.region_code)
    return SittingPlan(
        code=data.code,
        name=data.name,
        specification_id=data.specification_id,
        institution=data.institution,
        issuer=data.issuer,
        site=data.site,
        region_code=region_code,
        address=data.address,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        enrollment_closes_at=data.enrollment_closes_at,
        rooms=rooms_of(data.rooms),
        filing_number=data.filing_number or None,
        instructions=data.instructions,
        notice_days=data.notice_days,
    )


def rooms_of(text: str) -> tuple[tuple[str, int], ...]:
    """Read rooms as typed, one a line: `第一考场 10`, `第一考场：10 个工位`; else no stations."""
    found = []
    for line in text.splitlines():
        room = ROOM.fullmatch(line.strip())
        if room:
            found.append((room["name"], int(room["stations"])))
        elif line.strip():
            found.append((line.strip(), 0))
    return tuple(found)


async def examiner_of(data: ExaminerForm, now: datetime) -> ExaminerPlan:
    """Return the examiner that a form says; a number must be of whoever has the account.

    Raise `NoSuchExaminer` where nobody signs in by this name.
    """
    account_id = await account_id_of(data.sign_in_name)
    account = await accounts.account(account_id) if account_id else None
    if account is None or account.is_closed:
        raise NoSuchExaminer
    return ExaminerPlan(
        account_id=account.id,
        duty=data.duty,
        employer=data.employer,
        card_number=data.card_number or None,
        card_valid_until=data.card_valid_until,
        is_lead=data.is_lead,
        person=resident(account.name, data.id_number, now),
    )


async def values_of(line: SittingLine) -> dict[str, Any]:
    """Return what a form shows of a sitting that is there."""
    rooms = await queries.rooms(line.id)
    moments = {
        name: _typed(getattr(line, name))
        for name in ("starts_at", "ends_at", "enrollment_closes_at")
    }
    plain = {
        name: getattr(line, name) or ""
        for name in (
            "code",
            "name",
            "specification_id",
            "institution",
            "issuer",
            "site",
            "address",
            "filing_number",
            "instructions",
            "notice_days",
            "version",
        )
    }
    return (
        plain
        | moments
        | {
            "region_code": region_name(line.region_code, is_long=True),
            "rooms": "\n".join(f"{room.name} {room.stations}" for room in rooms),
        }
    )


def _typed(moment: datetime) -> str:
    return local(moment).strftime("%Y-%m-%dT%H:%M")
