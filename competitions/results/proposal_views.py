"""A proposal as its page shows it: differences in words, effects as lines, what judges owe."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import msgspec

from app.rules.mark_sheet import code_order
from app.rules.points import fixed
from app.sheets.refitting import Refit
from app.web.locale import gettext as _
from competitions.draw import queries as draw
from competitions.planning import scheme_words
from competitions.planning.queries import EventLine
from competitions.planning.scheme_forms import KIND_WORDS
from competitions.planning.wording import worded
from competitions.registration import queries as registration
from competitions.results.proposal_effects import Preview
from competitions.results.proposal_queries import KeptEffect
from competitions.results.proposal_votes import VoteLine, Voter
from competitions.results.proposal_wishes import Wish
from competitions.results.queries import OPEN
from competitions.rules import clause_changes, scheme_changes
from competitions.rules.awards import award_word
from competitions.rules.effects import Effect, Side
from competitions.rules.phrases import Phrase
from competitions.rules.proposals import ProposalKind
from competitions.rules.rule_book import clauses
from competitions.rules.scheme import SchemeAspect
from competitions.rules.scheme_changes import Change
from competitions.scoring.refitting import Refitting

AWARD, RANK, POINTS = 3, 2, 1


class ChangeLine(msgspec.Struct, frozen=True):
    """One difference in words: of what, which side of it, before and after; empty for nothing."""

    of: str
    side: str
    before: str
    after: str


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
    if wish.kind is ProposalKind.RULE_SET:
        before, after = map(clauses, wish.rule_sets)
        return [
            ChangeLine(_(item.section), "", _worded(item.before), _worded(item.after))
            for item in clause_changes.changes(before, after)
        ]
    old, new = ({item.id: item for item in scheme.aspects()} for scheme in wish.schemes)
    return [
        line
        for item in scheme_changes.changes(*wish.schemes)
        for line in _scheme_lines(item, old.get(item.id), new.get(item.id))
    ]


def _worded(said: Phrase | None) -> str:
    return worded(said) if said else ""


def _scheme_lines(
    change: Change, old: SchemeAspect | None, new: SchemeAspect | None
) -> Iterator[ChangeLine]:
    """Yield a line for each side of a part that differs; for a new or a lost one what it is."""
    of = f"{scheme_words.part(change)} {change.id} {change.title}"
    for name, before, after in scheme_words.fields(change):
        yield ChangeLine(of, name, before, after)
    if not change.fields:
        is_aspect = change.part == "aspect" and change.what != "moved"
        sides = [_whole(item) if item and is_aspect else "" for item in (old, new)]
        yield ChangeLine(of, scheme_words.what(change), *sides)


def _whole(aspect: SchemeAspect) -> str:
    kind = _(KIND_WORDS[aspect.kind])
    return _("{kind}，满分 {max}").format(kind=kind, max=aspect.max) if aspect.max else kind


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
        code: (entries[entry_id].names, entries[entry_id].party)
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
    """Return what each seat has to mark, with the judge who has most of it.

    No judge stands beside a code: who stands in for whom could give a contestant away.
    """
    by_seat: dict[str, list[Refit]] = defaultdict(list)
    for item in plan.asked if plan else ():
        by_seat[item.seat].append(item)
    return [
        Owed(
            seat=seat,
            judge=Counter(item.judge for item in lines).most_common(1)[0][0],
            sheets=len(lines),
            returned=sum(item.is_handed_in for item in lines),
            aspects=list(dict.fromkeys(name for item in lines for name in item.to_mark)),
            unfit=sum(len(item.unfit) for item in lines),
            lines=lines,
        )
        for seat, lines in sorted(by_seat.items(), key=lambda one: code_order(one[0]))
    ]


def voters_of(entitled: Sequence[Voter], votes: Sequence[VoteLine]) -> list[VoterLine]:
    """Return everybody entitled with the vote that counts."""
    last = {item.account_id: item for item in votes}
    return [VoterLine(item, last.get(item.account_id)) for item in entitled]
