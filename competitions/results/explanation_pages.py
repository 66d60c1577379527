"""Why am I fourth: at the desk by code, and each contestant's own sheet after publication."""

from litestar import Controller, MediaType, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from app.errors import NotFound
from app.rules.actors import Actor
from app.web.guards import requires
from app.web.http import AnyResponse
from app.web.templating import page
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.planning.rail import event_rail
from competitions.results import amending, explaining
from competitions.results.explaining import Document
from competitions.results.published import public_event
from competitions.results.queries import ResultLine
from competitions.rules.duties import EXPLAINING

UNLISTED = {"x-robots-tag": "noindex"}
"""A contestant's own sheet is public and in no search engine."""


class ExplanationDesk(Controller):
    """For who answers questions before the public may ask them; by code while sealed."""

    path = "/desk/events/{event_id:int}/results/{code:str}"
    guards = [requires(*EXPLAINING)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-event-explanation")
    async def show(
        self, event_id: FromPath[int], code: FromPath[str], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line, result, document = await _at_desk(event_id, code, actor)
        return page(
            "competitions/results/explanation.html",
            event=line,
            result=result,
            sheet=document,
            base=f"/desk/events/{line.id}/results/{code}",
            rail=await event_rail(event_id, "results"),
            crumbs=[(f"/desk/events/{line.id}/results", line.name)],
        )

    @get("/explanation.pdf", name="desk-event-explanation-pdf", media_type=MediaType.TEXT)
    async def print_out(
        self, event_id: FromPath[int], code: FromPath[str], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        return await _pdf(*await _at_desk(event_id, code, actor))


class ContestantSheet(Controller):
    """One entry's own sheet, once the results are public; judges stand there by their seats."""

    path = "/competitions/{competition_id:int}/events/{event_id:int}/entries/{code:str}"

    @get("", name="event-entry")
    async def show(
        self, competition_id: FromPath[int], event_id: FromPath[int], code: FromPath[str]
    ) -> AnyResponse:
        line, result, document = await _in_public(competition_id, event_id, code)
        return page(
            "competitions/public/entry.html",
            headers=UNLISTED,
            event=line,
            result=result,
            sheet=document,
            base=f"/competitions/{competition_id}/events/{event_id}/entries/{code}",
        )

    @get("/explanation.pdf", name="event-entry-pdf", media_type=MediaType.TEXT)
    async def print_out(
        self, competition_id: FromPath[int], event_id: FromPath[int], code: FromPath[str]
    ) -> AnyResponse:
        return await _pdf(*await _in_public(competition_id, event_id, code))


async def _at_desk(
    event_id: int, code: str, actor: Actor
) -> tuple[EventLine, ResultLine, Document]:
    line = await planning.event(event_id)
    if not actor.holds(EXPLAINING, *line.scopes):
        raise NotFound
    return await _explained(line, await amending.shown(line), code)


async def _in_public(
    competition_id: int, event_id: int, code: str
) -> tuple[EventLine, ResultLine, Document]:
    return await _explained(*await public_event(competition_id, event_id), code)


async def _explained(
    line: EventLine, result: ResultLine | None, code: str
) -> tuple[EventLine, ResultLine, Document]:
    document = await explaining.explained(line, result, code) if result else None
    if result is None or document is None:
        raise NotFound
    return line, result, document


async def _pdf(line: EventLine, result: ResultLine, document: Document) -> AnyResponse:
    pdf = await explaining.printed(line, result, document)
    name = f"event-{line.id}-{document['code']}.pdf"
    headers = {"content-disposition": f'inline; filename="{name}"', "cache-control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers | UNLISTED)
