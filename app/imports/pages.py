"""The pages of every import: template, upload, progress, preview, confirmation, result."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from anyio import to_thread
from litestar import Controller, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.documents import workbooks
from app.errors import N_, RuleBroken
from app.imports import actions, progress, queries
from app.imports.actions import Upload
from app.imports.queries import ImportLine
from app.imports.registry import (
    Importer,
    Place,
    exporter_of,
    importer_of,
    open_place,
    refuse_now,
    scope_of,
)
from app.imports.work import MOST_PROBLEMS
from app.rules.actors import Actor, Scope
from app.web import clock
from app.web.forms import Form, read_form, read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page

PAGE_SIZE = 100
TITLE = N_("从表格导入")
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PRIVATE = {"cache-control": "no-store"}


class UploadForm(Struct, frozen=True):
    """A workbook, and what it belongs to."""

    file: Annotated[UploadFile, Meta(title=N_("填好的表格"))]
    scope: str = "all"


class ConfirmForm(Struct, frozen=True):
    """What was seen, and whether bad rows are left out."""

    version: int
    is_partial: Annotated[bool, Meta(title=N_("只导入没有问题的行"))] = False


class PageFilter(Struct, frozen=True):
    """Which page of the problems."""

    page: int = 1


class ImportKindPages(Controller):
    """A kind of spreadsheet: its template, the upload, the imports so far."""

    path = "/desk/imports/{kind:str}"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-import-new")
    async def new(
        self,
        request: AnyRequest,
        kind: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        importer = importer_of(kind)
        scope = scope_of(importer, request.query_params.get("scope", ""))
        form = Form(UploadForm)
        try:
            await refuse_now(importer, scope, actor, now)
        except RuleBroken as refusal:
            form.refuse(refusal)
        return await _upload_page(importer, scope, actor, form)

    @post("", name="desk-import-upload", request_max_body_size=40 * 1024 * 1024)
    async def upload(
        self,
        request: AnyRequest,
        kind: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        importer = importer_of(kind)
        form = await read_form(request, UploadForm)
        scope = scope_of(importer, form.value("scope", "all"))
        if form.ok:
            sent = form.data.file
            try:
                chosen = Upload(sent.filename, await sent.read())
                import_id = await actions.upload(importer, scope, chosen, by=actor, at=now)
                return go(f"/desk/imports/{kind}/{import_id}")
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _upload_page(importer, scope, actor, form, status_code=422)

    @get("/template.xlsx", name="desk-import-template")
    async def template(
        self, request: AnyRequest, kind: FromPath[str], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        importer = importer_of(kind)
        scope = scope_of(importer, request.query_params.get("scope", ""))
        await open_place(importer, scope, actor)
        layout = await importer.layout(scope)
        content = await to_thread.run_sync(workbooks.template, layout)
        return _download(content, _("{name}模板.xlsx").format(name=_(layout.title)))

    @get("/export.xlsx", name="desk-import-export")
    async def export(
        self,
        request: AnyRequest,
        kind: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        exporter = exporter_of(kind)
        scope = scope_of(exporter, request.query_params.get("scope", ""))
        content = await exporter.workbook(scope, actor, now)
        return _download(content, f"{_(exporter.title)}.xlsx")


class ImportPages(Controller):
    """One import."""

    path = "/desk/imports/{kind:str}/{import_id:int}"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-import")
    async def show(
        self, request: AnyRequest, import_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        return await _import_page(request, import_id, actor, Form(ConfirmForm))

    @get("/progress", name="desk-import-progress")
    async def progress(
        self, import_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line = await queries.one_import(import_id)
        await open_place(importer_of(line.kind), line.scope, actor)
        shown = progress.of(import_id)
        state = {
            "done": shown.done,
            "total": shown.total,
            "words": _(shown.words).format(done=shown.done, total=shown.total),
            "is_over": not line.is_under_way,
        }
        return Response(state, headers=PRIVATE)

    @post("/confirmation", name="desk-import-confirm")
    async def confirm(
        self,
        request: AnyRequest,
        import_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, ConfirmForm)
        if form.ok:
            data = form.data
            try:
                await actions.confirm(
                    import_id,
                    seen_version=data.version,
                    is_partial=data.is_partial,
                    by=actor,
                    at=now,
                )
                line = await queries.one_import(import_id)
                return go(f"/desk/imports/{line.kind}/{import_id}")
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _import_page(request, import_id, actor, form, status_code=422)

    @post("/withdrawal", name="desk-import-withdraw")
    async def withdraw(
        self,
        request: AnyRequest,
        import_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, ConfirmForm)
        await actions.withdraw(import_id, seen_version=form.data.version, by=actor, at=now)
        line = await queries.one_import(import_id)
        return go(f"/desk/imports/{line.kind}?scope={line.scope}", toast=_("没有写入任何内容"))

    @get("/marked.xlsx", name="desk-import-marked")
    async def marked(
        self,
        import_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        content = await actions.marked_copy(import_id, by=actor, at=now)
        line = await queries.one_import(import_id)
        return _download(
            content, _("{name}-待改正.xlsx").format(name=line.file_name.removesuffix(".xlsx"))
        )


def _download(content: bytes, name: str) -> AnyResponse:
    disposition = f"attachment; filename=\"workbook.xlsx\"; filename*=UTF-8''{quote(name)}"
    headers = {"content-disposition": disposition, **PRIVATE}
    return Response(content, media_type=SPREADSHEET, headers=headers)


async def _upload_page(
    importer: Importer,
    scope: Scope,
    actor: Actor,
    form: Form[UploadForm],
    status_code: int = 200,
) -> AnyResponse:
    place = await open_place(importer, scope, actor)
    return page(
        "app/imports/upload.html",
        importer=importer,
        scope=scope,
        place=place,
        layout=await importer.layout(scope),
        imports=await queries.imports_of(importer.kind, scope),
        form=form,
        **_around(importer, place),
        status_code=status_code,
    )


async def _import_page(
    request: AnyRequest,
    import_id: int,
    actor: Actor,
    form: Form[ConfirmForm],
    status_code: int = 200,
) -> AnyResponse:
    line = await queries.one_import(import_id)
    importer = importer_of(line.kind)
    place = await open_place(importer, line.scope, actor)
    query = read_query(request, PageFilter)
    number = max(1, query.data.page) if query.ok else 1
    shown = progress.of(import_id)
    return page(
        "app/imports/import.html",
        line=line,
        importer=importer,
        place=place,
        problems=await queries.problems_of(import_id, (number - 1) * PAGE_SIZE, PAGE_SIZE),
        number=number,
        page_size=PAGE_SIZE,
        listed=min(line.problem_count, MOST_PROBLEMS),
        words=_(shown.words).format(done=shown.done, total=shown.total),
        progress=shown,
        checked=await actions.effects(line, by=actor, at=clock.now()),
        form=form,
        **_around(importer, place, line),
        status_code=status_code,
        headers=PRIVATE,
    )


def _around(importer: Importer, place: Place, line: ImportLine | None = None) -> dict[str, Any]:
    crumbs = [(place.href, place.title)]
    if line:
        crumbs.append((f"/desk/imports/{importer.kind}?scope={line.scope}", _(TITLE)))
    return {"rail": place.rail, "crumbs": crumbs}
