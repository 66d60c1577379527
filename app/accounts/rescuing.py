"""What whoever runs the machine may do for somebody who cannot sign in: a new one-time link."""

from datetime import datetime

from app.accounts import grants, queries
from app.accounts.actions import AccountClosed, account_id_of, invite_within, subject
from app.accounts.queries import AccountLine
from app.accounts.tables import Account
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import EVERYWHERE, Actor, Duty, Grant
from app.storage.engine import write_transaction


@refusal
class NoSuchAccount(RuleBroken):
    """Nobody signs in by this name."""

    says = N_("没有登录名为“{name}”的账号。")
    name: str


async def link_for(sign_in_name: str, *, reason: str, by: Actor, at: datetime) -> str:
    """Make a one-time link for an account and return its token; the journal keeps the reason."""
    async with write_transaction():
        line = await _account_within(sign_in_name)
        if line.is_closed:
            raise AccountClosed(line.sign_in_name)
        return await invite_within(line.id, by=by, at=at, reason=reason)


async def link_for_administrator(sign_in_name: str, *, reason: str, by: Actor, at: datetime) -> str:
    """Open an account again, let it administer everything, and return its link's token."""
    async with write_transaction():
        line = await _account_within(sign_in_name)
        if line.is_closed:
            await Account.update(
                {Account.is_closed: False, Account.version: line.version + 1}
            ).where(Account.id == line.id)
            await audit.record(
                act=Act.ACCOUNT_REOPENED, subject=subject(line.id), by=by, at=at, reason=reason
            )
        granted = Grant(Duty.ADMINISTRATOR, EVERYWHERE, at)
        await grants.grant_within(line.id, granted, by=by, at=at)
        return await invite_within(line.id, by=by, at=at, reason=reason)


async def _account_within(sign_in_name: str) -> AccountLine:
    account_id = await account_id_of(sign_in_name)
    if account_id is None:
        raise NoSuchAccount(sign_in_name)
    return await queries.account(account_id)
