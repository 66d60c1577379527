"""The desk where one candidate is corrected."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.errors import NotFound, RuleBroken
from app.people import queries as people
from app.people.queries import region_name
from app.rules.actors import Actor
from app.rules.identity import IdKind
from app.web.forms import Form, filled, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.locale import heading
from app.web.responses import go
from app.web.templating import page
from assessments.enrollment import correcting, queries
from assessments.enrollment.forms import CandidateChangeForm
from assessments.sittings import queries as sittings
from assessments.sittings.rail import rail


class CandidateDesk(Controller):
    """Correct what is registered of one candidate."""

    path = "/desk/assessments/{sitting_id:int}/candidates/{candidate_id:int}"
    guards = [requires(*sittings.RUNNERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-candidate")
    async def edit(
        self,
        sitting_id: FromPath[int],
        candidate_id: FromPath[int],
        actor: NamedDependency[Actor],
    ) -> AnyResponse:
        return await _page(sitting_id, candidate_id, actor, None)

    @post("", name="desk-candidate-change")
    async def change(
        self,
        request: AnyRequest,
        sitting_id: FromPath[int],
        candidate_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, CandidateChangeForm)
        if form.ok:
            try:
                await correcting.correct(
                    candidate_id,
                    form.data.change(now),
                    seen_version=form.data.version,
                    by=actor,
                    at=now,
                )
                back = f"/desk/assessments/{sitting_id}/candidates"
                return go(back, toast=_("考生信息已更正"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _page(sitting_id, candidate_id, actor, form)


async def _page(
    sitting_id: int, candidate_id: int, actor: Actor, form: Form[CandidateChangeForm] | None
) -> AnyResponse:
    line = await sittings.sitting_for(actor, sitting_id, sittings.RUNNERS)
    one = await queries.candidate(candidate_id)
    if one.sitting_id != sitting_id:
        raise NotFound
    shown = form or filled(CandidateChangeForm, one)
    if form is None:
        shown.values["region_code"] = [region_name(one.region_code, is_long=True)]
    back = f"/desk/assessments/{sitting_id}/candidates"
    return page(
        "assessments/enrollment/candidate.html",
        sitting=line,
        candidate=one,
        form=shown,
        has_begun=line.status not in correcting.BEFORE,
        is_over=line.status in correcting.OVER,
        regions=await people.counties(),
        id_kinds=list(IdKind),
        crumbs=[(back, heading("考生"))],
        rail=rail(line, "candidates"),
        status_code=422 if form else 200,
    )
