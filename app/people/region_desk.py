"""The desk of regions: the versioned table of GB/T 2260, to look up and to cite."""

from datetime import datetime

from litestar import Controller, get, post
from litestar.di import NamedDependency

from app.people import actions, region_table
from app.people.kinds import MEMBERSHIPS, RegionLevel
from app.people.queries import region_name
from app.people.rail import rail
from app.people.region_table import RegionFilter
from app.people.regions import KEY_COUNTIES_SINCE
from app.people.ties import SEERS
from app.rules.actors import Actor, Duty
from app.web.forms import read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page

PAGE_SIZE = 100
BASE = "/desk/regions"


class RegionPages(Controller):
    """The table of regions."""

    path = BASE
    guards = [requires(*SEERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-regions")
    async def list_all(self, request: AnyRequest) -> AnyResponse:
        query = read_query(request, RegionFilter)
        chosen = query.data if query.ok else RegionFilter()
        lines, count = await region_table.regions(chosen, PAGE_SIZE)
        return page(
            "app/people/regions.html",
            lines=lines,
            count=count,
            counts=await region_table.counts(),
            is_any_ended=await region_table.is_any_ended(),
            chosen=chosen,
            levels=list(RegionLevel),
            above=region_table.above(chosen.parent),
            region_name=region_name,
            memberships=MEMBERSHIPS,
            listed_on=KEY_COUNTIES_SINCE,
            page_size=PAGE_SIZE,
            rail=rail("regions"),
        )

    @post("", name="desk-regions-load", guards=[requires(Duty.ADMINISTRATOR)])
    async def load(
        self, actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        added = await actions.load_regions(by=actor, at=now)
        return go(BASE, toast=_("已载入 {count} 个行政区划").format(count=added))
