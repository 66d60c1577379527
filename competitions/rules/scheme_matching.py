"""Which aspects of a workbook are those of the scheme before it: identifiers outlive a re-import.

WorldSkills' workbooks name no aspects, and inserting a row renumbers all below. So aspects are
matched by what they say and where they stand, from the surest sign to the faintest: same heading,
kind and words; the same words elsewhere; like words under the same heading; the only one left
between the same neighbours.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from competitions.rules.scheme import SchemeAspect, SchemeFacts
from competitions.rules.scheme_ids import head_of, next_id

ALIKE = 0.6
MOST_COMPARED = 20_000


@dataclass(frozen=True)
class Placed:
    """An aspect and the heading that it stands under."""

    module: str
    aspect: SchemeAspect

    @property
    def heading(self) -> tuple[str, str, str]:
        """Return the module, criterion and sub-criterion."""
        return self.module, self.aspect.criterion, self.aspect.sub_criterion


Pairs = dict[int, int]
"""The place of an aspect in the new scheme, and its place in the old one."""


def matched(old: SchemeFacts, new: SchemeFacts, *, taken: Iterable[str] = ()) -> SchemeFacts:
    """Return the new scheme with the identifiers that the old one gave.

    An aspect that is new gets an identifier that neither the old scheme nor `taken` has. What a
    workbook cannot say (unit, decimals, how a value counts) stays, where the kind is the same.
    """
    before, after = list(_placed(old)), list(_placed(new))
    pairs = pair_up(before, after)
    names = _names([item.aspect.id for item in before], after, pairs, taken)
    renamed = {item.aspect.id: name for item, name in zip(after, names, strict=True)}
    aspects = iter(
        _kept(
            before[pairs[place]].aspect if place in pairs else None,
            replace(
                item.aspect,
                id=names[place],
                zeroes=tuple(renamed.get(name, name) for name in item.aspect.zeroes),
            ),
        )
        for place, item in enumerate(after)
    )
    return replace(
        new,
        modules=tuple(
            replace(module, aspects=tuple(next(aspects) for _aspect in module.aspects))
            for module in new.modules
        ),
    )


def _placed(scheme: SchemeFacts) -> Iterator[Placed]:
    for module in scheme.modules:
        for aspect in module.aspects:
            yield Placed(module.id, aspect)


def _kept(old: SchemeAspect | None, new: SchemeAspect) -> SchemeAspect:
    if old is None or old.kind != new.kind:
        return new
    return replace(
        new,
        unit=new.unit or old.unit,
        decimals=old.decimals,
        calculation=new.calculation or old.calculation,
    )


def _names(
    old: Sequence[str], after: Sequence[Placed], pairs: Pairs, given: Iterable[str]
) -> list[str]:
    taken, found = {*old, *given}, list[str]()
    for place, item in enumerate(after):
        name = old[pairs[place]] if place in pairs else item.aspect.id
        if place not in pairs and name in taken:
            name = next_id(head_of(name), taken)
        taken.add(name)
        found.append(name)
    return found


def pair_up(before: Sequence[Placed], after: Sequence[Placed]) -> Pairs:
    """Return which aspect was which; each is matched at most once."""
    pairs: Pairs = {}
    for sign in (
        lambda item: (item.heading, item.aspect.kind, item.aspect.title, item.aspect.max),
        lambda item: (item.heading, item.aspect.kind, item.aspect.title),
        lambda item: (item.aspect.kind, item.aspect.title),
    ):
        _pair_by(sign, before, after, pairs)
    _pair_alike(before, after, pairs)
    _pair_between(before, after, pairs)
    return pairs


def _left(count: int, taken: Sequence[int] | Pairs) -> list[int]:
    used = set(taken)
    return [place for place in range(count) if place not in used]


def _pair_by(
    sign: Callable[[Placed], Hashable],
    before: Sequence[Placed],
    after: Sequence[Placed],
    pairs: Pairs,
) -> None:
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for place in reversed(_left(len(before), list(pairs.values()))):
        waiting[sign(before[place])].append(place)
    for place in _left(len(after), pairs):
        if waiting[sign(after[place])]:
            pairs[place] = waiting[sign(after[place])].pop()


def _pair_alike(before: Sequence[Placed], after: Sequence[Placed], pairs: Pairs) -> None:
    """Pair what is worded alike under the same heading, the most alike first."""
    found = []
    old_left, new_left = _left(len(before), list(pairs.values())), _left(len(after), pairs)
    if len(old_left) * len(new_left) > MOST_COMPARED:
        return
    for new_place in new_left:
        for old_place in old_left:
            one, other = before[old_place], after[new_place]
            if one.heading == other.heading and one.aspect.kind == other.aspect.kind:
                likeness = SequenceMatcher(None, one.aspect.title, other.aspect.title).ratio()
                if likeness >= ALIKE:
                    found.append((-likeness, new_place, old_place))
    for _likeness, new_place, old_place in sorted(found):
        if new_place not in pairs and old_place not in pairs.values():
            pairs[new_place] = old_place


def _pair_between(before: Sequence[Placed], after: Sequence[Placed], pairs: Pairs) -> None:
    """Pair what alone is left, on both sides, between the same neighbours and of the same kind."""
    neighbours = [(-1, -1), *sorted(pairs.items()), (len(after), len(before))]
    for (new_from, old_from), (new_to, old_to) in pairwise(neighbours):
        if new_to - new_from == old_to - old_from == 2:
            one, other = before[old_from + 1], after[new_from + 1]
            if one.heading == other.heading and one.aspect.kind == other.aspect.kind:
                pairs[new_from + 1] = old_from + 1
