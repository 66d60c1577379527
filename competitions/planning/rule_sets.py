"""Write rule sets down, bind events to them, and lock them: the first mark does so.

A version that no mark was made under may still be changed; after that a change is its next version.
"""

import json
from datetime import datetime
from typing import Any

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, NotFound, RuleBroken, Stale, refusal
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction
from competitions.planning import queries, rule_set_lines
from competitions.planning.actions import event_subject
from competitions.planning.queries import EventLine
from competitions.planning.rule_set_lines import UNMARKED, RuleSetLine
from competitions.planning.tables import Event, RuleSetVersion
from competitions.rules.lifecycle import require_stage
from competitions.rules.reading import Problem
from competitions.rules.rule_set import RuleSet
from competitions.rules.rule_sets import read_rule_set
from competitions.rules.scheme import SchemeFacts
from competitions.rules.scheme_checks import misfits

BINDERS = (Duty.ORGANIZER, Duty.CHIEF_JUDGE)


@refusal
class UnknownRuleSet(RuleBroken):
    """There is no such rule set."""

    says = N_("没有这套评分规则，请从列出的规则中选择。")
    field = "rule_set"


@refusal
class RuleSetBoundAlready(RuleBroken):
    """The event is bound to this version already."""

    says = N_("本赛项已经在用这一版评分规则。")
    field = "rule_set"


@refusal
class RuleSetMisfit(RuleBroken):
    """The tie keys of the rule set name what the scheme does not have."""

    says = N_("评分规则与评分标准不相配：{why}。请修改评分标准或换用评分规则。")
    field = "rule_set"
    why: Problem


def refuse_misfit(document: dict[str, Any], scheme: SchemeFacts) -> None:
    """Raise `RuleSetMisfit` where a rule set cannot decide a scheme."""
    rules = read_rule_set(document)
    for problem in misfits(rules, scheme) if isinstance(rules, RuleSet) else rules:
        raise RuleSetMisfit(problem)


async def bind(event_id: int, key: str, *, seen_version: int, by: Actor, at: datetime) -> None:
    """Bind an event to another rule set before its first mark."""
    line = await queries.event(event_id)
    require(by, BINDERS, *line.scopes)
    require_stage(line.status, *UNMARKED)
    if line.version != seen_version:
        raise Stale
    async with write_transaction():
        await bind_within(event_id, await version_within(key, at), by=by, at=at)


async def bind_within(
    event_id: int, version_id: int, *, by: Actor, at: datetime, reason: str = ""
) -> None:
    """Bind an event to a rule set inside the caller's transaction, at any stage.

    The caller decides whether it may be: before the first mark anyone of `BINDERS`, later only a
    proposal that was carried. Once there are marks the rule set must fit the scheme, and both the
    old and the new version stay as they are for good.
    """
    line = await queries.event(event_id)
    new = await rule_set_lines.rule_set(version_id)
    if line.rule_set_id == version_id:
        raise RuleSetBoundAlready
    if line.status not in UNMARKED:
        scheme = await queries.scheme(event_id)
        if scheme is not None:
            refuse_misfit(new.document, scheme.facts)
        await _lock(line.rule_set_id, at)
        await _lock(version_id, at)
    changed = (
        await Event.update({Event.rule_set: version_id, Event.version: line.version + 1})
        .where(Event.id == event_id, Event.version == line.version)
        .returning(Event.id)
    )
    if not changed:
        raise Stale
    await audit.record(
        act=Act.RULE_SET_BOUND,
        subject=event_subject(event_id),
        by=by,
        at=at,
        reason=reason,
        before={"rule_set": line.rule_set_key, "sha256": line.rule_set_sha256},
        after={"rule_set": new.key, "sha256": new.sha256},
    )


async def version_within(key: str, at: datetime) -> int:
    """Return the row of a version, inside a transaction; a preset is written down once."""
    try:
        line = await rule_set_lines.by_key(key)
    except NotFound:
        raise UnknownRuleSet from None
    return line.id or (await insert_within(line, at)).id


async def insert_within(line: RuleSetLine, at: datetime) -> RuleSetVersion:
    """Write a new version down as it stands."""
    row = RuleSetVersion(
        code=line.code,
        version_number=line.version_number,
        name=line.name,
        document=json.dumps(line.document, ensure_ascii=False),
        sha256=line.sha256,
        created_at=at,
        created_by=line.created_by,
        account_id=line.account_id,
        derived_from=line.derived_from,
        locked_at=None,
    )
    await row.save()
    return row


async def lock_version_within(version_id: int, at: datetime) -> None:
    """Lock a version that others decide about; a change is its next version from then on."""
    if not await _lock(version_id, at):
        raise NotFound


async def lock_within(line: EventLine, at: datetime) -> None:
    """Lock the rule set that an event was seen with; raise `Stale` where it changed meanwhile."""
    if not await _lock(line.rule_set_id, at, line.rule_set_sha256):
        raise Stale


async def _lock(version_id: int, at: datetime, sha256: str = "") -> bool:
    """Lock a version where it is not locked yet; tell whether it is there, with this hash."""
    there = [RuleSetVersion.id == version_id]
    if sha256:
        there.append(RuleSetVersion.sha256 == sha256)
    await RuleSetVersion.update({RuleSetVersion.locked_at: at}).where(
        *there, RuleSetVersion.locked_at.is_null()
    )
    return await RuleSetVersion.exists().where(*there)
