"""The desk of delegations, and of mending one contestant."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from app.errors import NotFound, RuleBroken
from app.people import queries as people
from app.people.queries import region_name
from app.rules.actors import Actor
from app.rules.identity import IdKind
from app.web.clock import SHANGHAI
from app.web.forms import Form, filled, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.planning import queries as planning
from competitions.planning.rail import Count, competition_rail, count_competition
from competitions.registration import actions, delegations, exporting, queries
from competitions.registration.forms import DelegationForm, EntryChangeForm
from competitions.registration.pages import SPREADSHEET
from competitions.registration.queries import DelegationLine


class ContestantDesk(Controller):
    """Mend what is said of one contestant."""

    path = "/desk/entries/{entry_id:int}/contestants/{contestant_id:int}"
    guards = [requires(*planning.RUNNERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-contestant")
    async def edit(
        self,
        entry_id: FromPath[int],
        contestant_id: FromPath[int],
        actor: NamedDependency[Actor],
    ) -> AnyResponse:
        return await _contestant_page(entry_id, contestant_id, actor, None)

    @post("", name="desk-contestant-change")
    async def change(
        self,
        request: AnyRequest,
        entry_id: FromPath[int],
        contestant_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, EntryChangeForm)
        if form.ok:
            try:
                change = form.data.change(now.astimezone(SHANGHAI).date())
                await actions.change_entry(
                    contestant_id, change, seen_version=form.data.version, by=actor, at=now
                )
                return go(f"/desk/entries/{entry_id}", toast=_("报名已修改"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _contestant_page(entry_id, contestant_id, actor, form)


class DelegationDesk(Controller):
    """Delegations of a competition."""

    path = "/desk/competitions/{competition_id:int}/delegations"
    guards = [requires(*planning.RUNNERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-delegations")
    async def list_delegations(
        self, competition_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line = await planning.seen_competition(competition_id, actor, planning.RUNNERS)
        return page(
            "competitions/registration/delegations.html",
            competition=line,
            delegations=await queries.delegations(competition_id),
            region_name=region_name,
            rail=await competition_rail(competition_id, "delegations"),
        )

    @get("/new", name="desk-delegation-new")
    async def new(
        self, competition_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        return await _delegation_page(competition_id, actor, Form(DelegationForm), None)

    @post("/new", name="desk-delegation-create")
    async def create(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, DelegationForm)
        if form.ok:
            try:
                await delegations.register_delegation(
                    competition_id, form.data.facts(), by=actor, at=now
                )
                back = f"/desk/competitions/{competition_id}/delegations"
                return go(back, toast=_("代表队已登记"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _delegation_page(competition_id, actor, form, None, status_code=422)

    @get("/export.xlsx", name="desk-delegations-export")
    async def export(
        self,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        content = await exporting.delegations_workbook(competition_id, by=actor, at=now)
        headers = {
            "content-disposition": f'attachment; filename="delegations-{competition_id}.xlsx"',
            "cache-control": "no-store",
        }
        return Response(content, media_type=SPREADSHEET, headers=headers)


class OneDelegationDesk(Controller):
    """One delegation."""

    path = "/desk/delegations/{delegation_id:int}"
    guards = [requires(*planning.RUNNERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-delegation")
    async def edit(
        self, delegation_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        competition_id, line = await queries.delegation(delegation_id)
        form = filled(DelegationForm, line)
        form.values["region_code"] = [region_name(line.region_code, is_long=True)]
        return await _delegation_page(competition_id, actor, form, line)

    @post("", name="desk-delegation-change")
    async def change(
        self,
        request: AnyRequest,
        delegation_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, DelegationForm)
        competition_id, line = await queries.delegation(delegation_id)
        if form.ok:
            try:
                await delegations.change_delegation(
                    delegation_id,
                    form.data.facts(),
                    seen_version=form.data.version,
                    by=actor,
                    at=now,
                )
                back = f"/desk/competitions/{competition_id}/delegations"
                return go(back, toast=_("代表队已修改"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _delegation_page(competition_id, actor, form, line, status_code=422)


async def _contestant_page(
    entry_id: int, contestant_id: int, actor: Actor, form: Form[EntryChangeForm] | None
) -> AnyResponse:
    entry = await queries.entry(entry_id)
    event = await planning.event(entry.event_id)
    one = next((item for item in entry.contestants if item.id == contestant_id), None)
    if one is None or not planning.may_run(actor, event):
        raise NotFound
    shown = form or filled(EntryChangeForm, one)
    if form is None:
        shown.values |= {"version": [entry.version], "coach": [entry.coach], "id_number": [""]}
        shown.values["county_code"] = [region_name(one.county_code, is_long=True)]
    return page(
        "competitions/registration/contestant.html",
        entry=entry,
        event=event,
        one=one,
        form=shown,
        regions=await people.counties(),
        id_kinds=list(IdKind),
        rail=await competition_rail(event.competition_id, "entries"),
        status_code=422 if form else 200,
    )


async def _delegation_page(
    competition_id: int,
    actor: Actor,
    form: Form[DelegationForm],
    line: DelegationLine | None,
    status_code: int = 200,
) -> AnyResponse:
    return page(
        "competitions/registration/delegation.html",
        competition=await planning.seen_competition(competition_id, actor, planning.RUNNERS),
        delegation=line,
        form=form,
        regions=await people.every_region(),
        rail=await competition_rail(competition_id, "delegations"),
        status_code=status_code,
    )


async def _delegation_count(competition_id: int) -> Count:
    return Count(len(await queries.delegations(competition_id)))


count_competition("delegations", _delegation_count)
