"""The seats and the marking of an event."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.errors import N_, NotFound, Refusal, RuleBroken
from app.rules.actors import Actor, Duty
from app.sheets import queries as sheets
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.draw import queries as draw
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.planning.rail import event_rail
from competitions.registration import queries as registration
from competitions.rules.scheme import SchemeFacts
from competitions.scoring import actions, queries

WORKERS = (Duty.ORGANIZER, Duty.CHIEF_JUDGE, Duty.CODING_JUDGE, Duty.SUPERVISOR)


class SeatForm(Struct, frozen=True):
    """A judge to seat."""

    judge_id: Annotated[int, Meta(title=N_("裁判"))]
    is_chief: Annotated[bool, Meta(title=N_("担任裁判长"))] = False


class StandingForm(Struct, frozen=True):
    """A code that did not compete to the end."""

    code: Annotated[str, Meta(title=N_("加密号"), max_length=10)]
    status: Annotated[str, Meta(title=N_("情况"), pattern="^(absent|withdrawn|disqualified)$")]
    reason: Annotated[str, Meta(title=N_("原因"), max_length=200)] = ""


class DeductionForm(Struct, frozen=True):
    """A deduction."""

    code: Annotated[str, Meta(title=N_("加密号"), max_length=10)]
    module: Annotated[str, Meta(title=N_("模块"), max_length=20)]
    points: Annotated[str, Meta(title=N_("扣分"), max_length=10)]
    reason: Annotated[str, Meta(title=N_("原因和条款"), max_length=200)]


class MarkingDesk(Controller):
    """Seats, marking."""

    path = "/desk/events/{event_id:int}"
    guards = [requires(*WORKERS)]  # noqa: RUF012 - Litestar's way

    @get("/seats", name="desk-seats")
    async def show_seats(
        self, event_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        return await _seats_page(event_id, actor, Form(SeatForm))

    @post("/seats", name="desk-seat")
    async def seat(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, SeatForm)
        if form.ok:
            try:
                seat = await actions.seat(
                    event_id, form.data.judge_id, is_chief=form.data.is_chief, by=actor, at=now
                )
                return go(
                    f"/desk/events/{event_id}/seats",
                    toast=_("已安排到 {seat} 席").format(seat=seat),
                )
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _seats_page(event_id, actor, form, status_code=422)

    @get("/marking", name="desk-marking")
    async def show_marking(
        self, event_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        return await _marking_page(event_id, actor)

    @post("/marking", name="desk-marking-start")
    async def start(
        self, event_id: FromPath[int], actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        try:
            count = await actions.start_marking(event_id, by=actor, at=now)
        except RuleBroken as refusal:
            return await _marking_page(event_id, actor, problem=refusal, status_code=422)
        return go(
            f"/desk/events/{event_id}/marking",
            toast=_("已生成 {count} 张评分表").format(count=count),
        )

    @post("/standings", name="desk-code-standing")
    async def record_standing(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, StandingForm)
        if form.ok:
            data = form.data
            try:
                await actions.record_standing(
                    event_id, data.code, data.status, reason=data.reason, by=actor, at=now
                )
                return go(f"/desk/events/{event_id}/marking", toast=_("已登记"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _marking_page(event_id, actor, standing=form, status_code=422)

    @post("/deductions", name="desk-deduct")
    async def deduct(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, DeductionForm)
        if form.ok:
            data = form.data
            try:
                await actions.deduct(
                    event_id,
                    data.code,
                    data.module,
                    points=data.points,
                    reason=data.reason,
                    by=actor,
                    at=now,
                )
                return go(f"/desk/events/{event_id}/marking", toast=_("已登记扣分"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _marking_page(event_id, actor, deduction=form, status_code=422)


async def _seen(event_id: int, actor: Actor) -> EventLine:
    line = await planning.event(event_id)
    if not actor.holds(tuple(Duty), *line.scopes):
        raise NotFound
    return line


async def _seats_page(
    event_id: int, actor: Actor, form: Form[SeatForm], status_code: int = 200
) -> AnyResponse:
    line = await _seen(event_id, actor)
    scheme = await planning.scheme(event_id)
    return page(
        "competitions/scoring/seats.html",
        event=line,
        seats=await queries.seats(event_id),
        judges=await registration.judges(line.competition_id),
        fewest=actions.fewest_judges(line, scheme.facts if scheme else SchemeFacts()),
        form=form,
        may_run=planning.may_run(actor, line),
        rail=await event_rail(event_id, "judges"),
        status_code=status_code,
    )


async def _marking_page(
    event_id: int,
    actor: Actor,
    *,
    standing: Form[StandingForm] | None = None,
    deduction: Form[DeductionForm] | None = None,
    problem: Refusal | None = None,
    status_code: int = 200,
) -> AnyResponse:
    line = await _seen(event_id, actor)
    scheme = await planning.scheme(event_id)
    return page(
        "competitions/scoring/marking.html",
        event=line,
        sheets=await sheets.sheets_of(line.ledger),
        codes=await draw.sealed_codes(event_id),
        modules=scheme.facts.modules if scheme else (),
        standings=await queries.standings_of_codes(event_id),
        deductions=await queries.deductions(event_id),
        standing=standing or Form(StandingForm),
        deduction=deduction or Form(DeductionForm),
        may_start=actor.holds((Duty.ORGANIZER, Duty.CHIEF_JUDGE), *line.scopes),
        is_chief=actor.holds(Duty.CHIEF_JUDGE, *line.scopes),
        problem=problem,
        rail=await event_rail(event_id, "marking"),
        status_code=status_code,
    )
