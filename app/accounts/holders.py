"""Whose account it is: one person may hold several, and their duties never exclude each other."""

from datetime import datetime

from app.accounts import actions, grants, queries, session_cache
from app.accounts.actions import subject
from app.accounts.tables import Account
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.people import actions as people
from app.people.actions import PersonFacts
from app.rules.actors import Actor
from app.storage.engine import write_transaction


@refusal
class AccountOfAnother(RuleBroken):
    """One account, one person."""

    says = N_("这个账号已登记为另一个人的账号，与所填身份证号不符。请核对，或为此人另建账号。")
    field = "id_number"


async def create_account(
    *, sign_in_name: str, name: str, person: PersonFacts | None, by: Actor, at: datetime
) -> tuple[int, str]:
    """Create an account, of a person where one is known; return its id and its link's token."""
    async with write_transaction():
        account_id, token = await actions.create_account(
            sign_in_name=sign_in_name, name=name, by=by, at=at
        )
        if person is not None:
            await link_within(account_id, person, by=by, at=at)
        return account_id, token


async def link_within(account_id: int, facts: PersonFacts, *, by: Actor, at: datetime) -> int:
    """Say whose account it is, inside the caller's transaction; return the person.

    Raise `AccountOfAnother` where it is somebody else's, `DutiesExclude` where its duties exclude
    those of the person's other accounts.
    """
    person_id = await people.find_or_add_within(facts, by=by, at=at)
    await own_within(account_id, person_id, by=by, at=at)
    return person_id


async def own_within(account_id: int, person_id: int, *, by: Actor, at: datetime) -> None:
    """Say whose account it is where the person is registered; raise as `link_within` does."""
    known = (await queries.account(account_id)).person_id
    if known not in {None, person_id}:
        raise AccountOfAnother
    if known is None:
        await _put_within(account_id, person_id, instead_of=None, by=by, at=at)


async def relink_within(account_id: int, facts: PersonFacts, *, by: Actor, at: datetime) -> int:
    """Say whose account it is where the number that it was linked by was mistyped.

    Return the person; raise `DutiesExclude` as `link_within` does.
    """
    person_id = await people.find_or_add_within(facts, by=by, at=at)
    known = (await queries.account(account_id)).person_id
    if known != person_id:
        await _put_within(account_id, person_id, instead_of=known, by=by, at=at)
    return person_id


async def _put_within(
    account_id: int, person_id: int, *, instead_of: int | None, by: Actor, at: datetime
) -> None:
    await grants.hold_duties_within()
    own = await grants.held_by([account_id], at)
    await Account.update({Account.person: person_id}).where(Account.id == account_id)
    held = await grants.held_by_person(account_id, at)
    for grant in own:
        await grants.refuse_meeting(grant, held)
    await audit.record(
        act=Act.ACCOUNT_LINKED,
        subject=subject(account_id),
        by=by,
        at=at,
        before={"person": instead_of} if instead_of else None,
        after={"person": person_id},
    )
    session_cache.clear()


async def rename_within(account_id: int, was: str, name: str, *, by: Actor, at: datetime) -> None:
    """Correct the name on an account that was made by the mistyped one; others keep theirs."""
    changed = (
        await Account.update({Account.name: name, Account.version: Account.version + 1})
        .where(Account.id == account_id, Account.name == was)
        .returning(Account.id)
    )
    if changed:
        await audit.record(
            act=Act.ACCOUNT_RENAMED,
            subject=subject(account_id),
            by=by,
            at=at,
            before={"name": was},
            after={"name": name},
        )
        session_cache.clear()
