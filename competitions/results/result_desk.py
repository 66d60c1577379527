"""The results of an event at the desk: computed, parted, unsealed, published, taken away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response
from msgspec import Meta, Struct

from app.errors import N_, NotFound, Refusal, RuleBroken
from app.holidays.wording import coming_notice, how_counted
from app.rules.actors import Actor
from app.sheets.republishing import RepublishingForm
from app.web import clock
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.draw import queries as draw
from competitions.draw import unsealing
from competitions.draw.actions import KEY_HOLDERS
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.planning.rail import event_rail
from competitions.planning.wording import worded
from competitions.results import (
    actions,
    amending,
    exporting,
    queries,
    recounting,
    tie_deciding,
)
from competitions.results.actions import BundleIncomplete
from competitions.results.queries import ResultLine
from competitions.results.tabs import result_tabs
from competitions.rules.duties import (
    COMPUTING,
    CONFIRMING_PARTED,
    EXPLAINING,
    PARTING,
    PUBLISHING,
    READING,
)
from competitions.scoring import queries as scoring

SHOWN_PROBLEMS = 100
DECIDED = N_("裁定已记录，名次和奖项已更新")
WAITING = N_("裁定已记录，等待监督确认")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TieForm(Struct, frozen=True):
    """The order of equal codes, best first."""

    order: Annotated[str, Meta(title=N_("裁定的次序"), max_length=400)]
    reason: Annotated[str, Meta(title=N_("裁定的理由"), max_length=400)]


class ResultDesk(Controller):
    """From locked sheets to published results."""

    path = "/desk/events/{event_id:int}"
    guards = [requires(*READING)]  # noqa: RUF012 - Litestar's way

    @get("/results", name="desk-event-results")
    async def show(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        return await _results_page(event_id, actor)

    @post("/computation", name="desk-event-compute")
    async def compute(
        self, event_id: FromPath[int], actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        try:
            await actions.compute(event_id, by=actor, at=now)
        except RuleBroken as refusal:
            return await _results_page(event_id, actor, problem=refusal, status_code=422)
        return _back(event_id, N_("成绩已计算，两套程序结果一致"))

    @post("/ties", name="desk-event-tie")
    async def decide_tie(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, TieForm)
        if form.ok:
            codes = form.data.order.replace("，", " ").replace("、", " ").replace(",", " ").split()
            try:
                counts = await tie_deciding.decide_tie(
                    event_id, codes, reason=form.data.reason, by=actor, at=now
                )
                return _back(event_id, DECIDED if counts else WAITING)
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _results_page(event_id, actor, forms={"tie": form}, status_code=422)

    @post("/ties/{decision_id:int}/confirmation", name="desk-event-tie-confirm")
    async def confirm_tie(
        self,
        event_id: FromPath[int],
        decision_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        try:
            await tie_deciding.confirm_tie(event_id, decision_id, by=actor, at=now)
        except RuleBroken as refusal:
            return await _results_page(event_id, actor, problem=refusal, status_code=422)
        return _back(event_id, DECIDED)

    @post("/unsealing", name="desk-event-unseal")
    async def unseal(
        self, event_id: FromPath[int], actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        try:
            is_open = await unsealing.turn_key(event_id, by=actor, at=now)
        except RuleBroken as refusal:
            return await _results_page(event_id, actor, problem=refusal, status_code=422)
        return _back(event_id, N_("密封表已解密") if is_open else N_("已确认，等待另一人确认解密"))

    @post("/publication", name="desk-event-publish")
    async def publish(
        self, event_id: FromPath[int], actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        try:
            await actions.publish(event_id, by=actor, at=now)
        except RuleBroken as refusal:
            return await _results_page(event_id, actor, problem=refusal, status_code=422)
        return _back(event_id, N_("成绩已公布"))

    @post("/republishing", name="desk-event-republish")
    async def propose_again(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, RepublishingForm)
        if form.ok:
            try:
                await amending.propose(event_id, reason=form.data.reason, by=actor, at=now)
                return _back(event_id, N_("已提出更正公布，等待另一人确认"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _results_page(event_id, actor, forms={"again": form}, status_code=422)

    @post("/republishing/confirmation", name="desk-event-republish-confirm")
    async def publish_again(
        self, event_id: FromPath[int], actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        try:
            await amending.confirm(event_id, by=actor, at=now)
        except RuleBroken as refusal:
            return await _results_page(event_id, actor, problem=refusal, status_code=422)
        return _back(event_id, N_("更正后的成绩已公布"))

    @get("/bundle.json", name="desk-event-bundle")
    async def bundle(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        line, result = await exporting.computed(event_id, actor)
        return _download(result.bundle_file, f"event-{line.id}-bundle.json", "application/json")

    @get("/differing.json", name="desk-event-differing")
    async def differing(
        self, event_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line = await exporting.readable(event_id, actor)
        comparison = await recounting.latest_comparison(event_id)
        if comparison is None or comparison.is_agreed:
            raise NotFound
        name = f"event-{line.id}-differing.json"
        return _download(comparison.bundle.encode(), name, "application/json")

    @get("/results.xlsx", name="desk-event-workbook")
    async def workbook(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        book = await exporting.results_workbook(event_id, actor)
        return _download(book, f"event-{event_id}-results.xlsx", WORKBOOK)


def _back(event_id: int, toast: str) -> AnyResponse:
    return go(f"/desk/events/{event_id}/results", toast=_(toast))


def _download(content: bytes, name: str, media_type: str) -> AnyResponse:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


async def _results_page(
    event_id: int,
    actor: Actor,
    *,
    problem: Refusal | None = None,
    forms: Mapping[str, Form[Any]] | None = None,
    status_code: int = 200,
) -> AnyResponse:
    line = await exporting.readable(event_id, actor)
    competition = await planning.competition(line.competition_id)
    result = await amending.shown(line)
    equal = await queries.undecided(event_id, result) if result else []
    tie = Form(TieForm, {"order": " ".join(equal[0])} if equal else None)
    return page(
        "competitions/results/results.html",
        event=line,
        result=result,
        equal=equal,
        forms={"tie": tie, "again": Form(RepublishingForm)} | dict(forms or {}),
        problem=problem,
        problems=[(item.where, worded(item)) for item in problem.problems[:SHOWN_PROBLEMS]]
        if isinstance(problem, BundleIncomplete)
        else (),
        coming=await coming_notice(competition.notice_days, clock.now()),
        how_counted=how_counted,
        tabs=result_tabs(line, actor, "results"),
        rail=await event_rail(event_id, "results"),
        status_code=status_code,
        **_may(line, actor),
        **await _facts(line, result),
        **await amending.facts(line, result, actor),
    )


def _may(line: EventLine, actor: Actor) -> dict[str, Any]:
    """Return which acts the page offers to whom."""
    return {
        "may_publish": actor.holds(PUBLISHING, *line.scopes),
        "may_compute": actor.holds(COMPUTING, *line.scopes),
        "may_explain": actor.holds(EXPLAINING, *line.scopes),
        "may_part": actor.holds(PARTING, *line.scopes) and line.status in actions.COUNTED_AGAIN,
        "may_confirm_tie": actor.holds(CONFIRMING_PARTED, *line.scopes)
        and line.status in queries.OPEN,
        "may_unseal": actor.holds(KEY_HOLDERS, *line.scopes),
    }


async def _facts(line: EventLine, result: ResultLine | None) -> dict[str, Any]:
    """Return what the page shows of an event, with names once the code book is open."""
    places = await queries.places(line, result) if result else []
    scheme = await planning.scheme(line.id)
    is_open = line.status in queries.OPEN
    decisions = await queries.tie_decisions(line.id)
    return {
        "is_stale": result is not None
        and line.status in actions.COUNTED_AGAIN
        and not await recounting.is_current(line, result),
        "is_open": is_open,
        "places": places,
        "names": {item.code: item.names for item in places if item.names},
        "comparison": await recounting.latest_comparison(line.id),
        "book": await draw.code_book(line.id),
        "decisions": [item for item in decisions if item.counts],
        "waiting_decisions": queries.waiting_decisions(decisions) if is_open else [],
        "stand_ins": await scoring.stand_ins(line.id) if is_open else [],
        "module_names": {item.id: item.name for item in scheme.facts.modules} if scheme else {},
    }
