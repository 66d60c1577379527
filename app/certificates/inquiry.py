"""Ask by number and name, by code, by a picture, or for many at once."""

from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect
from msgspec import Meta, Struct

from app.certificates import answers, checking, headers, log, numbering, queries, scanning
from app.certificates.checking import Question, Reason
from app.certificates.drawn import PAGE_LIMIT
from app.certificates.kinds import Verdict
from app.certificates.pages import asker, shown
from app.certificates.scanning import Symbol
from app.certificates.verdicts import Doubt
from app.errors import N_, RuleBroken, refusal
from app.rules.check_characters import parse_id
from app.settings import Settings
from app.web import locale
from app.web.forms import Form, read_form
from app.web.limits import FORM_BYTES, Limit, enforce, minutes_of
from app.web.responses import go
from app.web.templating import page

MANUAL_LIMIT = Limit(10, 60)
FILE_BYTES = scanning.MOST_BYTES + 10_000
AnyRequest = Request[Any, Any, Any]
WHY = {
    Reason.BAD_SIGNATURE.value: N_("二维码的签名不成立，这张证书可能是伪造的。"),
    Reason.NOT_IN_REGISTER.value: N_(
        "二维码的签名真实，但登记中没有这张证书，不能确认有效。请向发证机构核实。"
    ),
    Reason.NOT_IN_LOG.value: N_("这张证书没有登记在公开的日志中，不能确认有效。"),
    Doubt.DAMAGED.value: queries.Damaged.says,
    Doubt.KEY.value: N_("签名的密钥在这张证书登记之前就已失密，不能确认有效。请向发证机构核实。"),
    Doubt.CHECKPOINT.value: N_("这张证书刚刚签发，还没有纳入公开日志的检查点。请过几分钟再查。"),
    Reason.REGISTER_DIFFERS.value: N_(
        "二维码的签名真实，但与登记不一致。请勿采信，并向发证机构核实。"
    ),
    Reason.NOT_OURS.value: N_(
        "这不是证书的二维码：里面没有证书的查验网址，也没有签名。"
        "如果它印在证书上，这张证书可能是伪造的，请向发证机构核实。"
    ),
    Reason.ADDRESS.value: N_("二维码的签名真实，但网址不是本站的，请勿打开，并向发证机构核实。"),
    Reason.NOT_FOUND.value: queries.Unregistered.says,
}


@refusal
class NoSuchCertificate(RuleBroken):
    """Number and name do not belong together, or there is no such number: one answer for both."""

    says = N_("没有查到与此编号和姓名相符的证书。请对照证书核对编号和姓名，一字不差地填写。")


@refusal
class TooManyTries(RuleBroken):
    """This number was tried too often."""

    says = N_("这个编号查询次数过多，请过 {minutes} 分钟再试，或扫描证书上的二维码。")
    field = "number"
    minutes: int


class ManualForm(Struct, frozen=True):
    """Number and full name."""

    number: Annotated[str, Meta(title=N_("证书编号"), max_length=60)]
    name: Annotated[str, Meta(title=N_("姓名"), max_length=60)]


class IdForm(Struct, frozen=True):
    """The ID beside the symbol."""

    id: Annotated[str, Meta(title=N_("验证码"), max_length=30)] = ""


class FileForm(Struct, frozen=True):
    """A picture or PDF of a certificate."""

    file: Annotated[UploadFile, Meta(title=N_("证书图片或 PDF"))]


class VerifyPages(Controller):
    """`/verify`: for those who cannot scan."""

    @get("/verify", name="verify")
    async def show(
        self,
        request: AnyRequest,
        settings: NamedDependency[Settings],
        id: FromQuery[str] = "",
    ) -> Response[Any]:
        enforce(PAGE_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        by_id = Form(IdForm, {"id": id})
        if id.strip():
            try:
                return Redirect(f"/v/{parse_id(id)}", status_code=303, headers=headers.PRIVATE)
            except RuleBroken as refusal_:
                by_id.refuse(refusal_)
        return await _verify_page(by_id=by_id)

    @post("/verify", name="verify-submit", status_code=200, request_max_body_size=FORM_BYTES)
    async def verify(
        self, request: AnyRequest, settings: NamedDependency[Settings]
    ) -> Response[Any]:
        enforce(MANUAL_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        form = await read_form(request, ManualForm)
        if not form.ok:
            return await _verify_page(by_number=form, status_code=422)
        number = numbering.asked(form.data.number)
        if wait := checking.NUMBER_LIMIT.take(number, settings.limit_factor):
            form.refuse(TooManyTries(minutes_of(wait)))
            late = await _verify_page(by_number=form, status_code=429)
            late.headers["Retry-After"] = str(wait)
            return late
        entry = await queries.entry_by_number(form.data.number, form.data.name)
        if entry is None:
            form.refuse(NoSuchCertificate())
            return await _verify_page(by_number=form)
        return page(
            "app/certificates/certificate.html",
            headers=headers.PRIVATE,
            read_at=f"/v/{entry.id}",
            **await shown(entry),
        )

    @post("/verify/file", name="verify-file", status_code=200, request_max_body_size=FILE_BYTES)
    async def verify_file(
        self, request: AnyRequest, settings: NamedDependency[Settings]
    ) -> Response[Any]:
        """Read the symbol of an uploaded picture or PDF and check it."""
        enforce(MANUAL_LIMIT, asker(request), settings.limit_factor, headers.PRIVATE)
        form = await read_form(request, FileForm)
        if not form.ok:
            return await _verify_page(by_file=form, status_code=422)
        try:
            async with scanning.in_turn(asker(request)):
                symbol = await scanning.symbol_in(await form.data.file.read())
        except RuleBroken as refusal_:
            form.refuse(refusal_)
            return await _verify_page(by_file=form, status_code=422)
        return await _scanned(symbol, settings.limit_factor)


async def _scanned(symbol: Symbol, factor: int) -> Response[Any]:
    """Show what a symbol says; without its signature, what the register does."""
    text, beside = symbol.text, symbol.beside()
    found = await checking.answer(Question(qr_text=text), factor)
    claim = checking.claim_in(text) if found.verdict is not Verdict.FORGED else None
    register = f"/v/{found.certificate.id}" if found.certificate else ""
    if register and claim is None:
        answer = go(register, toast=" ".join(beside))
        answer.headers.update(headers.PRIVATE)
        return answer
    return page(
        "app/certificates/scanned.html",
        beside=beside,
        found=found,
        claim=claim,
        why=locale.gettext(WHY.get(found.reason, "")),
        logged_at=answers.moment_of(found.certificate),
        Verdict=Verdict,
        read_at=f"{register}#{text.strip().partition('#')[2]}" if register else "",
        headers=headers.PRIVATE,
    )


async def _verify_page(
    *,
    by_number: Form[ManualForm] | None = None,
    by_id: Form[IdForm] | None = None,
    by_file: Form[FileForm] | None = None,
    status_code: int = 200,
) -> Response[Any]:
    return page(
        "app/certificates/verify.html",
        by_number=by_number or Form(ManualForm),
        by_id=by_id or Form(IdForm),
        by_file=by_file or Form(FileForm),
        host=await log.host(),
        status_code=status_code,
        headers=headers.APP,
    )
