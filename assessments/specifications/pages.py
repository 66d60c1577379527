"""The catalogue for everyone, and the desk where specifications are written."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.audit import queries as journal
from app.errors import N_, Refusal, RuleBroken
from app.rules.actors import Actor, Duty
from app.web.clock import SHANGHAI
from app.web.forms import Form, read_form, read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from assessments.rules.lifecycle import SPECIFICATION_STEPS, SpecificationStatus
from assessments.rules.specification import SpecificationFacts, TaskFacts, shortcomings
from assessments.specifications import actions, queries
from assessments.specifications.queries import Specification, SpecificationFilter, lines

WRITERS = (Duty.ORGANIZER,)


USUAL = {"fewest_examiners": 3, "pass_mark": 60}
"""What a new form says already (domain.md section 7: defaults to ship)."""


class SpecificationForm(Struct, frozen=True):
    """The two pages of a specification; tasks come as parallel fields, one set a task."""

    name: Annotated[str, Meta(title=N_("能力名称"), max_length=60)]
    trade: Annotated[str, Meta(title=N_("行业类别"), max_length=40)]
    occupation_field: Annotated[str, Meta(title=N_("职业领域"), max_length=60)] = ""
    definition: Annotated[str, Meta(title=N_("定义"), max_length=1000)] = ""
    applicability: Annotated[str, Meta(title=N_("适用对象"), max_length=1000)] = ""
    admission: Annotated[str, Meta(title=N_("申报条件"), max_length=1000)] = ""
    examiners: Annotated[str, Meta(title=N_("考评员构成"), max_length=1000)] = ""
    method: Annotated[str, Meta(title=N_("考核方式与考核时间"), max_length=1000)] = ""
    site: Annotated[str, Meta(title=N_("考核场地设备要求"), max_length=2000)] = ""
    minutes: Annotated[int | None, Meta(title=N_("考核时间（分钟）"))] = None
    fewest_examiners: Annotated[int, Meta(title=N_("每组考评员人数下限"), ge=1, le=15)] = 3
    pass_mark: Annotated[int, Meta(title=N_("合格分数线"), ge=1, le=100)] = 60
    version: int = 0


class StepForm(Struct, frozen=True):
    """A step of a specification that was seen in this version."""

    wanted: Annotated[SpecificationStatus, Meta(title=N_("下一步"))]
    version: int


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
        form = await read_form(request, SpecificationForm)
        if form.ok:
            try:
                new_id = await actions.create(_facts(form), trade=form.data.trade, by=actor, at=now)
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
        return _form_page(Form(SpecificationForm, _values(found)), found)

    @post("/{specification_id:int}/edit", name="desk-specification-revise")
    async def revise(
        self,
        request: AnyRequest,
        specification_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, SpecificationForm)
        if form.ok:
            try:
                await actions.revise(
                    specification_id,
                    _facts(form),
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


def typed_tasks(form: Form[SpecificationForm]) -> list[dict[str, str]]:
    """Return the tasks as typed, with three empty places at least where there are none."""
    columns = {
        name: form.chosen(f"task_{name}") for name in ("name", "weight", "norms", "knowledge")
    }
    count = max((len(column) for column in columns.values()), default=0) or 3
    return [
        {name: column[index] if index < len(column) else "" for name, column in columns.items()}
        for index in range(count)
    ]


def _facts(form: Form[SpecificationForm]) -> SpecificationFacts:
    data = form.data
    tasks = tuple(
        TaskFacts(
            item["name"].strip(),
            lines(item["norms"]),
            lines(item["knowledge"]),
            int(item["weight"]) if item["weight"].strip().isdecimal() else 0,
        )
        for item in typed_tasks(form)
        if any(value.strip() for value in item.values())
    )
    return SpecificationFacts(
        name=data.name,
        occupation_field=data.occupation_field,
        definition=data.definition,
        applicability=data.applicability,
        tasks=tasks,
        admission=data.admission,
        examiners=data.examiners,
        method=data.method,
        minutes=data.minutes,
        site=data.site,
        fewest_examiners=data.fewest_examiners,
        pass_mark=data.pass_mark,
    )


def _values(found: Specification) -> dict[str, Any]:
    facts = found.facts
    plain = {
        name: getattr(facts, name)
        for name in SpecificationFacts.__dataclass_fields__
        if name != "tasks"
    }
    return plain | {
        "minutes": facts.minutes or "",
        "trade": found.trade,
        "version": found.version,
        "task_name": [task.name for task in facts.tasks],
        "task_weight": [str(task.weight) for task in facts.tasks],
        "task_norms": ["\n".join(task.norms) for task in facts.tasks],
        "task_knowledge": ["\n".join(task.knowledge) for task in facts.tasks],
    }
