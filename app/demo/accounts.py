"""Demo accounts: one for each duty, with one password that the start page prints."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts import actions, grants, passwords
from app.accounts.tables import Account
from app.audit.acts import Act
from app.rules.actors import EVERYWHERE, SYSTEM, Duty, Grant
from app.storage.engine import write_transaction

PASSWORD = "xiangjiang-demo"  # noqa: S105 - printed on purpose, and only where XIANGJIANG_DEMO is set


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration; `duty` is held everywhere, or where the story calls it."""

    sign_in_name: str
    name: str
    duty: Duty
    is_everywhere: bool = True


ACCOUNTS = (
    DemoAccount("organizer", "陈组织", Duty.ORGANIZER),
    DemoAccount("registrar", "林报名", Duty.REGISTRAR),
    DemoAccount("chief", "周裁判长", Duty.CHIEF_JUDGE),
    DemoAccount("judge1", "吴评分", Duty.MARKING_JUDGE, is_everywhere=False),
    DemoAccount("judge2", "郑评分", Duty.MARKING_JUDGE, is_everywhere=False),
    DemoAccount("judge3", "冯评分", Duty.MARKING_JUDGE, is_everywhere=False),
    DemoAccount("judge4", "褚评分", Duty.MARKING_JUDGE, is_everywhere=False),
    DemoAccount("judge5", "卫评分", Duty.MARKING_JUDGE, is_everywhere=False),
    DemoAccount("coding", "蒋加密", Duty.CODING_JUDGE),
    DemoAccount("supervisor", "沈监督", Duty.SUPERVISOR),
    DemoAccount("examiner1", "韩考评", Duty.EXAMINER, is_everywhere=False),
    DemoAccount("examiner2", "杨考评", Duty.EXAMINER, is_everywhere=False),
    DemoAccount("examiner3", "朱考评", Duty.EXAMINER, is_everywhere=False),
    DemoAccount("quality", "秦督导", Duty.QUALITY_SUPERVISOR),
    DemoAccount("certificates", "尤证书", Duty.CERTIFICATE_OFFICER),
    DemoAccount("auditor", "许审计", Duty.AUDITOR),
    DemoAccount("admin", "何管理", Duty.ADMINISTRATOR),
)


async def create(at: datetime) -> dict[str, int]:
    """Create the accounts and return their ids by sign-in name."""
    stored = await passwords.hashed(PASSWORD)
    ids = {}
    async with write_transaction():
        for demo in ACCOUNTS:
            account_id = await actions.create_account_within(
                sign_in_name=demo.sign_in_name, name=demo.name, by=SYSTEM, at=at
            )
            await actions.set_password_within(
                account_id, stored, by=SYSTEM, at=at, act=Act.PASSWORD_CHANGED
            )
            if demo.is_everywhere:
                await grants.grant_within(
                    account_id, Grant(demo.duty, EVERYWHERE, at), by=SYSTEM, at=at
                )
            ids[demo.sign_in_name] = account_id
    return ids


async def exist() -> bool:
    """Tell whether the demonstration's accounts are there; they come all at once."""
    return len(await _rows()) == len(ACCOUNTS)


async def are_open_to_all() -> bool:
    """Tell whether anybody can sign in to one of them with the password that everybody knows."""
    for row in await _rows():
        if not row["is_closed"] and await passwords.matches(PASSWORD, row["password_hash"]):
            return True
    return False


async def _rows() -> list[dict[str, Any]]:
    names = [one.sign_in_name for one in ACCOUNTS]
    query = Account.select(Account.is_closed, Account.password_hash)
    return await query.where(Account.sign_in_name.is_in(names))
