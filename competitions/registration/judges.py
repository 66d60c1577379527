"""The register of judges: who they are, whom they come with, and the account they mark by."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec

from app.accounts import actions as accounts
from app.accounts import holders
from app.accounts import queries as account_queries
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, Stale, refusal
from app.people import queries as people
from app.rules.actors import Actor, Duty, Scope, require
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import competition_subject
from competitions.registration import queries
from competitions.registration.delegations import add_delegations_within
from competitions.registration.judge_matching import (
    CHANGEABLE,
    JudgeFacts,
    differs,
    doubles,
    known_again,
)
from competitions.registration.queries import JudgeLine
from competitions.registration.tables import Judge
from competitions.rules.duties import SEAT_DUTIES


class JudgeLink(msgspec.Struct, frozen=True):
    """A one-time link's token for a judge, shown once."""

    name: str
    sign_in_name: str
    token: str


@refusal
class UnknownDelegation(RuleBroken):
    """Whom a judge comes with is a delegation of this competition."""

    says = N_("没有名为“{name}”的代表队，请先登记代表队，或留空。")
    field = "delegation"
    name: str


@refusal
class JudgeTwice(RuleBroken):
    """One judge of the register has one row, one account and one seat."""

    says = N_("“{name}”在名册中出现了两次。同名同单位的两个人，请填写各自的证件号码或登录名。")
    name: str


@refusal
class AccountOfAnother(RuleBroken):
    """An account that nobody has taken over yet is invited by whoever made it."""

    says = N_("登录名“{name}”已有账号，本人还没有设置密码。请换一个登录名，或留空由系统分配。")
    field = "sign_in_name"
    name: str


@refusal
class KnownByAnotherName(RuleBroken):
    """Somebody has one account in a register."""

    says = N_("{name}已在名册中，登录名是“{there}”。请填这个登录名，或留空。")
    field = "sign_in_name"
    name: str
    there: str


@refusal
class OtherNumber(RuleBroken):
    """The row is a judge of the register by its sign-in name, and somebody else by its number."""

    says = N_("登录名“{name}”在名册中是{there}，证件号码与登记的不同。登记错了的，请先修改该裁判。")
    field = "id_number"
    name: str
    there: str


@refusal
class HoldsMore(RuleBroken):
    """Who holds other duties gets the link from those who granted them."""

    says = N_("{name}的账号（{sign_in_name}）还有裁判以外的职责，一次性链接请由管理员生成。")
    name: str
    sign_in_name: str


@refusal
class NobodyToInvite(RuleBroken):
    """All judges have set their password."""

    says = N_("所有裁判都已设置密码，不需要再发链接。")


async def register_judges(
    competition_id: int, facts: Sequence[JudgeFacts], *, by: Actor, at: datetime
) -> tuple[int, int]:
    """Register judges with accounts; known ones are brought up to date. Return both counts.

    Raise `JudgeTwice`, `UnknownDelegation`, `AccountOfAnother` or `KnownByAnotherName`, and then
    nobody was registered.
    """
    line = await planning.competition(competition_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    for place, _, _ in doubles(facts):
        raise JudgeTwice(facts[place].name)
    added = changed = 0
    async with write_transaction():
        delegations = await add_delegations_within(competition_id, (), by=by, at=at)
        there = await queries.judges(competition_id)
        for item in facts:
            if item.delegation and item.delegation not in delegations:
                raise UnknownDelegation(item.delegation)
            known = known_again(there, item)
            await refuse_account(there, known, item)
            if known is None:
                await _add_within(competition_id, item, delegations, by=by, at=at)
                added += 1
            elif differs(known, item):
                await change_within(competition_id, known, item, delegations, by=by, at=at)
                changed += 1
    return added, changed


async def refuse_account(
    there: Sequence[JudgeLine], known: JudgeLine | None, item: JudgeFacts
) -> None:
    """Raise where a judge cannot have the account that was named.

    An account without a password is taken over with a link, and those only go to accounts that
    this register made: an administrator's new account would go to whoever knows its name.
    """
    name = item.account_name
    if known is not None:
        if name and known.sign_in_name != name:
            raise KnownByAnotherName(known.name, known.sign_in_name)
        await _refuse_holder(known.account_id, item)
        return
    for other in there:
        if other.sign_in_name == name:
            raise OtherNumber(name, other.name)
    account_id = await accounts.account_id_of(name) if name else None
    if account_id:
        if not (await account_queries.account(account_id)).has_password:
            raise AccountOfAnother(name)
        await _refuse_holder(account_id, item)


async def _refuse_holder(account_id: int, item: JudgeFacts) -> None:
    """Raise `holders.AccountOfAnother` where the account is a person's of another number."""
    holder = (await account_queries.account(account_id)).person_id
    if item.person is not None and holder is not None:
        known = await people.known_persons([item.digest])
        if known.get(item.digest, (None, ""))[0] != holder:
            raise holders.AccountOfAnother


async def invite_judges(
    competition_id: int, judge_ids: Sequence[int], *, by: Actor, at: datetime
) -> list[JudgeLink]:
    """Make one-time links for these judges, or for all without a password where none is named.

    Raise `HoldsMore` for one who is more than a judge of this competition.
    """
    line = await planning.competition(competition_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    wanted = [
        item
        for item in await queries.judges(competition_id)
        if not item.has_password and (not judge_ids or item.id in set(judge_ids))
    ]
    async with write_transaction():
        events = {Scope("event", str(item.id)) for item in await planning.events(competition_id)}
        more = [item for item in wanted if await holds_more(item, events, by=by, at=at)]
        wanted = [item for item in wanted if item not in more]
        for item in more:
            if judge_ids or not wanted:
                raise HoldsMore(item.name, item.sign_in_name)
        if not wanted:
            raise NobodyToInvite
        return [
            JudgeLink(
                item.name,
                item.sign_in_name,
                await accounts.invite_within(item.account_id, by=by, at=at),
            )
            for item in wanted
        ]


async def holds_more(
    item: JudgeLine, events: Collection[Scope], *, by: Actor, at: datetime
) -> bool:
    """Tell whether a link would hand out a duty that is no seat of this competition."""
    return not by.holds(Duty.ADMINISTRATOR) and any(
        grant.duty not in SEAT_DUTIES.values() or grant.scope not in events
        for grant in await account_queries.grants_of(item.account_id)
        if grant.closes_at is None or grant.closes_at > at
    )


async def _add_within(
    competition_id: int,
    item: JudgeFacts,
    delegations: dict[str, int],
    *,
    by: Actor,
    at: datetime,
) -> None:
    sign_in_name = item.account_name or await _free_name(competition_id)
    account_id = await accounts.account_id_of(sign_in_name)
    if account_id is None:
        account_id = await accounts.create_account_within(
            sign_in_name=sign_in_name, name=item.name, by=by, at=at
        )
    person_id = None
    if item.person is not None:
        person_id = await holders.link_within(account_id, item.person, by=by, at=at)
    await Judge(
        competition=competition_id,
        account=account_id,
        person=person_id,
        name=item.name,
        employer=item.employer,
        qualification=item.qualification,
        delegation=delegations.get(item.delegation),
        county_code=item.county_code,
        registered_at=at,
        version=1,
    ).save()
    await audit.record(
        act=Act.JUDGE_REGISTERED,
        subject=competition_subject(competition_id),
        by=by,
        at=at,
        after={"account": sign_in_name, "name": item.name},
    )


async def _free_name(competition_id: int) -> str:
    number = await Judge.count().where(Judge.competition == competition_id) + 1
    while await accounts.account_id_of(f"j{competition_id}-{number:03d}") is not None:
        number += 1
    return f"j{competition_id}-{number:03d}"


async def change_within(
    competition_id: int,
    old: JudgeLine,
    item: JudgeFacts,
    delegations: dict[str, int],
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Write what is said of a judge of the register, inside the caller's transaction."""
    person_id = None
    if item.person is not None:
        person_id = await holders.link_within(old.account_id, item.person, by=by, at=at)
    changed = (
        await Judge.update(
            {
                **({Judge.person: person_id} if person_id else {}),
                Judge.name: item.name,
                Judge.employer: item.employer,
                Judge.qualification: item.qualification,
                Judge.delegation: delegations.get(item.delegation),
                Judge.county_code: item.county_code,
                Judge.version: old.version + 1,
            }
        )
        .where(Judge.id == old.id, Judge.version == old.version)
        .returning(Judge.id)
    )
    if not changed:
        raise Stale
    await audit.record(
        act=Act.JUDGE_CHANGED,
        subject=competition_subject(competition_id),
        by=by,
        at=at,
        before={name: getattr(old, name) or "" for name in CHANGEABLE} | {"person": old.person_id},
        after={name: getattr(item, name) for name in CHANGEABLE}
        | {"person": person_id or old.person_id},
    )
