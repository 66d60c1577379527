"""The lead's choices for a ledger's sheets, and the photos and signatures that records name."""

from datetime import datetime
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from app.errors import NotFound
from app.rules.actors import Actor
from app.sheets import files, queries, settings
from app.sheets.desk import seen_ledger
from app.sheets.rows import row_by_id
from app.web.forms import read_form
from app.web.guards import requires
from app.web.http import AnyRequest
from app.web.locale import gettext as _
from app.web.responses import go

AS_IT_IS = {"cache-control": "private, max-age=86400", "x-content-type-options": "nosniff"}


class SettingsForm(Struct, frozen=True):
    """What sheets show, and whose signature they ask for."""

    shows_sum: bool = False
    asks_contestant: bool = False


class LedgerSettingsPages(Controller):
    """A ledger's settings and files."""

    path = "/desk/sheets/{ledger:str}"
    guards = [requires()]  # noqa: RUF012 - Litestar's way to declare

    @post("/settings", name="ledger.settings")
    async def choose(
        self,
        request: AnyRequest,
        ledger: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Take the lead's choices."""
        form = await read_form(request, SettingsForm)
        data = form.data
        await settings.choose(
            ledger,
            shows_sum=data.shows_sum,
            asks_contestant=data.asks_contestant,
            by=actor,
            at=now,
        )
        return go(f"/desk/sheets/{ledger}", toast=_("评分表的设置已保存"))

    @get("/files/{digest:str}", name="ledger.file")
    async def file(
        self, ledger: FromPath[str], digest: FromPath[str], actor: NamedDependency[Actor]
    ) -> Response[Any]:
        """Show a photo or a signature to whoever may see the ledger.

        The same bytes, a typed name say, are kept once, under the first sheet that they came for.
        """
        row = await seen_ledger(ledger, actor)
        found = await files.file_of(digest)
        is_ours = (await row_by_id(found.sheet_id)).ledger == row["id"]
        if not is_ours and not await queries.is_named_in(row["id"], digest):
            raise NotFound
        return Response(found.content, media_type=found.media_type, headers=AS_IT_IS)
