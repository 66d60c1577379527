"""The lead's desk: where every sheet stands, sign, lock, amend."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response
from msgspec import Meta, Struct

from app.errors import N_, NotAllowed, NotFound
from app.rules.actors import Actor
from app.sheets import (
    actions,
    amendment_lines,
    amendments,
    board,
    files,
    leads,
    queries,
    rejects,
    signing,
    veils,
    wording,
)
from app.sheets.counts import ledger_lines
from app.sheets.rows import rows_of
from app.sheets.settings import settings_of
from app.web.forms import read_form
from app.web.guards import requires
from app.web.http import AnyRequest
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page

RECORDS_A_PAGE = 100


class ReasonForm(Struct, frozen=True):
    """Why."""

    reason: Annotated[str, Meta(title=N_("原因"), max_length=500)]


class SignForm(Struct, frozen=True):
    """Which sheets: those that the page counted. The signature is a PNG as base64."""

    key: list[str] = []
    signature: Annotated[str, Meta(title=N_("签名"), max_length=200_000)] = ""


async def seen_ledger(ledger: str, actor: Actor) -> dict[str, Any]:
    """Return a ledger's row to whoever may see it."""
    row = await queries.ledger_row(ledger)
    if row is None:
        raise NotFound
    if not leads.may_see(actor, row):
        raise NotAllowed
    return dict(row)


class LedgerPages(Controller):
    """The ledgers of events and sittings, at the desk."""

    path = "/desk/sheets"
    guards = [requires()]  # noqa: RUF012 - Litestar's way to declare

    @get("", name="ledgers")
    async def index(self, actor: NamedDependency[Actor]) -> Response[Any]:
        """List the ledgers that one may see."""
        return page("app/sheets/ledgers.html", ledgers=await board.ledgers_for(actor))

    @get("/{ledger:str}", name="ledger")
    async def show(self, ledger: FromPath[str], actor: NamedDependency[Actor]) -> Response[Any]:
        """Show the matrix of sheets, and what waits for a decision."""
        row = await seen_ledger(ledger, actor)
        rows = await rows_of(row["id"])
        lines = await queries.lines_of(rows, row["id"])
        veil = await veils.veil_over(row)
        return page(
            "app/sheets/ledger.html",
            ledger=(await ledger_lines([row]))[0],
            matrix=board.matrix_of(lines, most_judges=1 if veil.hides_judges else 2),
            waiting=board.waiting_for_sign(lines),
            talks=await board.talks_of(rows),
            rejects=await rejects.rejects_of(row["id"]),
            veil=veil,
            amendments=await amendment_lines.amendments_of(row["id"]),
            is_lead=leads.is_lead(actor, row),
            may_second=leads.may_second(actor, row),
            settings=settings_of(row),
            words=wording,
        )

    @get("/{ledger:str}/records", name="ledger.records")
    async def records(
        self,
        ledger: FromPath[str],
        actor: NamedDependency[Actor],
        before: FromQuery[int | None] = None,
    ) -> Response[Any]:
        """Show the chain, newest first."""
        row = await seen_ledger(ledger, actor)
        found = await queries.records_of(row["id"], before=before, most=RECORDS_A_PAGE)
        return page(
            "app/sheets/records.html",
            ledger=row,
            records=found,
            veil=await veils.veil_over(row),
            words=wording,
            text=board.record_text,
            files=files,
            last=found[-1]["seq"] if len(found) == RECORDS_A_PAGE else None,
        )

    @post("/{ledger:str}/sign", name="ledger.sign")
    async def sign(
        self,
        request: AnyRequest,
        ledger: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Sign the sheets that the page counted, and no other."""
        chosen = (await read_form(request, SignForm)).data
        drawn = signing.drawn(chosen.signature)
        count = await signing.sign_sheets(
            ledger=ledger, keys=chosen.key, by=actor, at=now, signature=drawn
        )
        said = _("已签字 {count} 张评分表").format(count=count)
        if left := len(chosen.key) - count:
            said = _("{said}；另有 {left} 张的状态刚刚变了，没有签").format(said=said, left=left)
        return go(f"/desk/sheets/{ledger}", toast=said)

    @post("/{ledger:str}/lock", name="ledger.lock")
    async def lock(
        self, ledger: FromPath[str], actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> Redirect:
        """Lock the ledger for good."""
        root = await actions.lock_ledger(ledger, by=actor, at=now)
        return go(
            f"/desk/sheets/{ledger}", toast=_("已锁定，账册校验值 {root}").format(root=root[:16])
        )

    @post("/{ledger:str}/amendments/{amendment_id:int}/confirm", name="amendment.confirm")
    async def confirm(
        self,
        ledger: FromPath[str],
        amendment_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Confirm another's amendment."""
        await amendments.confirm(ledger, amendment_id, by=actor, at=now)
        return go(f"/desk/sheets/{ledger}", toast=_("更正已确认并入账"))

    @post("/{ledger:str}/amendments/{amendment_id:int}/refuse", name="amendment.refuse")
    async def refuse(
        self,
        request: AnyRequest,
        ledger: FromPath[str],
        amendment_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        """Refuse another's amendment."""
        form = await read_form(request, ReasonForm)
        reason = form.data.reason if form.ok else ""
        await amendments.refuse(ledger, amendment_id, reason=reason, by=actor, at=now)
        return go(f"/desk/sheets/{ledger}", toast=_("已记录：不同意更正"))
