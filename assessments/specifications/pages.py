"""The catalogue for everyone, and the desk where specifications are written."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.audit import queries as journal
from app.errors import Refusal, RuleBroken
from app.rules.actors import Actor, Duty
from app.web.clock import SHANGHAI
from app.web.forms import Form, read_form, read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from assessments.rules.lifecycle import SPECIFICATION_STEPS, SpecificationStatus
from assessments.rules.specification import shortcomings
from assessments.specifications import actions, queries
from assessments.specifications.forms import (
    USUAL,
    SpecificationForm,
    StepForm,
    facts_of,
    read_specification,
    typed_tasks,
    values_of,
)
from assessments.specifications.queries import Specification, SpecificationFilter

WRITERS = (Duty.ORGANIZER,)


class CataloguePages(Controller):
    """What everyone may read."""

    path = "/specifications"

    @get("", name="specifications")
    async def list_public(self, request: AnyRequest) -> AnyResponse:
        chosen = _filter(request)
        return page(
            "assessments/specifications/catalogue.html",
            specifications=await queries.catalogue(chosen),
            trades=await queries.trades(),
            chosen=chosen,
        )

    @get("/{code:str}", name="specification")
    async def show(self, code: FromPath[str]) -> AnyResponse:
        found = await queries.public_specification(code)
        return page("assessments/specifications/specification.html", specification=found)


class SpecificationDesk(Controller):
    """Where specifications are drafted, reviewed, filed and put in force."""

    path = "/desk/specifications"
    guards = [requires(*WRITERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-specifications")
    async def list_all(self, request: AnyRequest) -> AnyResponse:
        chosen = _filter(request)
        return page(
            "assessments/specifications/desk.html",
            specifications=await queries.specifications(chosen),
            chosen=chosen,
            statuses=list(SpecificationStatus),
        )

    @get("/new", name="desk-specification-new")
    async def new(self) -> AnyResponse:
        return _form_page(Form(SpecificationForm, USUAL), None)

    @post("/new", name="desk-specification-create")
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_specification(request)
        if form.ok:
            try:
                new_id = await actions.create(
                    facts_of(form), trade=form.data.trade, by=actor, at=now
                )
                return go(f"/desk/specifications/{new_id}", toast=_("草稿已保存"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return _form_page(form, None, status_code=422)

    @get("/{specification_id:int}", name="desk-specification")
    async def show(self, specification_id: FromPath[int]) -> AnyResponse:
        return await _desk_page(specification_id)

    @get("/{specification_id:int}/edit", name="desk-specification-edit")
    async def edit(self, specification_id: FromPath[int]) -> AnyResponse:
        found = await queries.specification(specification_id)
        return _form_page(Form(SpecificationForm, values_of(found)), found)

    @post("/{specification_id:int}/edit", name="desk-specification-revise")
    async def revise(
        self,
        request: AnyRequest,
        specification_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_specification(request)
        if form.ok:
            try:
                await actions.revise(
                    specification_id,
                    facts_of(form),
                    trade=form.data.trade,
                    seen_version=form.data.version,
                    by=actor,
                    at=now,
                )
                return go(f"/desk/specifications/{specification_id}", toast=_("草稿已保存"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return _form_page(form, await queries.specification(specification_id), status_code=422)

    @post("/{specification_id:int}/step", name="desk-specification-step")
    async def step(
        self,
        request: AnyRequest,
        specification_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, StepForm)
        if form.ok:
            try:
                await actions.step(
                    specification_id,
                    form.data.wanted,
                    seen_version=form.data.version,
                    by=actor,
                    at=now,
                    on=now.astimezone(SHANGHAI).date(),
                )
                return go(f"/desk/specifications/{specification_id}", toast=_("已办理"))
            except RuleBroken as refusal:
                return await _desk_page(specification_id, problem=refusal, status_code=422)
        return await _desk_page(specification_id, status_code=422)

    @post("/{specification_id:int}/versions", name="desk-specification-new-version")
    async def new_version(
        self,
        specification_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        new_id = await actions.new_version(specification_id, by=actor, at=now)
        return go(f"/desk/specifications/{new_id}/edit", toast=_("已建立新版本的草稿"))


def _filter(request: AnyRequest) -> SpecificationFilter:
    form = read_query(request, SpecificationFilter)
    return form.data if form.ok else SpecificationFilter()


async def _desk_page(
    specification_id: int, *, problem: Refusal | None = None, status_code: int = 200
) -> AnyResponse:
    found = await queries.specification(specification_id)
    return page(
        "assessments/specifications/desk_specification.html",
        specification=found,
        shortcomings=shortcomings(found.facts),
        steps=sorted(SPECIFICATION_STEPS[found.status]),
        records=await journal.records_of(actions.subject(specification_id)),
        problem=problem,
        status_code=status_code,
    )


def _form_page(
    form: Form[SpecificationForm], found: Specification | None, status_code: int = 200
) -> AnyResponse:
    return page(
        "assessments/specifications/form.html",
        form=form,
        specification=found,
        tasks=typed_tasks(form),
        status_code=status_code,
    )
