"""The desk of entries: the list, one entry, registering by hand, vetting."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from app.audit import queries as journal
from app.errors import NotFound, Refusal, RuleBroken
from app.people import queries as people
from app.people.queries import region_name
from app.rules.actors import Actor
from app.rules.identity import IdKind
from app.web.clock import SHANGHAI
from app.web.forms import Form, read_form, read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse, query_of
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.planning import queries as planning
from competitions.planning.rail import Count, competition_rail, count_competition
from competitions.registration import actions, exporting, queries, searching, vetting
from competitions.registration.forms import ChosenForm, EntryForm, VettingForm
from competitions.registration.searching import SORTS, EntryFilter
from competitions.rules.eligibility import is_open
from competitions.rules.entries import ENTRY_STEPS, WAITING, EntryStatus
from competitions.rules.lifecycle import EventStatus

PAGE_SIZE = 100
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class EntryDesk(Controller):
    """Entries of a competition."""

    path = "/desk/competitions/{competition_id:int}/entries"
    guards = [requires(*planning.RUNNERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-entries")
    async def list_entries(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        return await _entries_page(request, competition_id, actor, now)

    @get("/new", name="desk-entry-new")
    async def new(
        self, request: AnyRequest, competition_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        known = ("delegation", "event_id", "team")
        given = {name: request.query_params.get(name, "") for name in known}
        return await _entry_form(competition_id, actor, Form(EntryForm, given))

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
                facts = form.data.facts(now.astimezone(SHANGHAI).date())
                entry_id = await actions.register(competition_id, facts, by=actor, at=now)
                return go(f"/desk/entries/{entry_id}", toast=_("报名已登记"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _entry_form(competition_id, actor, form, status_code=422)

    @post("/acceptance", name="desk-entries-accept")
    async def accept(
        self,
        request: AnyRequest,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, ChosenForm)
        chosen = form.data.chosen if form.ok else []
        try:
            count = await vetting.accept_chosen(competition_id, chosen, by=actor, at=now)
        except RuleBroken as refusal:
            return await _entries_page(request, competition_id, actor, now, problem=refusal)
        query = query_of(request)
        back = f"?{query}" if query else ""
        word = _("已通过 {count} 个报名").format(count=count)
        return go(f"/desk/competitions/{competition_id}/entries{back}", toast=word)

    @get("/export.xlsx", name="desk-entries-export")
    async def export(
        self,
        competition_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        content = await exporting.entries_workbook(competition_id, by=actor, at=now)
        headers = {
            "content-disposition": f'attachment; filename="entries-{competition_id}.xlsx"',
            "cache-control": "no-store",
        }
        return Response(content, media_type=SPREADSHEET, headers=headers)


class VettingDesk(Controller):
    """One entry: who, what was decided, what may be done."""

    path = "/desk/entries/{entry_id:int}"
    guards = [requires(*planning.RUNNERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-entry")
    async def show(self, entry_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        return await entry_page(entry_id, actor, Form(VettingForm))

    @post("/vetting", name="desk-entry-vet")
    async def vet(
        self,
        request: AnyRequest,
        entry_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, VettingForm)
        if form.ok:
            data = form.data
            try:
                await vetting.vet(
                    entry_id,
                    data.status,
                    note=data.note,
                    seen_version=data.version,
                    by=actor,
                    at=now,
                )
                return go(f"/desk/entries/{entry_id}", toast=_("审查结果已记录"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await entry_page(entry_id, actor, form, status_code=422)


async def entry_page(
    entry_id: int, actor: Actor, form: Form[VettingForm], status_code: int = 200
) -> AnyResponse:
    """Answer with the page of one entry."""
    entry = await queries.entry(entry_id)
    event = await planning.event(entry.event_id)
    if not planning.may_run(actor, event):
        raise NotFound
    return page(
        "competitions/registration/entry.html",
        entry=entry,
        event=event,
        form=form,
        steps=sorted(ENTRY_STEPS[entry.status], key=list(EntryStatus).index),
        records=await journal.records_of(actions.entry_subject(entry_id)),
        region_name=region_name,
        rail=await competition_rail(event.competition_id, "entries"),
        status_code=status_code,
    )


async def _entries_page(
    request: AnyRequest,
    competition_id: int,
    actor: Actor,
    now: datetime,
    *,
    problem: Refusal | None = None,
) -> AnyResponse:
    line = await planning.seen_competition(competition_id, actor, planning.RUNNERS)
    query = read_query(request, EntryFilter)
    chosen = query.data if query.ok else EntryFilter()
    found, count = await searching.filtered(competition_id, chosen, PAGE_SIZE)
    by_event = await queries.status_counts(competition_id)
    totals = {
        status: sum(counts.get(status, 0) for counts in by_event.values()) for status in EntryStatus
    }
    return page(
        "competitions/registration/entries.html",
        competition=line,
        entries=found,
        count=count,
        totals=totals,
        chosen=chosen,
        page_size=PAGE_SIZE,
        events=await planning.events(competition_id),
        delegations=await queries.delegations(competition_id),
        statuses=list(EntryStatus),
        waiting=WAITING,
        sorts=SORTS,
        region_name=region_name,
        may_run=planning.may_run(actor, line),
        is_window_open=is_open(now, opens=line.entries_open_at, closes=line.entries_close_at),
        problem=problem,
        rail=await competition_rail(competition_id, "entries"),
        status_code=422 if problem else 200,
    )


async def _entry_form(
    competition_id: int, actor: Actor, form: Form[EntryForm], status_code: int = 200
) -> AnyResponse:
    every = await planning.events(competition_id)
    events = [item for item in every if item.status is EventStatus.PREPARING]
    return page(
        "competitions/registration/form.html",
        competition=await planning.seen_competition(competition_id, actor, planning.RUNNERS),
        events=events,
        has_teams=any(item.members > 1 for item in events),
        delegations=await queries.delegations(competition_id),
        regions=await people.counties(),
        form=form,
        id_kinds=list(IdKind),
        rail=await competition_rail(competition_id, "entries"),
        status_code=status_code,
    )


async def _waiting(competition_id: int) -> Count:
    counts = await queries.status_counts(competition_id)
    waiting = sum(found.get(status, 0) for found in counts.values() for status in WAITING)
    return Count(waiting, is_blocked=waiting > 0)


count_competition("entries", _waiting)
