"""The desk's list of tablets: make them known, watch, name, take back, strike off; backup files."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Response
from markupsafe import Markup
from msgspec import Meta, Struct

from app.documents import qr_codes
from app.errors import N_, Refusal, RuleBroken
from app.rules.actors import Actor, Duty
from app.settings import Settings
from app.sheets import backups, badges, fitness, pairing, rejects, watching
from app.sheets.backups import BackupOutcome
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import asset, page

NO_STORE = {"cache-control": "no-store"}

WATCHING = (
    Duty.CHIEF_JUDGE,
    Duty.ORGANIZER,
    Duty.ADMINISTRATOR,
    Duty.SUPERVISOR,
    Duty.QUALITY_SUPERVISOR,
)


class PairingForm(Struct, frozen=True):
    """What the tablets shall be called, and how many there are."""

    prefix: Annotated[str, Meta(title=N_("名称的开头"), max_length=12)]
    most: Annotated[int, Meta(title=N_("台数"), ge=1, le=pairing.MOST_TABLETS)]


class LabelForm(Struct, frozen=True):
    """What a tablet is called."""

    label: Annotated[
        str, Meta(title=N_("平板名称"), min_length=1, max_length=watching.LONGEST_LABEL)
    ]


class ReasonForm(Struct, frozen=True):
    """Why a tablet is struck off, or what was done about the marks that it held."""

    reason: Annotated[str, Meta(title=N_("原因"), max_length=200)]


class BackupForm(Struct, frozen=True):
    """A tablet's backup file."""

    file: Annotated[UploadFile, Meta(title=N_("备份文件"))]


class TabletsPages(Controller):
    """The tablets: who has which, what they still hold, and a backup file taken in by hand."""

    path = "/desk/tablets"
    guards = [requires(*WATCHING)]  # noqa: RUF012 - Litestar's way to declare

    @get("", name="tablets")
    async def show(
        self, now: NamedDependency[datetime], show: FromQuery[str] = ""
    ) -> Response[Any]:
        """List the tablets; `out` only those not brought back or not empty."""
        return await _list(now, show=show)

    @post("/pairing", name="tablets.pairing")
    async def offer(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        settings: NamedDependency[Settings],
    ) -> Response[Any]:
        """Show the code with which tablets make themselves known."""
        form = await read_form(request, PairingForm, place="pairing")
        if not form.ok:
            return await _list(now, form=form)
        code = await pairing.offer(form.data.prefix, form.data.most, by=actor, at=now)
        address = f"{settings.venue_origin}/j/#pair={code}"
        return page(
            "app/sheets/pairing.html",
            headers=NO_STORE,
            code=code,
            address=address,
            picture=Markup(qr_codes.svg(address)),  # noqa: S704 - our own drawing
            form=form,
            until=now + pairing.LIFE,
        )

    @get("/fitness", name="tablets.fitness")
    async def fitness(self, now: NamedDependency[datetime]) -> Response[Any]:
        """Give the fitness of every tablet as one sheet of paper."""
        lines = [line for line in await watching.tablets() if not line.is_revoked]
        return page("app/sheets/fitness_list.html", tablets=lines, now=now, checks=fitness)

    @post("/{tablet_id:int}/name", name="tablet.name")
    async def rename(
        self,
        request: AnyRequest,
        tablet_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        """Call a tablet by another name."""
        form = await read_form(request, LabelForm, place=f"name-{tablet_id}")
        if form.ok:
            try:
                await watching.rename(tablet_id, form.data.label.strip(), by=actor, at=now)
                return go(
                    "/desk/tablets", toast=_("已改名为 {label}").format(label=form.data.label)
                )
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _list(now, form=form)

    @post("/{tablet_id:int}/return", name="tablet.return")
    async def take_back(
        self,
        tablet_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        """Note that a tablet was brought back."""
        try:
            label = await watching.take_back(tablet_id, by=actor, at=now)
        except RuleBroken as refusal:
            form = Form(LabelForm, place=f"return-{tablet_id}")
            form.refuse(refusal)
            return await _list(now, form=form)
        return go("/desk/tablets?show=out", toast=_("已收回 {label}").format(label=label))

    @post("/{tablet_id:int}/revoke", name="tablet.revoke")
    async def revoke(
        self,
        request: AnyRequest,
        tablet_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        """Strike a tablet off."""
        form = await read_form(request, ReasonForm, place=f"revoke-{tablet_id}")
        if not form.ok:
            return await _list(now, form=form)
        await watching.revoke(tablet_id, reason=form.data.reason, by=actor, at=now)
        return go("/desk/tablets", toast=_("这台平板已停用"))

    @post("/{tablet_id:int}/settle", name="tablet.settle")
    async def settle(
        self,
        request: AnyRequest,
        tablet_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        """Wait no longer for what a tablet held that was struck off."""
        form = await read_form(request, ReasonForm, place=f"settle-{tablet_id}")
        if not form.ok:
            return await _list(now, form=form)
        await watching.settle(tablet_id, reason=form.data.reason, by=actor, at=now)
        return go("/desk/tablets", toast=_("已记下，不再等待这台平板"))

    @post("/backup", name="tablets.backup", request_max_body_size=backups.MOST_BYTES)
    async def backup(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        """Take in a tablet's backup file: the same protocol, so nothing counts twice."""
        form = await read_form(request, BackupForm, place="backup")
        outcome = None
        if form.ok:
            try:
                outcome = await backups.take_in(await form.data.file.read(), by=actor, at=now)
            except Refusal as refusal:
                form.refuse(refusal)
        return await _list(now, form=form, outcome=outcome)


async def _list(
    now: datetime,
    *,
    show: str = "",
    form: Form[Any] | None = None,
    outcome: BackupOutcome | None = None,
) -> Response[Any]:
    lines = await watching.tablets()
    chosen = [line for line in lines if line.is_out or line.pending] if show == "out" else lines
    return page(
        "app/sheets/tablets.html",
        status_code=422 if form and form.errors else 200,
        tablets=chosen,
        tally=watching.tally(lines),
        rejects=await rejects.rejects_without_sheet(),
        build=build_name(),
        show=show,
        now=now,
        form=form or Form(PairingForm),
        keepers=watching.KEEPING,
        issuers=badges.ISSUING,
        outcome=outcome,
    )


def build_name() -> str:
    """Return how tablets name the present build: the address of its style sheet."""
    return asset("tablet.css")
