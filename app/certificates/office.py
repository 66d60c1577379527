"""The certificate office: issuers and their authority, number templates."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct

from app.certificates import issuers, numbering, offices
from app.certificates.issuers import IssuerFacts, TemplateFacts
from app.certificates.numbering import NumberFacts
from app.certificates.rail import rail
from app.errors import N_, Refusal
from app.rules.actors import Actor, Duty
from app.rules.certificate_claim import CertificateKind
from app.web import locale
from app.web.clock import SHANGHAI
from app.web.forms import Form, read_form, read_query
from app.web.guards import requires
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page

AnyRequest = Request[Any, Any, Any]
MAY_READ = (Duty.CERTIFICATE_OFFICER, Duty.AUDITOR, Duty.ADMINISTRATOR)
EXAMPLE_SERIAL = 1
SEPARATORS = re.compile(r"[\s,\uff0c\u3001]+")


class IssuerForm(Struct, frozen=True):
    """An issuer; the words are separated by blanks or commas."""

    name: Annotated[str, Meta(title=N_("机构名称"), max_length=80)]
    region_code: Annotated[str, Meta(title=N_("行政区划代码"), min_length=6, max_length=6)]
    body_code: Annotated[str, Meta(title=N_("机构编号"), max_length=12)] = issuers.UNKNOWN_BODY
    words: Annotated[str, Meta(title=N_("获批可用的词"), max_length=300)] = ""
    authority: Annotated[str, Meta(title=N_("批准文件"), max_length=200)] = ""
    is_closed: Annotated[bool, Meta(title=N_("停用"))] = False
    version: int = 0


class TemplateForm(Struct, frozen=True):
    """A number template from a date on."""

    kind: Annotated[int, Meta(title=N_("证书类型"), ge=1, le=3)]
    effective_on: Annotated[date, Meta(title=N_("启用日期"))]
    pattern: Annotated[str, Meta(title=N_("编号模板"), max_length=120)]
    issuer: Annotated[int, Meta(title=N_("发证机构"))] = 0


class Trial(Struct, frozen=True):
    """What a template is tried on."""

    pattern: str = ""
    region: str = "520102"
    body: str = "0001"
    serial: int = EXAMPLE_SERIAL


class IssuerPages(Controller):
    """Issuers and the words they are authorised to print."""

    path = "/desk/certificates/issuers"
    guards = [requires(*MAY_READ)]  # noqa: RUF012 - Litestar's way to declare

    @get("", name="issuers")
    async def show_list(self) -> Response[Any]:
        return page(
            "app/certificates/desk/issuers.html",
            rail=rail("/issuers"),
            lines=await offices.issuers(),
            form=Form(IssuerForm),
        )

    @post("", name="issuer-add")
    async def add(
        self, request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> Response[Any]:
        form = await read_form(request, IssuerForm)
        if form.ok:
            try:
                await issuers.add_issuer(_issuer(form.data), by=actor, at=now)
                return go("/desk/certificates/issuers", toast=_("已登记发证机构"))
            except Refusal as refusal:
                form.refuse(refusal)
        lines = await offices.issuers()
        return page(
            "app/certificates/desk/issuers.html",
            rail=rail("/issuers"),
            lines=lines,
            form=form,
            status_code=422,
        )

    @get("/{issuer_id:int}", name="issuer")
    async def show(self, issuer_id: FromPath[int]) -> Response[Any]:
        line = await offices.issuer(issuer_id)
        values = {
            "name": line.name,
            "region_code": line.region_code,
            "body_code": line.body_code,
            "words": " ".join(line.authorized_words),
            "authority": line.authority,
            "is_closed": line.is_closed,
            "version": line.version,
        }
        return page(
            "app/certificates/desk/issuer.html",
            rail=rail("/issuers"),
            line=line,
            form=Form(IssuerForm, values),
        )

    @post("/{issuer_id:int}", name="issuer-change")
    async def change(
        self,
        request: AnyRequest,
        issuer_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Response[Any]:
        form = await read_form(request, IssuerForm)
        if form.ok:
            try:
                facts, seen = _issuer(form.data), form.data.version
                await issuers.change_issuer(issuer_id, facts, seen_version=seen, by=actor, at=now)
                return go("/desk/certificates/issuers", toast=_("已保存发证机构"))
            except Refusal as refusal:
                form.refuse(refusal)
        line = await offices.issuer(issuer_id)
        return page(
            "app/certificates/desk/issuer.html",
            rail=rail("/issuers"),
            line=line,
            form=form,
            status_code=422,
        )


class NumberPages(Controller):
    """Number templates: set one, try one."""

    path = "/desk/certificates/numbers"
    guards = [requires(*MAY_READ)]  # noqa: RUF012 - Litestar's way to declare

    @get("", name="number-templates")
    async def show(self, request: AnyRequest, now: NamedDependency[datetime]) -> Response[Any]:
        form = read_query(request, Trial)
        return await _numbers_page(Form(TemplateForm), form.data if form.ok else Trial(), now)

    @post("", name="number-template-set")
    async def set_template(
        self, request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> Response[Any]:
        form = await read_form(request, TemplateForm)
        if form.ok:
            try:
                await issuers.set_template(_template(form.data), by=actor, at=now)
                return go("/desk/certificates/numbers", toast=_("编号模板已设置"))
            except Refusal as refusal:
                form.refuse(refusal)
        return await _numbers_page(form, Trial(), now, status_code=422)


def _issuer(data: IssuerForm) -> IssuerFacts:
    words = [word for word in SEPARATORS.split(data.words) if word]
    return IssuerFacts(
        name=data.name,
        region_code=data.region_code,
        body_code=data.body_code,
        authorized_words=tuple(words),
        authority=data.authority,
        is_closed=data.is_closed,
    )


def _template(data: TemplateForm) -> TemplateFacts:
    return TemplateFacts(
        kind=CertificateKind(data.kind),
        effective_on=data.effective_on,
        pattern=data.pattern,
        issuer_id=data.issuer or None,
    )


async def _numbers_page(
    form: Form[TemplateForm], trial: Trial, now: datetime, status_code: int = 200
) -> Response[Any]:
    shown, problem = _tried(trial, now)
    return page(
        "app/certificates/desk/numbers.html",
        rail=rail("/numbers"),
        form=form,
        trial=trial,
        shown=shown,
        problem=problem,
        lines=await offices.templates(),
        defaults=numbering.DEFAULTS,
        kinds=list(CertificateKind),
        issuers=await offices.issuers(),
        status_code=status_code,
    )


def _tried(trial: Trial, now: datetime) -> tuple[str, str]:
    if not trial.pattern:
        return "", ""
    facts = NumberFacts(now.astimezone(SHANGHAI).date(), trial.region, trial.body)
    try:
        return numbering.render(numbering.parse_template(trial.pattern), facts, trial.serial), ""
    except Refusal as refusal:
        return "", locale.sentence(refusal)
