"""Everyone's first page, and the first page of the desk."""

from litestar import Controller, get
from litestar.di import NamedDependency

from app.accounts import queries as accounts
from app.rules.actors import Actor
from app.sheets import rows as sheets
from app.web.guards import requires
from app.web.http import AnyResponse
from app.web.templating import page
from assessments.sittings import queries as sittings
from assessments.specifications import queries as specifications
from competitions.planning import queries as competitions

MOST = 6


class FrontPages(Controller):
    """What is on, what was published, and where to verify."""

    @get("/", name="home")
    async def home(self) -> AnyResponse:
        return page(
            "app/public/home.html",
            competitions=(await competitions.public_competitions())[:MOST],
            sittings=(await sittings.published_sittings())[:MOST],
            trades=await specifications.trades(),
        )

    @get("/desk", name="desk", guards=[requires()])
    async def desk(self, actor: NamedDependency[Actor]) -> AnyResponse:
        return page(
            "app/public/desk.html",
            account=await accounts.account(actor.account_id or 0),
            sittings=await sittings.sittings_for(actor),
            competitions=await competitions.competitions_for(actor),
            sheets=await sheets.rows_for(actor.account_id or 0),
        )
