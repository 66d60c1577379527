"""Compute, compare and publish results."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NoReturn

import msgspec
from anyio import to_thread

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.holidays import queries as holidays
from app.rules.actors import Actor, require
from app.sheets import queries as sheets
from app.sheets.republishing import NothingAmended
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import (
    event_subject,
    hold_within,
    stage_event_within,
    turn_event_within,
)
from competitions.planning.queries import EventLine
from competitions.results import proposal_queries, queries, recounting
from competitions.results.queries import ResultLine
from competitions.results.recounting import recount
from competitions.results.tables import ResultVersion
from competitions.rules.agreement import Difference, differences
from competitions.rules.duties import COMPUTING, PUBLISHING
from competitions.rules.lifecycle import CompetitionStatus, EventStatus, require_stage
from competitions.rules.reading import Problem
from competitions.rules.standings import problems_in, standings

Document = dict[str, Any]
COUNTED_AGAIN = (EventStatus.LOCKED, EventStatus.UNSEALED, EventStatus.PUBLISHED)


@refusal
class SheetsNotLocked(RuleBroken):
    """Marks are final only when the chief judge has signed and locked the sheets."""

    says = N_("评分表还没有全部签字并锁定。请裁判长在“评分进度”页签字并锁定后再计算。")


@refusal
class BundleIncomplete(RuleBroken):
    """The rules cannot count what is recorded; every place is listed."""

    says = N_("成绩还不能计算：共 {count} 处分数缺少、矛盾或无效，请按下表更正。")
    count: int
    problems: tuple[Problem, ...]


@refusal
class CalculatorsDiffer(RuleBroken):
    """The two calculators do not agree."""

    says = N_("两套计算程序的结果不一致，不能公布：{count} 处不同，列在本页“两套程序核对”。")
    count: int
    differences: tuple[Difference, ...]


@refusal
class StillUndecided(RuleBroken):
    """The rule set forbids ties, and some remain."""

    says = N_("评分规则不允许并列，加密号 {codes} 仍未分出名次，请裁判长裁定后再公布。")
    codes: str


@refusal
class NothingComputed(RuleBroken):
    """There is no result yet."""

    says = N_("还没有计算成绩。")


@refusal
class ProposalsOpen(RuleBroken):
    """Nobody publishes while the rules are under discussion."""

    says = N_("还有 {count} 项更改评分标准或规则的提议没有办结。请先表决生效或撤回，再公布。")
    count: int


@refusal
class NotAnnounced(RuleBroken):
    """Only what is announced is public; a notice nobody can read runs for nobody."""

    says = N_("大赛的公告还没有发布，公布的成绩谁也看不到。请先在大赛页发布公告。")


async def compute(event_id: int, *, by: Actor, at: datetime) -> int:
    """Count an event from its locked ledger with both calculators; return the number it is kept by.

    What was published stays public. Raise `SheetsNotLocked`, `BundleIncomplete`,
    `CalculatorsDiffer`, or `NothingAmended` where what was published still holds.
    """
    line = await planning.event(event_id)
    require(by, COMPUTING, *line.scopes)
    require_stage(line.status, EventStatus.MARKING, *COUNTED_AGAIN)
    if line.status is EventStatus.PUBLISHED and not await recounting.is_overtaken(line):
        raise NothingAmended
    return await count_again(line, by=by, at=at)


async def count_again(line: EventLine, *, by: Actor, at: datetime) -> int:
    """Count an event for somebody who may do what makes it necessary.

    Raise `Stale` where the event moved on meanwhile: nothing is counted behind a publication.
    """
    ledger = await sheets.ledger_of(line.ledger)
    if ledger is None or ledger.locked_at is None:
        raise SheetsNotLocked
    counted = await agreed(line, await queries.bundle(line), by=by, at=at)
    async with write_transaction():
        if line.status is not EventStatus.MARKING:  # Keeping the first count moves the event.
            await turn_event_within(line)
        return await keep_within(line, counted, by=by, at=at)


class Agreed(msgspec.Struct, frozen=True):
    """A bundle with the standings on which both calculators agree."""

    bundle: Document
    standings: Document


async def agreed(line: EventLine, bundle: Document, *, by: Actor, at: datetime) -> Agreed:
    """Count a bundle with both calculators; raise `BundleIncomplete` or `CalculatorsDiffer`."""
    ours = await to_thread.run_sync(standings, bundle)
    if ours["problems"]:
        raise BundleIncomplete(len(ours["problems"]), await to_thread.run_sync(problems_in, bundle))
    found = differences(ours, await recount(bundle))
    if found:
        await _refuse_difference(line, recounting.bundle_text(bundle), found, by=by, at=at)
    decided = await queries.decisions(line.id)
    if decided:
        return Agreed(bundle, await to_thread.run_sync(standings, bundle, decided))
    bundle["results"] = _published(ours)
    return Agreed(bundle, ours)


async def _refuse_difference(
    line: EventLine, text: str, found: Sequence[Difference], *, by: Actor, at: datetime
) -> NoReturn:
    """Keep what differs, for the page and for whoever looks for the cause, and refuse."""
    async with write_transaction():
        await recounting.keep_comparison_within(line.id, text, found, by=by, at=at)
        await audit.record(
            act=Act.CALCULATORS_DIFFERED,
            subject=event_subject(line.id),
            by=by,
            at=at,
            after={"differences": len(found), "codes": sorted({item.code for item in found})},
        )
    raise CalculatorsDiffer(len(found), tuple(found))


def _published(final: Document) -> list[Document]:
    """Return what the bundle says was published, for anyone's second calculation to compare."""
    names = ("code", "total", "scale", "rank", "award")
    return [{name: item[name] for name in names} for item in final["standings"]]


async def keep_within(line: EventLine, counted: Agreed, *, by: Actor, at: datetime) -> int:
    """Keep a computation beside the earlier ones and return its number."""
    old = await queries.latest(line.id)
    text = recounting.bundle_text(counted.bundle)
    row = ResultVersion(
        event=line.id,
        number=old.number + 1 if old else 1,
        bundle=text,
        standings=json.dumps(counted.standings, ensure_ascii=False),
        ledger_root=await sheets.ledger_root(line.ledger),
        rule_set_sha256=counted.standings["rule_set"]["sha256"],
        is_agreed=True,
        computed_by=by.name,
        computed_at=at,
        published_at=None,
        notice_ends_at=None,
        notice_missing_years=None,
    )
    await row.save()
    await recounting.keep_comparison_within(line.id, text, (), by=by, at=at)
    if line.status is EventStatus.MARKING:
        await stage_event_within(
            line, EventStatus.LOCKED, come_from=(EventStatus.MARKING,), by=by, at=at
        )
    await audit.record(
        act=Act.RESULTS_COMPUTED,
        subject=event_subject(line.id),
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
    """Publish the standings with names and start the notice period.

    Both calculators count once more first; raise `CalculatorsDiffer` where they or what was kept
    do not agree, `RecordsChanged` where marks were amended since.
    """
    line = await planning.event(event_id)
    require(by, PUBLISHING, *line.scopes)
    require_stage(line.status, EventStatus.UNSEALED)
    result = await queries.latest(event_id)
    if result is None:
        raise NothingComputed
    await refuse_unpublishable(line, result, by=by, at=at)
    async with write_transaction():
        await hold_within(line.competition_id)
        await stage_event_within(
            line, EventStatus.PUBLISHED, come_from=(EventStatus.UNSEALED,), by=by, at=at
        )
        await publish_within(line, result, by=by, at=at)


async def refuse_unpublishable(
    line: EventLine, result: ResultLine, *, by: Actor, at: datetime
) -> None:
    """Raise what stands between a count and the public; count it again with both calculators."""
    competition = await planning.competition(line.competition_id)
    if competition.status is CompetitionStatus.PREPARING:
        raise NotAnnounced
    equal = [code for group in await queries.undecided(line.id, result) for code in group]
    if equal:
        raise StillUndecided("、".join(equal))
    if waiting := await proposal_queries.open_count(line.id):
        raise ProposalsOpen(waiting)
    if not await recounting.is_current(line, result):
        raise recounting.RecordsChanged
    if found := await _compared_again(line, result):
        text = result.bundle_file.decode()
        await _refuse_difference(line, text, found, by=by, at=at)


async def publish_within(line: EventLine, result: ResultLine, *, by: Actor, at: datetime) -> None:
    """Make a count the public one from now on, with a notice of its own.

    The caller holds the competition: how long a notice runs cannot change meanwhile.
    """
    text = result.bundle_file.decode()
    await recounting.keep_comparison_within(line.id, text, (), by=by, at=at)
    competition = await planning.competition(line.competition_id)
    notice = await holidays.notice(at, competition.notice_days)
    await ResultVersion.update(
        {
            ResultVersion.published_at: at,
            ResultVersion.notice_ends_at: notice.closes_at,
            ResultVersion.notice_missing_years: notice.missing_text,
        }
    ).where(ResultVersion.id == result.id)
    await audit.record(
        act=Act.RESULTS_PUBLISHED,
        subject=event_subject(line.id),
        by=by,
        at=at,
        after={
            "number": result.number,
            "notice_ends_at": notice.closes_at,
            "notice_days": competition.notice_days,
        },
    )


async def _compared_again(line: EventLine, result: ResultLine) -> list[Difference]:
    """Count a kept bundle with both calculators, and set the product's count beside what is kept.

    Where ties were decided, only the product knows the decisions; the second calculator counts
    what lies before them.
    """
    decided = await queries.decisions(line.id)
    plain = {name: part for name, part in result.bundle.items() if name != "results"}
    ours = await to_thread.run_sync(standings, plain)
    found = differences(ours, await recount(plain))
    final = await to_thread.run_sync(standings, plain, decided) if decided else ours
    return found or differences(final, result.standings)
