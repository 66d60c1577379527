"""The register of judges: who they are, whom they come with, and the account they mark by."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from app.accounts import actions as accounts
from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotFound, RuleBroken, Stale, refusal
from app.people import actions as people
from app.people.actions import PersonFacts
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import competition_subject
from competitions.registration import queries
from competitions.registration.delegations import add_delegations_within
from competitions.registration.queries import JudgeLine
from competitions.registration.tables import Judge

CHANGEABLE = ("name", "employer", "qualification", "delegation")


class JudgeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One judge as registered: the account is found or made by its sign-in name.

    An empty sign-in name lets the house choose one.
    """

    name: str
    sign_in_name: str = ""
    employer: str = ""
    qualification: str = ""
    delegation: str = ""
    person: PersonFacts | None = None


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
class NobodyToInvite(RuleBroken):
    """All judges have set their password."""

    says = N_("所有裁判都已设置密码，不需要再发链接。")


async def register_judges(
    competition_id: int, facts: Sequence[JudgeFacts], *, by: Actor, at: datetime
) -> tuple[int, int]:
    """Register judges with accounts; known ones are brought up to date. Return both counts.

    A judge is known again by the sign-in name, or without one by name and employer.
    """
    line = await planning.competition(competition_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    added = changed = 0
    async with write_transaction():
        delegations = await add_delegations_within(competition_id, (), by=by, at=at)
        there = await queries.judges(competition_id)
        for item in facts:
            if item.delegation and item.delegation not in delegations:
                raise UnknownDelegation(item.delegation)
            known = known_again(there, item)
            if known is None:
                await _add_within(competition_id, item, delegations, by=by, at=at)
                added += 1
            elif differs(known, item):
                await _change_within(competition_id, known, item, delegations, by=by, at=at)
                changed += 1
    return added, changed


def known_again(there: Sequence[JudgeLine], item: JudgeFacts) -> JudgeLine | None:
    """Return the judge of the register who is meant: by sign-in name, else by name and employer."""
    name = item.sign_in_name.strip().lower()
    return next(
        (
            old
            for old in there
            if (old.sign_in_name == name)
            or (not name and (old.name, old.employer) == (item.name, item.employer))
        ),
        None,
    )


async def change_judge(
    judge_id: int, facts: JudgeFacts, *, seen_version: int, by: Actor, at: datetime
) -> None:
    """Change what the register says of a judge; the account stays."""
    row = await Judge.select(Judge.competition).where(Judge.id == judge_id).first()
    if row is None:
        raise NotFound
    competition_id = row["competition"]
    line = await planning.competition(competition_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    old = next(item for item in await queries.judges(competition_id) if item.id == judge_id)
    async with write_transaction():
        delegations = await add_delegations_within(competition_id, (), by=by, at=at)
        if facts.delegation and facts.delegation not in delegations:
            raise UnknownDelegation(facts.delegation)
        if old.version != seen_version:
            raise Stale
        await _change_within(competition_id, old, facts, delegations, by=by, at=at)


async def invite_judges(
    competition_id: int, judge_ids: Sequence[int], *, by: Actor, at: datetime
) -> list[JudgeLink]:
    """Make one-time links for these judges, or for all without a password where none is named."""
    line = await planning.competition(competition_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    wanted = [
        item
        for item in await queries.judges(competition_id)
        if not item.has_password and (not judge_ids or item.id in set(judge_ids))
    ]
    if not wanted:
        raise NobodyToInvite
    async with write_transaction():
        return [
            JudgeLink(
                item.name,
                item.sign_in_name,
                await accounts.invite_within(item.account_id, by=by, at=at),
            )
            for item in wanted
        ]


async def _add_within(
    competition_id: int,
    item: JudgeFacts,
    delegations: dict[str, int],
    *,
    by: Actor,
    at: datetime,
) -> None:
    sign_in_name = item.sign_in_name.strip().lower() or await _free_name(competition_id)
    account_id = await accounts.account_id_of(sign_in_name)
    person_id = await people.find_or_add_within(item.person, by=by, at=at) if item.person else None
    if account_id is None:
        account_id = await accounts.create_account_within(
            sign_in_name=sign_in_name, name=item.name, person_id=person_id, by=by, at=at
        )
    await Judge(
        competition=competition_id,
        account=account_id,
        person=person_id,
        name=item.name,
        employer=item.employer,
        qualification=item.qualification,
        delegation=delegations.get(item.delegation),
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


async def _change_within(
    competition_id: int,
    old: JudgeLine,
    item: JudgeFacts,
    delegations: dict[str, int],
    *,
    by: Actor,
    at: datetime,
) -> None:
    changed = (
        await Judge.update(
            {
                Judge.name: item.name,
                Judge.employer: item.employer,
                Judge.qualification: item.qualification,
                Judge.delegation: delegations.get(item.delegation),
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
        before={name: getattr(old, name) or "" for name in CHANGEABLE},
        after={name: getattr(item, name) for name in CHANGEABLE},
    )


def differs(old: JudgeLine, item: JudgeFacts) -> bool:
    """Tell whether a table says something else of a judge than the register."""
    return any((getattr(old, name) or "") != getattr(item, name) for name in CHANGEABLE)
