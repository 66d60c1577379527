"""The public page of one certificate, and what hangs on its address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath
from msgspec import Struct

from app.certificates import answers, drawn, headers, log, queries, tiles, wallet
from app.certificates.answers import PublicFacts, Unconfirmed
from app.certificates.kinds import RevocationReason, Verdict
from app.certificates.queries import PublicEntry
from app.certificates.verdicts import Doubt
from app.certificates.wallet_files import (
    CREDENTIAL_LIMIT,
    VC,
    asked_name,
    credential_for,
    posted_name,
)
from app.errors import N_, Refusal
from app.settings import Settings
from app.web import clock, limits, locale
from app.web.limits import FORM_BYTES, enforce
from app.web.openapi import VERIFY
from app.web.templating import page
from app.web.told import BYTES, FORM, HTML, JSON, TEXT, TOLD, Told

TEMPLATE = "app/certificates/certificate.html"
AnyRequest = Request[Any, Any, Any]
COMMA = N_("、")
PARTS = {
    "id": N_("验证码"),
    "kind": N_("证书类型"),
    "number": N_("证书编号"),
    "name": N_("姓名"),
    "title": N_("名称"),
    "result": N_("结果"),
    "issued_on": N_("发证日期"),
    "issuer": N_("发证机构"),
}

NOT_TOLD = {HTML: str, JSON: Unconfirmed}
ONE = Told(
    query={"name": N_("持证人全名，只用于 .credential.json；写在请求正文里更好。")},
    answers={
        200: {HTML: str, JSON: PublicFacts, TEXT: str, BYTES: Any, VC: wallet.Document},
        404: NOT_TOLD,
        422: NOT_TOLD,
    },
    refuses=(429,),
)


class Holder(Struct, frozen=True):
    """Who presents a certificate, by the full name."""

    name: str


CREDENTIAL = Told(
    takes=Holder,
    takes_as=(FORM, JSON),
    answers={200: {VC: wallet.Document}, 404: {JSON: Unconfirmed}},
    refuses=(413, 429),
)


class CertificatePages(Controller):
    """`/v/<ID>` and what hangs on it."""

    path = "/v"

    @get(
        "/{name:str}",
        name="certificate",
        include_in_schema=True,
        tags=[VERIFY],
        summary=N_("查一张证书"),
        description=N_(
            "name 是 16 位验证码（连字符、大小写、末尾校验字符都可有可无），答网页；"
            "加 .json 答同样的内容，加 .tlog-proof 答日志证明，加 .leaf 答日志条目的字节。"
            "没有登记的验证码答 404，登记被改动或损坏、不能确认的答 422。"
        ),
        opt={TOLD: ONE},
    )
    async def show(self, request: AnyRequest, name: FromPath[str]) -> Response[Any]:
        # The busiest address: it takes no dependencies, which would cost as much as the answer.
        settings: Settings = request.app.state.settings
        enforce(drawn.PAGE_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        text, _, kind = name.partition(".")
        if not kind:
            return await _page(request, text)
        if kind == "credential.json":
            enforce(CREDENTIAL_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
            return await credential_for(name, asked_name(request), settings, clock.now())
        answer = {"json": _json, "tlog-proof": _proof, "leaf": _leaf}.get(kind)
        if answer is None:
            raise queries.Unregistered
        return await answer(text)

    @post(
        "/{name:str}",
        name="credential",
        status_code=200,
        request_max_body_size=FORM_BYTES,
        include_in_schema=True,
        tags=[VERIFY],
        summary=N_("取电子凭证"),
        description=N_(
            "name 写成 <验证码>.credential.json，表单或 JSON 里给出持证人全名 name，"
            "答 Open Badges 3.0 凭证；姓名不符与验证码不存在，答复相同。"
        ),
        opt={TOLD: CREDENTIAL},
    )
    async def present(
        self,
        request: AnyRequest,
        name: FromPath[str],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        """Give the credential to who posts the holder's full name as `name`."""
        enforce(CREDENTIAL_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        return await credential_for(name, await posted_name(request), settings, now)


async def _page(request: AnyRequest, text: str) -> Response[Any]:
    """Answer with the page; the next of its shape is filled in past all this, by `drawn`."""
    try:
        entry = await queries.public_entry(text)
    except Refusal as refusal_:
        return await unregistered(refusal_)
    if not drawn.is_personal(request.scope):
        await drawn.keep_frame(entry, lambda texts: _text(request, entry, texts))
    return page(TEMPLATE, headers=headers.PRIVATE, **await shown(entry))


async def _text(request: AnyRequest, entry: PublicEntry, texts: Mapping[str, str]) -> str:
    return page(TEMPLATE, **await shown(entry) | {"texts": texts}).text_for(request)


async def unregistered(refusal_: Refusal) -> Response[Any]:
    """Return the page of an ID that is not in the register, or whose row cannot be read."""
    is_damaged = isinstance(refusal_, queries.Damaged)
    return page(
        "app/certificates/unregistered.html",
        verdict=Verdict.UNCERTAIN if is_damaged else Verdict.UNREGISTERED,
        says=locale.sentence(refusal_),
        keys=await _keys(),
        host=await log.host(),
        status_code=422 if is_damaged else 404,
        headers=headers.PRIVATE,
    )


async def shown(entry: PublicEntry) -> dict[str, Any]:
    """Return what the verification page shows."""
    return {
        "entry": entry,
        "texts": drawn.texts_of(entry),
        "reason": locale.label(RevocationReason(entry.reason_code)) if entry.reason_code else "",
        "differs": locale.gettext(COMMA).join(
            locale.gettext(PARTS[part]) for part in entry.differs
        ),
        "keys": await _keys(),
        "host": await log.host(),
        "Verdict": Verdict,
    }


async def _keys() -> str:
    published = [
        {"kid": key.kid, "key": key.public_key, "first": key.first_index, "last": key.last_index}
        for key in await queries.keys()
    ]
    return msgspec.json.encode(published).decode()


async def _json(text: str) -> Response[Any]:
    try:
        entry = await queries.public_entry(text)
    except queries.Damaged:
        damaged = Unconfirmed(text.upper()[:20], Verdict.UNCERTAIN, Doubt.DAMAGED)
        return _json_answer(damaged, 422)
    except Refusal:
        return _json_answer(Unconfirmed(text.upper()[:20], Verdict.UNREGISTERED), 404)
    return _json_answer(answers.facts_of(entry, await log.host()))


def _json_answer(content: object, status_code: int = 200) -> Response[Any]:
    return Response(
        content, status_code=status_code, media_type=MediaType.JSON, headers=headers.PRIVATE
    )


async def _proof(text: str) -> Response[Any]:
    entry = await queries.public_entry(text)
    return Response(
        await tiles.proof_of(entry.leaf_index), media_type=TEXT, headers=headers.PRIVATE
    )


async def _leaf(text: str) -> Response[Any]:
    entry = await queries.public_entry(text)
    leaf = await tiles.leaf_at(entry.leaf_index)
    return Response(leaf.data, media_type=BYTES, headers=headers.PRIVATE)


def asker(request: AnyRequest) -> str:
    """Return whom a limit counts."""
    return limits.asker(request.scope)
