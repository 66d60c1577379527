"""Create accounts, invite, sign in and out."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.accounts import passwords, queries, session_cache
from app.accounts.tables import Account, Invitation, SignInSession
from app.accounts.tokens import digest_of, new_token
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction

SESSION_LIFE = timedelta(hours=12)
INVITATION_LIFE = timedelta(days=7)
FAILURES_ALLOWED = 20
"""From all addresses together; from one, fewer (`app.accounts.pages`)."""
LOCKOUT = timedelta(minutes=15)
SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


@refusal
class WrongSignIn(RuleBroken):
    """Name and password do not belong together; which of them is wrong is not said."""

    says = N_("登录名或密码不对。请检查大小写后再试；忘记密码请联系管理员重新发一次性链接。")


@refusal
class SignInLocked(RuleBroken):
    """Too many wrong passwords in a row."""

    says = N_("密码连续输错 {times} 次，账号已暂时锁定。请 {minutes} 分钟后再试。")
    times: int
    minutes: int


@refusal
class SignInNameTaken(RuleBroken):
    """Another account has this sign-in name."""

    says = N_("登录名“{name}”已被使用，请换一个。")
    field = "sign_in_name"
    name: str


@refusal
class WrongSignInName(RuleBroken):
    """A sign-in name is short, lower case and plain."""

    says = N_("登录名应为 2 到 64 个小写字母、数字或 . _ - @，以字母或数字开头。")
    field = "sign_in_name"


@refusal
class InvitationSpent(RuleBroken):
    """The one-time link was used, has passed, or never was."""

    says = N_("这个链接已经用过或已过期。请联系管理员重新发一个。")


@refusal
class AccountClosed(RuleBroken):
    """A link of a closed account leads nowhere."""

    says = N_(
        "账号“{name}”已停用，链接不起作用。请由系统管理员在页面上恢复；"
        "没有系统管理员能登录时，加上 --administrator。"
    )
    name: str


async def create_account_within(
    *, sign_in_name: str, name: str, by: Actor, at: datetime, person_id: int | None = None
) -> int:
    """Create an account without a password and return its id."""
    clean = sign_in_name.strip().lower()
    if not SIGN_IN_NAME.fullmatch(clean):
        raise WrongSignInName
    if await Account.exists().where(Account.sign_in_name == clean):
        raise SignInNameTaken(clean)
    account = Account(
        sign_in_name=clean,
        name=name.strip(),
        person=person_id,
        password_hash=None,
        is_closed=False,
        failures=0,
        locked_until_at=None,
        created_at=at,
        version=1,
    )
    await account.save()
    await audit.record(
        act=Act.ACCOUNT_CREATED,
        subject=subject(account.id),
        by=by,
        at=at,
        after={"sign_in_name": clean, "name": name},
    )
    return account.id


async def create_account(
    *, sign_in_name: str, name: str, by: Actor, at: datetime
) -> tuple[int, str]:
    """Create an account with its one-time link; return its id and the link's token."""
    require(by, Duty.ADMINISTRATOR)
    async with write_transaction():
        account_id = await create_account_within(sign_in_name=sign_in_name, name=name, by=by, at=at)
        return account_id, await invite_within(account_id, by=by, at=at)


async def invite_within(account_id: int, *, by: Actor, at: datetime, reason: str = "") -> str:
    """Make a one-time link for an account and return its token; earlier links stop working."""
    token = new_token()
    await Invitation.update({Invitation.taken_at: at}).where(
        Invitation.account == account_id, Invitation.taken_at.is_null()
    )
    await Invitation(
        digest=digest_of(token),
        account=account_id,
        created_at=at,
        expires_at=at + INVITATION_LIFE,
        taken_at=None,
    ).save()
    await audit.record(act=Act.INVITED, subject=subject(account_id), by=by, at=at, reason=reason)
    return token


async def invite(account_id: int, *, by: Actor, at: datetime) -> str:
    """Make a one-time link with which an account sets a new password."""
    require(by, Duty.ADMINISTRATOR)
    line = await queries.account(account_id)
    if line.is_closed:
        raise AccountClosed(line.sign_in_name)
    async with write_transaction():
        return await invite_within(account_id, by=by, at=at)


async def take_invitation(token: str, password: str, *, by: Actor, at: datetime) -> int:
    """Set the password of a one-time link's account; the link is spent, other sessions end."""
    line = await queries.open_invitation(token, at)
    if line is None:
        raise InvitationSpent
    passwords.refuse_weak(password, line.sign_in_name)
    stored = await passwords.hashed(password)
    async with write_transaction():
        taken = (
            await Invitation.update({Invitation.taken_at: at})
            .where(Invitation.digest == digest_of(token), Invitation.taken_at.is_null())
            .returning(Invitation.id)
        )
        if not taken:
            raise InvitationSpent
        await set_password_within(line.id, stored, by=by, at=at, act=Act.INVITATION_TAKEN)
    return line.id


async def change_password(account_id: int, *, old: str, new: str, by: Actor, at: datetime) -> None:
    """Change one's own password; every session of the account ends."""
    row = await Account.select().where(Account.id == account_id).first()
    if row is None or not await passwords.matches(old, row["password_hash"]):
        raise WrongSignIn
    passwords.refuse_weak(new, row["sign_in_name"])
    stored = await passwords.hashed(new)
    async with write_transaction():
        await set_password_within(account_id, stored, by=by, at=at, act=Act.PASSWORD_CHANGED)


async def set_password_within(
    account_id: int, stored: str, *, by: Actor, at: datetime, act: Act
) -> None:
    """Store a password's hash and end the account's sessions."""
    await Account.update(
        {Account.password_hash: stored, Account.failures: 0, Account.locked_until_at: None}
    ).where(Account.id == account_id)
    await end_sessions_within(account_id, at)
    await audit.record(act=act, subject=subject(account_id), by=by, at=at)


async def sign_in(
    sign_in_name: str, password: str, *, by: Actor, at: datetime, browser: str = ""
) -> str:
    """Check name and password and return a new session's token.

    Raise `WrongSignIn`, or `SignInLocked` after twenty wrong passwords in a row (15 minutes).
    """
    row = await Account.select().where(Account.sign_in_name == sign_in_name.strip().lower()).first()
    _refuse_locked(row, at)
    stored = None if row is None or row["is_closed"] else row["password_hash"]
    if not await passwords.matches(password, stored) or row is None:
        if row is not None:
            await _count_failure(row["id"], by=by, at=at)
        raise WrongSignIn
    token = new_token()
    actor = Actor(row["id"], row["name"], address=by.address)
    async with write_transaction():
        # Others may have locked it while the password was looked at.
        now_there = await Account.select(Account.locked_until_at).where(Account.id == row["id"])
        _refuse_locked(now_there[0], at)
        await Account.update({Account.failures: 0, Account.locked_until_at: None}).where(
            Account.id == row["id"]
        )
        await SignInSession(
            digest=digest_of(token),
            account=row["id"],
            created_at=at,
            seen_at=at,
            expires_at=at + SESSION_LIFE,
            ended_at=None,
            address=by.address,
            browser=browser[:200],
        ).save()
        await audit.record(act=Act.SIGNED_IN, subject=subject(row["id"]), by=actor, at=at)
    return token


async def _count_failure(account_id: int, *, by: Actor, at: datetime) -> None:
    """Count in the database: who tries many at once is counted as often."""
    async with write_transaction():
        counted = (
            await Account.update({Account.failures: Account.failures + 1})
            .where(Account.id == account_id)
            .returning(Account.failures)
        )
        is_locked = counted[0]["failures"] >= FAILURES_ALLOWED
        if is_locked:
            await Account.update(
                {Account.failures: 0, Account.locked_until_at: at + LOCKOUT}
            ).where(Account.id == account_id)
        await audit.record(
            act=Act.SIGN_IN_REFUSED,
            subject=subject(account_id),
            by=by,
            at=at,
            after={"locked": is_locked},
        )


def _refuse_locked(row: Mapping[str, Any] | None, at: datetime) -> None:
    until = row["locked_until_at"] if row else None
    if until is not None and until > at:
        raise SignInLocked(FAILURES_ALLOWED, int((until - at).total_seconds() // 60) + 1)


async def sign_out(token: str, *, by: Actor, at: datetime) -> None:
    """End the session of a cookie."""
    async with write_transaction():
        ended = (
            await SignInSession.update({SignInSession.ended_at: at})
            .where(SignInSession.digest == digest_of(token), SignInSession.ended_at.is_null())
            .returning(SignInSession.account)
        )
        if ended:
            await audit.record(
                act=Act.SIGNED_OUT, subject=subject(ended[0]["account"]), by=by, at=at
            )
    session_cache.forget(token)


async def keep_alive(token: str, at: datetime) -> None:
    """Move the end of a session that is in use."""
    async with write_transaction():
        await SignInSession.update(
            {SignInSession.seen_at: at, SignInSession.expires_at: at + SESSION_LIFE}
        ).where(SignInSession.digest == digest_of(token), SignInSession.ended_at.is_null())
    session_cache.forget(token)


async def end_sessions_within(account_id: int, at: datetime) -> None:
    """End every session of an account."""
    await SignInSession.update({SignInSession.ended_at: at}).where(
        SignInSession.account == account_id, SignInSession.ended_at.is_null()
    )
    session_cache.clear()


def subject(account_id: int) -> str:
    """Return how the journal names an account."""
    return f"accounts.account:{account_id}"


async def account_id_of(sign_in_name: str) -> int | None:
    """Return the account of a sign-in name, None where there is none."""
    row = (
        await Account.select(Account.id)
        .where(Account.sign_in_name == sign_in_name.strip().lower())
        .first()
    )
    return None if row is None else int(row["id"])
