"""The seats of an event: who judges, who stands aside, who stands in."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.errors import RuleBroken
from app.rules.actors import Actor
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.planning import queries as planning
from competitions.planning.rail import event_rail
from competitions.registration import queries as registration
from competitions.rules.duties import STARTING, WATCHING, SeatKind
from competitions.rules.scheme import SchemeFacts
from competitions.scoring import actions, queries, seating
from competitions.scoring.forms import ConflictForm, SeatForm


class SeatsDesk(Controller):
    """Seats of judges."""

    path = "/desk/events/{event_id:int}/seats"
    guards = [requires(*WATCHING)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-seats")
    async def show(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        return await _seats_page(event_id, actor)

    @post("", name="desk-seat")
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
                name = await seating.seat(
                    event_id, form.data.judge_id, kind=form.data.kind, by=actor, at=now
                )
                return _back(event_id, _("已安排到 {seat} 席").format(seat=name))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _seats_page(event_id, actor, form=form, status_code=422)

    @post("/{judge_id:int}/withdrawal", name="desk-unseat")
    async def unseat(
        self,
        event_id: FromPath[int],
        judge_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        try:
            await seating.unseat(event_id, judge_id, by=actor, at=now)
        except RuleBroken as refusal:
            form = Form(SeatForm)
            form.refuse(refusal)
            return await _seats_page(event_id, actor, form=form, status_code=422)
        return _back(event_id, _("已撤下"))

    @post("/conflicts", name="desk-conflict")
    async def declare(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, ConflictForm, place="conflict")
        if form.ok:
            data = form.data
            try:
                await seating.declare_conflict(
                    event_id, data.judge_id, data.entry_id, reason=data.reason, by=actor, at=now
                )
                return _back(event_id, _("已登记回避"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _seats_page(event_id, actor, conflict=form, status_code=422)


def _back(event_id: int, toast: str) -> AnyResponse:
    return go(f"/desk/events/{event_id}/seats", toast=toast)


async def _seats_page(
    event_id: int,
    actor: Actor,
    *,
    form: Form[SeatForm] | None = None,
    conflict: Form[ConflictForm] | None = None,
    status_code: int = 200,
) -> AnyResponse:
    line = await planning.seen_event(event_id, actor, WATCHING)
    scheme = await planning.scheme(event_id)
    seats = await queries.seats(event_id)
    seated = {item.judge_id for item in seats}
    may_declare = actor.holds(STARTING, *line.scopes)
    return page(
        "competitions/scoring/seats.html",
        event=line,
        seats=seats,
        judges=[
            item for item in await registration.judges(line.competition_id) if item.id not in seated
        ],
        kinds=list(SeatKind),
        conflicts=await queries.declared_conflicts(event_id),
        entries=await registration.entries_of_event(event_id) if may_declare else [],
        fewest=actions.fewest_judges(line, scheme.facts if scheme else SchemeFacts()),
        marking_count=sum(item.kind is SeatKind.MARKING for item in seats),
        form=form or Form(SeatForm),
        conflict=conflict or Form(ConflictForm, place="conflict"),
        may_run=planning.may_run(actor, line),
        may_declare=may_declare,
        rail=await event_rail(event_id, "judges"),
        status_code=status_code,
    )
