"""The desk of sittings: the list, the plan, the examiners."""

from datetime import date, datetime
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.accounts import queries as accounts
from app.errors import N_, Refusal, RuleBroken
from app.people import queries as people
from app.people.kinds import OrganizationKind
from app.rules.actors import Actor, Duty
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import local, page
from assessments.rules.lifecycle import SittingStatus, SpecificationStatus
from assessments.sittings import actions, queries
from assessments.sittings.actions import ExaminerPlan, SittingPlan
from assessments.sittings.queries import SittingLine
from assessments.sittings.rail import rail
from assessments.specifications import queries as specifications
from assessments.specifications.queries import SpecificationFilter

INSTRUCTIONS = """请携带本准考证和有效身份证件，提前 30 分钟到考场签到。
迟到 15 分钟不得入场；手机等通信工具不得带入。
按考评员口令开始和停止操作，注意安全，遵守考场纪律。
考核结束后经考评员同意方可离场。"""


class SittingForm(Struct, frozen=True):
    """A sitting's plan; rooms are written one a line, name and stations."""

    code: Annotated[str, Meta(title=N_("批次代码"), pattern="^[0-9A-Z]{2,12}$")]
    name: Annotated[str, Meta(title=N_("批次名称"), max_length=80)]
    specification_id: Annotated[int, Meta(title=N_("考核规范"))]
    institution: Annotated[str, Meta(title=N_("考核机构"), max_length=80)]
    issuer: Annotated[str, Meta(title=N_("发证机构"), max_length=80)]
    site: Annotated[str, Meta(title=N_("考点"), max_length=80)]
    region_code: Annotated[str, Meta(title=N_("所在县（区划代码）"), pattern="^[0-9]{6}$")]
    address: Annotated[str, Meta(title=N_("考点地址"), max_length=120)]
    starts_at: Annotated[datetime, Meta(title=N_("开始时间"))]
    ends_at: Annotated[datetime, Meta(title=N_("结束时间"))]
    enrollment_closes_at: Annotated[datetime, Meta(title=N_("报名截止"))]
    rooms: Annotated[str, Meta(title=N_("考场和工位数"), max_length=1000)]
    filing_number: Annotated[str, Meta(title=N_("报备编号"), max_length=60)] = ""
    instructions: Annotated[str, Meta(title=N_("考生须知"), max_length=2000)] = ""
    version: int = 0


class ExaminerForm(Struct, frozen=True):
    """An examiner or quality supervisor to send."""

    account_id: Annotated[int, Meta(title=N_("账号"))]
    duty: Annotated[Duty, Meta(title=N_("职责"))] = Duty.EXAMINER
    employer: Annotated[str, Meta(title=N_("工作单位"), max_length=80)] = ""
    card_number: Annotated[str, Meta(title=N_("考评员证号"), max_length=60)] = ""
    card_valid_until: Annotated[date | None, Meta(title=N_("证件有效期至"))] = None
    is_lead: Annotated[bool, Meta(title=N_("考评组长"))] = False


class WithdrawForm(Struct, frozen=True):
    """Why somebody is taken out of the group."""

    reason: Annotated[str, Meta(title=N_("原因"), max_length=200)]


class StepForm(Struct, frozen=True):
    """A step of a sitting that was seen in this version."""

    wanted: Annotated[SittingStatus, Meta(title=N_("下一步"))]
    version: int


class SittingPages(Controller):
    """Sittings: list, plan, change, examiners."""

    path = "/desk/assessments"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-sittings")
    async def list_sittings(self, actor: NamedDependency[Actor]) -> AnyResponse:
        return page(
            "assessments/sittings/sittings.html", sittings=await queries.sittings_for(actor)
        )

    @get("/new", name="desk-sitting-new", guards=[requires(*queries.RUNNERS)])
    async def new(self) -> AnyResponse:
        return await _form_page(Form(SittingForm, {"instructions": INSTRUCTIONS}), None)

    @post("/new", name="desk-sitting-create", guards=[requires(*queries.RUNNERS)])
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, SittingForm)
        if form.ok:
            try:
                new_id = await actions.plan(_plan(form.data), by=actor, at=now)
                return go(f"/desk/assessments/{new_id}", toast=_("批次已建立"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _form_page(form, None, status_code=422)

    @get("/{sitting_id:int}/edit", name="desk-sitting-edit", guards=[requires(*queries.RUNNERS)])
    async def edit(self, sitting_id: FromPath[int]) -> AnyResponse:
        line = await queries.sitting(sitting_id)
        return await _form_page(Form(SittingForm, await _values(line)), line)

    @post("/{sitting_id:int}/edit", name="desk-sitting-change", guards=[requires(*queries.RUNNERS)])
    async def change(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, SittingForm)
        if form.ok:
            try:
                await actions.change(
                    sitting_id, _plan(form.data), seen_version=form.data.version, by=actor, at=now
                )
                return go(f"/desk/assessments/{sitting_id}", toast=_("批次已修改"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _form_page(form, await queries.sitting(sitting_id), status_code=422)

    @get(
        "/{sitting_id:int}/examiners",
        name="desk-sitting-examiners",
        guards=[requires(*queries.RUNNERS)],
    )
    async def examiners(self, sitting_id: FromPath[int]) -> AnyResponse:
        return await _examiners_page(sitting_id, Form(ExaminerForm))

    @post(
        "/{sitting_id:int}/examiners",
        name="desk-sitting-dispatch",
        guards=[requires(*queries.RUNNERS)],
    )
    async def dispatch(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, ExaminerForm)
        if form.ok:
            try:
                await actions.dispatch(sitting_id, _examiner(form.data), by=actor, at=now)
                return go(f"/desk/assessments/{sitting_id}/examiners", toast=_("已派遣"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _examiners_page(sitting_id, form, status_code=422)

    @post("/{sitting_id:int}/examiners/{dispatch_id:int}/withdraw", name="desk-sitting-withdraw")
    async def withdraw(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        dispatch_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, WithdrawForm)
        if not form.ok:
            return await _examiners_page(
                sitting_id, Form(ExaminerForm), problem=form.error("reason"), status_code=422
            )
        try:
            await actions.withdraw(
                sitting_id, dispatch_id, reason=form.data.reason, by=actor, at=now
            )
        except RuleBroken as refusal:
            return await _examiners_page(
                sitting_id, Form(ExaminerForm), problem=refusal, status_code=422
            )
        return go(f"/desk/assessments/{sitting_id}/examiners", toast=_("已撤回派遣"))


def _plan(data: SittingForm) -> SittingPlan:
    return SittingPlan(
        code=data.code,
        name=data.name,
        specification_id=data.specification_id,
        institution=data.institution,
        issuer=data.issuer,
        site=data.site,
        region_code=data.region_code,
        address=data.address,
        starts_at=data.starts_at,
        ends_at=data.ends_at,
        enrollment_closes_at=data.enrollment_closes_at,
        rooms=rooms_of(data.rooms),
        filing_number=data.filing_number or None,
        instructions=data.instructions,
    )


def rooms_of(text: str) -> tuple[tuple[str, int], ...]:
    """Read rooms as typed, one a line: `第一考场 10`; a line without a number has no stations."""
    found = []
    for line in text.splitlines():
        words = line.replace("，", " ").replace(",", " ").replace("：", " ").split()
        if words:
            stations = words[-1].removesuffix("个").removesuffix("工位") if len(words) > 1 else ""
            found.append(
                (" ".join(words[:-1]) or words[0], int(stations) if stations.isdecimal() else 0)
            )
    return tuple(found)


def _examiner(data: ExaminerForm) -> ExaminerPlan:
    return ExaminerPlan(
        account_id=data.account_id,
        duty=data.duty,
        employer=data.employer,
        card_number=data.card_number or None,
        card_valid_until=data.card_valid_until,
        is_lead=data.is_lead,
    )


async def _values(line: SittingLine) -> dict[str, Any]:
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
            "region_code",
            "address",
            "filing_number",
            "instructions",
            "version",
        )
    }
    return plain | moments | {"rooms": "\n".join(f"{room.name} {room.stations}" for room in rooms)}


def _typed(moment: datetime) -> str:
    return local(moment).strftime("%Y-%m-%dT%H:%M")


async def _form_page(
    form: Form[SittingForm], line: SittingLine | None, status_code: int = 200
) -> AnyResponse:
    in_force = await specifications.specifications(
        SpecificationFilter(), only=[SpecificationStatus.IN_FORCE.value]
    )
    return page(
        "assessments/sittings/form.html",
        form=form,
        sitting=line,
        specifications=in_force,
        institutions=await queries.organizations(
            OrganizationKind.INSTITUTION.value, OrganizationKind.CENTER.value
        ),
        sites=await queries.organizations(OrganizationKind.SITE.value),
        regions=await people.counties(),
        rail=rail(line, "plan") if line else (),
        status_code=status_code,
    )


async def _examiners_page(
    sitting_id: int,
    form: Form[ExaminerForm],
    *,
    problem: Refusal | str = "",
    status_code: int = 200,
) -> AnyResponse:
    line = await queries.sitting(sitting_id)
    return page(
        "assessments/sittings/examiners.html",
        sitting=line,
        form=form,
        dispatches=await queries.dispatches(sitting_id, with_withdrawn=True),
        accounts=[item for item in await accounts.accounts() if not item.is_closed],
        duties=(Duty.EXAMINER, Duty.QUALITY_SUPERVISOR),
        fewest=(await queries.specification_of(line)).facts.fewest_examiners,
        problem=problem,
        rail=rail(line, "examiners"),
        status_code=status_code,
    )
