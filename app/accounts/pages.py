"""Sign in and out, take a one-time link, and manage accounts and duties."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Meta, Struct

from app.accounts import actions, queries
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor, Duty, Grant, Scope
from app.settings import Settings
from app.web import cookies
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.locale import gettext as _
from app.web.responses import go, local_path
from app.web.templating import page


class SignInForm(Struct, frozen=True):
    """Name and password."""

    sign_in_name: Annotated[str, Meta(title=N_("登录名"), max_length=64)]
    password: Annotated[str, Meta(title=N_("密码"), max_length=128)]
    next: Annotated[str, Meta(max_length=500)] = ""


class PasswordForm(Struct, frozen=True):
    """A new password, typed twice."""

    password: Annotated[str, Meta(title=N_("新密码"), max_length=128)]
    again: Annotated[str, Meta(title=N_("再输一次"), max_length=128)]


class ChangePasswordForm(Struct, frozen=True):
    """The present password and a new one, typed twice."""

    old: Annotated[str, Meta(title=N_("现在的密码"), max_length=128)]
    password: Annotated[str, Meta(title=N_("新密码"), max_length=128)]
    again: Annotated[str, Meta(title=N_("再输一次"), max_length=128)]


class AccountForm(Struct, frozen=True):
    """A new account."""

    sign_in_name: Annotated[str, Meta(title=N_("登录名"), max_length=64)]
    name: Annotated[str, Meta(title=N_("姓名"), max_length=50)]


class GrantForm(Struct, frozen=True):
    """A duty in a scope."""

    duty: Annotated[Duty, Meta(title=N_("职责"))]
    scope_kind: Annotated[str, Meta(title=N_("范围"))]
    opens_at: Annotated[datetime | None, Meta(title=N_("开始时间"))] = None
    closes_at: Annotated[datetime | None, Meta(title=N_("结束时间"))] = None
    scope_key: Annotated[str, Meta(title=N_("范围编号"), max_length=20)] = ""


class ReasonForm(Struct, frozen=True):
    """Why."""

    reason: Annotated[str, Meta(title=N_("原因"), max_length=200)]


class CloseForm(Struct, frozen=True):
    """Close or reopen an account that was seen in this version."""

    version: int
    is_closed: bool


class SignInPages(Controller):
    """Everyone's way in and out."""

    @get("/sign-in", name="sign-in")
    async def show(self, actor: NamedDependency[Actor], next: FromQuery[str] = "") -> AnyResponse:
        if actor.is_signed_in:
            return Redirect(local_path(next, "/desk"), status_code=303)
        return await _sign_in_page(Form(SignInForm, {"next": next}))

    @post("/sign-in", name="sign-in-submit")
    async def sign_in(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        settings: NamedDependency[Settings],
    ) -> AnyResponse:
        form = await read_form(request, SignInForm)
        if form.ok:
            try:
                token = await actions.sign_in(
                    form.data.sign_in_name,
                    form.data.password,
                    by=actor,
                    at=now,
                    browser=request.headers.get("user-agent", ""),
                )
            except RuleBroken as refusal:
                form.refuse(refusal)
            else:
                answer = Redirect(local_path(form.data.next, "/desk"), status_code=303)
                answer.set_cookie(_session_cookie(token, is_https=settings.is_https))
                return answer
        return await _sign_in_page(form, status_code=422)

    @post("/sign-out", name="sign-out")
    async def sign_out(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> Redirect:
        await actions.sign_out(request.cookies.get(cookies.SESSION, ""), by=actor, at=now)
        answer = go("/", toast=_("已退出登录"))
        answer.set_cookie(Cookie(cookies.SESSION, value="", max_age=0))
        return answer


class InvitationPages(Controller):
    """A one-time link, taken once."""

    path = "/invitations/{token:str}"

    @get("", name="invitation")
    async def show(self, token: FromPath[str], now: NamedDependency[datetime]) -> AnyResponse:
        line = await queries.open_invitation(token, now)
        if line is None:
            raise actions.InvitationSpent
        return page("app/accounts/invitation.html", form=Form(PasswordForm), account=line)

    @post("", name="invitation-take")
    async def take(
        self,
        request: AnyRequest,
        token: FromPath[str],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        line = await queries.open_invitation(token, now)
        if line is None:
            raise actions.InvitationSpent
        form = await read_form(request, PasswordForm)
        if form.ok and _same_twice(form, form.data.password, form.data.again):
            try:
                await actions.take_invitation(token, form.data.password, by=actor, at=now)
                return go("/sign-in", toast=_("密码已设置，请登录"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return page("app/accounts/invitation.html", form=form, account=line, status_code=422)


class OwnAccountPages(Controller):
    """One's own account."""

    path = "/account"
    guards = [requires()]  # noqa: RUF012 - Litestar's way

    @get("", name="account")
    async def show(self, actor: NamedDependency[Actor]) -> AnyResponse:
        return await _own_page(actor, Form(ChangePasswordForm))

    @post("/password", name="account-password")
    async def change_password(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
    ) -> AnyResponse:
        form = await read_form(request, ChangePasswordForm)
        if form.ok and _same_twice(form, form.data.password, form.data.again):
            try:
                await actions.change_password(
                    actor.account_id or 0,
                    old=form.data.old,
                    new=form.data.password,
                    by=actor,
                    at=now,
                )
                return go("/sign-in", toast=_("密码已修改，请用新密码登录"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _own_page(actor, form, status_code=422)


class AccountsPages(Controller):
    """The administrator's accounts."""

    path = "/desk/accounts"
    guards = [requires(Duty.ADMINISTRATOR)]  # noqa: RUF012 - Litestar's way

    @get("", name="accounts")
    async def list_accounts(self, q: FromQuery[str] = "") -> AnyResponse:
        return page("app/accounts/accounts.html", accounts=await queries.accounts(q.strip()), q=q)

    @get("/new", name="account-new")
    async def new(self) -> AnyResponse:
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
                account_id, token = await actions.create_account(
                    sign_in_name=form.data.sign_in_name, name=form.data.name, by=actor, at=now
                )
            except RuleBroken as refusal:
                form.refuse(refusal)
            else:
                return await _account_page(account_id, Form(GrantForm), link=_link(settings, token))
        return page("app/accounts/new.html", form=form, status_code=422)

    @get("/{account_id:int}", name="account-detail")
    async def show(self, account_id: FromPath[int]) -> AnyResponse:
        return await _account_page(account_id, Form(GrantForm))

    @post("/{account_id:int}/invitation", name="account-invite")
    async def invite(
        self,
        account_id: FromPath[int],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        settings: NamedDependency[Settings],
    ) -> AnyResponse:
        token = await actions.invite(account_id, by=actor, at=now)
        return await _account_page(account_id, Form(GrantForm), link=_link(settings, token))

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
                wanted = Grant(
                    form.data.duty, _scope(form), form.data.opens_at or now, form.data.closes_at
                )
                await actions.grant(account_id, wanted, by=actor, at=now)
                return go(f"/desk/accounts/{account_id}", toast=_("已授予职责"))
            except RuleBroken as refusal:
                form.refuse(refusal)
        return await _account_page(account_id, form, status_code=422)

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
            return await _account_page(
                account_id, Form(GrantForm), status_code=422, problem=form.error("reason")
            )
        await actions.end_grant(grant_id, reason=form.data.reason, by=actor, at=now)
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
        await actions.close_account(
            account_id,
            is_closed=form.data.is_closed,
            seen_version=form.data.version,
            by=actor,
            at=now,
        )
        return go(
            f"/desk/accounts/{account_id}",
            toast=_("账号已停用") if form.data.is_closed else _("账号已恢复"),
        )


@refusal
class PasswordsDiffer(RuleBroken):
    """The two typed passwords are not the same."""

    says = N_("两次输入的密码不一样，请重新输入。")
    field = "again"


@refusal
class WrongScope(RuleBroken):
    """The scope's kind or number is missing or wrong."""

    says = N_("请选择范围；除“全部”外，还要填写它的编号。")
    field = "scope_key"


def _same_twice(
    form: Form[PasswordForm] | Form[ChangePasswordForm], password: str, again: str
) -> bool:
    if password != again:
        form.refuse(PasswordsDiffer())
    return password == again


def _scope(form: Form[GrantForm]) -> Scope:
    text = (
        form.data.scope_kind
        if form.data.scope_kind == "all"
        else f"{form.data.scope_kind}:{form.data.scope_key}"
    )
    try:
        return Scope.parse(text)
    except ValueError:
        raise WrongScope from None


def _link(settings: Settings, token: str) -> str:
    return f"{settings.public_origin}/invitations/{token}"


def _session_cookie(token: str, *, is_https: bool) -> Cookie:
    return Cookie(cookies.SESSION, value=token, httponly=True, samesite="lax", secure=is_https)


async def _sign_in_page(form: Form[SignInForm], status_code: int = 200) -> AnyResponse:
    return page(
        "app/accounts/sign_in.html",
        form=form,
        is_first_run=await queries.is_first_run(),
        status_code=status_code,
    )


async def _own_page(
    actor: Actor, form: Form[ChangePasswordForm], status_code: int = 200
) -> AnyResponse:
    line = await queries.account(actor.account_id or 0)
    return page("app/accounts/account.html", account=line, form=form, status_code=status_code)


async def _account_page(
    account_id: int,
    form: Form[GrantForm],
    *,
    link: str = "",
    problem: str = "",
    status_code: int = 200,
) -> AnyResponse:
    return page(
        "app/accounts/detail.html",
        account=await queries.account(account_id),
        form=form,
        link=link,
        problem=problem,
        grants=await queries.grant_lines(account_id),
        duties=list(Duty),
        status_code=status_code,
    )
