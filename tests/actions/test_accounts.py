"""Accounts: one-time links, passwords, lockout, sessions, duties that exclude each other."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from app.accounts import actions, closing, grants, holders, queries, rescuing
from app.accounts.actions import (
    FAILURES_ALLOWED,
    INVITATION_LIFE,
    LOCKOUT,
    SESSION_LIFE,
    AccountClosed,
    InvitationSpent,
    SignInLocked,
    SignInNameTaken,
    WrongSignIn,
    WrongSignInName,
)
from app.accounts.closing import LastAdministrator
from app.accounts.grants import EndsBeforeItBegins, GrantEnded
from app.accounts.passwords import WeakPassword
from app.accounts.rescuing import NoSuchAccount
from app.accounts.tables import Account, SignInSession
from app.audit.acts import Act
from app.audit.queries import JournalFilter, journal
from app.errors import NotAllowed, Stale
from app.people.actions import find_or_add_within
from app.rules.actors import EVERYWHERE, NOBODY, SYSTEM, Actor, DutiesExclude, Duty, Grant, Scope
from app.storage.engine import write_transaction
from tests.builders.competitions import a_person

pytestmark = pytest.mark.anyio
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PASSWORD = "four-quiet-rice-fields"
STORED = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
EVENT = Scope("event", "12")


async def an_account(name: str = "zhang.wei", *, has_password: bool = True) -> int:
    account_id, token = await actions.create_account(
        sign_in_name=name, name="张伟", by=SYSTEM, at=AT
    )
    if has_password:
        await actions.take_invitation(token, PASSWORD, by=NOBODY, at=AT)
        # A hash says itself how dear it is to compare.
        await Account.update({Account.password_hash: STORED}).where(Account.id == account_id)
    return account_id


async def sign_in(password: str = PASSWORD, at: datetime = AT, name: str = "zhang.wei") -> str:
    return await actions.sign_in(name, password, by=NOBODY, at=at)


async def acts() -> list[str]:
    lines, _ = await journal(JournalFilter(), 100)
    return [line.act for line in lines]


class TestCreating:
    async def test_gives_a_link_and_no_password(self, database):
        account_id, token = await actions.create_account(
            sign_in_name=" Zhang.Wei ", name="张伟", by=SYSTEM, at=AT
        )

        line = await queries.account(account_id)
        assert (line.sign_in_name, line.has_password) == ("zhang.wei", False)
        with pytest.raises(WrongSignIn):
            await sign_in("")
        assert token not in str(await Account.select())

    async def test_takes_each_name_once(self, database):
        await an_account()

        with pytest.raises(SignInNameTaken):
            await an_account("ZHANG.WEI")

    @pytest.mark.parametrize("name", ["", "a", "张伟", "zhang wei", ".zhang", "z" * 65])
    async def test_refuses_names_that_cannot_be_typed(self, sqlite_database, name):
        with pytest.raises(WrongSignInName):
            await an_account(name)

    async def test_is_the_administrators(self, sqlite_database):
        organizer = Actor(1, "陈组织", (Grant(Duty.ORGANIZER, EVERYWHERE, AT),))

        with pytest.raises(NotAllowed):
            await actions.create_account(sign_in_name="x1", name="某", by=organizer, at=AT)


class TestOneTimeLink:
    async def test_works_once(self, database):
        _, token = await actions.create_account(sign_in_name="li.na", name="李娜", by=SYSTEM, at=AT)

        await actions.take_invitation(token, PASSWORD, by=NOBODY, at=AT)
        with pytest.raises(InvitationSpent):
            await actions.take_invitation(token, "another-long-password", by=NOBODY, at=AT)
        assert await sign_in(name="li.na")

    async def test_works_for_one_of_two_who_take_it_at_once(self, database):
        _, token = await actions.create_account(sign_in_name="li.na", name="李娜", by=SYSTEM, at=AT)

        answers = await asyncio.gather(
            *(actions.take_invitation(token, PASSWORD, by=NOBODY, at=AT) for _ in range(3)),
            return_exceptions=True,
        )

        assert sorted(type(answer).__name__ for answer in answers) == [
            "InvitationSpent",
            "InvitationSpent",
            "int",
        ]

    async def test_ends_after_its_time_and_with_the_next_one(self, database):
        account_id = await an_account(has_password=False)
        first = await actions.invite(account_id, by=SYSTEM, at=AT)
        second = await actions.invite(account_id, by=SYSTEM, at=AT)

        assert await queries.open_invitation(first, AT) is None
        assert await queries.open_invitation(second, AT + INVITATION_LIFE - MINUTE) is not None
        assert await queries.open_invitation(second, AT + INVITATION_LIFE) is None

    @pytest.mark.parametrize("password", ["short", "zhang.wei", "1234567890", "x" * 200])
    async def test_takes_no_weak_password(self, sqlite_database, password):
        _, token = await actions.create_account(
            sign_in_name="zhang.wei", name="张伟", by=SYSTEM, at=AT
        )

        with pytest.raises(WeakPassword):
            await actions.take_invitation(token, password, by=NOBODY, at=AT)
        await actions.take_invitation(token, PASSWORD, by=NOBODY, at=AT)


class TestSigningIn:
    async def test_opens_a_session_that_lasts_while_it_is_used(self, database):
        account_id = await an_account()

        token = await sign_in()
        session = await queries.session_of(token)
        await actions.keep_alive(token, AT + SESSION_LIFE / 2)

        assert session is not None
        assert session.account_id == account_id
        [row] = await SignInSession.select()
        assert row["expires_at"] == AT + SESSION_LIFE * 1.5
        assert token not in str(row)
        assert Act.SIGNED_IN in await acts()

    async def test_ends_when_signed_out(self, database):
        await an_account()
        token = await sign_in()

        await actions.sign_out(token, by=NOBODY, at=AT)

        assert await queries.session_of(token) is None

    async def test_says_the_same_of_a_wrong_name_and_a_wrong_password(self, database):
        await an_account()

        said = []
        for name, password in (("zhang.wei", "wrong"), ("nobody", "wrong")):
            with pytest.raises(WrongSignIn) as refused:
                await sign_in(password, name=name)
            said.append(str(refused.value))
        assert said[0] == said[1]

    async def test_locks_after_many_wrong_passwords_and_opens_again(self, database):
        await an_account()
        for _ in range(FAILURES_ALLOWED):
            with pytest.raises(WrongSignIn):
                await sign_in("wrong")

        with pytest.raises(SignInLocked):
            await sign_in()
        with pytest.raises(SignInLocked):
            await sign_in(at=AT + LOCKOUT - MINUTE)
        assert await sign_in(at=AT + LOCKOUT)

    async def test_counts_everyone_who_tries_at_once(self, database):
        await an_account()

        answers = await asyncio.gather(
            *(sign_in("wrong") for _ in range(FAILURES_ALLOWED)), return_exceptions=True
        )

        assert {type(answer) for answer in answers} <= {WrongSignIn, SignInLocked}
        with pytest.raises(SignInLocked):
            await sign_in()

    async def test_forgets_the_failures_once_it_went_well(self, database):
        await an_account()
        for _ in range(3):
            for _ in range(FAILURES_ALLOWED - 1):
                with pytest.raises(WrongSignIn):
                    await sign_in("wrong")
            assert await sign_in()


class TestPassword:
    async def test_changes_with_the_old_one_and_ends_every_session(self, database):
        account_id = await an_account()
        token = await sign_in()

        with pytest.raises(WrongSignIn):
            await actions.change_password(
                account_id, old="wrong", new="five-loud-green-hills", by=NOBODY, at=AT
            )
        await actions.change_password(
            account_id, old=PASSWORD, new="five-loud-green-hills", by=NOBODY, at=AT
        )

        assert await queries.session_of(token) is None
        with pytest.raises(WrongSignIn):
            await sign_in()
        assert await sign_in("five-loud-green-hills")

    async def test_is_stored_only_as_a_hash(self, sqlite_database):
        await an_account()

        [row] = await Account.select(Account.password_hash)
        assert row["password_hash"].startswith("$argon2id$")
        assert PASSWORD not in row["password_hash"]


class TestClosing:
    async def test_ends_sessions_and_keeps_the_account(self, database):
        account_id = await an_account()
        token = await sign_in()
        version = (await queries.account(account_id)).version

        await closing.close_account(
            account_id, is_closed=True, seen_version=version, by=SYSTEM, at=AT
        )

        assert await queries.session_of(token) is None
        with pytest.raises(WrongSignIn):
            await sign_in()
        with pytest.raises(Stale):
            await closing.close_account(
                account_id, is_closed=False, seen_version=version, by=SYSTEM, at=AT
            )
        assert {Act.ACCOUNT_CREATED, Act.ACCOUNT_CLOSED} <= set(await acts())


class TestTheLastAdministrator:
    async def test_neither_closes_nor_ends_the_own_duty(self, database):
        one = await an_administrator("first")
        [held] = await queries.grant_lines(one)

        with pytest.raises(LastAdministrator):
            await close(one)
        with pytest.raises(LastAdministrator):
            await grants.end_grant(held.id, reason="换人", by=SYSTEM, at=AT + MINUTE)

        assert not (await queries.account(one)).is_closed
        assert (await queries.grants_of(one))[0].is_open(AT + MINUTE)

    @pytest.mark.parametrize("closes_at", [None, AT + 2 * MINUTE])
    async def test_is_whoever_could_sign_in_for_good(self, closes_at, sqlite_database):
        one = await an_administrator("first")
        await an_administrator("invited", has_password=False)
        await an_administrator("for.a.while", closes_at=AT + MINUTE)
        await an_administrator("second", closes_at=closes_at)

        if closes_at is None:
            await close(one)
        else:
            with pytest.raises(LastAdministrator):
                await close(one)

        assert (await queries.account(one)).is_closed is (closes_at is None)

    async def test_is_none_of_the_others(self, sqlite_database):
        await an_administrator("first")
        other = await an_account("other")

        await close(other)

        assert (await queries.account(other)).is_closed

    async def test_stays_where_two_close_each_other(self, database):
        one, other = await an_administrator("first"), await an_administrator("second")

        found = await asyncio.gather(close(one), close(other), return_exceptions=True)

        assert [type(item) for item in found if item is not None] == [LastAdministrator]


async def an_administrator(
    name: str, *, has_password: bool = True, closes_at: datetime | None = None
) -> int:
    """Let a new account administer everything."""
    account_id = await an_account(name, has_password=has_password)
    wanted = Grant(Duty.ADMINISTRATOR, EVERYWHERE, AT, closes_at)
    await grants.grant(account_id, wanted, by=SYSTEM, at=AT)
    return account_id


async def close(account_id: int) -> None:
    """Close an account as it stands now."""
    seen = (await queries.account(account_id)).version
    await closing.close_account(account_id, is_closed=True, seen_version=seen, by=SYSTEM, at=AT)


class TestRescuing:
    async def test_gives_a_link_and_keeps_the_reason(self, database):
        await an_account()

        token = await rescuing.link_for("Zhang.Wei", reason="忘记密码", by=SYSTEM, at=AT)
        await actions.take_invitation(token, "another-quiet-rice-field", by=NOBODY, at=AT)

        [record] = [
            line
            for line in (await journal(JournalFilter(), 100))[0]
            if line.act == Act.INVITED and line.reason
        ]
        assert (record.reason, record.account_name) == ("忘记密码", SYSTEM.name)

    async def test_says_who_is_unknown_or_closed(self, sqlite_database):
        account_id = await an_account()
        await close(account_id)

        with pytest.raises(NoSuchAccount):
            await rescuing.link_for("nobody", reason="忘记密码", by=SYSTEM, at=AT)
        with pytest.raises(AccountClosed):
            await rescuing.link_for("zhang.wei", reason="忘记密码", by=SYSTEM, at=AT)

    async def test_lets_an_administrator_in_where_none_is_left(self, database):
        account_id = await an_account()
        await close(account_id)

        token = await rescuing.link_for_administrator(
            "zhang.wei", reason="都已停用", by=SYSTEM, at=AT
        )
        await actions.take_invitation(token, PASSWORD, by=NOBODY, at=AT)

        line = await queries.account(account_id)
        assert not line.is_closed
        assert line.grants == (Grant(Duty.ADMINISTRATOR, EVERYWHERE, AT),)
        assert await sign_in()


class TestDuties:
    async def test_are_held_where_and_while_they_were_granted(self, database):
        account_id = await an_account()
        await grants.grant(account_id, Grant(Duty.MARKING_JUDGE, EVENT, AT), by=SYSTEM, at=AT)
        await grants.grant(account_id, Grant(Duty.MARKING_JUDGE, EVENT, AT), by=SYSTEM, at=AT)
        [line] = await queries.grant_lines(account_id)

        await grants.end_grant(line.id, reason="赛事结束", by=SYSTEM, at=AT + MINUTE)

        [ended] = await queries.grants_of(account_id)
        assert ended.is_open(AT)
        assert not ended.is_open(AT + MINUTE)
        with pytest.raises(GrantEnded):
            await grants.end_grant(line.id, reason="再来", by=SYSTEM, at=AT + MINUTE)

    async def test_with_an_end_are_ended_before_it(self, database):
        account_id = await an_account()
        until = Grant(Duty.MARKING_JUDGE, EVENT, AT, AT + timedelta(days=9))
        await grants.grant(account_id, until, by=SYSTEM, at=AT)
        [line] = await queries.grant_lines(account_id)

        await grants.end_grant(line.id, reason="提前退出", by=SYSTEM, at=AT + MINUTE)

        assert [item.closes_at for item in await queries.grants_of(account_id)] == [AT + MINUTE]

    @pytest.mark.parametrize("ends_after", [timedelta(0), -MINUTE])
    async def test_end_after_they_begin(self, ends_after, sqlite_database):
        account_id = await an_account()
        wanted = Grant(Duty.MARKING_JUDGE, EVENT, AT, AT + ends_after)

        with pytest.raises(EndsBeforeItBegins):
            await grants.grant(account_id, wanted, by=SYSTEM, at=AT)

    async def test_that_exclude_each_other_never_meet_in_one_person(self, database):
        first, second = await an_account(), await an_account("zhang.wei2")
        async with write_transaction():
            person_id = await a_person_id()
            await Account.update({Account.person: person_id}).where(
                Account.id.is_in([first, second])
            )
        await grants.grant(first, Grant(Duty.CODING_JUDGE, EVENT, AT), by=SYSTEM, at=AT)

        with pytest.raises(DutiesExclude):
            await grants.grant(second, Grant(Duty.MARKING_JUDGE, EVENT, AT), by=SYSTEM, at=AT)
        assert await queries.grants_of(second) == ()
        elsewhere = Grant(Duty.MARKING_JUDGE, Scope("event", "13"), AT)
        await grants.grant(second, elsewhere, by=SYSTEM, at=AT)

    @pytest.mark.parametrize(
        "held",
        [
            Grant(Duty.MARKING_JUDGE, EVENT, AT + MINUTE),
            Grant(Duty.MARKING_JUDGE, EVENT, AT, AT + MINUTE),
        ],
    )
    async def test_begin_though_one_is_held_for_another_while(self, held, database):
        account_id = await an_account()
        await grants.grant(account_id, held, by=SYSTEM, at=AT)
        wanted = Grant(Duty.MARKING_JUDGE, EVENT, AT)

        await grants.grant(account_id, wanted, by=SYSTEM, at=AT)
        await grants.grant(account_id, wanted, by=SYSTEM, at=AT)

        assert await queries.grants_of(account_id) == (held, wanted)

    async def test_begin_though_another_account_of_the_person_holds_them(self, sqlite_database):
        first, second = await an_account(), await an_account("zhang.wei2")
        person = a_person()
        async with write_transaction():
            for account_id in (first, second):
                await holders.link_within(account_id, person, by=SYSTEM, at=AT)
        wanted = Grant(Duty.MARKING_JUDGE, EVENT, AT)

        for account_id in (first, second):
            await grants.grant(account_id, wanted, by=SYSTEM, at=AT)

        assert await queries.grants_of(second) == (wanted,)

    async def test_that_exclude_each_other_keep_two_accounts_apart(self, database):
        first, second = await an_account(), await an_account("zhang.wei2")
        person = a_person()
        for account_id, duty in ((first, Duty.CODING_JUDGE), (second, Duty.MARKING_JUDGE)):
            await grants.grant(account_id, Grant(duty, EVENT, AT), by=SYSTEM, at=AT)
        async with write_transaction():
            await holders.link_within(first, person, by=SYSTEM, at=AT)

        with pytest.raises(DutiesExclude):
            async with write_transaction():
                await holders.link_within(second, person, by=SYSTEM, at=AT)
        assert (await queries.account(second)).person_id is None

    async def test_are_granted_by_administrators(self, sqlite_database):
        account_id = await an_account()
        organizer = Actor(1, "陈组织", (Grant(Duty.ORGANIZER, EVERYWHERE, AT),))

        with pytest.raises(NotAllowed):
            await grants.grant(
                account_id, Grant(Duty.MARKING_JUDGE, EVENT, AT), by=organizer, at=AT
            )


async def a_person_id() -> int:
    return await find_or_add_within(a_person(), by=SYSTEM, at=AT)
