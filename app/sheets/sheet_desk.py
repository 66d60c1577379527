"""One sheet at the lead's desk: return it, submit it for its judge, decide a cell or amend it."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response
from msgspec import Meta, Struct

from app.errors import N_, NotFound, Refusal, RuleBroken
from app.rules.actors import Actor
from app.rules.mark_sheet import MarkState
from app.sheets import (
    actions,
    amendments,
    board,
    deciding,
    files,
    leads,
    queries,
    veils,
    wording,
)
from app.sheets.deciding import Decision
from app.sheets.desk import ReasonForm, seen_ledger
from app.sheets.rows import row_by_key
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page


class DecisionForm(Struct, frozen=True):
    """What shall hold in a cell, and the records that the page showed."""

    aspect: Annotated[str, Meta(title=N_("评分点"), max_length=60)]
    reason: Annotated[str, Meta(title=N_("原因"), max_length=500)]
    state: Annotated[MarkState, Meta(title=N_("情况"))] = MarkState.MARKED
    value: Annotated[str, Meta(title=N_("分数"), max_length=20)] = ""
    seen: list[str] = []

    def decision(self, sheet: str) -> Decision:
        """Return the decision for a sheet."""
        value = self.value if self.state is MarkState.MARKED and self.value else None
        return Decision(
            sheet=sheet,
            aspect=self.aspect,
            state=self.state,
            value=value,
            reason=self.reason,
            seen=self.seen,
        )


class SheetPages(Controller):
    """One sheet, at the desk."""

    path = "/desk/sheets/{ledger:str}/sheets/{key:str}"
    guards = [requires()]  # noqa: RUF012 - Litestar's way to declare

    @get("", name="ledger.sheet")
    async def show(
        self, ledger: FromPath[str], key: FromPath[str], actor: NamedDependency[Actor]
    ) -> Response[Any]:
        """Show one sheet's marks and their history."""
        return await _sheet_page(ledger, key, actor, Form(DecisionForm), Form(ReasonForm))

    @post("/return", name="ledger.sheet.return")
    async def give_back(
        self,
        request: AnyRequest,
        ledger: FromPath[str],
        key: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        """Return a sheet to its judge."""
        form = await read_form(request, ReasonForm)
        if not form.ok:
            return await _sheet_page(ledger, key, actor, Form(DecisionForm), form)
        await actions.return_sheet(key, ledger=ledger, reason=form.data.reason, by=actor, at=now)
        return go(f"/desk/sheets/{ledger}", toast=_("已退回给裁判"))

    @post("/submit", name="ledger.sheet.submit")
    async def submit_for_judge(
        self,
        request: AnyRequest,
        ledger: FromPath[str],
        key: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        """Submit a sheet for a judge who has gone."""
        form = await read_form(request, ReasonForm)
        await seen_ledger(ledger, actor)
        if form.ok:
            try:
                await actions.submit_for_judge(
                    key, ledger=ledger, reason=form.data.reason, by=actor, at=now
                )
                return go(f"/desk/sheets/{ledger}", toast=_("已代为提交"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _sheet_page(ledger, key, actor, Form(DecisionForm), form)

    @post("/decide", name="ledger.sheet.decide")
    async def decide(
        self,
        request: AnyRequest,
        ledger: FromPath[str],
        key: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        """Decide a cell before the lock, or propose an amendment after it."""
        form = await read_form(request, DecisionForm)
        form.place = str(form.value("place"))
        row = await seen_ledger(ledger, actor)
        if form.ok:
            decision = form.data.decision(key)
            try:
                if row["locked_at"] is None:
                    await deciding.decide(ledger, decision, by=actor, at=now)
                    return go(f"/desk/sheets/{ledger}/sheets/{key}", toast=_("已裁定并入账"))
                await amendments.propose(ledger, decision, by=actor, at=now)
                return go(f"/desk/sheets/{ledger}", toast=_("更正已提出，等第二人确认"))
            except Refusal as refusal:
                form.refuse(refusal)
        return await _sheet_page(ledger, key, actor, form, Form(ReasonForm))


async def _sheet_page(
    ledger: str, key: str, actor: Actor, form: Form[DecisionForm], moved: Form[ReasonForm]
) -> Response[Any]:
    row = await seen_ledger(ledger, actor)
    sheet = await row_by_key(key)
    if sheet.ledger_name != ledger:
        raise NotFound
    definition = await board.form_of(sheet)
    return page(
        "app/sheets/desk_sheet.html",
        status_code=422 if form.errors or moved.errors else 200,
        ledger=row,
        sheet=sheet,
        cells=await board.cells_of(sheet, definition),
        talks=await board.talks_of([sheet]),
        history=await board.history_of(sheet),
        veil=await veils.veil_over(row),
        form=form,
        moved=moved,
        is_ready=(await queries.lines_of([sheet], row["id"]))[0].is_ready,
        is_lead=leads.is_lead(actor, row),
        words=wording,
        text=board.record_text,
        files=files,
    )
