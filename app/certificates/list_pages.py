"""Check a whole list: a spreadsheet in, a spreadsheet out; the same for programs, as a job."""

from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from app.certificates import headers, list_workbooks, lists, printing
from app.certificates.checking import Answer
from app.certificates.drawn import PAGE_LIMIT
from app.certificates.inquiry import Rows
from app.certificates.kinds import Verdict
from app.certificates.pages import asker
from app.documents.workbook_reader import MOST_BYTES
from app.errors import N_, Refusal
from app.settings import Settings
from app.web.forms import Form, read_form
from app.web.limits import Limit, enforce
from app.web.locale import gettext as _
from app.web.openapi import VERIFY
from app.web.responses import go
from app.web.templating import page

LIST_LIMIT = Limit(10, 3600)
FILE_BYTES = MOST_BYTES + 10_000
SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AnyRequest = Request[Any, Any, Any]


class ListForm(Struct, frozen=True):
    """A spreadsheet with the certificates to check."""

    file: Annotated[UploadFile, Meta(title=N_("查验名单"))]


class JobState(Struct, frozen=True, omit_defaults=True):
    """How far a job is; `rows` only when every row has its answer."""

    id: str
    total: int
    done: int
    is_over: bool
    url: str
    rows: list[Answer] | None = None


class ListPages(Controller):
    """For people."""

    path = "/verify/list"

    @get("", name="verify-list")
    async def show(self, request: AnyRequest, settings: NamedDependency[Settings]) -> Response[Any]:
        enforce(PAGE_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        return _page(Form(ListForm))

    @get("/template.xlsx", name="verify-list-template")
    async def blank(self) -> Response[bytes]:
        return _workbook(list_workbooks.blank(), "certificate-list.xlsx")

    @post("", name="verify-list-start", request_max_body_size=FILE_BYTES)
    async def start(
        self, request: AnyRequest, settings: NamedDependency[Settings]
    ) -> Response[Any]:
        enforce(LIST_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        form = await read_form(request, ListForm)
        if form.ok:
            try:
                asked = await list_workbooks.read(await form.data.file.read())
                return go(f"/verify/list/{lists.start(asked, settings.limit_factor).name}")
            except Refusal as refusal:
                form.refuse(refusal)
        return _page(form, status_code=422)

    @get("/{name:str}", name="verify-list-result")
    async def result(self, name: FromPath[str]) -> Response[Any]:
        """Show how far a list is, and its rows when it is over."""
        kept = lists.found(name)
        return page(
            "app/certificates/list_result.html",
            kept=kept,
            counts=[(verdict, kept.count(verdict)) for verdict in Verdict if kept.count(verdict)],
            rows=list(zip(kept.questions, kept.answers, strict=False))[:SHOWN],
            why=list_workbooks.why,
            shown=SHOWN,
            headers=headers.PRIVATE,
        )

    @get("/{name:str}/progress", name="verify-list-progress")
    async def progress(self, name: FromPath[str]) -> Response[dict[str, Any]]:
        kept = lists.found(name)
        words = _("已查 {done} 行，共 {total} 行").format(
            done=len(kept.answers), total=len(kept.questions)
        )
        found = {"done": len(kept.answers), "total": len(kept.questions), "words": words}
        return Response(found | {"is_over": kept.is_over}, headers=headers.PRIVATE)

    @get("/{name:str}/answers.xlsx", name="verify-list-workbook")
    async def answers(self, name: FromPath[str]) -> Response[bytes]:
        return _workbook(list_workbooks.answered(lists.found(name)), "certificate-answers.xlsx")


class ListJobs(Controller):
    """For programs, for more rows than one request answers."""

    path = "/api/v1/verify-jobs"

    @post(
        "",
        name="api-verify-job",
        status_code=202,
        request_max_body_size=FILE_BYTES,
        include_in_schema=True,
        tags=[VERIFY],
        summary=N_("查验一份长名单"),
        description=N_(
            "最多 20,000 行，写法与 /api/v1/verify 相同；答 202 和任务的网址，过一会儿去取。"
            "每小时最多 10 份，结果保留一小时。"
        ),
    )
    async def start(
        self, request: AnyRequest, data: JSONBody[Rows], settings: NamedDependency[Settings]
    ) -> Response[JobState]:
        enforce(LIST_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        state = _state(lists.start(data.rows, settings.limit_factor))
        return Response(state, headers=headers.PRIVATE | {"Location": state.url})

    @get(
        "/{name:str}",
        name="api-verify-job-state",
        include_in_schema=True,
        tags=[VERIFY],
        summary=N_("长名单查到哪里了"),
        description=N_("is_over 为真时带有 rows：每行的结论和原因，顺序与名单相同。"),
    )
    async def state(self, name: FromPath[str]) -> Response[JobState]:
        return Response(_state(lists.found(name)), headers=headers.PRIVATE)


def _state(kept: lists.CheckedList) -> JobState:
    return JobState(
        id=kept.name,
        total=len(kept.questions),
        done=len(kept.answers),
        is_over=kept.is_over,
        url=f"/api/v1/verify-jobs/{kept.name}",
        rows=kept.answers if kept.is_over else None,
    )


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
