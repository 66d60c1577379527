"""The public page of one certificate, and what hangs on its address."""

from collections import OrderedDict
from datetime import datetime
from typing import Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath

from app.certificates import answers, frames, headers, log, queries, tiles
from app.certificates.frames import Frame
from app.certificates.kinds import RevocationReason, Verdict
from app.certificates.queries import PublicEntry
from app.certificates.wallet_files import credential_for, posted_name
from app.errors import N_, Refusal
from app.rules.check_characters import parse_id, printed_id
from app.settings import Settings
from app.web import clock, cookies, locale
from app.web.guards import actor_of
from app.web.limits import Limit, enforce
from app.web.openapi import VERIFY
from app.web.templating import page, prose_date, prose_datetime

PAGE_LIMIT = Limit(60, 60)
TEMPLATE = "app/certificates/certificate.html"
MOST_DRAWN = 2000
MOST_FRAMES = 200
_drawn: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()
_frames: OrderedDict[tuple[object, ...], Frame] = OrderedDict()
AnyRequest = Request[Any, Any, Any]
TEXT = "text/plain"
COMMA = N_("、")
PARTS = {
    "id": N_("验证码"),
    "kind": N_("证书类型"),
    "number": N_("证书编号"),
    "name": N_("姓名"),
    "title": N_("名称"),
    "result": N_("结果"),
    "issued_on": N_("发证日期"),
}


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
            "没有登记的验证码答 404。"
        ),
    )
    async def show(self, request: AnyRequest, name: FromPath[str]) -> Response[Any]:
        # The busiest address: it takes no dependencies, which would cost as much as the answer.
        settings: Settings = request.app.state.settings
        enforce(PAGE_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        text, _, kind = name.partition(".")
        if not kind:
            return await _page(request, text)
        if kind == "credential.json":
            holder = str(request.query_params.get("name", ""))
            return await credential_for(request, name, holder, settings, clock.now())
        answer = {"json": _json, "tlog-proof": _proof, "leaf": _leaf}.get(kind)
        if answer is None:
            raise queries.Unregistered
        return await answer(text)

    @post(
        "/{name:str}",
        name="credential",
        status_code=200,
        include_in_schema=True,
        tags=[VERIFY],
        summary=N_("取电子凭证"),
        description=N_(
            "name 写成 <验证码>.credential.json，表单或 JSON 里给出持证人全名 name，"
            "答 Open Badges 3.0 凭证；姓名不符与验证码不存在，答复相同。"
        ),
    )
    async def present(
        self,
        request: AnyRequest,
        name: FromPath[str],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        """Give the credential to who posts the holder's full name as `name`."""
        return await credential_for(request, name, await posted_name(request), settings, now)


async def _page(request: AnyRequest, text: str) -> Response[Any]:
    """Answer with the page, drawn once for as long as nothing in the register changes."""
    try:
        verification_id = parse_id(text)
        if _is_personal(request):
            entry = await queries.public_entry(verification_id)
            return page(TEMPLATE, headers=headers.PRIVATE, **await shown(entry))
        changes = await log.changes()
        key = (verification_id, locale.current(), changes)
        if key not in _drawn:
            entry = await queries.public_entry(verification_id)
            _keep(key, (await _frame(request, entry, changes)).filled(texts_of(entry)))
    except Refusal as refusal_:
        return await unregistered(refusal_)
    return Response(_drawn[key], media_type=MediaType.HTML, headers=headers.PRIVATE)


async def _frame(request: AnyRequest, entry: PublicEntry, changes: int) -> Frame:
    """Return the page of every certificate that stands like this one, with gaps for its texts."""
    key = (locale.current(), changes, shape_of(entry))
    if key not in _frames:
        while len(_frames) >= MOST_FRAMES:
            _frames.popitem(last=False)
        gaps = await shown(entry) | {"texts": frames.gaps(texts_of(entry))}
        _frames[key] = frames.cut(page(TEMPLATE, **gaps).text_for(request))
    return _frames[key]


def _is_personal(request: AnyRequest) -> bool:
    """Tell whether the page would show who is signed in, what was done last, or what was asked."""
    return (
        actor_of(request).is_signed_in
        or cookies.TOAST in request.cookies
        or bool(request.scope["query_string"])
    )


def _keep(key: tuple[str, str, int], drawn: bytes) -> None:
    _drawn[key] = drawn
    while len(_drawn) > MOST_DRAWN:
        _drawn.popitem(last=False)


async def unregistered(refusal_: Refusal) -> Response[Any]:
    """Return the page of an ID that is not in the register."""
    return page(
        "app/certificates/unregistered.html",
        says=locale.sentence(refusal_),
        keys=await _keys(),
        host=await log.host(),
        status_code=404,
        headers=headers.PRIVATE,
    )


def shape_of(entry: PublicEntry) -> tuple[object, ...]:
    """Return all on which the template decides; pages of one shape differ in their texts only."""
    return (
        entry.verdict,
        entry.kind,
        entry.doubt,
        entry.differs,
        entry.reason_code,
        entry.is_late,
        entry.logged_at is None,
        entry.changed_at is None,
        entry.successor_id is None,
        entry.predecessor_id is None,
        entry.reissues > 0,
    )


def texts_of(entry: PublicEntry) -> dict[str, str]:
    """Return what a page says of one certificate alone."""
    register = {
        "id": entry.id,
        "kind": int(entry.kind),
        "number": entry.number,
        "name": entry.masked_name,
        "title": entry.claim_title,
        "issued_on": entry.issued_on.isoformat(),
        "commit": entry.commit,
    }
    return {
        "id": entry.id,
        "printed_id": printed_id(entry.id),
        "name": entry.masked_name,
        "title": entry.title,
        "number": entry.number,
        "issuer": entry.issuer,
        "issued_on": prose_date(entry.issued_on),
        "logged_at": _instant(entry.logged_at),
        "changed_at": _instant(entry.changed_at),
        "successor": entry.successor_id or "",
        "predecessor": entry.predecessor_id or "",
        "register": msgspec.json.encode(register).decode(),
    }


def _instant(seconds: int | None) -> str:
    return "" if seconds is None else prose_datetime(answers.moment(seconds))


async def shown(entry: PublicEntry) -> dict[str, Any]:
    """Return what the verification page shows."""
    return {
        "entry": entry,
        "texts": texts_of(entry),
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
    except Refusal:
        unknown = {"id": text.upper()[:20], "status": Verdict.UNREGISTERED.value}
        return Response(
            unknown, status_code=404, media_type=MediaType.JSON, headers=headers.PRIVATE
        )
    facts = answers.facts_of(entry, await log.host())
    return Response(facts, media_type=MediaType.JSON, headers=headers.PRIVATE)


async def _proof(text: str) -> Response[Any]:
    entry = await queries.public_entry(text)
    return Response(
        await tiles.proof_of(entry.leaf_index), media_type=TEXT, headers=headers.PRIVATE
    )


async def _leaf(text: str) -> Response[Any]:
    entry = await queries.public_entry(text)
    leaf = await tiles.leaf_at(entry.leaf_index)
    return Response(leaf.data, media_type="application/octet-stream", headers=headers.PRIVATE)


def asker(request: AnyRequest) -> str:
    """Return whom a limit counts: the address that asks."""
    return str(request.scope["state"].get("address", ""))
