"""Compute, compare and publish results."""

import json
from datetime import datetime, timedelta

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor, Duty, require
from app.sheets import queries as sheets
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject, stage_event_within
from competitions.results import queries
from competitions.results.recounting import differences, recount
from competitions.results.tables import ResultVersion
from competitions.rules.lifecycle import EventStatus, require_stage
from competitions.rules.standings import standings

NOTICE_DAYS = 5


@refusal
class SheetsNotLocked(RuleBroken):
    """Marks are final only when the chief judge has signed and locked the sheets."""

    says = N_("评分表还没有全部签字并锁定。请裁判长在“评分进度”页签字并锁定后再计算。")


@refusal
class BundleIncomplete(RuleBroken):
    """The rules cannot count what is recorded."""

    says = N_("成绩还不能计算，{where}：{why}（共 {count} 处）。")
    where: str
    why: str
    count: int


@refusal
class CalculatorsDiffer(RuleBroken):
    """The two calculators do not agree."""

    says = N_("两套计算程序的结果不一致，不能公布：{first}")
    first: str


@refusal
class StillUndecided(RuleBroken):
    """The rule set forbids ties, and some remain."""

    says = N_("评分规则不允许并列，加密号 {codes} 仍未分出名次，请裁判长按规则裁定后再公布。")
    codes: str


@refusal
class NothingComputed(RuleBroken):
    """There is no result yet."""

    says = N_("还没有计算成绩。")


async def compute(event_id: int, *, by: Actor, at: datetime) -> int:
    """Count an event from its locked ledger with both calculators and keep the answer; return its number.

    Raise `SheetsNotLocked`, `BundleIncomplete` or `CalculatorsDiffer`.
    """
    line = await planning.event(event_id)
    require(by, (Duty.CHIEF_JUDGE, Duty.ORGANIZER), *line.scopes)
    require_stage(line.status, EventStatus.MARKING, EventStatus.LOCKED)
    ledger = await sheets.ledger_of(line.ledger)
    if ledger is None or ledger.locked_at is None:
        raise SheetsNotLocked
    bundle = await queries.bundle(line)
    ours, theirs = standings(bundle), await recount(bundle)
    if ours["problems"]:
        first = ours["problems"][0]
        raise BundleIncomplete(first["where"], first["text"], len(ours["problems"]))
    if differ := differences(ours, theirs):
        raise CalculatorsDiffer(differ[0])
    async with write_transaction():
        old = await queries.latest(event_id)
        row = ResultVersion(
            event=event_id,
            number=old.number + 1 if old else 1,
            bundle=json.dumps(bundle, ensure_ascii=False),
            standings=json.dumps(ours, ensure_ascii=False),
            ledger_root=await sheets.ledger_root(line.ledger),
            rule_set_sha256=ours["rule_set"]["sha256"],
            is_agreed=True,
            computed_by=by.name,
            computed_at=at,
            published_at=None,
            notice_ends_at=None,
        )
        await row.save()
        if line.status is EventStatus.MARKING:
            await stage_event_within(
                line, EventStatus.LOCKED, come_from=(EventStatus.MARKING,), by=by, at=at
            )
        await audit.record(
            act=Act.RESULTS_COMPUTED,
            subject=event_subject(event_id),
            by=by,
            at=at,
            after={
                "number": row.number,
                "ledger_root": row.ledger_root,
                "rule_set": row.rule_set_sha256,
            },
        )
        return row.number


async def publish(event_id: int, *, by: Actor, at: datetime) -> None:
    """Publish the standings with names and start the notice period of five days."""
    line = await planning.event(event_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    require_stage(line.status, EventStatus.UNSEALED)
    result = await queries.latest(event_id)
    if result is None:
        raise NothingComputed
    undecided = [item["code"] for item in result.standings["standings"] if item["undecided"]]
    if undecided:
        raise StillUndecided("、".join(undecided))
    async with write_transaction():
        await stage_event_within(
            line, EventStatus.PUBLISHED, come_from=(EventStatus.UNSEALED,), by=by, at=at
        )
        ends = at + timedelta(days=NOTICE_DAYS)
        await ResultVersion.update(
            {ResultVersion.published_at: at, ResultVersion.notice_ends_at: ends}
        ).where(ResultVersion.id == result.id)
        await audit.record(
            act=Act.RESULTS_PUBLISHED,
            subject=event_subject(event_id),
            by=by,
            at=at,
            after={"number": result.number, "notice_ends_at": ends},
        )
