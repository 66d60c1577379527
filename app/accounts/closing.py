"""Close accounts and open them again; somebody who administers everything always stays."""

from datetime import datetime

from app.accounts import session_cache
from app.accounts.actions import end_sessions_within, subject
from app.accounts.tables import Account, DutyGrant
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.rules.actors import EVERYWHERE, Actor, Duty, require
from app.storage.engine import hold_name_within, write_transaction


@refusal
class LastAdministrator(RuleBroken):
    """Nobody would be left who can give duties and links."""

    says = N_(
        "这是最后一个能登录的系统管理员，办理以后就没有人能管理账号了。"
        "请先让另一个账号长期担任范围为全部的系统管理员，并等本人设好密码。"
    )


async def close_account(
    account_id: int, *, is_closed: bool, seen_version: int, by: Actor, at: datetime
) -> None:
    """Close or reopen an account; closing ends its sessions. Raise `LastAdministrator`."""
    require(by, Duty.ADMINISTRATOR)
    async with write_transaction():
        before = await administration_within(at)
        changed = (
            await Account.update({Account.is_closed: is_closed, Account.version: seen_version + 1})
            .where(Account.id == account_id, Account.version == seen_version)
            .returning(Account.id)
        )
        if not changed:
            raise Stale
        await refuse_none_left_within(at, before=before)
        if is_closed:
            await end_sessions_within(account_id, at)
        act = Act.ACCOUNT_CLOSED if is_closed else Act.ACCOUNT_REOPENED
        await audit.record(act=act, subject=subject(account_id), by=by, at=at)
    session_cache.clear()


async def administration_within(at: datetime) -> tuple[bool, bool]:
    """Tell whether somebody who can sign in administers everything for good, and for now.

    Nobody else changes it meanwhile: two who close each other would both find the other there.
    """
    await hold_name_within("administrators")
    rows = await DutyGrant.select(DutyGrant.closes_at).where(
        DutyGrant.duty == Duty.ADMINISTRATOR.value,
        DutyGrant.scope == str(EVERYWHERE),
        DutyGrant.opens_at <= at,
        DutyGrant.closes_at.is_null() | (DutyGrant.closes_at > at),
        DutyGrant.account._.is_closed.eq(False),  # noqa: FBT003 - Piccolo's way to compare
        DutyGrant.account._.password_hash.is_not_null(),
    )
    return any(row["closes_at"] is None for row in rows), bool(rows)


async def refuse_none_left_within(at: datetime, *, before: tuple[bool, bool]) -> None:
    """Raise `LastAdministrator` where there was somebody before the change, and is nobody now."""
    if await administration_within(at) < before:
        raise LastAdministrator
