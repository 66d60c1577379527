"""The desk of sittings: the list, the plan, the examiners."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.accounts import queries as accounts
from app.errors import Refusal, RuleBroken
from app.people import queries as people
from app.people.kinds import OrganizationKind
from app.rules.actors import Actor
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from assessments.rules.lifecycle import SpecificationStatus
from assessments.sittings import dispatching, planning, queries
from assessments.sittings.forms import (
    NEW,
    ExaminerForm,
    SittingForm,
    WithdrawForm,
    examiner_of,
    plan_of,
    values_of,
)
from assessments.sittings.planning import OutsideYourRegion
from assessments.sittings.queries import SittingLine
from assessments.sittings.rail import rail
from assessments.specifications import queries as specifications
from assessments.specifications.queries import SpecificationFilter


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
        return await _form_page(Form(SittingForm, NEW), None)

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
                new_id = await planning.plan(plan_of(form.data), by=actor, at=now)
                return go(f"/desk/assessments/{new_id}", toast=_("批次已建立"))
            except (RuleBroken, OutsideYourRegion) as refusal:
                form.refuse(refusal)
        return await _form_page(form, None, status_code=422)

    @get("/{sitting_id:int}/edit", name="desk-sitting-edit", guards=[requires(*queries.RUNNERS)])
    async def edit(self, sitting_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        line = await queries.sitting_for(actor, sitting_id, queries.RUNNERS)
        return await _form_page(Form(SittingForm, await values_of(line)), line)

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
                await planning.change(
                    sitting_id, plan_of(form.data), seen_version=form.data.version, by=actor, at=now
                )
                return go(f"/desk/assessments/{sitting_id}", toast=_("批次已修改"))
            except (RuleBroken, OutsideYourRegion) as refusal:
                form.refuse(refusal)
        line = await queries.sitting_for(actor, sitting_id, queries.RUNNERS)
        return await _form_page(form, line, status_code=422)

    @get(
        "/{sitting_id:int}/examiners",
        name="desk-sitting-examiners",
        guards=[requires(*queries.RUNNERS)],
    )
    async def examiners(
        self, sitting_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        return await _examiners_page(sitting_id, actor, Form(ExaminerForm))

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
                wanted = await examiner_of(form.data, now)
                await dispatching.dispatch(sitting_id, wanted, by=actor, at=now)
                return go(f"/desk/assessments/{sitting_id}/examiners", toast=_("已派遣"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _examiners_page(sitting_id, actor, form, status_code=422)

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
                sitting_id, actor, Form(ExaminerForm), problem=form.error("reason"), status_code=422
            )
        try:
            await dispatching.withdraw(
                sitting_id, dispatch_id, reason=form.data.reason, by=actor, at=now
            )
        except RuleBroken as refusal:
            return await _examiners_page(
                sitting_id, actor, Form(ExaminerForm), problem=refusal, status_code=422
            )
        return go(f"/desk/assessments/{sitting_id}/examiners", toast=_("已撤回派遣"))


async def _form_page(
    form: Form[SittingForm], line: SittingLine | None, status_code: int = 200
) -> AnyResponse:
    present = line.specification_id if line else 0
    offered = [
        item
        for item in await specifications.specifications(SpecificationFilter())
        if item.status is SpecificationStatus.IN_FORCE or item.id == present
    ]
    return page(
        "assessments/sittings/form.html",
        form=form,
        sitting=line,
        specifications=offered,
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
    actor: Actor,
    form: Form[ExaminerForm],
    *,
    problem: Refusal | str = "",
    status_code: int = 200,
) -> AnyResponse:
    line = await queries.sitting_for(actor, sitting_id, queries.RUNNERS)
    return page(
        "assessments/sittings/examiners.html",
        sitting=line,
        form=form,
        dispatches=await queries.dispatches(sitting_id, with_withdrawn=True),
        known=await accounts.accounts_known_for(*dispatching.SENT),
        duties=dispatching.SENT,
        fewest=(await queries.specification_of(line)).facts.fewest_examiners,
        problem=problem,
        rail=rail(line, "examiners"),
        status_code=status_code,
    )
