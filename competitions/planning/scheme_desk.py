"""The desk of a marking scheme: read, write the next version, copy another event's."""

from datetime import datetime

from anyio import to_thread
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from app.documents import workbooks as documents
from app.errors import NotFound, RuleBroken
from app.rules.actors import Actor
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page
from competitions.planning import queries, scheme_versions, schemes, workbooks, worldskills_book
from competitions.planning.calculations import words_of
from competitions.planning.forms import SourceForm
from competitions.planning.queries import EventLine
from competitions.planning.rail import event_rail
from competitions.planning.scheme_forms import (
    KIND_WORDS,
    SchemeForm,
    acted,
    form_of,
    grid_of,
    scheme_of,
)
from competitions.planning.scheme_rows import said
from competitions.planning.schemes import SchemeWrittenMeanwhile
from competitions.rules.rule_sets import field_panel, starting_modules
from competitions.rules.scheme import SchemeFacts
from competitions.rules.scheme_checks import cautions, faults

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SchemeDesk(Controller):
    """The marking scheme of an event."""

    path = "/desk/events/{event_id:int}/scheme"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-scheme")
    async def show(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        line = await queries.seen_event(event_id, actor)
        return await _scheme_page(line, actor, await _present(line))

    @post("", name="desk-scheme-write", guards=[requires(*schemes.AUTHORS)])
    async def write(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, SchemeForm)
        line = await queries.seen_event(event_id, actor)
        if act := form.value("act"):
            return await _scheme_page(line, actor, acted(form, act))
        scheme = (
            scheme_of(form, taken=await scheme_versions.aspect_ids(event_id)) if form.ok else None
        )
        if scheme is not None:
            seen = form.data.seen
            try:
                number = await schemes.write_scheme(
                    event_id, scheme, by=actor, at=now, seen_version=seen
                )
                word = _("评分标准已存为第 {number} 版").format(number=number)
                return go(f"/desk/events/{event_id}/scheme", toast=word)
            except (RuleBroken, SchemeWrittenMeanwhile) as refusal:
                _refuse(form, refusal)
        return await _scheme_page(line, actor, form, status_code=422)

    @get("/export.xlsx", name="desk-scheme-export")
    async def export(self, event_id: FromPath[int], actor: NamedDependency[Actor]) -> AnyResponse:
        line = await queries.seen_event(event_id, actor)
        known = await queries.scheme(line.id)
        if known is None:
            raise NotFound
        cells = list(workbooks.scheme_cells(known.facts))
        content = await to_thread.run_sync(documents.export, workbooks.SCHEME, cells)
        headers = {"content-disposition": f'attachment; filename="scheme-{event_id}.xlsx"'}
        return Response(content, media_type=SPREADSHEET, headers=headers)

    @post("/copy", name="desk-scheme-copy", guards=[requires(*schemes.AUTHORS)])
    async def copy(
        self,
        request: AnyRequest,
        event_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, SourceForm)
        line = await queries.seen_event(event_id, actor)
        if form.ok:
            try:
                await schemes.copy_scheme(event_id, form.data.source, by=actor, at=now)
                return go(f"/desk/events/{event_id}/scheme", toast=_("已复制评分标准"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _scheme_page(line, actor, await _present(line), copy=form, status_code=422)


def _refuse(form: Form[SchemeForm], refusal: RuleBroken | SchemeWrittenMeanwhile) -> None:
    form.refuse(refusal)
    if isinstance(refusal, SchemeWrittenMeanwhile):
        form.values["seen"] = [refusal.number]  # Who saves again has been told.


async def _present(line: EventLine) -> Form[SchemeForm]:
    """Return the form of the scheme that counts, or of the beginning of one."""
    known = await queries.scheme(line.id)
    if known is None:
        return form_of(None, 0, start=starting_modules(line.rule_set_code))
    return form_of(known.facts, known.version_number)


async def _scheme_page(
    line: EventLine,
    actor: Actor,
    form: Form[SchemeForm],
    *,
    copy: Form[SourceForm] | None = None,
    status_code: int = 200,
) -> AnyResponse:
    known = await queries.scheme(line.id)
    facts = known.facts if known else SchemeFacts()
    sources = await scheme_versions.scheme_sources(line, actor)
    return page(
        "competitions/planning/scheme.html",
        event=line,
        scheme=known,
        shortcomings=[said(item) for item in faults(facts)] if known else [],
        warnings=[
            said(item) for item in cautions(facts, line.rule_set, judges=field_panel(line.rule_set))
        ],
        form=form,
        copy=copy or Form(SourceForm),
        sources=sources,
        grid=grid_of(form),
        is_unsaved=bool(form.errors or form.value("act")),
        kind_words=KIND_WORDS,
        words_of=words_of,
        may_write=actor.holds(schemes.AUTHORS, *line.scopes)
        and (known is None or known.locked_at is None),
        is_worldskills=known is not None and worldskills_book.fits(facts),
        rail=await event_rail(line.id, "scheme"),
        status_code=status_code,
    )
