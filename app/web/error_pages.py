"""The one place where a refusal, a wrong request or a bug becomes a status and a page."""

import logging
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.exceptions import HTTPException, ValidationException
from msgspec import Struct

from app.errors import N_, NotAllowed, NotFound, Refusal, RuleBroken, Stale, Unavailable
from app.storage.limits import LastsTooLong
from app.storage.outages import is_outage
from app.storage.ranges import is_beyond
from app.storage.uniqueness import TakenMeanwhile
from app.storage.writer import DatabaseBusy
from app.web import limits, locale
from app.web.csrf import ForgedForm
from app.web.guards import SignInNeeded
from app.web.http import AnyRequest, AnyResponse
from app.web.places import SAFE_METHODS, place_of
from app.web.responses import go, wants_json
from app.web.templating import page

logger = logging.getLogger(__name__)

STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (NotAllowed, 403),
    (NotFound, 404),
    (TakenMeanwhile, 409),  # where no form shows it: a tablet keeps its marks and sends them again
    (RuleBroken, 422),
    (Stale, 409),
    (Unavailable, 503),
)
TITLES = {
    400: N_("请求的内容有误"),
    403: N_("没有权限"),
    404: N_("没有找到这个页面"),
    405: N_("不能这样打开这个页面"),
    409: N_("内容已被更新"),
    413: N_("上传的内容太大"),
    422: N_("没有办成"),
    429: N_("访问太频繁"),
    500: N_("系统出了问题"),
    503: N_("系统正忙"),
}
SENTENCES = {
    400: N_("浏览器发来的内容不完整或格式不对。请返回上一页，检查后重新提交。"),
    404: N_("没有找到这一项。它可能已被移走，或者地址有误。"),
    405: N_("这个地址只接受表单提交。请从页面上的按钮进入。"),
    413: N_("文件超过了允许的大小。请拆分后分次上传，或删去文件中的图片。"),
    429: N_("短时间内访问次数过多，请过 {minutes} 分钟再试。"),
    500: N_(
        "问题已经记录，您填写的内容没有提交成功。请稍后再试；如果一直这样，请把下面的编号告诉管理员。"
    ),
    503: N_("同时保存的人太多，或正在备份，这一次没有保存成功。请等半分钟再提交。"),
}


class Failure(Struct, frozen=True):
    """What was refused: its name, the sentence for people, and the request's number in the log."""

    name: str
    says: str
    request: str


class Failed(Struct, frozen=True):
    """What programs get in place of an answer."""

    error: Failure


OUT = N_(
    "数据库暂时连不上，或者磁盘没有空间了，这一次没有保存成功。请等半分钟再试；如果一直这样，请告诉管理员。"
)
BUSY_SECONDS = 30
LOST = N_("请先登录。刚才填写的内容没有提交，登录后按浏览器的“后退”通常还能找到。")


def show_refusal(request: AnyRequest, refusal: Refusal) -> AnyResponse:
    """Answer a refusal in the asker's form and language."""
    if isinstance(refusal, SignInNeeded) and not wants_json(request):
        lost = "" if request.method in SAFE_METHODS else locale.gettext(LOST)
        return go(f"/sign-in?next={quote(str(place_of(request)))}", toast=lost)
    status = next((code for kind, code in STATUS if isinstance(refusal, kind)), 422)
    if isinstance(refusal, SignInNeeded):
        status = 401
    title = refusal.heading or TITLES.get(status, TITLES[422])
    answer = _answer(
        request, status, locale.sentence(refusal), name=type(refusal).__name__, title=title
    )
    if isinstance(refusal, Unavailable):
        logger.error("unavailable in request %s: %s", _number(request), refusal)
        answer.headers["retry-after"] = str(refusal.seconds)
    return answer


def show_wrong_request(request: AnyRequest, error: HTTPException) -> AnyResponse:
    """Answer what the framework refused: no such page, wrong method, too large, too often."""
    status = 400 if isinstance(error, ValidationException) else error.status_code
    if status >= 500:
        logger.error("request failed: %s", error.detail)
    otherwise, headers = 400 if status < 500 else 500, error.headers or {}
    minutes = limits.minutes_of(int(headers.get("Retry-After", 60)))
    says = locale.gettext(SENTENCES.get(status, SENTENCES[otherwise]))
    sentence, title = says.format(minutes=minutes), TITLES.get(status, TITLES[otherwise])
    answer = _answer(request, status, sentence, name=type(error).__name__, title=title)
    answer.headers.update(headers)
    return answer


def show_bug(request: AnyRequest, error: Exception) -> AnyResponse:
    """Log once, with the request's number, and say so.

    A number beyond all ids is no bug, nor is a database that is away.
    """
    if is_beyond(error):
        return show_refusal(request, NotFound())
    if is_outage(error):
        return _show_unavailable(request, error, OUT)
    logger.exception("bug in request %s", _number(request), exc_info=error)
    sentence = locale.gettext(SENTENCES[500])
    return _answer(request, 500, sentence, name="Unexpected", title=TITLES[500])


def show_nested(request: AnyRequest, error: RecursionError) -> AnyResponse:
    """Answer a body that is nested beyond reading as one that is malformed."""
    if "deserializing" not in str(error):
        return show_bug(request, error)
    return show_wrong_request(request, ValidationException())


def show_busy(request: AnyRequest, error: DatabaseBusy | LastsTooLong) -> AnyResponse:
    """Say that nothing was saved, and when to try again; log who held the database."""
    return _show_unavailable(request, error, SENTENCES[503])


def _show_unavailable(request: AnyRequest, error: Exception, says: str) -> AnyResponse:
    logger.error("database unavailable in request %s", _number(request), exc_info=error)
    sentence = locale.gettext(says)
    answer = _answer(request, 503, sentence, name="Busy", title=TITLES[503])
    answer.headers["retry-after"] = str(BUSY_SECONDS)
    return answer


def _answer(
    request: AnyRequest, status: int, sentence: str, *, name: str, title: str
) -> AnyResponse:
    if wants_json(request):
        return Response(Failed(Failure(name, sentence, _number(request))), status_code=status)
    return page(
        "errors/error.html",
        status_code=status,
        status=status,
        is_expired=name == ForgedForm.__name__,
        title=locale.gettext(title),
        says=sentence,
        number=_number(request),
    )


def _number(request: AnyRequest) -> str:
    return str(request.scope["state"].get("request_number", ""))


EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {
    Refusal: show_refusal,
    DatabaseBusy: show_busy,
    LastsTooLong: show_busy,
    HTTPException: show_wrong_request,
    RecursionError: show_nested,
    Exception: show_bug,
}
