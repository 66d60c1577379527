"""The desk of competitions: the list, the plan of one; and what everyone reads."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.errors import NotFound, RuleBroken
from app.people import queries as people
from app.rules.actors import Actor, Duty
from app.rules.notice import WORKING_DAYS
from app.web.forms import Form, filled, read_form, read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.planning import actions, queries
from competitions.planning.forms import CompetitionFilter, CompetitionForm
from competitions.planning.queries import CompetitionLine
from competitions.planning.rail import competition_rail
from competitions.rules.eligibility import YOUNGEST
from competitions.rules.lifecycle import CompetitionStatus, Level

NEW = {"youngest": YOUNGEST, "notice_days": WORKING_DAYS}
"""What the form of a new competition says at first."""


class PublicCompetitions(Controller):
    """What everyone may read."""

    path = "/competitions"

    @get("", name="competitions")
    async def list_public(self, request: AnyRequest) -> AnyResponse:
        query = read_query(request, CompetitionFilter)
        chosen = query.data if query.ok else CompetitionFilter()
        return page(
            "competitions/public/competitions.html",
            competitions=chosen.kept(await queries.public_competitions()),
            chosen=chosen,
            levels=list(Level),
        )

    @get("/{competition_id:int}", name="competition")
    async def show(
        self, competition_id: FromPath[int], now: NamedDependency[datetime]
    ) -> AnyResponse:
        line = await queries.competition(competition_id)
        if line.status not in queries.PUBLIC:
            raise NotFound
        return page(
            "competitions/public/competition.html",
            competition=line,
            trades=queries.by_trade(await queries.events(competition_id)),
            is_taking=line.entries_open_at <= now < line.entries_close_at,
            is_before=now < line.entries_open_at,
        )


class CompetitionDesk(Controller):
    """Competitions that the actor works for."""

    path = "/desk/competitions"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-competitions")
    async def list_all(self, request: AnyRequest, actor: NamedDependency[Actor]) -> AnyResponse:
        query = read_query(request, CompetitionFilter)
        chosen = query.data if query.ok else CompetitionFilter()
        every = await queries.competitions_for(actor)
        return page(
            "competitions/planning/competitions.html",
            competitions=chosen.kept(every),
            is_any=bool(every),
            chosen=chosen,
            levels=list(Level),
            statuses=list(CompetitionStatus),
        )

    @get("/new", name="desk-competition-new", guards=[requires(Duty.ORGANIZER)])
    async def new(self) -> AnyResponse:
        return await _competition_form(Form(CompetitionForm, NEW), None)

    @post("/new", name="desk-competition-create", guards=[requires(Duty.ORGANIZER)])
    async def create(
        self, request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        form = await read_form(request, CompetitionForm)
        if form.ok:
            try:
                new_id = await actions.create_competition(form.data.plan(), by=actor, at=now)
                return go(f"/desk/competitions/{new_id}", toast=_("大赛已建立"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _competition_form(form, None, status_code=422)

    @get(
        "/{competition_id:int}/edit",
        name="desk-competition-edit",
        guards=[requires(Duty.ORGANIZER)],
    )
    async def edit(
        self, competition_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line = await queries.seen_competition(competition_id, actor, (Duty.ORGANIZER,))
        form = filled(CompetitionForm, line)
        form.values["host_region"] = [line.host_name]
        return await _competition_form(form, line)

    @post(
        "/{competition_id:int}/edit",
        name="desk-competition-change",
        guards=[requires(Duty.ORGANIZER)],
    )
    async def change(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, CompetitionForm)
        line = await queries.seen_competition(competition_id, actor, (Duty.ORGANIZER,))
        if form.ok:
            try:
                await actions.change_competition(
                    line.id, form.data.plan(), seen_version=form.data.version, by=actor, at=now
                )
                return go(f"/desk/competitions/{line.id}", toast=_("大赛已修改"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _competition_form(form, line, status_code=422)


async def _competition_form(
    form: Form[CompetitionForm], line: CompetitionLine | None, status_code: int = 200
) -> AnyResponse:
    return page(
        "competitions/planning/form.html",
        form=form,
        competition=line,
        levels=list(Level),
        is_any_published=line is not None and await actions.is_any_published(line.id),
        series=await queries.series_names(),
        regions=await people.every_region(),
        rail=await competition_rail(line.id, "plan") if line else (),
        status_code=status_code,
    )
