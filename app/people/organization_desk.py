"""The desk of organizations: list, one of them, add and change."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta, Struct
from msgspec.structs import replace

from app.errors import N_, RuleBroken, refusal
from app.people import history, organizations, queries
from app.people.kinds import OrganizationKind
from app.people.organizations import KEEPERS, OrganizationFacts, is_credit_code
from app.people.queries import OrganizationFilter, OrganizationLine, region_code_of, region_name
from app.people.rail import rail
from app.people.regions import scopes_of
from app.people.ties import SEERS
from app.rules.actors import Actor
from app.web.forms import Form, filled, read_form, read_query
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go
from app.web.templating import page

PAGE_SIZE = 50
BASE = "/desk/organizations"


@refusal
class UnknownRegion(RuleBroken):
    """A region is one of the table, by name or code."""

    says = N_("没有“{text}”这个地区，或有几个同名的。请从列表中选择，或填六位区划代码。")
    field = "region"
    text: str


@refusal
class WrongCreditCode(RuleBroken):
    """The check character of the credit code does not hold."""

    says = N_("不是有效的统一社会信用代码，请对照证照核对。")
    field = "credit_code"


class OrganizationForm(Struct, frozen=True):
    """An organization's facts, and the version that was seen."""

    name: Annotated[str, Meta(title=N_("单位名称"), max_length=80)]
    kind: Annotated[OrganizationKind, Meta(title=N_("单位类型"))]
    credit_code: Annotated[str, Meta(title=N_("统一社会信用代码"), max_length=30)] = ""
    region: Annotated[str, Meta(title=N_("所在地区"), max_length=60)] = ""
    contact: Annotated[str, Meta(title=N_("联系人"), max_length=80)] = ""
    version: int = 0

    def facts(self) -> OrganizationFacts:
        """Return the facts; raise `WrongCreditCode` or `UnknownRegion`."""
        code = "".join(self.credit_code.upper().split())
        if code and not is_credit_code(code):
            raise WrongCreditCode
        return OrganizationFacts(
            name=" ".join(self.name.split()),
            kind=self.kind,
            credit_code=code or None,
            region_code=_region(self.region),
            contact=self.contact or None,
        )


class OrganizationPages(Controller):
    """The register of organizations."""

    path = BASE
    guards = [requires(*SEERS)]  # noqa: RUF012 - Litestar's way

    @get("", name="desk-organizations")
    async def list_all(self, request: AnyRequest, actor: NamedDependency[Actor]) -> AnyResponse:
        query = read_query(request, OrganizationFilter)
        chosen = query.data if query.ok else OrganizationFilter()
        wanted, problem = chosen, None
        try:
            wanted = replace(chosen, region=_region(chosen.region) or "")
        except UnknownRegion as refusal:
            problem = refusal
        lines, count = await queries.organizations(wanted, PAGE_SIZE) if not problem else ([], 0)
        return page(
            "app/people/organizations.html",
            lines=lines,
            count=count,
            total=await queries.organization_count(),
            chosen=chosen,
            problem=problem,
            page_size=PAGE_SIZE,
            **_around(),
            may_keep=actor.holds_anywhere(*KEEPERS),
            may_exchange=actor.holds(KEEPERS),
        )

    @get("/new", name="desk-organization-new", guards=[requires(*KEEPERS)])
    async def new(self) -> AnyResponse:
        return await _form_page(Form(OrganizationForm), None)

    @post("/new", name="desk-organization-create", guards=[requires(*KEEPERS)])
    async def create(
        self, request: AnyRequest, actor: NamedDependency[Actor], now: NamedDependency[datetime]
    ) -> AnyResponse:
        form = await read_form(request, OrganizationForm)
        if form.ok:
            try:
                new_id = await organizations.register(form.data.facts(), by=actor, at=now)
                return go(f"{BASE}/{new_id}", toast=_("单位已登记"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _form_page(form, None, status_code=422)

    @get("/{organization_id:int}", name="desk-organization")
    async def show(
        self, organization_id: FromPath[int], actor: NamedDependency[Actor]
    ) -> AnyResponse:
        line = await queries.organization(organization_id)
        return page(
            "app/people/organization.html",
            organization=line,
            history=await history.history_of(f"people.organization:{organization_id}"),
            **_around((BASE, _("单位名册"))),
            may_keep=actor.holds(KEEPERS, *scopes_of(line.region_code)),
        )

    @get("/{organization_id:int}/edit", name="desk-organization-edit", guards=[requires(*KEEPERS)])
    async def edit(self, organization_id: FromPath[int]) -> AnyResponse:
        line = await queries.organization(organization_id)
        form = filled(OrganizationForm, line)
        form.values["region"] = [region_name(line.region_code, is_long=True)]
        return await _form_page(form, line)

    @post(
        "/{organization_id:int}/edit", name="desk-organization-change", guards=[requires(*KEEPERS)]
    )
    async def change(
        self,
        request: AnyRequest,
        organization_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        line = await queries.organization(organization_id)
        form = await read_form(request, OrganizationForm)
        if form.ok:
            try:
                facts, seen = form.data.facts(), form.data.version
                await organizations.change(
                    organization_id, facts, seen_version=seen, by=actor, at=now
                )
                return go(f"{BASE}/{organization_id}", toast=_("单位已修改"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _form_page(form, line, status_code=422)


def _region(text: str) -> str | None:
    code = region_code_of(text) if text else None
    if text and code is None:
        raise UnknownRegion(text)
    return code


def _around(*crumbs: tuple[str, str]) -> dict[str, Any]:
    return {
        "rail": rail("organizations"),
        "crumbs": crumbs,
        "kinds": list(OrganizationKind),
        "region_name": region_name,
    }


async def _form_page(
    form: Form[OrganizationForm], line: OrganizationLine | None, status_code: int = 200
) -> AnyResponse:
    crumbs = [(BASE, _("单位名册"))] + ([(f"{BASE}/{line.id}", line.name)] if line else [])
    return page(
        "app/people/organization_form.html",
        form=form,
        organization=line,
        regions=await queries.every_region(),
        **_around(*crumbs),
        status_code=status_code,
    )
