"""The marks bundle as typed facts (contracts.md §2): an event's scheme, entries and raw records.

Shape is read by msgspec, which refuses unknown keys, wrong kinds and numbers that are no strings;
what shapes cannot say is checked in `checks` and `records`.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from competitions.rules.rule_set import Count, RuleSet, Strict, Word


class YesNo(Strict, frozen=True, tag_field="kind", tag="yes_no"):
    """1 gives the maximum, 0 nothing."""


class Deduct(Strict, frozen=True, tag_field="kind", tag="deduct"):
    """The value counts errors; each costs `per_error`."""

    per_error: Word


class Band(Strict, frozen=True):
    """A mark for a distance to nominal, inclusive."""

    within: Word
    mark: Word


class Bands(Strict, frozen=True, tag_field="kind", tag="bands"):
    """The value is what was measured; the first band that holds decides."""

    nominal: Word
    bands: Annotated[tuple[Band, ...], Meta(min_length=1)]


class Points(Strict, frozen=True, tag_field="kind", tag="points"):
    """One value, 0 to the maximum."""

    id: Word
    max: Word


class Measurement(Strict, frozen=True, tag_field="kind", tag="measurement"):
    """As points, or worked out by a calculation."""

    id: Word
    max: Word
    calculation: YesNo | Deduct | Bands | msgspec.UnsetType = msgspec.UNSET


class Judgement(Strict, frozen=True, tag_field="kind", tag="judgement"):
    """0, 1, 2 or 3 by each judge."""

    id: Word
    max: Word


class Panel(Strict, frozen=True, tag_field="kind", tag="panel"):
    """A value by each judge, trimmed and averaged, times a factor."""

    id: Word
    max: Word
    factor: Word = "1"


class Gate(Strict, frozen=True, tag_field="kind", tag="gate"):
    """1 or 0, no mark of its own; at 0 the aspects it names count 0."""

    id: Word
    zeroes: Annotated[tuple[Word, ...], Meta(min_length=1)]


Marked = Points | Measurement | Judgement | Panel
Aspect = Marked | Gate


class Module(Strict, frozen=True):
    """A module; with a weight its sum is scaled to it."""

    id: Word
    name: Word
    aspects: tuple[Aspect, ...]
    weight: Word | msgspec.UnsetType = msgspec.UNSET


class Entry(Strict, frozen=True):
    """Who competes, known by the blind code."""

    code: Word
    status: Literal["competed", "absent", "withdrawn", "disqualified"]
    delegation: Word | None = None


class Mark(Strict, frozen=True, gc=False):
    """One judge's value, or a state that says why there is none."""

    aspect: Word
    code: Word
    judge: Word
    value: Word | msgspec.UnsetType = msgspec.UNSET
    state: Literal["missing", "not_attempted"] | msgspec.UnsetType = msgspec.UNSET


class Deduction(Strict, frozen=True):
    """Points that leave a module."""

    code: Word
    module: Word
    points: Word
    reason: str | None = None


class Time(Strict, frozen=True):
    """The seconds that a module took."""

    code: Word
    module: Word
    seconds: Count


class Published(Strict, frozen=True):
    """A published result, for the second calculator to compare with."""

    code: Word
    total: str | None
    scale: int | None
    rank: int | None
    award: str | None


class EventName(Strict, frozen=True):
    """Which event."""

    id: Word
    name: Word


class Bundle(Strict, frozen=True):
    """A whole event."""

    format: Literal["marks-bundle/1"]
    event: EventName
    rule_set: RuleSet
    modules: Annotated[tuple[Module, ...], Meta(min_length=1)]
    entries: tuple[Entry, ...]
    marks: tuple[Mark, ...]
    deductions: tuple[Deduction, ...] = ()
    times: tuple[Time, ...] = ()
    results: tuple[Published, ...] = ()

    def aspects(self) -> Iterator[Aspect]:
        """Yield every aspect of every module."""
        for module in self.modules:
            yield from module.aspects
