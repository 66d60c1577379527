"""A proposal as its page shows it: differences in words, effects as lines, what judges owe."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

import msgspec

from app.rules.points import fixed
from app.sheets.refitting import Refit
from app.web.locale import gettext as _
from competitions.draw import queries as draw
from competitions.planning.queries import EventLine
from competitions.registration import queries as registration
from competitions.results.proposal_effects import Preview
from competitions.results.proposal_queries import KeptEffect
from competitions.results.proposal_votes import VoteLine, Voter
from competitions.results.proposal_wishes import Wish
from competitions.results.queries import OPEN
from competitions.results.wording import Names, spoken
from competitions.rules.awards import award_word
from competitions.rules.effects import Effect, Side
from competitions.scoring.refitting import Refitting

AWARD, RANK, POINTS = 3, 2, 1


class ChangeLine(msgspec.Struct, frozen=True):
    """One difference in words; each side line by line."""

    of: str
    side: str
    before: list[str]
    after: list[str]


class SideLine(msgspec.Struct, frozen=True):
    """Where a contestant stands on one side."""

    total: str
    scale: int | None
    rank: int | None
    is_undecided: bool
    award: str


class EffectLine(msgspec.Struct, frozen=True):
    """What happens to one contestant; names are empty while the code book is sealed."""

    code: str
    names: str
    delegation: str
    weight: int
    before: SideLine
    after: SideLine
    difference: str
    gaps: int


class Owed(msgspec.Struct, frozen=True):
    """What a judge has to mark by a change."""

    seat: str
    judge: str
    sheets: int
    returned: int
    aspects: list[str]
    unfit: int
    lines: list[Refit]


class Effects(msgspec.Struct, frozen=True):
    """What a change does to all, and how much of it can be told now."""

    lines: list[EffectLine]
    verdict: str
    counts: dict[int, int]
    gaps_before: int
    gaps_after: int
    has_scale: bool


class VoterLine(msgspec.Struct, frozen=True):
    """Somebody entitled, with the last vote."""

    voter: Voter
    vote: VoteLine | None


def changes_of(wish: Wish) -> list[ChangeLine]:
    """Return the differences of a wish in the language of the request."""
    names = Names()
    return [
        ChangeLine(
            of=spoken(item.of, names),
            side=spoken(item.side, names),
            before=[spoken(fact, names) for fact in item.before],
            after=[spoken(fact, names) for fact in item.after],
        )
        for item in wish.changes
    ]


async def effects_of(line: EventLine, found: Preview | KeptEffect, *, is_past: bool) -> Effects:
    """Return the effects that were worked out, or kept."""
    known = await _names(line)
    effects = found.effects
    if isinstance(found, Preview):
        gaps = len(found.before.gaps), len(found.after.gaps)
    else:
        gaps = found.gaps_before, found.gaps_after
    counts = Counter(item.weight for item in effects)
    return Effects(
        lines=[_effect(item, *known.get(item.code, ("", ""))) for item in effects],
        verdict=verdict(counts, is_past=is_past, is_partial=any(gaps)),
        counts={weight: counts[weight] for weight in (AWARD, RANK, POINTS, 0)},
        gaps_before=gaps[0],
        gaps_after=gaps[1],
        has_scale=any(
            side.scale is not None for one in effects for side in (one.before, one.after)
        ),
    )


def verdict(counts: Mapping[int, int], *, is_past: bool, is_partial: bool) -> str:
    """Return in one sentence how many a change touches, as far as can be told now."""
    says = {
        AWARD: _("{count} 名选手的奖项改变") if is_past else _("{count} 名选手的奖项会改变"),
        RANK: _("{count} 名选手的名次改变") if is_past else _("{count} 名选手的名次会改变"),
        POINTS: _("{count} 名选手只是分数改变") if is_past else _("{count} 名选手只是分数会改变"),
    }
    parts = [says[weight].format(count=counts[weight]) for weight in says if counts[weight]]
    text = _("，").join(parts or [_("没有选手的分数、名次或奖项改变")]) + _("。")
    if is_partial:
        text = _("按已评的部分，") + text
    return text[:1].upper() + text[1:]


async def _names(line: EventLine) -> dict[str, tuple[str, str]]:
    if line.status not in OPEN:
        return {}
    entries = {item.id: item for item in await registration.entries_of_event(line.id)}
    return {
        code: (entries[entry_id].names, entries[entry_id].delegation)
        for code, entry_id in (await draw.opened_codes(line.id)).items()
    }


def _effect(item: Effect, names: str, delegation: str) -> EffectLine:
    return EffectLine(
        code=item.code,
        names=names,
        delegation=delegation,
        weight=item.weight,
        before=_side(item.before),
        after=_side(item.after),
        difference=difference(item.before.total, item.after.total),
        gaps=item.after.gaps,
    )


def _side(side: Side) -> SideLine:
    return SideLine(
        total=side.total or "—",
        scale=side.scale,
        rank=side.rank,
        is_undecided=side.is_undecided,
        award=_(award_word(side.award)) if side.award else "",
    )


def difference(before: str | None, after: str | None) -> str:
    """Return how much more or less a total is, with its sign; empty for the same."""
    if before is None or after is None:
        return ""
    found = Fraction(after) - Fraction(before)
    if not found:
        return ""
    is_plain = "/" not in before + after
    decimals = max(len(text.partition(".")[2]) for text in (before, after)) if is_plain else 4
    sign = "+" if found > 0 else "−"
    return sign + fixed(round(abs(found), decimals), decimals)


def owed_of(plan: Refitting | None) -> list[Owed]:
    """Return what each judge has to mark, by seat."""
    by_judge: dict[tuple[str, str], list[Refit]] = defaultdict(list)
    for item in plan.asked if plan else ():
        by_judge[item.seat, item.judge].append(item)
    return [
        Owed(
            seat=seat,
            judge=judge,
            sheets=len(lines),
            returned=sum(item.is_handed_in for item in lines),
            aspects=list(dict.fromkeys(name for item in lines for name in item.to_mark)),
            unfit=sum(len(item.unfit) for item in lines),
            lines=lines,
        )
        for (seat, judge), lines in sorted(by_judge.items(), key=lambda one: (len(one[0][0]), one))
    ]


def voters_of(entitled: Sequence[Voter], votes: Sequence[VoteLine]) -> list[VoterLine]:
    """Return everybody entitled with the vote that counts."""
    last = {item.account_id: item for item in votes}
    return [VoterLine(item, last.get(item.account_id)) for item in entitled]
