"""The administrator's desk: accounts, their one-time links and their duties."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Meta, Struct
from msgspec.structs import replace

from app.accounts import actions, closing, grants, holders, queries, scope_names
from app.accounts.queries import AccountLine
from app.errors import N_, NotAllowed, NotFound, Refusal, RuleBroken, refusal
from app.people.actions import resident
from app.people.queries import every_region, region_code_of
from app.rules.actors import EVERYWHERE, Actor, Duty, Grant, Scope, require
from app.settings import Settings
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.locale import heading
from app.web.responses import go
from app.web.templating import page

REGION = "region"


class AccountForm(Struct, frozen=True):
    """A new account."""

    sign_in_name: Annotated[str, Meta(title=N_("登录名"), max_length=64)]
    name: Annotated[str, Meta(title=N_("姓名"), max_length=50)]
    id_number: Annotated[str, Meta(title=N_("身份证号"), max_length=30)] = ""


class GrantForm(Struct, frozen=True):
    """A duty in a scope; one of kind `region` is named beside it."""

    duty: Annotated[Duty, Meta(title=N_("职责"))]
    scope: Annotated[str, Meta(title=N_("范围"), max_length=40)]
    region: Annotated[str, Meta(title=N_("地区"), max_length=40)] = ""
    opens_at: Annotated[datetime | None, Meta(title=N_("开始时间"))] = None
    closes_at: Annotated[datetime | None, Meta(title=N_("结束时间"))] = None


class ReasonForm(Struct, frozen=True):
    """Why."""

    reason: Annotated[str, Meta(title=N_("原因"), max_length=200)]


class CloseForm(Struct, frozen=True):
    """Close or reopen an account that was seen in this version."""

    version: int
    is_closed: bool


class AccountsPages(Controller):
    """The administrator's accounts."""

    path = "/desk/accounts"
    guards = [requires(Duty.ADMINISTRATOR)]  # noqa: RUF012 - Litestar's way

    @get("", name="accounts")
    async def list_accounts(
        self,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        q: FromQuery[str] = "",
    ) -> AnyResponse:
        found = await _seen_by(actor, await queries.accounts(q.strip()))
        scopes = (grant.scope for line in found for grant in line.grants)
        names = await scope_names.names_of(scopes)
        return page(
            "app/accounts/accounts.html",
            accounts=found,
            scope_names=names,
            q=q,
            now=now,
            may_everywhere=actor.holds(Duty.ADMINISTRATOR),
        )

    @get("/new", name="account-new")
    async def new(self, actor: NamedDependency[Actor]) -> AnyResponse:
        require(actor, Duty.ADMINISTRATOR)
        return page("app/accounts/new.html", form=Form(AccountForm))

    @post("/new", name="account-create")
    async def create(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        settings: NamedDependency[Settings],
    ) -> AnyResponse:
        form = await read_form(request, AccountForm)
        if form.ok:
            try:
                account_id, token = await holders.create_account(
                    sign_in_name=form.data.sign_in_name,
                    name=form.data.name,
                    person=resident(form.data.name, form.data.id_number, now),
                    by=actor,
                    at=now,
                )
            except RuleBroken as refusal:
                form.refuse(refusal)
            else:
                return await _account_page(
                    account_id, Form(GrantForm), link=_link(settings, token), by=actor, at=now
                )
        return page("app/accounts/new.html", form=form, status_code=422)

    @get("/{account_id:int}", name="account-detail")
    async def show(
        self,
        account_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        return await _account_page(account_id, Form(GrantForm), by=actor, at=now)

    @post("/{account_id:int}/invitation", name="account-invite")
    async def invite(
        self,
        account_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        settings: NamedDependency[Settings],
    ) -> AnyResponse:
        token = await actions.invite(account_id, by=actor, at=now)
        return await _account_page(
            account_id, Form(GrantForm), link=_link(settings, token), by=actor, at=now
        )

    @post("/{account_id:int}/grants", name="account-grant")
    async def grant(
        self,
        request: AnyRequest,
        account_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, GrantForm)
        if form.ok:
            try:
                scope = await _scope(form.data, actor)
                opens_at = form.data.opens_at or now
                wanted = Grant(form.data.duty, scope, opens_at, form.data.closes_at)
                await grants.grant(account_id, wanted, by=actor, at=now)
                return go(f"/desk/accounts/{account_id}", toast=_("已授予职责"))
            except (RuleBroken, NotAllowed) as refusal:
                form.refuse(refusal)
        return await _account_page(account_id, form, status_code=422, by=actor, at=now)

    @post("/{account_id:int}/grants/{grant_id:int}/end", name="account-grant-end")
    async def end_grant(
        self,
        request: AnyRequest,
        account_id: FromPath[int],
        grant_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, ReasonForm)
        if not form.ok:
            return await _refused(account_id, form.error("reason"), by=actor, at=now)
        try:
            await grants.end_grant(grant_id, reason=form.data.reason, by=actor, at=now)
        except RuleBroken as refusal:
            return await _refused(account_id, refusal, by=actor, at=now)
        return go(f"/desk/accounts/{account_id}", toast=_("授权已结束"))

    @post("/{account_id:int}/closing", name="account-close")
    async def close(
        self,
        request: AnyRequest,
        account_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, CloseForm)
        try:
            await closing.close_account(
                account_id,
                is_closed=form.data.is_closed,
                seen_version=form.data.version,
                by=actor,
                at=now,
            )
        except RuleBroken as refusal:
            return await _refused(account_id, refusal, by=actor, at=now)
        return go(
            f"/desk/accounts/{account_id}",
            toast=_("账号已停用") if form.data.is_closed else _("账号已恢复"),
        )


@refusal
class WrongScope(RuleBroken):
    """The scope is none of those that were offered."""

    says = N_("请从列表中选择范围。")
    field = "scope"


@refusal
class WrongRegion(RuleBroken):
    """The region is missing, unknown, or several have its name."""

    says = N_("没有这个地区，或有几个同名的。请写全称（含省市）或六位区划代码。")
    field = "region"


async def _scope(data: GrantForm, by: Actor) -> Scope:
    if data.scope == str(EVERYWHERE):
        return EVERYWHERE
    if data.scope == REGION:
        code = region_code_of(data.region)
        if code is None:
            raise WrongRegion
        return Scope(REGION, code)
    for places in (await scope_names.offered_to(by)).values():
        for place in places:
            if str(place.scope) == data.scope:
                return place.scope
    raise WrongScope


def _link(settings: Settings, token: str) -> str:
    return f"{settings.public_origin}/invitations/{token}"


async def _seen_by(by: Actor, lines: Sequence[AccountLine]) -> list[AccountLine]:
    """Return what an administrator sees of accounts: those with a duty in their scope, or none yet.

    Duties elsewhere are left out, and with them the accounts that hold no others.
    """
    scopes = (grant.scope for line in lines for grant in line.grants)
    reached = await scope_names.administered_by(by, scopes)
    found = []
    for line in lines:
        kept = tuple(grant for grant in line.grants if grant.scope in reached)
        if kept or not line.grants:
            found.append(replace(line, grants=kept))
    return found


async def _refused(
    account_id: int, problem: Refusal | str, *, by: Actor, at: datetime
) -> AnyResponse:
    return await _account_page(
        account_id, Form(GrantForm), problem=problem, status_code=422, by=by, at=at
    )


async def _account_page(
    account_id: int,
    form: Form[GrantForm],
    *,
    by: Actor,
    at: datetime,
    link: str = "",
    problem: Refusal | str = "",
    status_code: int = 200,
) -> AnyResponse:
    seen = await _seen_by(by, [await queries.account(account_id)])
    if not seen:
        raise NotFound
    places = {str(grant.scope) for grant in seen[0].grants}
    lines = [line for line in await queries.grant_lines(account_id) if line.scope in places]
    return page(
        "app/accounts/detail.html",
        account=seen[0],
        crumbs=[("/desk/accounts", heading("账号"))],
        form=form,
        link=link,
        problem=problem,
        grants=lines,
        now=at,
        scope_names=await scope_names.names_of(Scope.parse(line.scope) for line in lines),
        duties=list(Duty),
        places=await scope_names.offered_to(by),
        may_everywhere=by.holds(Duty.ADMINISTRATOR),
        regions=[name for _code, name in await every_region()],
        status_code=status_code,
    )
