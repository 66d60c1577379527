"""Sign in and out, take a one-time link, and see to one's own account."""

from datetime import datetime
from typing import Annotated

from litestar import Controller, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect
from msgspec import Meta, Struct

from app.accounts import actions, queries, scope_names
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor
from app.settings import Settings
from app.web import cookies
from app.web.forms import Form, read_form
from app.web.guards import requires
from app.web.http import AnyRequest, AnyResponse
from app.web.limits import FORM_BYTES, Limit, asker, enforce, minutes_of
from app.web.locale import gettext as _
from app.web.responses import go, local_path
from app.web.templating import page

TRIES = Limit(5, 15 * 60)
"""Wrong passwords for one name from one address: a stranger elsewhere locks no judge out on the day
of the contest. A name that nobody has is counted as well, and so tells nothing."""
WRONG_SIGN_INS = Limit(60, 5 * 60)
"""Wrong names and passwords from one address; all desks of a hall may share it."""


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


class SignInPages(Controller):
    """Everyone's way in and out."""

    @get("/sign-in", name="sign-in")
    async def show(self, actor: NamedDependency[Actor], next: FromQuery[str] = "") -> AnyResponse:
        if actor.is_signed_in:
            return Redirect(local_path(next, "/desk"), status_code=303)
        return await _sign_in_page(Form(SignInForm, {"next": next}))

    @post("/sign-in", name="sign-in-submit", request_max_body_size=FORM_BYTES)
    async def sign_in(
        self,
        request: AnyRequest,
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        settings: NamedDependency[Settings],
    ) -> AnyResponse:
        form = await read_form(request, SignInForm)
        asking = asker(request.scope)
        enforce(WRONG_SIGN_INS, asking, settings.limit_factor)
        if form.ok:
            browser = request.headers.get("user-agent", "")
            try:
                token = await _signed_in(form.data, asking, browser, by=actor, at=now)
            except RuleBroken as refusal:
                form.refuse(refusal)
            else:
                answer = Redirect(local_path(form.data.next, "/desk"), status_code=303)
                answer.set_cookie(_session_cookie(token, is_https=settings.is_https))
                return answer
        return await _sign_in_page(form, status_code=422)

    @post("/sign-out", name="sign-out", request_max_body_size=FORM_BYTES)
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

    @post("", name="invitation-take", request_max_body_size=FORM_BYTES)
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


@refusal
class PasswordsDiffer(RuleBroken):
    """The two typed passwords are not the same."""

    says = N_("两次输入的密码不一样，请重新输入。")
    field = "again"


def _same_twice(
    form: Form[PasswordForm] | Form[ChangePasswordForm], password: str, again: str
) -> bool:
    if password != again:
        form.refuse(PasswordsDiffer())
    return password == again


def _session_cookie(token: str, *, is_https: bool) -> Cookie:
    return Cookie(cookies.SESSION, value=token, httponly=True, samesite="lax", secure=is_https)


async def _signed_in(
    given: SignInForm, asking: str, browser: str, *, by: Actor, at: datetime
) -> str:
    tried = f"{given.sign_in_name.strip().lower()} {asking}"
    if wait := TRIES.take(tried):
        raise actions.SignInLocked(TRIES.most, minutes_of(wait))
    token = await actions.sign_in(given.sign_in_name, given.password, by=by, at=at, browser=browser)
    TRIES.forget(tried)
    WRONG_SIGN_INS.give_back(asking)
    return token


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
    return page(
        "app/accounts/account.html",
        account=line,
        scope_names=await scope_names.names_of(grant.scope for grant in line.grants),
        form=form,
        status_code=status_code,
    )
