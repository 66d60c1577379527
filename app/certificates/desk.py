"""The certificate officer's desk: the register, one certificate, batches on their way."""

from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.audit import queries as journal
from app.certificates import actions, log, printing, progress, register, tiles, workbooks
from app.certificates.actions import Change
from app.certificates.facts import ClaimFacts
from app.certificates.kinds import CertificateStatus, RevocationReason
from app.certificates.rail import rail
from app.certificates.reach import MAY_READ, require_over, scopes_of
from app.certificates.register import CertificateDetail, CertificateFilter
from app.errors import N_, Refusal
from app.rules.actors import Actor
from app.rules.certificate_claim import CertificateKind
from app.rules.check_characters import printed_id
from app.settings import Settings
from app.web.forms import Form, read_form, read_query
from app.web.guards import requires
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page

AnyRequest = Request[Any, Any, Any]
PAGE_SIZE = 50
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RevokeForm(Struct, frozen=True):
    """Why a certificate is revoked: a public code and words for the journal."""

    version: int
    code: Annotated[RevocationReason, Meta(title=N_("撤销原因"))]
    reason: Annotated[str, Meta(title=N_("具体说明"), max_length=500)]


class ReasonForm(Struct, frozen=True):
    """Why."""

    version: int
    reason: Annotated[str, Meta(title=N_("原因"), max_length=500)]


class CorrectForm(Struct, frozen=True):
    """What the corrected certificate says."""

    version: int
    name: Annotated[str, Meta(title=N_("姓名"), max_length=50)]
    title: Annotated[str, Meta(title=N_("名称"), max_length=120)]
    issued_on: Annotated[date, Meta(title=N_("发证日期"))]
    reason: Annotated[str, Meta(title=N_("更正原因"), max_length=500)]
    result: Annotated[str, Meta(title=N_("结果"), max_length=60)] = ""
    short_title: Annotated[str, Meta(title=N_("名称简称"), max_length=60)] = ""


class CertificateDesk(Controller):
    """The register and its acts."""

    path = "/desk/certificates"
    guards = [requires(*MAY_READ)]  # noqa: RUF012 - Litestar's way to declare

    @get("", name="certificates")
    async def show_list(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[Any]:
        chosen = _chosen(request)
        bases = await register.visible_to(actor, MAY_READ)
        lines, count = await register.certificates(chosen, PAGE_SIZE, bases)
        return page(
            "app/certificates/desk/list.html",
            lines=lines,
            count=count,
            chosen=chosen,
            page_size=PAGE_SIZE,
            kinds=list(CertificateKind),
            statuses=list(CertificateStatus),
            batches=await progress.batches(bases),
            filter_query=_query(chosen),
            rail=rail(),
        )

    @get("/register.xlsx", name="certificate-register")
    async def workbook(self, request: AnyRequest, actor: NamedDependency[Actor]) -> Response[bytes]:
        """Export what the list shows."""
        bases = await register.visible_to(actor, MAY_READ)
        content = await workbooks.register_workbook(_chosen(request), bases)
        name = printing.disposition("certificates.xlsx")
        return Response(content, media_type=XLSX, headers=name)

    @get("/{certificate_id:int}", name="certificate-detail")
    async def show(
        self, certificate_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> Response[Any]:
        return await _detail_page(certificate_id, actor)

    @get("/{certificate_id:int}/pdf", name="certificate-pdf")
    async def pdf(
        self,
        certificate_id: FromPath[int],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
    ) -> Response[bytes]:
        detail = await _readable(certificate_id, actor)
        if detail.line.status is not CertificateStatus.VALID:
            raise printing.NotPrintable
        content = await printing.pdf_of([detail], is_demo=settings.is_demo)
        return Response(
            content,
            media_type=PDF,
            headers=printing.disposition(printing.file_name(detail), inline=True),
        )

    @post("/{certificate_id:int}/revocation", name="certificate-revoke")
    async def revoke(
        self,
        request: AnyRequest,
        certificate_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        form = await read_form(request, RevokeForm)
        if form.ok:
            try:
                change = _change(certificate_id, form.data)
                await actions.revoke(change, form.data.code, by=actor, at=now)
                return go(
                    f"/desk/certificates/{certificate_id}", toast=_("证书已撤销，查验页即时生效")
                )
            except Refusal as refusal:
                form.refuse(refusal)
        return await _detail_page(certificate_id, actor, form, "revocation")

    @post("/{certificate_id:int}/restoration", name="certificate-restore")
    async def restore(
        self,
        request: AnyRequest,
        certificate_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        form = await read_form(request, ReasonForm)
        if form.ok:
            try:
                await actions.restore(_change(certificate_id, form.data), by=actor, at=now)
                return go(f"/desk/certificates/{certificate_id}", toast=_("证书已恢复有效"))
            except Refusal as refusal:
                form.refuse(refusal)
        return await _detail_page(certificate_id, actor, form, "restoration")

    @post("/{certificate_id:int}/reissue", name="certificate-reissue")
    async def reissue(
        self,
        request: AnyRequest,
        certificate_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        form = await read_form(request, ReasonForm)
        if form.ok:
            try:
                await actions.reissue(_change(certificate_id, form.data), by=actor, at=now)
                return go(
                    f"/desk/certificates/{certificate_id}",
                    toast=_("已记录补发，编号和签名不变，可以重新打印"),
                )
            except Refusal as refusal:
                form.refuse(refusal)
        return await _detail_page(certificate_id, actor, form, "reissue")

    @get("/{certificate_id:int}/correction", name="certificate-correction")
    async def show_correction(
        self, certificate_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> Response[Any]:
        detail = await _readable(certificate_id, actor)
        line = detail.line
        short = line.claim_title if line.claim_title != line.title else ""
        values = {
            "version": line.version,
            "name": line.name,
            "title": line.title,
            "result": line.result,
            "issued_on": line.issued_on.isoformat(),
            "short_title": short,
        }
        return page(
            "app/certificates/desk/correct.html", detail=detail, form=Form(CorrectForm, values)
        )

    @post("/{certificate_id:int}/correction", name="certificate-correct")
    async def correct(
        self,
        request: AnyRequest,
        certificate_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        detail = await _readable(certificate_id, actor)
        form = await read_form(request, CorrectForm)
        if form.ok:
            try:
                facts = _corrected(detail, form.data)
                new = await actions.correct(
                    _change(certificate_id, form.data), facts, by=actor, at=now
                )
                return go(f"/desk/certificates/{new}", toast=_("已签发更正后的证书，旧证书指向它"))
            except Refusal as refusal:
                form.refuse(refusal)
        return page(
            "app/certificates/desk/correct.html",
            rail=rail(),
            detail=detail,
            form=form,
            status_code=422,
        )


def _chosen(request: AnyRequest) -> CertificateFilter:
    form = read_query(request, CertificateFilter)
    return form.data if form.ok else CertificateFilter()


async def _readable(certificate_id: int, actor: Actor) -> CertificateDetail:
    detail = await register.certificate(certificate_id)
    await require_over(actor, MAY_READ, detail.line.basis)
    return detail


async def _detail_page(
    certificate_id: int, actor: Actor, form: Form[Any] | None = None, sent: str = ""
) -> Response[Any]:
    """Show a certificate; `sent` names the form that was refused, and what it holds stays there."""
    detail = await _readable(certificate_id, actor)
    may_change = actor.holds(actions.MAY_CHANGE, *await scopes_of(detail.line.basis))
    return page(
        "app/certificates/desk/detail.html",
        rail=rail(),
        detail=detail,
        line=detail.line,
        form=form or Form(),
        sent=sent,
        pending=await tiles.pending(),
        printed_id=printed_id(detail.line.verification_id),
        host=await log.host(),
        reasons=list(RevocationReason),
        may_change=may_change,
        is_valid=detail.line.status is CertificateStatus.VALID,
        is_revoked=detail.line.status is CertificateStatus.REVOKED,
        records=await journal.records_of(f"certificates.certificate:{certificate_id}"),
        status_code=422 if sent else 200,
    )


def _change(certificate_id: int, data: RevokeForm | ReasonForm | CorrectForm) -> Change:
    return Change(certificate_id=certificate_id, seen_version=data.version, reason=data.reason)


def _corrected(detail: CertificateDetail, data: CorrectForm) -> ClaimFacts:
    return ClaimFacts(
        name=data.name,
        title=data.title,
        short_title=data.short_title,
        result=data.result,
        issued_on=data.issued_on,
        person_id=detail.line.person_id,
        prints=detail.prints,
    )


def _query(chosen: CertificateFilter) -> str:
    given = {"q": chosen.q, "kind": chosen.kind, "status": chosen.status}
    return urlencode(
        {
            name: value
            for name, value in (given | {"batch": chosen.batch, "basis": chosen.basis}).items()
            if value
        }
    )
