"""What programs ask: many certificates in one request, or a long list as a job."""

from datetime import datetime
from typing import Any, cast

import msgspec
from anyio import to_thread
from litestar import Controller, MediaType, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import ValidationException
from litestar.params import FromPath
from msgspec import Struct

from app.certificates import checking, headers, lists
from app.certificates.checking import Answer, Question
from app.certificates.list_pages import LOOK_LIMIT, counted
from app.certificates.lists import JobState, ListTooLong
from app.certificates.pages import asker
from app.errors import N_, RuleBroken, refusal
from app.settings import Settings
from app.web.bare import COMPRESSED
from app.web.limits import Limit, enforce
from app.web.openapi import VERIFY
from app.web.told import TOLD, Told

BULK_LIMIT = Limit(10, 60)
MOST_ROWS = 1000
JOB_BYTES = lists.MOST_ROWS * lists.LONGEST_SYMBOL
AnyRequest = Request[Any, Any, Any]


@refusal
class TooManyRows(RuleBroken):
    """A request holds more rows than are answered at once."""

    says = N_("一次最多查询 {most} 行，现有 {found} 行，请分次提交。")
    most: int
    found: int


class Rows(Struct, frozen=True):
    """A list of questions, at most a thousand."""

    rows: list[Question]


class Answers(Struct, frozen=True):
    """The answers in the order of the questions, as of a moment."""

    as_of: str
    rows: list[Answer]


class Programs(Controller):
    """Many at once."""

    path = "/api/v1"

    @post(
        "/verify",
        name="api-verify",
        status_code=200,
        include_in_schema=True,
        opt={TOLD: Told(takes=Rows, refuses=(400, 413, 422, 429))},
        tags=[VERIFY],
        summary=N_("一次查验多张证书"),
        description=N_(
            "最多 1,000 行，每行写编号和姓名，或验证码，或二维码的文字；按原顺序逐行回答。"
            "同一行写了几样的，要说的是同一张证书。"
            "每分钟最多 10 次，超过答 429。"
        ),
    )
    async def verify(
        self,
        request: AnyRequest,
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[Answers]:
        """Answer at most 1,000 rows; each a number and name, an ID, or a symbol's text."""
        enforce(BULK_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        asked = rows_in(await request.body(), MOST_ROWS, TooManyRows)
        rows = [await checking.answer_row(row, settings.limit_factor) for row in asked]
        return Response(Answers(now.isoformat(timespec="seconds"), rows), headers=headers.PRIVATE)

    @post(
        "/verify-jobs",
        name="api-verify-job",
        status_code=202,
        request_max_body_size=JOB_BYTES,
        include_in_schema=True,
        opt={TOLD: Told(takes=Rows, refuses=(400, 413, 422, 429, 503))},
        tags=[VERIFY],
        summary=N_("查验一份长名单"),
        description=N_(
            "最多 20,000 行，写法与 /api/v1/verify 相同；答 202 和任务的网址，过一会儿去取。"
            "每小时最多 10 份，结果保留一小时。"
        ),
    )
    async def start(
        self, request: AnyRequest, settings: NamedDependency[Settings]
    ) -> Response[JobState]:
        with counted(request, settings):
            asked = rows_in(await request.body(), lists.MOST_ROWS, ListTooLong)
            state = lists.start(asked, settings.limit_factor).state
        return Response(state, headers=headers.PRIVATE | {"Location": state.url})

    @get(
        "/verify-jobs/{name:str}",
        name="api-verify-job-state",
        include_in_schema=True,
        opt={COMPRESSED: True, TOLD: Told(refuses=(404, 429))},
        tags=[VERIFY],
        summary=N_("长名单查到哪里了"),
        description=N_("is_over 为真时带有 rows：每行的结论和原因，顺序与名单相同。"),
    )
    async def state(
        self, request: AnyRequest, name: FromPath[str], settings: NamedDependency[Settings]
    ) -> Response[JobState]:
        enforce(LOOK_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        kept = lists.found(name)
        given = headers.PRIVATE | {"Vary": "Accept-Encoding"}
        if not kept.is_over:
            return Response(kept.state, headers=given)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return _written(kept.json, given | {"Content-Encoding": "gzip"})
        return _written(await to_thread.run_sync(kept.plain_json), given)


def rows_in(body: bytes, most: int, too_many: type[TooManyRows | ListTooLong]) -> list[Question]:
    """Read what a program sent; raise `too_many`, which far too many are before they are built."""
    # Each row is an object that holds none; braces within its texts are few.
    if (braces := body.count(b"{") - 1) > 2 * most:
        raise too_many(most, braces)
    try:
        rows = msgspec.json.decode(body, type=Rows).rows
    except msgspec.DecodeError as error:
        raise ValidationException from error
    if len(rows) > most:
        raise too_many(most, len(rows))
    return rows


def _written(content: bytes, given: dict[str, str]) -> Response[JobState]:
    answer = Response(content, media_type=MediaType.JSON, headers=given)
    return cast(Response[JobState], answer)
