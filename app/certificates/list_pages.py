"""Check a whole list: a spreadsheet in, a spreadsheet out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.certificates import headers, list_workbooks, lists, printing
from app.certificates.drawn import PAGE_LIMIT
from app.certificates.kinds import Verdict
from app.certificates.pages import asker
from app.documents.workbook_reader import MOST_BYTES
from app.errors import N_, Refusal, RuleBroken
from app.settings import Settings
from app.web.bare import COMPRESSED
from app.web.forms import Form, read_form
from app.web.limits import Limit, enforce
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page

LIST_LIMIT = Limit(10, 3600)
READ_LIMIT = Limit(30, 3600)
"""Finding out whether a file is a list takes far less than a list, and yet a child process."""
LOOK_LIMIT = Limit(120, 60)
"""An open page asks once a second how far its list is."""
FILE_BYTES = MOST_BYTES + 10_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AnyRequest = Request[Any, Any, Any]


class ListForm(Struct, frozen=True):
    """A spreadsheet with the certificates to check."""

    file: Annotated[UploadFile, Meta(title=N_("查验名单"))]


class ListPages(Controller):
    """For people."""

    path = "/verify/list"

    @get("", name="verify-list")
    async def show(self, request: AnyRequest, settings: NamedDependency[Settings]) -> Response[Any]:
        enforce(PAGE_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        return _page(Form(ListForm))

    @get("/template.xlsx", name="verify-list-template")
    async def blank(
        self, request: AnyRequest, settings: NamedDependency[Settings]
    ) -> Response[bytes]:
        enforce(LOOK_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        return _workbook(list_workbooks.blank(), "certificate-list.xlsx")

    @post("", name="verify-list-start", request_max_body_size=FILE_BYTES)
    async def start(
        self, request: AnyRequest, settings: NamedDependency[Settings]
    ) -> Response[Any]:
        form = Form(ListForm)
        try:
            with counted(request, settings):
                form = await read_form(request, ListForm)
                asked = await list_workbooks.read(await form.data.file.read())
                made = lists.start(asked.questions, settings.limit_factor, asked.notes)
        except RuleBroken as refusal:
            if form.ok:
                form.refuse(refusal)
            return _page(form, status_code=422)
        return go(f"/verify/list/{made.name}")

    @get("/{name:str}", name="verify-list-result")
    async def result(
        self, request: AnyRequest, name: FromPath[str], settings: NamedDependency[Settings]
    ) -> Response[Any]:
        """Show how far a list is, and its rows when it is over."""
        kept = _looked_at(request, name, settings)
        shown = zip(kept.questions, kept.first, strict=False)
        return page(
            "app/certificates/list_result.html",
            kept=kept,
            counts=[(verdict, kept.counts[verdict]) for verdict in Verdict if kept.counts[verdict]],
            rows=[
                (question, answer, list_workbooks.why(kept, place, answer))
                for place, (question, answer) in enumerate(shown)
            ],
            shown=lists.SHOWN,
            headers=headers.PRIVATE,
        )

    @get("/{name:str}/progress", name="verify-list-progress")
    async def progress(
        self, request: AnyRequest, name: FromPath[str], settings: NamedDependency[Settings]
    ) -> Response[dict[str, Any]]:
        kept = _looked_at(request, name, settings)
        found = {"done": kept.done, "total": kept.total, "is_over": kept.is_over}
        words = _("已查 {done} 行，共 {total} 行").format(**found)
        return Response(found | {"words": words}, headers=headers.PRIVATE)

    @get("/{name:str}/answers.xlsx", name="verify-list-workbook", opt={COMPRESSED: True})
    async def answers(
        self, request: AnyRequest, name: FromPath[str], settings: NamedDependency[Settings]
    ) -> Response[Any]:
        kept = _looked_at(request, name, settings)
        if not kept.is_over:
            return go(f"/verify/list/{name}")
        return _workbook(await list_workbooks.answered(kept), "certificate-answers.xlsx")


@contextmanager
def counted(request: AnyRequest, settings: Settings) -> Iterator[None]:
    """Count a list against who asks, unless it is refused; what was read counts apart."""
    who = asker(request)
    for limit in (READ_LIMIT, LIST_LIMIT):
        enforce(limit, who, settings.limit_factor, headers.PRIVATE)
    try:
        yield
    except Refusal:
        LIST_LIMIT.give_back(who)
        raise


def _looked_at(request: AnyRequest, name: str, settings: Settings) -> lists.CheckedList:
    enforce(LOOK_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
    return lists.found(name)


def _workbook(content: bytes, name: str) -> Response[bytes]:
    named = headers.PRIVATE | printing.disposition(name)
    return Response(content, media_type=XLSX, headers=named)


def _page(form: Form[ListForm], status_code: int = 200) -> Response[Any]:
    return page(
        "app/certificates/list.html",
        form=form,
        most=lists.MOST_ROWS,
        status_code=status_code,
        headers=headers.PRIVATE,
    )
