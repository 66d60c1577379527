"""The desk of competitions: list, plan, events, schemes; and what everyone reads."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.errors import NotFound, Refusal, RuleBroken
from app.people import queries as people
from app.rules.actors import Actor, Duty
from app.web.forms import Form, filled, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.planning import actions, queries
from competitions.planning.forms import (
    CompetitionForm,
    EventForm,
    SchemeForm,
    scheme_of,
    scheme_values,
    typed_rows,
)
from competitions.planning.queries import CompetitionLine
from competitions.planning.rail import competition_rail, event_rail
from competitions.rules.lifecycle import Division, Level
from competitions.rules.rule_sets import PRESETS
from competitions.rules.scheme import KINDS, SchemeFacts, shortcomings

PLANNERS = (Duty.ORGANIZER, Duty.REGISTRAR)


class PublicCompetitions(Controller):
    """What everyone may read."""

    path = "/competitions"

    @get("", name="competitions")
    async def list_public(self) -> AnyResponse:
        return page(
            "competitions/public/competitions.html",
            competitions=await queries.public_competitions(),
        )

    @get("/{competition_id:int}", name="competition")
    async def show(self, competition_id: FromPath[int]) -> AnyResponse:
        line = await queries.competition(competition_id)
        if line.status not in queries.PUBLIC:
            raise NotFound
        return page(
            "competitions/public/competition.html",
            competition=line,
            events=await queries.events(competition_id),
        )


class CompetitionDesk(Controller):
    """Competitions and their events."""

    path = "/desk/competitions"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-competitions")
    async def list_all(self, actor: NamedDependency[Actor]) -> AnyResponse:
        return page(
            "competitions/planning/competitions.html",
            competitions=await queries.competitions_for(actor),
        )

    @get("/new", name="desk-competition-new", guards=[requires(Duty.ORGANIZER)])
    async def new(self) -> AnyResponse:
        return await _competition_form(Form(CompetitionForm), None)

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

    @get("/{competition_id:int}/edit", name="desk-competition-edit", guards=[requires(*PLANNERS)])
    async def edit(self, competition_id: FromPath[int]) -> AnyResponse:
        line = await queries.competition(competition_id)
        return await _competition_form(filled(CompetitionForm, line), line)

    @post(
        "/{competition_id:int}/edit", name="desk-competition-change", guards=[requires(*PLANNERS)]
    )
    async def change(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, CompetitionForm)
        if form.ok:
            try:
                await actions.change_competition(
                    competition_id,
                    form.data.plan(),
                    seen_version=form.data.version,
                    by=actor,
                    at=now,
                )
                return go(f"/desk/competitions/{competition_id}", toast=_("大赛已修改"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _competition_form(
            form, await queries.competition(competition_id), status_code=422
        )

    @get("/{competition_id:int}/events/new", name="desk-event-new", guards=[requires(*PLANNERS)])
    async def new_event(self, competition_id: FromPath[int]) -> AnyResponse:
        return await _event_form(competition_id, Form(EventForm, {"quota": 1}))

    @post(
        "/{competition_id:int}/events/new", name="desk-event-create", guards=[requires(*PLANNERS)]
    )
    async def create_event(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, EventForm)
        if form.ok:
            try:
                new_id = await actions.create_event(
                    competition_id, form.data.plan(), by=actor, at=now
                )
                return go(f"/desk/events/{new_id}", toast=_("赛项已建立"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _event_form(competition_id, form, status_code=422)


class SchemeDesk(Controller):
    """The marking scheme of an event."""

    path = "/desk/events/{event_id:int}/scheme"
    guards = [requires(Duty.ORGANIZER, Duty.CHIEF_JUDGE)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-scheme")
    async def show(self, event_id: FromPath[int]) -> AnyResponse:
        known = await queries.scheme(event_id)
        values = scheme_values(known.facts) if known else {"modules": "A "}
        return await _scheme_page(event_id, Form(SchemeForm, values))

    @post("", name="desk-scheme-write")
    async def write(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, SchemeForm)
        if form.ok:
            try:
                number = await actions.write_scheme(event_id, scheme_of(form), by=actor, at=now)
                return go(
                    f"/desk/events/{event_id}/scheme",
                    toast=_("评分标准已存为第 {number} 版").format(number=number),
                )
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _scheme_page(event_id, form, status_code=422)


async def _competition_form(
    form: Form[CompetitionForm], line: CompetitionLine | None, status_code: int = 200
) -> AnyResponse:
    return page(
        "competitions/planning/form.html",
        form=form,
        competition=line,
        levels=list(Level),
        series=await queries.series_names(),
        regions=await people.counties(),
        rail=competition_rail(line.id, "plan") if line else (),
        status_code=status_code,
    )


async def _event_form(
    competition_id: int, form: Form[EventForm], status_code: int = 200
) -> AnyResponse:
    return page(
        "competitions/planning/event_form.html",
        form=form,
        competition=await queries.competition(competition_id),
        divisions=list(Division),
        presets=PRESETS,
        rail=competition_rail(competition_id, "overview"),
        status_code=status_code,
    )


async def _scheme_page(
    event_id: int, form: Form[SchemeForm], *, problem: Refusal | None = None, status_code: int = 200
) -> AnyResponse:
    known = await queries.scheme(event_id)
    return page(
        "competitions/planning/scheme.html",
        event=await queries.event(event_id),
        scheme=known,
        shortcomings=shortcomings(known.facts if known else SchemeFacts()),
        form=form,
        rows=typed_rows(form),
        kinds=KINDS,
        problem=problem,
        rail=event_rail(event_id, "scheme"),
        status_code=status_code,
    )
