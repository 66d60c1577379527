"""How judges will see a scheme: the cards of their sheet, before there is any sheet."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.errors import NotFound
from app.rules.actors import Actor
from app.sheets.definitions import groups_of
from app.web.guards import requires
from app.web.http import AnyResponse
from app.web.templating import page
from competitions.planning import queries as planning
from competitions.scoring import mark_forms


class SchemePreview(Controller):
    """The judges' view of the scheme that counts."""

    path = "/desk/events/{event_id:int}/scheme/sheet"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-scheme-sheet")
    async def show(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        line = await planning.seen_event(event_id, actor)
        scheme = await planning.scheme(event_id)
        if scheme is None:
            raise NotFound
        forms = mark_forms.of_event(line, scheme)
        return page(
            "competitions/scoring/preview.html",
            event=line,
            scheme=scheme,
            groups=groups_of(forms.every),
            shared=len(forms.shared.aspects) if forms.shared else 0,
        )
