"""The desk of events: set one up, change it, copy it, bring over those of an earlier edition."""

from datetime import datetime
from typing import Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.errors import RuleBroken
from app.rules.actors import Actor, Duty
from app.web.forms import Form, filled, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.planning import events, queries, rule_set_lines
from competitions.planning.forms import EventCopyForm, EventForm, SourceForm
from competitions.planning.queries import EventLine
from competitions.planning.rail import competition_rail, event_rail
from competitions.rules.lifecycle import Division


class NewEventDesk(Controller):
    """Events that a competition gets."""

    path = "/desk/competitions/{competition_id:int}/events"
    guards = [requires(Duty.ORGANIZER)]  # noqa: RUF012 - Litestar's way

    @get("/new", name="desk-event-new")
    async def new(
        self, competition_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        form = Form(EventForm, {"quota": 1, "members": 1, "code_levels": 1})
        return await _new_page(competition_id, actor, form)

    @post("/new", name="desk-event-create")
    async def create(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, EventForm)
        if form.ok:
            try:
                new_id = await events.create_event(
                    competition_id, form.data.plan(), by=actor, at=now
                )
                return go(f"/desk/events/{new_id}/scheme", toast=_("赛项已建立，请编写评分标准"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _new_page(competition_id, actor, form, status_code=422)

    @post("/copies", name="desk-events-copy")
    async def copy(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, SourceForm)
        if form.ok:
            try:
                count = await events.copy_events(competition_id, form.data.source, by=actor, at=now)
                word = _("已复制 {count} 个赛项").format(count=count)
                return go(f"/desk/competitions/{competition_id}", toast=word)
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _new_page(
            competition_id, actor, Form(EventForm, {"quota": 1}), copy=form, status_code=422
        )


class EventPlanDesk(Controller):
    """The plan of one event."""

    path = "/desk/events/{event_id:int}"
    guards = [requires(Duty.ORGANIZER)]  # noqa: RUF012 - Litestar's way

    @get("/edit", name="desk-event-edit")
    async def edit(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        line = await queries.seen_event(event_id, actor, (Duty.ORGANIZER,))
        return await _edit_page(line, _filled(line))

    @post("/edit", name="desk-event-change")
    async def change(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, EventForm)
        line = await queries.seen_event(event_id, actor, (Duty.ORGANIZER,))
        if form.ok:
            try:
                await events.change_event(
                    event_id, form.data.plan(), seen_version=form.data.version, by=actor, at=now
                )
                return go(f"/desk/events/{event_id}", toast=_("赛项已修改"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _edit_page(line, form, status_code=422)

    @post("/copies", name="desk-event-copy")
    async def copy(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, EventCopyForm, place="copy")
        line = await queries.seen_event(event_id, actor, (Duty.ORGANIZER,))
        if form.ok:
            name, division = form.data.name, form.data.division
            try:
                new_id = await events.copy_event(
                    event_id, name=name, division=division, by=actor, at=now
                )
                return go(f"/desk/events/{new_id}", toast=_("已复制赛项和评分标准"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _edit_page(line, _filled(line), copy=form, status_code=422)


def _filled(line: EventLine) -> Form[EventForm]:
    form = filled(EventForm, line)
    form.values["rule_set"] = [line.rule_set_key]
    return form


async def _new_page(
    competition_id: int,
    actor: Actor,
    form: Form[EventForm],
    *,
    copy: Form[SourceForm] | None = None,
    status_code: int = 200,
) -> AnyResponse:
    line = await queries.seen_competition(competition_id, actor, (Duty.ORGANIZER,))
    return page(
        "competitions/planning/event_new.html",
        form=form,
        copy=copy or Form(SourceForm),
        sources=[
            item for item in await queries.competitions_for(actor) if item.id != competition_id
        ],
        competition=line,
        rail=await competition_rail(competition_id, "plan"),
        status_code=status_code,
        **await _choices(),
    )


async def _edit_page(
    line: EventLine,
    form: Form[EventForm],
    *,
    copy: Form[EventCopyForm] | None = None,
    status_code: int = 200,
) -> AnyResponse:
    return page(
        "competitions/planning/event_edit.html",
        form=form,
        copy=copy or Form(EventCopyForm, {"name": line.name}, place="copy"),
        event=line,
        rail=await event_rail(line.id, "plan"),
        status_code=status_code,
        **await _choices(line.rule_set_key),
    )


async def _choices(now: str = "") -> dict[str, Any]:
    return {"divisions": list(Division), "rule_sets": await rule_set_lines.choices(now)}
