"""The one place where a refusal, a wrong request or a bug becomes a status and a page."""

import logging
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Redirect

from app.errors import N_, NotAllowed, NotFound, Refusal, RuleBroken, Stale
from app.web import locale
from app.web.guards import SignInNeeded
from app.web.http import AnyRequest, AnyResponse
from app.web.requests import prepare
from app.web.responses import wants_json
from app.web.templating import page

logger = logging.getLogger(__name__)

STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (NotAllowed, 403),
    (NotFound, 404),
    (RuleBroken, 422),
    (Stale, 409),
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
}
SENTENCES = {
    400: N_("浏览器发来的内容不完整或格式不对。请返回上一页，检查后重新提交。"),
    404: N_("没有找到这一项。它可能已被移走，或者地址有误。"),
    405: N_("这个地址只接受表单提交。请从页面上的按钮进入。"),
    413: N_("文件超过了允许的大小。请拆分后分次上传，或删去文件中的图片。"),
    429: N_("短时间内访问次数过多，请稍等片刻再试。"),
    500: N_(
        "问题已经记录，您填写的内容没有提交成功。请稍后再试；如果一直这样，请把下面的编号告诉管理员。"
    ),
}


def show_refusal(request: AnyRequest, refusal: Refusal) -> AnyResponse:
    """Answer a refusal in the asker's form and language."""
    prepare(request)
    if isinstance(refusal, SignInNeeded) and not wants_json(request):
        return Redirect(f"/sign-in?next={quote(_here(request))}", status_code=303)
    status = next((code for kind, code in STATUS if isinstance(refusal, kind)), 422)
    if isinstance(refusal, SignInNeeded):
        status = 401
    return _answer(request, status, locale.sentence(refusal), name=type(refusal).__name__)


def show_wrong_request(request: AnyRequest, error: HTTPException) -> AnyResponse:
    """Answer what the framework refused: no such page, wrong method, too large, too often."""
    prepare(request)
    status = 400 if isinstance(error, ValidationException) else error.status_code
    if status >= 500:
        logger.error("request failed: %s", error.detail)
    sentence = locale.gettext(SENTENCES.get(status, SENTENCES[400 if status < 500 else 500]))
    answer = _answer(request, status, sentence, name=type(error).__name__)
    answer.headers.update(error.headers or {})
    return answer


def show_bug(request: AnyRequest, error: Exception) -> AnyResponse:
    """Log once, with the request's number, and say so."""
    logger.exception("bug in request %s", _number(request), exc_info=error)
    return _answer(request, 500, locale.gettext(SENTENCES[500]), name="Unexpected")


def _answer(request: AnyRequest, status: int, sentence: str, *, name: str) -> AnyResponse:
    if wants_json(request):
        return Response(
            {"error": {"name": name, "says": sentence, "request": _number(request)}},
            status_code=status,
        )
    title = locale.gettext(TITLES.get(status, TITLES[422]))
    return page(
        "errors/error.html",
        status_code=status,
        status=status,
        title=title,
        says=sentence,
        number=_number(request),
    )


def _here(request: AnyRequest) -> str:
    if request.method not in {"GET", "HEAD"}:
        return "/desk"
    query = request.url.query
    return request.scope["path"] + (f"?{query}" if query else "")


def _number(request: AnyRequest) -> str:
    return str(request.scope["state"].get("request_number", ""))


EXCEPTION_HANDLERS: dict[int | type[Exception], Any] = {
    Refusal: show_refusal,
    HTTPException: show_wrong_request,
    Exception: show_bug,
}
