"""Read accounts, grants and sessions."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import msgspec

from app.accounts.tables import Account, DutyGrant, Invitation, SignInSession
from app.accounts.tokens import digest_of
from app.errors import NotFound
from app.rules.actors import Actor, Duty, Grant, Scope
from app.storage.words import has


class SessionFacts(msgspec.Struct, frozen=True):
    """A session as the middleware needs it: who, with which duties, until when."""

    session_id: int
    account_id: int
    person_id: int | None
    name: str
    grants: tuple[Grant, ...]
    seen_at: datetime
    expires_at: datetime

    def actor(self, at: datetime, address: str) -> Actor:
        """Return the actor with the grants that are open now."""
        held = tuple(grant for grant in self.grants if grant.is_open(at))
        return Actor(self.account_id, self.name, held, address, self.person_id)


class AccountLine(msgspec.Struct, frozen=True):
    """An account in the list of accounts."""

    id: int
    sign_in_name: str
    name: str
    is_closed: bool
    has_password: bool
    version: int
    grants: tuple[Grant, ...] = ()
    person_id: int | None = None


class GrantLine(msgspec.Struct, frozen=True):
    """A grant on an account's page."""

    id: int
    duty: Duty
    scope: str
    opens_at: datetime
    closes_at: datetime | None
    granted_by: str


def as_grant(row: Mapping[str, Any]) -> Grant:
    """Read a grant from its row."""
    return Grant(Duty(row["duty"]), Scope.parse(row["scope"]), row["opens_at"], row["closes_at"])


async def grants_of(account_id: int) -> tuple[Grant, ...]:
    """Return every grant of an account, past ones too."""
    rows = await DutyGrant.select().where(DutyGrant.account == account_id).order_by(DutyGrant.id)
    return tuple(as_grant(row) for row in rows)


async def grants_of_open(account_ids: Collection[int]) -> dict[int, tuple[Grant, ...]]:
    """Return every grant of those accounts that are not closed."""
    rows = (
        await DutyGrant.select()
        .where(
            DutyGrant.account.is_in(sorted(account_ids)),
            DutyGrant.account._.is_closed.eq(False),  # noqa: FBT003 - Piccolo's way to compare
        )
        .order_by(DutyGrant.id)
    )
    held: dict[int, tuple[Grant, ...]] = {}
    for row in rows:
        held[row["account"]] = (*held.get(row["account"], ()), as_grant(row))
    return held


async def grant_lines(account_id: int) -> list[GrantLine]:
    """Return the grants of an account for its page, newest first."""
    rows = (
        await DutyGrant.select()
        .where(DutyGrant.account == account_id)
        .order_by(DutyGrant.id, ascending=False)
    )
    return [
        GrantLine(
            row["id"],
            Duty(row["duty"]),
            row["scope"],
            row["opens_at"],
            row["closes_at"],
            row["granted_by"],
        )
        for row in rows
    ]


async def session_of(token: str) -> SessionFacts | None:
    """Return the session of a cookie, or None where it is unknown or ended."""
    row = (
        await SignInSession.select(
            SignInSession.id,
            SignInSession.account,
            SignInSession.seen_at,
            SignInSession.expires_at,
            SignInSession.account._.name.as_alias("name"),
            SignInSession.account._.person.as_alias("person_id"),
        )
        .where(
            SignInSession.digest == digest_of(token),
            SignInSession.ended_at.is_null(),
            SignInSession.account._.is_closed.eq(False),  # noqa: FBT003 - Piccolo's way to compare
        )
        .first()
    )
    if row is None:
        return None
    return SessionFacts(
        session_id=row["id"],
        account_id=row["account"],
        person_id=row["person_id"],
        name=row["name"],
        grants=await grants_of(row["account"]),
        seen_at=row["seen_at"],
        expires_at=row["expires_at"],
    )


async def accounts(search: str = "") -> list[AccountLine]:
    """Return the accounts with their grants, by sign-in name."""
    query = Account.select().order_by(Account.sign_in_name)
    if search:
        query = query.where(has(Account.name, search) | has(Account.sign_in_name, search))
    rows = await query
    held: dict[int, list[Grant]] = {}
    for row in await DutyGrant.select().order_by(DutyGrant.id):
        held.setdefault(row["account"], []).append(as_grant(row))
    return [_line(row, tuple(held.get(row["id"], ()))) for row in rows]


async def account(account_id: int) -> AccountLine:
    """Return one account; raise `NotFound`."""
    row = await Account.select().where(Account.id == account_id).first()
    if row is None:
        raise NotFound
    return _line(row, await grants_of(account_id))


async def accounts_holding(duty: Duty, *scopes: Scope) -> list[AccountLine]:
    """Return the open accounts that hold a duty in one of the scopes, by name."""
    rows = await DutyGrant.select(DutyGrant.account).where(
        DutyGrant.duty == duty.value,
        DutyGrant.scope.is_in([str(scope) for scope in scopes] or [""]),
    )
    wanted = {row["account"] for row in rows}
    return [line for line in await accounts() if line.id in wanted and not line.is_closed]


async def accounts_known_for(*duties: Duty) -> list[AccountLine]:
    """Return the open accounts that hold one of the duties anywhere, or once did, by name."""
    return [
        line
        for line in await accounts()
        if not line.is_closed and any(grant.duty in duties for grant in line.grants)
    ]


async def is_first_run() -> bool:
    """Tell whether nobody can sign in yet."""
    return not await Account.exists().where(Account.password_hash.is_not_null())


async def open_invitation(token: str, at: datetime) -> AccountLine | None:
    """Return the account that a one-time link is for, or None where it is used or past."""
    row = (
        await Invitation.select(Invitation.account)
        .where(
            Invitation.digest == digest_of(token),
            Invitation.taken_at.is_null(),
            Invitation.expires_at > at,
            Invitation.account._.is_closed.eq(False),  # noqa: FBT003 - Piccolo's way to compare
        )
        .first()
    )
    return None if row is None else await account(row["account"])


def _line(row: Mapping[str, Any], grants: tuple[Grant, ...]) -> AccountLine:
    return AccountLine(
        id=row["id"],
        sign_in_name=row["sign_in_name"],
        name=row["name"],
        is_closed=row["is_closed"],
        has_password=row["password_hash"] is not None,
        version=row["version"],
        grants=grants,
        person_id=row["person"],
    )
