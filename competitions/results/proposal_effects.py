"""What a proposal would do: to every contestant, and to the sheets that judges filled in."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec
from anyio import to_thread

from app.errors import N_, RuleBroken, refusal
from app.sheets import queries as sheets
from app.storage.engine import read_snapshot
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine, SchemeLine
from competitions.results import queries
from competitions.results.proposal_queries import KeptEffect
from competitions.results.proposal_wishes import Wish
from competitions.rules.bundle import Bundle
from competitions.rules.effects import Effect, SoFar, counted, effects
from competitions.rules.proposals import ProposalKind, refuse_broken_records
from competitions.rules.ranking import Decisions
from competitions.rules.reading import Problem, read
from competitions.rules.scheme import SchemeFacts
from competitions.scoring import queries as scoring
from competitions.scoring import refitting
from competitions.scoring.refitting import Refitting


class Wanted(msgspec.Struct, frozen=True):
    """An event as it would be: its rule set and its scheme."""

    line: EventLine
    scheme: SchemeLine


class Preview(msgspec.Struct, frozen=True):
    """What a proposal would do now, and what stands in its way."""

    before: SoFar
    after: SoFar
    effects: list[Effect]
    refitting: Refitting | None
    obstacles: list[RuleBroken]


@refusal
class CannotBeSoFar(RuleBroken):
    """Once marks are final, whatever replaces the rules must count all of them."""

    says = N_(
        "评分已经锁定，而按更改后的规定有 {count} 处不能计算（{where}：{why}），所以不能生效。"
    )
    count: int
    where: str
    why: Problem


@refusal
class CannotBeCounted(RuleBroken):
    """What replaces the rules counts something, whatever judges still mark."""

    says = N_("按更改后的规定有 {count} 处不能计算（{where}：{why}），所以不能生效。")
    count: int
    where: str
    why: Problem


async def wanted(line: EventLine, wish: Wish) -> Wanted:
    """Return the event as it is wished."""
    scheme = await planning.scheme(line.id)
    assert scheme is not None, "only an event with a locked scheme has proposals"
    if wish.kind is ProposalKind.RULE_SET:
        changed = {
            "rule_set": wish.after,
            "rule_set_name": wish.name,
            "rule_set_sha256": wish.after_sha256,
        }
        return Wanted(msgspec.structs.replace(line, **changed), scheme)
    facts = {
        "version_number": scheme.version_number + 1,
        "sha256": wish.after_sha256,
        "facts": wish.schemes[1],
    }
    return Wanted(line, msgspec.structs.replace(scheme, **facts))


async def preview(line: EventLine, wish: Wish) -> Preview:
    """Return what a wish would do to an event as it is now."""
    async with read_snapshot():
        shall = await wanted(line, wish)
        now = await planning.scheme(line.id)
        assert now is not None
        records = await queries.records(line)
        decided = await queries.decisions(line.id)
        is_final = await _is_final(line)
        plan, obstacles = await _planned(shall)
        try:
            await refuse_broken(line, shall.scheme.facts)
        except RuleBroken as refused:
            obstacles.insert(0, refused)
    before, after = await to_thread.run_sync(
        partial(_both, records, Wanted(line, now), shall, decided)
    )
    obstacles += _obstacles(after, is_final=is_final)
    return Preview(before, after, effects(before, after), plan, obstacles)


async def _planned(shall: Wanted) -> tuple[Refitting | None, list[RuleBroken]]:
    """Return what is asked of the sheets, or why nothing can be."""
    try:
        return await refitting.planned(shall.line, shall.scheme), []
    except RuleBroken as refused:
        return None, [refused]


async def refuse_broken(line: EventLine, wanted: SchemeFacts) -> None:
    """Refuse a scheme under which what is recorded by now would mean something else, or nothing.

    Raise `MeansAnother`, `UsedBefore` or `ModuleRecorded`.
    """
    now = await planning.scheme(line.id)
    assert now is not None, "only an event with a locked scheme has proposals"
    refuse_broken_records(
        now.facts,
        wanted,
        marked=await sheets.marked_aspects(line.ledger),
        recorded={item.module for item in await scoring.all_deductions(line.id)}
        | {item.module for item in await scoring.times(line.id)},
    )


async def _is_final(line: EventLine) -> bool:
    row = await sheets.ledger_row(line.ledger)
    return row is not None and row["locked_at"] is not None


def _both(
    records: Mapping[str, Any], now: Wanted, shall: Wanted, decided: Decisions
) -> tuple[SoFar, SoFar]:
    before, after = (_counted(records, item, decided) for item in (now, shall))
    return before, after


def _counted(records: Mapping[str, Any], event: Wanted, decided: Decisions) -> SoFar:
    document = queries.bundle_under(records, event.line.rule_set, event.scheme.facts)
    bundle = read(document)
    if isinstance(bundle, Problem):
        return SoFar((), (), (bundle,))
    assert isinstance(bundle, Bundle)
    return counted(bundle, decided)


def _obstacles(after: SoFar, *, is_final: bool) -> list[RuleBroken]:
    found: list[RuleBroken] = []
    whys = [*after.problems, *(gap.why for gap in after.gaps)]
    if after.problems or (is_final and after.gaps):
        says = CannotBeSoFar if is_final else CannotBeCounted
        found.append(says(len(whys), whys[0].where, whys[0]))
    return found


def kept_effect(found: Preview) -> KeptEffect:
    """Return of a preview what is kept."""
    return KeptEffect(found.effects, len(found.before.gaps), len(found.after.gaps))
