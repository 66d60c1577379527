"""The desk of the check-in and the draw: check in, draw, read a sealed level, print the record."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.errors import Refusal, RuleBroken
from app.rules.actors import Actor, Duty
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.draw import actions, checkin, queries, records
from competitions.draw.forms import CheckInForm, DrawForm
from competitions.planning import queries as planning
from competitions.planning.rail import Count, count_event, event_rail
from competitions.registration import queries as registration
from competitions.rules.entries import WAITING, EntryStatus
from competitions.rules.lifecycle import EventStatus

WORKERS = (
    Duty.ORGANIZER,
    Duty.REGISTRAR,
    Duty.CHIEF_JUDGE,
    Duty.CODING_JUDGE,
    Duty.SUPERVISOR,
)
BEFORE_MARKING = frozenset({EventStatus.PREPARING, EventStatus.DRAWN})


class CheckInDesk(Controller):
    """检录."""

    path = "/desk/events/{event_id:int}/check-in"
    guards = [requires(*planning.RUNNERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-check-in")
    async def show(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        return await _check_in_page(event_id, actor, Form(CheckInForm))

    @post("", name="desk-check-in-record")
    async def record(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, CheckInForm)
        form.place = f"entry-{form.value('entry')}"
        if form.ok:
            try:
                await checkin.check_in(form.data.entry, form.data.facts(), by=actor, at=now)
                return go(f"/desk/events/{event_id}/check-in", toast=_("检录已记录"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _check_in_page(event_id, actor, form, status_code=422)

    @post("/rest", name="desk-check-in-rest")
    async def record_rest(
        self, event_id: FromPath[int], actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        form = Form(CheckInForm)
        try:
            count = await checkin.check_in_rest(event_id, by=actor, at=now)
        except RuleBroken as refusal:
            form.refuse(refusal)
            return await _check_in_page(event_id, actor, form, status_code=422)
        word = _("其余 {count} 个报名已记为到场").format(count=count)
        return go(f"/desk/events/{event_id}/check-in", toast=word)

    @get("/sheet", name="desk-check-in-sheet")
    async def sheet(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        line = await planning.seen_event(event_id, actor, planning.RUNNERS)
        entries = await registration.entries_of_event(event_id)
        return page(
            "competitions/draw/check_in_sheet.html",
            event=line,
            entries=[item for item in entries if item.status is EntryStatus.ACCEPTED],
        )


class DrawDesk(Controller):
    """抽签加密."""

    path = "/desk/events/{event_id:int}/draw"
    guards = [requires(*WORKERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-draw")
    async def show(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        return await _draw_page(event_id, actor, Form(DrawForm))

    @post("", name="desk-draw-codes")
    async def draw(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, DrawForm)
        if form.ok:
            try:
                count = await actions.draw(event_id, by=actor, at=now, witness=form.data.witness)
                word = _("已抽取 {count} 个加密号").format(count=count)
                return go(f"/desk/events/{event_id}/draw", toast=word)
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _draw_page(event_id, actor, form, status_code=422)

    @post("/levels/{level:int}", name="desk-draw-table", guards=[requires(Duty.CODING_JUDGE)])
    async def read_table(
        self,
        event_id: FromPath[int],
        level: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        line = await planning.seen_event(event_id, actor, (Duty.CODING_JUDGE,))
        try:
            table = await actions.read_table(event_id, level, by=actor, at=now)
        except RuleBroken as refusal:
            form = Form(DrawForm)
            return await _draw_page(event_id, actor, form, problem=refusal, status_code=422)
        return page(
            "competitions/draw/table.html",
            event=line,
            level=level,
            lines=await records.table_lines(event_id, level, table),
            at=now,
            headers={"cache-control": "no-store"},
            rail=await event_rail(event_id, "draw"),
        )

    @get("/record", name="desk-draw-record")
    async def record(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        line = await planning.seen_event(event_id, actor, WORKERS)
        return page(
            "competitions/draw/record.html",
            event=line,
            competition=await planning.competition(line.competition_id),
            levels=await records.draw_record(event_id),
        )


async def _draw_page(
    event_id: int,
    actor: Actor,
    form: Form[DrawForm],
    *,
    problem: Refusal | None = None,
    status_code: int = 200,
) -> AnyResponse:
    line = await planning.seen_event(event_id, actor, WORKERS)
    entries = await registration.entries_of_event(event_id)
    books = await queries.code_books(event_id)
    found = await queries.check_ins(event_id)
    return page(
        "competitions/draw/draw.html",
        event=line,
        books=books,
        codes=await queries.sealed_codes(event_id),
        accepted=sum(item.status is EntryStatus.ACCEPTED for item in entries),
        waiting=sum(item.status in WAITING for item in entries),
        absent=sum(not item.is_present for item in found.values()),
        next_level=len(books) + 1 if len(books) < line.code_levels else None,
        may_draw=actor.holds(actions.DRAWERS, *line.scopes) and line.status in BEFORE_MARKING,
        may_read=actor.holds(Duty.CODING_JUDGE, *line.scopes),
        form=form,
        problem=problem,
        rail=await event_rail(event_id, "draw"),
        status_code=status_code,
    )


async def _check_in_page(
    event_id: int, actor: Actor, form: Form[CheckInForm], status_code: int = 200
) -> AnyResponse:
    line = await planning.seen_event(event_id, actor, planning.RUNNERS)
    entries = await registration.entries_of_event(event_id)
    return page(
        "competitions/draw/check_in.html",
        event=line,
        entries=[item for item in entries if item.status is EntryStatus.ACCEPTED],
        found=await queries.check_ins(event_id),
        form=form,
        is_open=line.status in BEFORE_MARKING,
        rail=await event_rail(event_id, "checkin"),
        status_code=status_code,
    )


async def _unchecked(event_id: int) -> Count:
    if (await planning.event(event_id)).status not in BEFORE_MARKING:
        return Count(0)
    entries = await registration.entries_of_event(event_id)
    accepted = {item.id for item in entries if item.status is EntryStatus.ACCEPTED}
    return Count(len(accepted - set(await queries.check_ins(event_id))))


async def _waiting(event_id: int) -> Count:
    entries = await registration.entries_of_event(event_id)
    waiting = sum(item.status in WAITING for item in entries)
    return Count(waiting, is_blocked=waiting > 0)


count_event("checkin", _unchecked)
count_event("draw", _waiting)
