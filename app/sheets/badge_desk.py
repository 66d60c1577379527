"""The desk prints badges: a judge's name, the number and its QR, on cards to cut out."""

from datetime import datetime
from typing import Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.response import Response
from markupsafe import Markup
from msgspec import Struct

from app.documents import qr_codes
from app.rules.actors import Actor
from app.settings import Settings
from app.sheets import badges
from app.sheets.badges import Badge
from app.web.forms import read_form
from app.web.guards import requires
from app.web.http import AnyRequest
from app.web.locale import gettext as _
from app.web.templating import page

NO_STORE = {"cache-control": "no-store"}


class BadgesForm(Struct, frozen=True):
    """For whom."""

    account: list[int] = []


class BadgePages(Controller):
    """The badges with which judges open shared tablets."""

    path = "/desk/badges"
    guards = [requires(*badges.ISSUING)]  # noqa: RUF012 - Litestar's way to declare

    @get("", name="badges")
    async def show(self, actor: NamedDependency[Actor]) -> Response[Any]:
        """List the judges who have sheets."""
        found = await badges.holders(actor)
        return page("app/sheets/badges.html", holders=found, problem="")

    @post("", name="badges.issue")
    async def issue(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        settings: NamedDependency[Settings],
    ) -> Response[Any]:
        """Make badges and show them once, ready to print."""
        form = await read_form(request, BadgesForm)
        if not form.ok or not form.data.account:
            return page(
                "app/sheets/badges.html",
                status_code=422,
                holders=await badges.holders(actor),
                problem=_("请先选择要制卡的裁判或考评员。"),
            )
        made = await badges.issue(form.data.account, by=actor, at=now)
        return page(
            "app/sheets/badge_cards.html",
            headers=NO_STORE,
            badges=made,
            pictures={badge.number: _picture(badge, settings) for badge in made},
        )


def _picture(badge: Badge, settings: Settings) -> Markup:
    address = f"{settings.venue_origin}/j/#badge={badge.number}"
    return Markup(qr_codes.svg(address))  # noqa: S704 - our own drawing
