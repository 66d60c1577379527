"""Grant duties and end them; those that exclude each other never meet in one person."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.accounts import queries, scope_names, session_cache
from app.accounts.actions import subject
from app.accounts.closing import administration_within, refuse_none_left_within
from app.accounts.tables import Account, DutyGrant
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotFound, RuleBroken, refusal
from app.rules.actors import (
    EVERYWHERE,
    EXCLUSIVE,
    Actor,
    Duty,
    Grant,
    Scope,
    refuse_exclusive,
    require,
)
from app.storage.engine import hold_name_within, write_transaction


@refusal
class EndsBeforeItBegins(RuleBroken):
    """A duty is held for a while at least."""

    says = N_("结束时间应晚于开始时间（不填为现在）。")
    field = "closes_at"


@refusal
class GrantEnded(RuleBroken):
    """The grant has ended already."""

    says = N_("这项授权已经结束。")


async def grant(account_id: int, wanted: Grant, *, by: Actor, at: datetime) -> None:
    """Grant a duty; raise `DutiesExclude` where it must not meet one already held."""
    require(by, Duty.ADMINISTRATOR, *await scope_names.within(wanted.scope))
    async with write_transaction():
        await grant_within(account_id, wanted, by=by, at=at)


async def grant_within(account_id: int, wanted: Grant, *, by: Actor, at: datetime) -> None:
    """Grant a duty inside the caller's transaction; nothing where the account holds it as long.

    Duties that exclude each other are compared over all accounts of one person, and where one of
    their scopes lies in the other: an event in its competition, a competition in its region.
    """
    if wanted.closes_at is not None and wanted.closes_at <= wanted.opens_at:
        raise EndsBeforeItBegins
    if any(_covers(item, wanted) for item in await queries.grants_of(account_id)):
        return
    await hold_duties_within()
    await refuse_meeting(wanted, await held_by_person(account_id, at))
    await DutyGrant(
        account=account_id,
        duty=wanted.duty.value,
        scope=str(wanted.scope),
        opens_at=wanted.opens_at,
        closes_at=wanted.closes_at,
        granted_by=by.name,
        granted_at=at,
    ).save()
    await audit.record(
        act=Act.DUTY_GRANTED,
        subject=subject(account_id),
        by=by,
        at=at,
        after={"duty": wanted.duty, "scope": str(wanted.scope)},
    )
    session_cache.clear()


async def end_grant(grant_id: int, *, reason: str, by: Actor, at: datetime) -> None:
    """End a duty now, also one that would end later; the grant stays readable.

    Raise `GrantEnded`, or `LastAdministrator` where nobody would be left to administer everything.
    """
    row = await DutyGrant.select().where(DutyGrant.id == grant_id).first()
    if row is None:
        raise NotFound
    require(by, Duty.ADMINISTRATOR, *await scope_names.within(Scope.parse(row["scope"])))
    async with write_transaction():
        before = await administration_within(at)
        ended = (
            await DutyGrant.update({DutyGrant.closes_at: at})
            .where(
                DutyGrant.id == grant_id,
                DutyGrant.closes_at.is_null() | (DutyGrant.closes_at > at),
            )
            .returning(DutyGrant.id)
        )
        if not ended:
            raise GrantEnded
        await refuse_none_left_within(at, before=before)
        await audit.record(
            act=Act.DUTY_ENDED,
            subject=subject(row["account"]),
            by=by,
            at=at,
            reason=reason,
            before={"duty": row["duty"], "scope": row["scope"]},
        )
    session_cache.clear()


async def end_duty_within(account_id: int, ended: Grant, *, by: Actor, at: datetime) -> None:
    """End a duty in exactly this scope, inside the caller's transaction; nothing where none is."""
    rows = (
        await DutyGrant.update({DutyGrant.closes_at: at})
        .where(
            DutyGrant.account == account_id,
            DutyGrant.duty == ended.duty.value,
            DutyGrant.scope == str(ended.scope),
            DutyGrant.closes_at.is_null() | (DutyGrant.closes_at > at),
        )
        .returning(DutyGrant.id)
    )
    if rows:
        await audit.record(
            act=Act.DUTY_ENDED,
            subject=subject(account_id),
            by=by,
            at=at,
            before={"duty": ended.duty, "scope": str(ended.scope)},
        )
    session_cache.clear()


def _covers(held: Grant, wanted: Grant) -> bool:
    ends_before = held.closes_at is not None and (
        wanted.closes_at is None or held.closes_at < wanted.closes_at
    )
    return (
        held.duty is wanted.duty
        and held.scope in {wanted.scope, EVERYWHERE}
        and held.opens_at <= wanted.opens_at
        and not ends_before
    )


async def hold_duties_within() -> None:
    """Let nobody else grant meanwhile: of two that exclude each other, both would find none."""
    await hold_name_within("duties")


async def refuse_meeting(wanted: Grant, held: Iterable[Grant]) -> None:
    """Raise `DutiesExclude` where a duty would meet one that it excludes, wherever places meet."""
    for item in held:
        if frozenset({item.duty, wanted.duty}) in EXCLUSIVE:
            is_met = await scope_names.meet(wanted.scope, item.scope)
            refuse_exclusive(wanted, [item], is_met)


async def held_by_person(account_id: int, at: datetime) -> list[Grant]:
    """Return the duties, open or to come, of all accounts of whoever has this one."""
    person_id = (await queries.account(account_id)).person_id
    if person_id is None:
        return await held_by([account_id], at)
    same = await Account.select(Account.id).where(Account.person == person_id)
    return await held_by([item["id"] for item in same], at)


async def held_by(account_ids: Sequence[int], at: datetime) -> list[Grant]:
    """Return the duties, open or to come, of these accounts."""
    rows = await DutyGrant.select().where(DutyGrant.account.is_in(list(account_ids)))
    return [
        item
        for item in map(queries.as_grant, rows)
        if item.closes_at is None or item.closes_at > at
    ]
