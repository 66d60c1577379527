"""Everyone's first page, and the first page of the desk."""

from datetime import datetime

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.enums import OpenAPIMediaType

from app.accounts import queries as accounts
from app.front.first_steps import first_steps
from app.rules.actors import Actor
from app.sheets import rows as sheets
from app.web import locale, openapi
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.templating import page
from assessments.sittings import queries as sittings
from assessments.specifications import queries as specifications
from competitions.planning import queries as competitions
from competitions.results import published

MOST = 6


class PublicationLine(msgspec.Struct, frozen=True):
    """Something that was published, from either room."""

    href: str
    title: str
    about: str
    published_at: datetime


class FrontPages(Controller):
    """What is on, what was published, and where to verify."""

    @get("/", name="home")
    async def home(self) -> AnyResponse:
        return page(
            "app/public/home.html",
            competitions=(await competitions.public_competitions())[:MOST],
            publications=await _publications(),
            trades=await specifications.trades(),
        )

    @get("/schema", name="api")
    async def api(self, request: AnyRequest) -> AnyResponse:
        """Show what programs may call; a program that asks is given the document itself."""
        document = openapi.in_words(request.app.openapi_schema.to_schema(), request.app)
        if "text/html" not in request.headers.get("accept", ""):
            return Response(document, media_type=OpenAPIMediaType.OPENAPI_JSON)
        return page(
            "app/public/api.html",
            groups=[
                (tag, list(openapi.operations(document, tag["name"]))) for tag in document["tags"]
            ],
        )

    @get("/desk", name="desk", guards=[requires()])
    async def desk(
        self, actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        account = await accounts.account(actor.account_id or 0)
        return page(
            "app/public/desk.html",
            account=account,
            duties=[grant.duty for grant in account.grants if grant.is_open(now)],
            sittings=await sittings.sittings_for(actor),
            competitions=await competitions.competitions_for(actor),
            sheets=await sheets.rows_for(actor.account_id or 0),
            steps=await first_steps(actor),
        )


async def _publications() -> list[PublicationLine]:
    """Gather what either room published, the latest first."""
    events = [
        PublicationLine(
            href=f"/competitions/{line.competition_id}/events/{line.event_id}",
            title=_("{name}（{note}）").format(name=line.name, note=locale.label(line.division)),
            about=line.competition,
            published_at=line.published_at,
        )
        for line in await published.latest_publications(MOST)
    ]
    graded = [
        PublicationLine(
            href=f"/assessments/{line.id}",
            title=line.name,
            about=_("{ability}专项职业能力考核").format(ability=line.ability),
            published_at=line.published_at,
        )
        for line in (await sittings.published_sittings())[:MOST]
        if line.published_at
    ]
    both = sorted([*events, *graded], key=lambda line: line.published_at, reverse=True)
    return both[:MOST]
