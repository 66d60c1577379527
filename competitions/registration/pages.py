"""The desk of entries and judges."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.errors import N_, Refusal, RuleBroken
from app.people.actions import checked_facts
from app.people.queries import region_name
from app.rules.actors import Actor, Duty
from app.rules.identity import IdKind
from app.settings import Settings
from app.web.clock import SHANGHAI
from app.web.forms import Form, read_form, read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.planning import queries as planning
from competitions.planning.rail import competition_rail
from competitions.registration import actions, queries
from competitions.registration.actions import EntryFacts, JudgeFacts
from competitions.registration.queries import EntryFilter
from competitions.rules.entries import EntryStatus

PAGE_SIZE = 100


class EntryForm(Struct, frozen=True):
    """One entry, typed by hand."""

    delegation: Annotated[str, Meta(title=N_("代表队"), max_length=60)]
    event_id: Annotated[int, Meta(title=N_("赛项和组别"))]
    name: Annotated[str, Meta(title=N_("姓名"), max_length=60)]
    id_number: Annotated[str, Meta(title=N_("证件号码"), max_length=30)]
    id_kind: Annotated[IdKind, Meta(title=N_("证件类型"))] = IdKind.RESIDENT
    employer: Annotated[str, Meta(title=N_("单位或院校"), max_length=80)] = ""
    county_code: Annotated[str, Meta(title=N_("所在县（区划代码）"), max_length=6)] = ""
    coach: Annotated[str, Meta(title=N_("指导教师"), max_length=50)] = ""


class VettingForm(Struct, frozen=True):
    """A decision about an entry that was seen in this version."""

    status: Annotated[EntryStatus, Meta(title=N_("审查结果"))]
    version: int
    note: Annotated[str, Meta(title=N_("说明"), max_length=200)] = ""


class JudgeForm(Struct, frozen=True):
    """One judge of the register."""

    name: Annotated[str, Meta(title=N_("姓名"), max_length=50)]
    sign_in_name: Annotated[str, Meta(title=N_("登录名"), max_length=64)]
    employer: Annotated[str, Meta(title=N_("工作单位"), max_length=80)] = ""
    qualification: Annotated[str, Meta(title=N_("职称或技能等级"), max_length=60)] = ""
    delegation: Annotated[str, Meta(title=N_("随行代表队"), max_length=60)] = ""


class EntryDesk(Controller):
    """Entries of a competition."""

    path = "/desk/competitions/{competition_id:int}/entries"
    guards = [requires(*planning.RUNNERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-entries")
    async def list_entries(
        self, request: AnyRequest, competition_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        return await _entries_page(request, competition_id, actor)

    @get("/new", name="desk-entry-new")
    async def new(self, competition_id: FromPath[int]) -> AnyResponse:
        return await _entry_form(competition_id, Form(EntryForm))

    @post("/new", name="desk-entry-create")
    async def create(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, EntryForm)
        if form.ok:
            try:
                await actions.register(competition_id, _facts(form.data, now), by=actor, at=now)
                return go(f"/desk/competitions/{competition_id}/entries", toast=_("报名已登记"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _entry_form(competition_id, form, status_code=422)

    @post("/{entry_id:int}/vetting", name="desk-entry-vet")
    async def vet(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        entry_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, VettingForm)
        try:
            await actions.vet(
                entry_id,
                form.data.status,
                note=form.data.note,
                seen_version=form.data.version,
                by=actor,
                at=now,
            )
        except RuleBroken as refusal:
            return await _entries_page(
                request, competition_id, actor, problem=refusal, status_code=422
            )
        return go(f"/desk/competitions/{competition_id}/entries", toast=_("已办理"))


class JudgeDesk(Controller):
    """The register of judges."""

    path = "/desk/competitions/{competition_id:int}/judges"
    guards = [requires(Duty.ORGANIZER)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-judges")
    async def list_judges(self, competition_id: FromPath[int]) -> AnyResponse:
        return await _judges_page(competition_id, Form(JudgeForm))

    @post("", name="desk-judge-create")
    async def create(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        settings: NamedDependency[Settings],
    ) -> AnyResponse:
        form = await read_form(request, JudgeForm)
        if form.ok:
            data = form.data
            facts = JudgeFacts(
                sign_in_name=data.sign_in_name,
                name=data.name,
                employer=data.employer,
                qualification=data.qualification,
                delegation=data.delegation,
            )
            try:
                _count, tokens = await actions.register_judges(
                    competition_id, [facts], by=actor, at=now
                )
            except RuleBroken as refusal:
                form.refuse(refusal)
            else:
                links = {
                    name: f"{settings.public_origin}/invitations/{token}"
                    for name, token in tokens.items()
                }
                return await _judges_page(competition_id, Form(JudgeForm), links=links)
        return await _judges_page(competition_id, form, status_code=422)


def _facts(data: EntryForm, now: datetime) -> EntryFacts:
    person = checked_facts(
        name=data.name,
        kind=data.id_kind,
        id_number=data.id_number,
        today=now.astimezone(SHANGHAI).date(),
    )
    return EntryFacts(
        delegation=data.delegation,
        event_id=data.event_id,
        person=person,
        employer=data.employer,
        county_code=data.county_code or None,
        coach=data.coach,
    )


async def _entries_page(
    request: AnyRequest,
    competition_id: int,
    actor: Actor,
    *,
    problem: Refusal | None = None,
    status_code: int = 200,
) -> AnyResponse:
    line = await planning.competition(competition_id)
    query = read_query(request, EntryFilter)
    chosen = query.data if query.ok else EntryFilter()
    found, count = await queries.filtered(competition_id, chosen, PAGE_SIZE)
    return page(
        "competitions/registration/entries.html",
        competition=line,
        entries=found,
        count=count,
        chosen=chosen,
        page_size=PAGE_SIZE,
        events=await planning.events(competition_id),
        delegations=await queries.delegations(competition_id),
        statuses=list(EntryStatus),
        region_name=region_name,
        may_run=planning.may_run(actor, line),
        problem=problem,
        rail=competition_rail(competition_id, "entries"),
        status_code=status_code,
    )


async def _entry_form(
    competition_id: int, form: Form[EntryForm], status_code: int = 200
) -> AnyResponse:
    return page(
        "competitions/registration/form.html",
        competition=await planning.competition(competition_id),
        events=await planning.events(competition_id),
        delegations=await queries.delegations(competition_id),
        form=form,
        id_kinds=list(IdKind),
        rail=competition_rail(competition_id, "entries"),
        status_code=status_code,
    )


async def _judges_page(
    competition_id: int,
    form: Form[JudgeForm],
    *,
    links: dict[str, str] | None = None,
    status_code: int = 200,
) -> AnyResponse:
    return page(
        "competitions/registration/judges.html",
        competition=await planning.competition(competition_id),
        judges=await queries.judges(competition_id),
        delegations=await queries.delegations(competition_id),
        form=form,
        links=links or {},
        rail=competition_rail(competition_id, "judges"),
        status_code=status_code,
    )
