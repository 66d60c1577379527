"""The desk of a sitting's candidates."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from litestar import Controller, MediaType, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from app.errors import Refusal, RuleBroken
from app.people import queries as people
from app.rules.actors import Actor, Duty
from app.rules.ethnic_groups import ETHNIC_GROUPS
from app.rules.identity import IdKind, Sex
from app.web.forms import Form, read_form, read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse, query_of
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from assessments.enrollment import actions, attendance, queries, tickets
from assessments.enrollment.correcting import OVER
from assessments.enrollment.forms import CandidateForm, CandidateStateForm
from assessments.enrollment.queries import CandidateFilter
from assessments.rules.lifecycle import CandidateStatus
from assessments.sittings import queries as sittings
from assessments.sittings.rail import rail

PAGE_SIZE = 100
WORKERS = (Duty.ORGANIZER, Duty.REGISTRAR, Duty.EXAMINER, Duty.QUALITY_SUPERVISOR)


class CandidatePages(Controller):
    """Candidates: list, add, vet, seat, tickets."""

    path = "/desk/assessments/{sitting_id:int}/candidates"
    guards = [requires(*WORKERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-candidates")
    async def list_candidates(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
    ) -> AnyResponse:
        return await _list_page(request, sitting_id, actor)

    @get("/new", name="desk-candidate-new")
    async def new(self, sitting_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        return await _form_page(sitting_id, actor, Form(CandidateForm))

    @post("/new", name="desk-candidate-create")
    async def create(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, CandidateForm)
        if form.ok:
            try:
                await actions.enroll(sitting_id, form.data.application(now), by=actor, at=now)
                return go(f"/desk/assessments/{sitting_id}/candidates", toast=_("考生已登记"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _form_page(sitting_id, actor, form, status_code=422)

    @post("/accept-all", name="desk-candidates-accept")
    async def accept_all(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        count = await actions.accept_all(sitting_id, by=actor, at=now)
        return go(_back(request, sitting_id), toast=_("已通过 {count} 人").format(count=count))

    @post("/seats", name="desk-candidates-seat")
    async def seat(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        try:
            count = await actions.seat(sitting_id, by=actor, at=now)
        except RuleBroken as refusal:
            return await _list_page(request, sitting_id, actor, problem=refusal)
        return go(
            _back(request, sitting_id), toast=_("已为 {count} 人编排考号").format(count=count)
        )

    @post("/{candidate_id:int}/vetting", name="desk-candidate-vet")
    async def vet(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        candidate_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, CandidateStateForm, place=f"candidate-{candidate_id}")
        act = partial(actions.vet, candidate_id, by=actor, at=now)
        if await _is_carried_out(form, act):
            return go(_back(request, sitting_id), toast=_("已办理"))
        return await _list_page(request, sitting_id, actor, form=form)

    @post("/{candidate_id:int}/attendance", name="desk-candidate-attendance")
    async def attendance(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        candidate_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, CandidateStateForm, place=f"candidate-{candidate_id}")
        act = partial(attendance.record_attendance, candidate_id, by=actor, at=now)
        if await _is_carried_out(form, act):
            return go(_back(request, sitting_id), toast=_("已登记"))
        return await _list_page(request, sitting_id, actor, form=form)

    @get("/tickets.pdf", name="desk-candidates-tickets", media_type=MediaType.TEXT)
    async def tickets(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        actor: NamedDependency[Actor],
    ) -> AnyResponse:
        try:
            pdf = await tickets.printed(sitting_id, by=actor)
        except RuleBroken as refusal:
            return await _list_page(request, sitting_id, actor, problem=refusal)
        name = f"tickets-{sitting_id}.pdf"
        headers = {"content-disposition": f'inline; filename="{name}"', "cache-control": "no-store"}
        return Response(pdf, media_type="application/pdf", headers=headers)


async def _is_carried_out(
    form: Form[CandidateStateForm], act: Callable[..., Awaitable[None]]
) -> bool:
    """Carry an act on a candidate out; where that is refused, the form says why."""
    if not form.ok:
        return False
    try:
        await act(form.data.status, note=form.data.note, seen_version=form.data.version)
    except RuleBroken as refusal:
        form.refuse(refusal)
        return False
    return True


def _back(request: AnyRequest, sitting_id: int) -> str:
    """Return the list as it was filtered and paged: its forms carry its query."""
    query = query_of(request)
    return f"/desk/assessments/{sitting_id}/candidates" + (f"?{query}" if query else "")


async def _list_page(
    request: AnyRequest,
    sitting_id: int,
    actor: Actor,
    *,
    form: Form[CandidateStateForm] | None = None,
    problem: Refusal | None = None,
) -> AnyResponse:
    line = await sittings.sitting_for(actor, sitting_id, WORKERS)
    query = read_query(request, CandidateFilter)
    chosen = query.data if query.ok else CandidateFilter()
    found, count = await queries.filtered(sitting_id, chosen, PAGE_SIZE)
    may_run = sittings.may_run(actor, line)
    return page(
        "assessments/enrollment/candidates.html",
        sitting=line,
        candidates=found,
        count=count,
        counts=await queries.counts(sitting_id),
        chosen=chosen,
        page_size=PAGE_SIZE,
        statuses=list(CandidateStatus),
        may_run=may_run,
        may_correct=may_run and line.status not in OVER,
        form=form or Form(CandidateStateForm),
        problem=problem,
        rail=rail(line, "candidates"),
        status_code=422 if form or problem else 200,
    )


async def _form_page(
    sitting_id: int, actor: Actor, form: Form[CandidateForm], status_code: int = 200
) -> AnyResponse:
    line = await sittings.sitting_for(actor, sitting_id, sittings.RUNNERS)
    return page(
        "assessments/enrollment/form.html",
        sitting=line,
        form=form,
        regions=await people.counties(),
        id_kinds=list(IdKind),
        sexes=list(Sex),
        groups=list(ETHNIC_GROUPS.values()),
        rail=rail(line, "candidates"),
        status_code=status_code,
    )
