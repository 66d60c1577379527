"""The desk's list of tablets: who has which, what each still holds; backup files by hand."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response
from msgspec import Meta, Struct

from app.errors import N_, Refusal
from app.rules.actors import Actor, Duty
from app.sheets import devices, sync
from app.web.forms import read_form
from app.web.guards import requires
from app.web.http import AnyRequest
from app.web.locale import gettext as _
from app.web.locale import sentence
from app.web.responses import go
from app.web.templating import page

WATCHING = (
    Duty.CHIEF_JUDGE,
    Duty.ORGANIZER,
    Duty.ADMINISTRATOR,
    Duty.SUPERVISOR,
    Duty.QUALITY_SUPERVISOR,
)


class RevokeForm(Struct, frozen=True):
    """Why a tablet is struck off."""

    reason: Annotated[str, Meta(title=N_("原因"), max_length=200)]


class BackupForm(Struct, frozen=True):
    """A tablet's backup file."""

    file: Annotated[UploadFile, Meta(title=N_("备份文件"))]


class TabletsPages(Controller):
    """The tablets: who has which, what they still hold, and a backup file taken in by hand."""

    path = "/desk/tablets"
    guards = [requires(*WATCHING)]  # noqa: RUF012 - Litestar's way to declare

    @get("", name="tablets")
    async def show(self, now: NamedDependency[datetime]) -> Response[Any]:
        """List the tablets."""
        return page(
            "app/sheets/tablets.html",
            tablets=await devices.tablets(),
            now=now,
            outcome=None,
            problem="",
        )

    @post("/{tablet_id:int}/revoke", name="tablet.revoke")
    async def revoke(
        self,
        request: AnyRequest,
        tablet_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Strike a tablet off."""
        form = await read_form(request, RevokeForm)
        reason = form.data.reason if form.ok else ""
        await devices.revoke(tablet_id, reason=reason, by=actor, at=now)
        return go("/desk/tablets", toast=_("这台平板已停用"))

    @post("/backup", name="tablets.backup")
    async def backup(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        """Take in a tablet's backup file: the same protocol, so nothing counts twice."""
        form = await read_form(request, BackupForm)
        outcome, problem = None, form.error("file")
        if form.ok:
            try:
                outcome = await sync.take_backup(await form.data.file.read(), by=actor, at=now)
            except Refusal as refusal:
                problem = sentence(refusal)
        return page(
            "app/sheets/tablets.html",
            status_code=422 if problem else 200,
            tablets=await devices.tablets(),
            now=now,
            outcome=outcome,
            problem=problem,
        )
