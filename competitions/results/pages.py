"""An event's desk from the checklist to the certificates, and what the public reads of it."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from app.audit import queries as journal
from app.certificates import register as certificates
from app.certificates.early import EarlyForm, is_early
from app.errors import N_, NotFound, Refusal, RuleBroken
from app.holidays.wording import how_counted
from app.rules.actors import Actor, Duty
from app.sheets import republishing
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.openapi import RESULTS
from app.web.responses import go
from app.web.templating import page
from app.web.told import TOLD, Told
from competitions.planning import actions as planning_actions
from competitions.planning import queries as planning
from competitions.planning.forms import StepForm
from competitions.planning.queries import EventLine
from competitions.planning.rail import competition_rail, event_rail
from competitions.registration import calling_off, vetting
from competitions.registration import queries as registration
from competitions.results import certifying, queries, recounting, stages
from competitions.results.checklist import competition_checklist
from competitions.results.event_checklist import event_checklist
from competitions.results.published import public_event, published_result
from competitions.rules.entries import EntryStatus
from competitions.rules.lifecycle import CompetitionStatus


class OverviewDesk(Controller):
    """A competition's first page."""

    path = "/desk/competitions/{competition_id:int}"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-competition")
    async def overview(
        self, request: AnyRequest, competition_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        stage = request.query_params.get("stage", "")
        return await _competition_page(competition_id, actor, stage=stage)

    @post("/step", name="desk-competition-step")
    async def step(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, StepForm)
        try:
            await planning_actions.step(
                competition_id, form.data.wanted, seen_version=form.data.version, by=actor, at=now
            )
        except RuleBroken as refusal:
            return await _competition_page(competition_id, actor, problem=refusal, status_code=422)
        return go(f"/desk/competitions/{competition_id}", toast=_("已办理"))


class EventDesk(Controller):
    """One event, from its checklist to its certificates."""

    path = "/desk/events/{event_id:int}"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-event")
    async def overview(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        return await _event_page(event_id, actor)

    @post("/accept-all", name="desk-event-accept")
    async def accept_all(
        self, event_id: FromPath[int], actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        try:
            count = await vetting.accept_all(event_id, by=actor, at=now)
        except RuleBroken as refusal:
            return await _event_page(event_id, actor, problem=refusal, status_code=422)
        return go(f"/desk/events/{event_id}", toast=_("已通过 {count} 个报名").format(count=count))

    @post("/calling-off", name="desk-event-call-off")
    async def call_off(
        self, event_id: FromPath[int], actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        try:
            await calling_off.call_off(event_id, by=actor, at=now)
        except RuleBroken as refusal:
            return await _event_page(event_id, actor, problem=refusal, status_code=422)
        return go(f"/desk/events/{event_id}", toast=_("赛项已停办"))

    @post("/taking-up", name="desk-event-take-up")
    async def take_up(
        self, event_id: FromPath[int], actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        try:
            await calling_off.take_up(event_id, by=actor, at=now)
        except RuleBroken as refusal:
            return await _event_page(event_id, actor, problem=refusal, status_code=422)
        return go(f"/desk/events/{event_id}", toast=_("赛项已恢复"))

    @get("/certificates", name="desk-event-certificates")
    async def show_certificates(
        self, event_id: FromPath[int], actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        return await _certificates_page(event_id, actor, now, Form(EarlyForm))

    @post("/certificates", name="desk-event-certify")
    async def certify(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, EarlyForm)
        if form.ok:
            try:
                batch_id = await certifying.issue(
                    event_id, reason=form.data.reason, by=actor, at=now
                )
                return go(f"/desk/certificates/batches/{batch_id}")
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _certificates_page(event_id, actor, now, form, status_code=422)


class PublicResults(Controller):
    """Published results with names."""

    path = "/competitions/{competition_id:int}/events/{event_id:int}"

    @get("", name="event-results")
    async def show(self, competition_id: FromPath[int], event_id: FromPath[int]) -> AnyResponse:
        line, result = await public_event(competition_id, event_id)
        return page(
            "competitions/public/results.html",
            event=line,
            result=result,
            places=await queries.places(line, result),
            amended=await republishing.confirmed(line.ledger),
            how_counted=how_counted,
        )

    @get(
        "/bundle.json",
        name="event-bundle",
        include_in_schema=True,
        tags=[RESULTS],
        summary=N_("一个赛项的成绩包"),
        description=N_(
            "规则、评分标准、逐项分数和公布的名次，不含姓名；成绩公布以后才有。"
            "用 python -m competitions.recount 可以独立重算。"
        ),
        opt={TOLD: Told(refuses=(404,))},
    )
    async def bundle(self, competition_id: FromPath[int], event_id: FromPath[int]) -> AnyResponse:
        _, result = await public_event(competition_id, event_id)
        return Response(result.bundle_file, media_type="application/json")


async def _seen(event_id: int, actor: Actor) -> EventLine:
    line = await planning.event(event_id)
    if not actor.holds(tuple(Duty), *line.scopes):
        raise NotFound
    return line


async def _competition_page(
    competition_id: int,
    actor: Actor,
    *,
    stage: str = "",
    problem: Refusal | None = None,
    status_code: int = 200,
) -> AnyResponse:
    line = await planning.seen_competition(competition_id, actor)
    every = await planning.events(competition_id)
    counts = await registration.status_counts(competition_id)
    schemed = await planning.schemed(item.id for item in every)
    events = [item for item in every if stages.is_at(item, stage, has_scheme=item.id in schemed)]
    found = [counts.get(item.id, {}) for item in events]
    return page(
        "competitions/results/competition.html",
        competition=line,
        events=events,
        counts=counts,
        total=sum(sum(item.values()) for item in found),
        accepted=sum(item.get(EntryStatus.ACCEPTED, 0) for item in found),
        schemed=schemed,
        stage=stage if stage in stages.NAMES else "",
        checklist=await competition_checklist(line),
        EntryStatus=EntryStatus,
        may_run=planning.may_run(actor, line),
        problem=problem,
        rail=await competition_rail(competition_id, stage or "overview"),
        status_code=status_code,
    )


async def _event_page(
    event_id: int, actor: Actor, *, problem: Refusal | None = None, status_code: int = 200
) -> AnyResponse:
    line = await _seen(event_id, actor)
    competition = await planning.competition(line.competition_id)
    return page(
        "competitions/results/event.html",
        event=line,
        checklist=await event_checklist(line),
        records=(await journal.records_of(planning_actions.event_subject(event_id)))[:12],
        may_run=planning.may_run(actor, line),
        may_end=actor.holds(Duty.ORGANIZER, *line.scopes)
        and competition.status is not CompetitionStatus.CLOSED,
        waiting=(await registration.status_counts(line.competition_id))
        .get(event_id, {})
        .get(EntryStatus.REGISTERED, 0),
        problem=problem,
        rail=await event_rail(event_id, "overview"),
        status_code=status_code,
    )


async def _certificates_page(
    event_id: int, actor: Actor, now: datetime, form: Form[EarlyForm], *, status_code: int = 200
) -> AnyResponse:
    line = await _seen(event_id, actor)
    result = await published_result(event_id)
    issued = await certificates.certificates_of(line.ledger)
    return page(
        "competitions/results/certificates.html",
        event=line,
        certificates=issued,
        differing=await certifying.differing(line, issued),
        waiting=await certifying.wanted_count(line),
        is_overtaken=await recounting.is_overtaken(line),
        until=result.notice_until if result and is_early(result.notice_ends_at, now) else None,
        form=form,
        rail=await event_rail(event_id, "certificates"),
        status_code=status_code,
    )
