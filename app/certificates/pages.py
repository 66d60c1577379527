"""The public pages: one certificate by its ID, a query by number and name, many rows at once."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.response import Redirect
from msgspec import Meta, Struct

from app.certificates import answers, checking, headers, log, queries, tiles
from app.certificates.checking import Answer, Question
from app.certificates.kinds import RevocationReason, Verdict
from app.certificates.queries import PublicEntry
from app.errors import N_, Refusal, RuleBroken, refusal
from app.rules.check_characters import parse_id, printed_id
from app.settings import Settings
from app.web import locale
from app.web.forms import Form, read_form
from app.web.limits import Limit, enforce
from app.web.templating import page

PAGE_LIMIT = Limit(60, 60)
MANUAL_LIMIT = Limit(10, 60)
BULK_LIMIT = Limit(10, 60)
MOST_ROWS = 1000
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


@refusal
class NoSuchCertificate(RuleBroken):
    """Number and name do not belong together, or there is no such number: one answer for both."""

    says = N_("没有查到与此编号和姓名相符的证书。请对照证书核对编号和姓名，一字不差地填写。")


@refusal
class TooManyTries(RuleBroken):
    """This number was tried too often."""

    says = N_("这个编号在一小时内查询次数过多，请稍后再试，或扫描证书上的二维码。")
    field = "number"


@refusal
class TooManyRows(RuleBroken):
    """A request holds more rows than are answered at once."""

    says = N_("一次最多查询 {most} 行，现有 {found} 行，请分次提交。")
    most: int
    found: int


class ManualForm(Struct, frozen=True):
    """Number and full name."""

    number: Annotated[str, Meta(title=N_("证书编号"), max_length=60)]
    name: Annotated[str, Meta(title=N_("姓名"), max_length=60)]


class Rows(Struct, frozen=True):
    """A list of questions, at most a thousand."""

    rows: list[Question]


class Answers(Struct, frozen=True):
    """The answers in the order of the questions, as of a moment."""

    as_of: str
    rows: list[Answer]


class CertificatePages(Controller):
    """`/v/<ID>` and what hangs on it."""

    path = "/v"

    @get("/{name:str}", name="certificate")
    async def show(
        self, request: AnyRequest, name: FromPath[str], settings: NamedDependency[Settings]
    ) -> Response[Any]:
        enforce(PAGE_LIMIT, _asker(request), settings.limit_factor, headers.PRIVATE)
        text, _, kind = name.partition(".")
        answer = {"": _page, "json": _json, "tlog-proof": _proof, "leaf": _leaf}.get(kind)
        if answer is None:
            raise queries.Unregistered
        return await answer(text)


async def _page(text: str) -> Response[Any]:
    try:
        entry = await queries.public_entry(text)
    except Refusal as refusal_:
        return page(
            "app/certificates/unregistered.html",
            says=locale.sentence(refusal_),
            keys=await _keys(),
            host=await log.host(),
            status_code=404,
            headers=headers.PRIVATE,
        )
    return page("app/certificates/certificate.html", headers=headers.PRIVATE, **await _shown(entry))


async def _shown(entry: PublicEntry) -> dict[str, Any]:
    return {
        "entry": entry,
        "printed_id": printed_id(entry.id),
        "logged_at": None if entry.logged_at is None else answers.moment(entry.logged_at),
        "changed_at": None if entry.changed_at is None else answers.moment(entry.changed_at),
        "reason": locale.label(RevocationReason(entry.reason_code)) if entry.reason_code else "",
        "differs": locale.gettext(COMMA).join(
            locale.gettext(PARTS[part]) for part in entry.differs
        ),
        "register": {
            "id": entry.id,
            "kind": int(entry.kind),
            "number": entry.number,
            "name": entry.masked_name,
            "title": entry.claim_title,
            "issued_on": entry.issued_on.isoformat(),
            "commit": entry.commit,
        },
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


class VerifyPages(Controller):
    """`/verify`: for those who cannot scan."""

    @get("/verify", name="verify")
    async def show(
        self,
        request: AnyRequest,
        settings: NamedDependency[Settings],
        id: FromQuery[str] = "",
    ) -> Response[Any]:
        enforce(PAGE_LIMIT, _asker(request), settings.limit_factor, headers.PRIVATE)
        form, problem = Form(ManualForm), ""
        if id.strip():
            try:
                return Redirect(f"/v/{parse_id(id)}", status_code=303, headers=headers.PRIVATE)
            except RuleBroken as refusal_:
                problem = locale.sentence(refusal_)
        return await _verify_page(form, typed_id=id, problem=problem)

    @post("/verify", name="verify-submit", status_code=200)
    async def verify(
        self, request: AnyRequest, settings: NamedDependency[Settings]
    ) -> Response[Any]:
        enforce(MANUAL_LIMIT, _asker(request), settings.limit_factor, headers.PRIVATE)
        form = await read_form(request, ManualForm)
        if not form.ok:
            return await _verify_page(form, status_code=422)
        number = form.data.number.strip().upper()
        if checking.NUMBER_LIMIT.take(number, settings.limit_factor):
            form.refuse(TooManyTries())
            return await _verify_page(form, status_code=429)
        entry = await queries.entry_by_number(number, form.data.name)
        if entry is None:
            form.refuse(NoSuchCertificate())
            return await _verify_page(form)
        return page(
            "app/certificates/certificate.html", headers=headers.PRIVATE, **await _shown(entry)
        )

    @post("/api/v1/verify", name="api-verify", status_code=200)
    async def verify_many(
        self,
        request: AnyRequest,
        data: JSONBody[Rows],
        settings: NamedDependency[Settings],
        now: NamedDependency[datetime],
    ) -> Response[Answers]:
        """Answer at most 1,000 rows; each a number and name, an ID, or a symbol's text."""
        enforce(BULK_LIMIT, _asker(request), settings.limit_factor, headers.PRIVATE)
        if len(data.rows) > MOST_ROWS:
            raise TooManyRows(MOST_ROWS, len(data.rows))
        rows = [await checking.answer(row, settings.limit_factor) for row in data.rows]
        return Response(Answers(now.isoformat(timespec="seconds"), rows), headers=headers.PRIVATE)


async def _verify_page(
    form: Form[ManualForm], *, typed_id: str = "", problem: str = "", status_code: int = 200
) -> Response[Any]:
    return page(
        "app/certificates/verify.html",
        form=form,
        typed_id=typed_id,
        problem=problem,
        host=await log.host(),
        status_code=status_code,
        headers=headers.PRIVATE,
    )


def _asker(request: AnyRequest) -> str:
    return str(request.scope["state"].get("address", ""))
