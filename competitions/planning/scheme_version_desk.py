"""The versions of a scheme side by side, and the scheme in the layout of WorldSkills."""

from anyio import to_thread
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response
from msgspec import Struct

from app.errors import NotFound
from app.rules.actors import Actor
from app.web.forms import read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.templating import page
from competitions.planning import queries, scheme_versions, scheme_words, worldskills_book
from competitions.planning.queries import SchemeLine
from competitions.planning.rail import event_rail
from competitions.rules.scheme_changes import changes

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Chosen(Struct, frozen=True):
    """Which two versions to compare; 0 for the newest and the one before it."""

    old: int = 0
    new: int = 0


class SchemeVersionDesk(Controller):
    """What a scheme was and how it became what it is."""

    path = "/desk/events/{event_id:int}/scheme"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("/versions", name="desk-scheme-versions")
    async def versions(
        self, request: AnyRequest, event_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line = await queries.seen_event(event_id, actor)
        versions = await scheme_versions.versions(event_id)
        query = read_query(request, Chosen)
        old, new = _two(versions, query.data if query.ok else Chosen())
        return page(
            "competitions/planning/scheme_versions.html",
            event=line,
            versions=versions,
            old=old,
            new=new,
            changes=changes(old.facts, new.facts) if old and new else [],
            words=scheme_words,
            rail=await event_rail(line.id, "scheme"),
        )

    @get("/worldskills.xlsx", name="desk-scheme-worldskills")
    async def worldskills(
        self, event_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line = await queries.seen_event(event_id, actor)
        known = await queries.scheme(line.id)
        if known is None:
            raise NotFound
        content = await to_thread.run_sync(worldskills_book.workbook, known.facts, line.full_name)
        name = f"scheme-worldskills-{event_id}.xlsx"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=SPREADSHEET, headers=headers)


def _two(versions: list[SchemeLine], chosen: Chosen) -> tuple[SchemeLine | None, SchemeLine | None]:
    """Return the chosen versions, or the newest and the one before it."""
    by_number = {item.version_number: item for item in versions}
    newest = next(iter(versions), None)
    new = by_number.get(chosen.new, newest)
    before = new.version_number - 1 if new else 0
    return by_number.get(chosen.old, by_number.get(before)), new
