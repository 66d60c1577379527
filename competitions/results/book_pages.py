"""成绩册 and 获奖名单 to print: public as soon as the results are, of one event or of all."""

from litestar import Controller, MediaType, get
from litestar.params import FromPath
from litestar.response import Response

from app.web.http import AnyResponse
from competitions.planning import queries as planning
from competitions.results import books
from competitions.results.books import Document


class ResultBooks(Controller):
    """Books of published results."""

    path = "/competitions/{competition_id:int}"

    @get("/result-book.pdf", name="competition-book", media_type=MediaType.TEXT)
    async def book(self, competition_id: FromPath[int]) -> AnyResponse:
        return await _pdf(await _results(competition_id), f"results-{competition_id}.pdf")

    @get("/award-list.pdf", name="competition-awards", media_type=MediaType.TEXT)
    async def awards(self, competition_id: FromPath[int]) -> AnyResponse:
        return await _pdf(await _awards(competition_id), f"awards-{competition_id}.pdf")

    @get("/events/{event_id:int}/result-book.pdf", name="event-book", media_type=MediaType.TEXT)
    async def event_book(
        self, competition_id: FromPath[int], event_id: FromPath[int]
    ) -> AnyResponse:
        document = await _results(competition_id, event_id)
        return await _pdf(document, f"results-{competition_id}-{event_id}.pdf")

    @get("/events/{event_id:int}/award-list.pdf", name="event-awards", media_type=MediaType.TEXT)
    async def event_awards(
        self, competition_id: FromPath[int], event_id: FromPath[int]
    ) -> AnyResponse:
        document = await _awards(competition_id, event_id)
        return await _pdf(document, f"awards-{competition_id}-{event_id}.pdf")


async def _results(competition_id: int, event_id: int | None = None) -> Document:
    line = await planning.competition(competition_id)
    return books.result_book(line, await books.published(competition_id, event_id))


async def _awards(competition_id: int, event_id: int | None = None) -> Document:
    line = await planning.competition(competition_id)
    return books.award_list(line, await books.published(competition_id, event_id))


async def _pdf(document: Document, name: str) -> AnyResponse:
    headers = {"content-disposition": f'inline; filename="{name}"', "cache-control": "no-store"}
    return Response(await books.pdf_of(document), media_type="application/pdf", headers=headers)
