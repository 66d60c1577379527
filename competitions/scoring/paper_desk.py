"""Print the judges' sheets from the desk of an event."""

from litestar import Controller, MediaType, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from app.errors import NotFound
from app.rules.actors import Actor
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from competitions.planning import queries as planning
from competitions.rules.duties import PRINTING
from competitions.scoring import paper_sheets
from competitions.scoring.paper_sheets import PaperKind, Wanted


class PaperDesk(Controller):
    """Sheets on paper."""

    path = "/desk/events/{event_id:int}"
    guards = [requires(*PRINTING)]  # noqa: RUF012 - Litestar's way

    @get("/mark-sheets.pdf", name="desk-mark-sheets", media_type=MediaType.TEXT)
    async def show(
        self, request: AnyRequest, event_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line = await planning.seen_event(event_id, actor, PRINTING)
        asked = request.query_params
        kinds = {kind.value: kind for kind in PaperKind}
        kind = kinds.get(asked.get("kind", ""), PaperKind.BLANK)
        if kind is PaperKind.SPARE:
            scheme = await planning.scheme(event_id)
            if scheme is None:
                raise NotFound
            document = await paper_sheets.spare(line, scheme)
        else:
            wanted = Wanted(*(asked.get(name, "").strip() for name in ("seat", "first", "last")))
            document = await paper_sheets.of_codes(line, kind, wanted)
        name = f'inline; filename="mark-sheets-{event_id}-{kind.value}.pdf"'
        return Response(
            await paper_sheets.pdf_of(document),
            media_type="application/pdf",
            headers={"content-disposition": name, "cache-control": "no-store"},
        )
