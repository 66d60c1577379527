"""The marking of an event: open the sheets, watch them, record what happens besides marks."""

from datetime import datetime
from typing import Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from app.errors import NotFound, Refusal, RuleBroken
from app.rules.actors import Actor
from app.sheets import queries as sheet_queries
from app.sheets import veils
from app.sheets.counts import sheet_counts
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
from competitions.rules.duties import (
    DEDUCTING,
    RECORDING,
    STARTING,
    WATCHING,
    CodeStatus,
    SeatKind,
)
from competitions.rules.proposals import are_names_known
from competitions.scoring import actions, incidents, queries, reinstating
from competitions.scoring.forms import (
    CompetesForm,
    DeductionForm,
    StandInForm,
    StandingForm,
    TakeBackForm,
    TimeForm,
)

FORMS: dict[str, type[Struct]] = {
    "standing": StandingForm,
    "competes": CompetesForm,
    "deduction": DeductionForm,
    "back": TakeBackForm,
    "time": TimeForm,
    "stand_in": StandInForm,
}


class MarkingDesk(Controller):
    """Marking."""

    path = "/desk/events/{event_id:int}"
    guards = [requires(*WATCHING)]  # noqa: RUF012 - Litestar's way

    @get("/marking", name="desk-marking")
    async def show(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        return await _marking_page(event_id, actor)

    @post("/marking", name="desk-marking-start")
    async def start(
        self, event_id: FromPath[int], actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        try:
            count = await actions.start_marking(event_id, by=actor, at=now)
        except RuleBroken as refusal:
            return await _marking_page(event_id, actor, problem=refusal, status_code=422)
        return _back(event_id, _("已生成 {count} 张评分表").format(count=count))

    @post("/stand-ins", name="desk-stand-in")
    async def stand_in(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, StandInForm)
        if form.ok:
            data = form.data
            try:
                count = await actions.stand_in(
                    event_id, data.seat, data.judge_id, reason=data.reason, by=actor, at=now
                )
                return _back(event_id, _("已接手 {count} 张评分表").format(count=count))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _marking_page(event_id, actor, forms={"stand_in": form}, status_code=422)

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
                await incidents.record_standing(
                    event_id, data.code, data.status, reason=data.reason, by=actor, at=now
                )
                return _back(event_id, _("已登记"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _marking_page(event_id, actor, forms={"standing": form}, status_code=422)

    @post("/standings/withdrawal", name="desk-code-standing-back")
    async def take_back_standing(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, CompetesForm)
        if form.ok:
            data = form.data
            try:
                await reinstating.take_back_standing(
                    event_id, data.code, reason=data.reason, by=actor, at=now
                )
                return _back(event_id, _("已撤销，加密号 {code} 照常评分").format(code=data.code))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _marking_page(event_id, actor, forms={"competes": form}, status_code=422)

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
                await incidents.deduct(
                    event_id, data.code, data.module,
                    points=data.points, reason=data.reason, by=actor, at=now,
                )  # fmt: skip
                return _back(event_id, _("已登记扣分"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _marking_page(event_id, actor, forms={"deduction": form}, status_code=422)

    @post("/deductions/withdrawal", name="desk-deduction-back")
    async def take_back(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, TakeBackForm)
        if form.ok:
            data = form.data
            try:
                await incidents.take_back_deduction(
                    event_id, data.deduction_id, reason=data.reason, by=actor, at=now
                )
                return _back(event_id, _("已撤销扣分"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _marking_page(event_id, actor, forms={"back": form}, status_code=422)

    @post("/times", name="desk-time")
    async def record_time(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, TimeForm)
        if form.ok:
            data = form.data
            try:
                seconds = incidents.seconds_of(data.time)
                await incidents.record_time(
                    event_id, data.code, data.module, seconds=seconds, by=actor, at=now
                )
                return _back(event_id, _("已登记用时"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _marking_page(event_id, actor, forms={"time": form}, status_code=422)


def _back(event_id: int, toast: str) -> AnyResponse:
    return go(f"/desk/events/{event_id}/marking", toast=toast)


async def _marking_page(
    event_id: int,
    actor: Actor,
    *,
    forms: dict[str, Form[Any]] | None = None,
    problem: Refusal | None = None,
    status_code: int = 200,
) -> AnyResponse:
    line = await planning.seen_event(event_id, actor, WATCHING)
    scheme = await planning.scheme(event_id)
    seats = await queries.seats(event_id)
    stood_in = await queries.stand_ins(event_id)
    is_final = await _is_final(line)
    shown = {name: Form[Any](shape) for name, shape in FORMS.items()} | (forms or {})
    for name, form in shown.items():
        form.place = name
    return page(
        "competitions/scoring/marking.html",
        event=line,
        sheets=await sheet_counts(line.ledger),
        codes=await draw.sealed_codes(event_id),
        modules=scheme.facts.modules if scheme else (),
        standings=await queries.standings_of_codes(event_id),
        is_final=is_final,
        statuses=[CodeStatus.DISQUALIFIED] if is_final else list(CodeStatus),
        deductions=await queries.all_deductions(event_id),
        times=await queries.times(event_id),
        stand_ins=[item for item in stood_in if not item.is_recusal],
        recusal_count=sum(item.is_recusal for item in stood_in),
        seats=[item for item in seats if item.kind is SeatKind.MARKING],
        reserves=[item for item in seats if item.kind is SeatKind.RESERVE],
        forms=shown,
        may_start=actor.holds(STARTING, *line.scopes),
        may_record=actor.holds(RECORDING, *line.scopes),
        may_deduct=actor.holds(DEDUCTING, *line.scopes),
        problem=problem,
        rail=await event_rail(event_id, "marking"),
        status_code=status_code,
    )


async def _is_final(line: EventLine) -> bool:
    row = await sheet_queries.ledger_row(line.ledger)
    return row is not None and row["locked_at"] is not None


async def _are_sealed(event_id: int) -> bool:
    """Tell whether the codes of an event's ledger are sealed; a ledger may have lost its event."""
    try:
        return not are_names_known((await planning.event(event_id)).status)
    except NotFound:
        return False


veils.learn("competitions.event", _are_sealed)
