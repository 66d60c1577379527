"""Correct what the register says of a judge: also a name or a number that was mistyped."""

from datetime import datetime

from app.accounts import holders
from app.errors import N_, NotFound, RuleBroken, Stale, refusal
from app.people import actions as people
from app.rules.actors import Actor, Duty, Scope, require
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.queries import CompetitionLine
from competitions.registration import judges, queries
from competitions.registration.delegations import add_delegations_within
from competitions.registration.judge_matching import JudgeFacts
from competitions.registration.queries import JudgeLine
from competitions.registration.tables import Judge


@refusal
class NumberTaken(RuleBroken):
    """One person stands in a register of judges once."""

    says = N_("这个证件号码是名册中{name}的。")
    field = "id_number"
    name: str


@refusal
class NumberOfMore(RuleBroken):
    """Whose account it is decides which duties may meet in one person."""

    says = N_("{name}的账号还有裁判以外的职责，证件号码要由兼管账号的管理员更正。")
    field = "id_number"
    name: str


async def change_judge(
    judge_id: int, facts: JudgeFacts, *, seen_version: int, by: Actor, at: datetime
) -> None:
    """Change what the register says of a judge, also the number by which it knows them.

    The account stays. Raise `NameDiffers` beside the register of persons, `NumberTaken`, or
    `NumberOfMore` where the account is more than a judge's of this competition.
    """
    line, old = await judge(judge_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    async with write_transaction():
        delegations = await add_delegations_within(line.id, (), by=by, at=at)
        if facts.delegation and facts.delegation not in delegations:
            raise judges.UnknownDelegation(facts.delegation)
        if old.version != seen_version:
            raise Stale
        await _correct_within(line, old, facts, by=by, at=at)
        await judges.change_within(line.id, old, facts, delegations, by=by, at=at)


async def judge(judge_id: int) -> tuple[CompetitionLine, JudgeLine]:
    """Return a judge of a register with its competition; raise `NotFound`."""
    row = await Judge.select(Judge.competition).where(Judge.id == judge_id).first()
    if row is None:
        raise NotFound
    there = await queries.judges(row["competition"])
    found = next(item for item in there if item.id == judge_id)
    return await planning.competition(row["competition"]), found


async def _correct_within(
    line: CompetitionLine, old: JudgeLine, facts: JudgeFacts, *, by: Actor, at: datetime
) -> None:
    """Correct who a judge is: the person by their number, the name of person and account."""
    events = {Scope("event", str(item.id)) for item in await planning.events(line.id)}
    holds_more = await judges.holds_more(old, events, by=by, at=at)
    if facts.person is None and old.person_id is not None and facts.name != old.name:
        await people.refuse_name_beside_register(old.person_id, facts.name)
    for other in await queries.judges(line.id):
        if facts.digest and other.id != old.id and other.id_digest == facts.digest:
            raise NumberTaken(other.name)
    if facts.person is not None and old.id_digest not in {None, facts.digest}:
        if holds_more:
            raise NumberOfMore(old.name)
        await holders.relink_within(old.account_id, facts.person, by=by, at=at)
    if facts.name != old.name and not holds_more:
        await holders.rename_within(old.account_id, old.name, facts.name, by=by, at=at)
