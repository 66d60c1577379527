"""What chief judge, supervisor and auditor look at besides the results themselves."""

from typing import Any

from anyio import to_thread
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.errors import NotFound
from app.rules.actors import Actor
from app.web.guards import requires
from app.web.http import AnyResponse
from app.web.templating import page
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.planning.rail import event_rail
from competitions.results import exporting, judge_pictures, judging, pictures, queries, weighing
from competitions.results.explaining import counted_of
from competitions.results.tabs import result_tabs
from competitions.rules import analysis, fairness
from competitions.rules.averages import median
from competitions.rules.duties import READING, WEIGHING


class ReviewDesk(Controller):
    """How firm the awards are, and how the judges mark: for who watches, not for who marks."""

    path = "/desk/events/{event_id:int}"
    guards = [requires(*WEIGHING)]  # noqa: RUF012 - Litestar's way

    @get("/robustness", name="desk-event-robustness")
    async def robustness(
        self, event_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line = await _weighable(event_id, actor)
        result = await queries.latest(event_id)
        found = await weighing.told(line, result) if result else None
        return page(
            "competitions/results/robustness.html",
            event=line,
            result=result,
            found=found,
            progress=await weighing.progress(line, result) if result and not found else None,
            tabs=result_tabs(line, actor, "robustness"),
            rail=await event_rail(event_id, "results"),
        )

    @get("/robustness/progress", name="desk-event-robustness-progress")
    async def progress(
        self, event_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> weighing.Progress:
        line = await _weighable(event_id, actor)
        result = await queries.latest(event_id)
        if result is None:
            raise NotFound
        return await weighing.progress(line, result)

    @get("/fairness", name="desk-event-fairness")
    async def fairness(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        line = await _weighable(event_id, actor)
        given, titles = await judging.given_marks(line)
        judges = await to_thread.run_sync(fairness.judge_lines, given)
        return page(
            "competitions/results/fairness.html",
            event=line,
            judges=judges,
            aspects=await to_thread.run_sync(fairness.aspect_lines, given),
            titles=titles,
            severity=judge_pictures.severity(judges),
            drift=judge_pictures.drift(judges),
            rules=fairness,
            pictures=pictures,
            is_open=line.status in queries.OPEN,
            tabs=result_tabs(line, actor, "fairness"),
            rail=await event_rail(event_id, "results"),
        )


class AnalysisDesk(Controller):
    """What the marks tell of the tasks."""

    path = "/desk/events/{event_id:int}/analysis"
    guards = [requires(*READING)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-event-analysis")
    async def show(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        line = await exporting.readable(event_id, actor)
        return page(
            "competitions/results/analysis.html",
            event=line,
            percent=pictures.percent,
            fewest=analysis.FEWEST_TO_COMPARE,
            tabs=result_tabs(line, actor, "analysis"),
            rail=await event_rail(event_id, "results"),
            **await _analyzed(line),
        )


async def _analyzed(line: EventLine) -> dict[str, Any]:
    """Return what the analysis shows; nothing of it before the first count."""
    result = await queries.latest(line.id)
    counted = await counted_of(line, result) if result else None
    totals = [entry.total for entry in counted.entries] if counted else []
    bins = analysis.distribution(totals)
    modules = analysis.module_shares(counted) if counted else []
    aspects = await to_thread.run_sync(analysis.aspect_shares, counted) if counted else []
    scheme = await planning.scheme(line.id)
    titles = {one.id: one.title for one in scheme.facts.aspects()} if scheme else {}
    return {
        "bins": bins,
        "modules": modules,
        "aspects": aspects,
        "titles": titles,
        "count": len(totals),
        "charts": {
            "totals": pictures.totals(bins, median(totals)) if totals else "",
            "modules": pictures.modules(modules),
            "aspects": pictures.aspects(aspects, titles),
        },
    }


async def _weighable(event_id: int, actor: Actor) -> EventLine:
    line = await planning.event(event_id)
    if not actor.holds(WEIGHING, *line.scopes):
        raise NotFound
    return line
