"""What a mark sheet asks, which values each aspect takes, and when a sheet is complete.

Aspect kinds and calculations are those of the marks bundle (contracts.md section 2). A value is
kept as a whole number of 1/10,000 (decision 0003); finer input is refused, never rounded.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from app.errors import N_, RuleBroken, refusal

E4: Final = 10_000
"""The unit of stored values: one point is 10,000."""
DECIMAL: Final = re.compile(r"-?[0-9]{1,8}(\.[0-9]{1,4})?")


class AspectKind(StrEnum):
    """How an aspect is marked (marking.md section 1)."""

    POINTS = "points"
    MEASUREMENT = "measurement"
    JUDGEMENT = "judgement"
    PANEL = "panel"
    GATE = "gate"


class Control(StrEnum):
    """Which control the sheet shows for an aspect."""

    NUMBER = "number"
    SCALE = "scale"
    YES_NO = "yes_no"
    COUNT = "count"


class MarkState(StrEnum):
    """What a mark says where it is no number, and that it is one.

    An aspect nobody has marked has no mark at all; `cleared` takes an earlier mark back.
    """

    MARKED = "marked"
    MISSING = "missing"
    NOT_ATTEMPTED = "not_attempted"
    CLEARED = "cleared"


class SheetStatus(StrEnum):
    """Where a sheet stands. Only an open one takes marks; later ones are held.

    A void sheet counts for nothing: its subject was absent or withdrew.
    """

    OPEN = "open"
    SUBMITTED = "submitted"
    SIGNED = "signed"
    LOCKED = "locked"
    VOID = "void"


@dataclass(frozen=True)
class SheetAspect:
    """One aspect of a form. `max` in points as decimal text; `decimals` allowed on the sheet."""

    id: str
    kind: AspectKind
    title: str
    max: str | None = None
    hint: str = ""
    unit: str = ""
    decimals: int = 2
    descriptors: tuple[str, ...] = ()
    calculation: Mapping[str, Any] | None = None
    zeroes: tuple[str, ...] = ()
    group: str = ""

    @cached_property
    def control(self) -> Control:
        """Return the control that this aspect is marked with."""
        how = (self.calculation or {}).get("kind")
        if self.kind is AspectKind.JUDGEMENT:
            return Control.SCALE
        if self.kind is AspectKind.GATE or how == "yes_no":
            return Control.YES_NO
        return Control.COUNT if how == "deduct" else Control.NUMBER

    @property
    def is_measured(self) -> bool:
        """Tell whether the value is a measurement in a unit and no points."""
        return (self.calculation or {}).get("kind") == "bands"

    @cached_property
    def highest_e4(self) -> int | None:
        """Return the highest value in 1/10,000, None where there is no bound."""
        if self.control is Control.SCALE:
            return 3 * E4
        if self.control is Control.YES_NO:
            return E4
        if self.control is Control.COUNT or self.is_measured or self.max is None:
            return None
        return e4(self.max)

    @property
    def lowest_e4(self) -> int | None:
        """Return the lowest value in 1/10,000, None where there is no bound."""
        return None if self.is_measured else 0

    @cached_property
    def grain_e4(self) -> int:
        """Return the smallest step between two values, in 1/10,000."""
        if self.control is not Control.NUMBER:
            return E4
        return int(E4 // 10 ** min(max(self.decimals, 0), 4))


@dataclass(frozen=True)
class SchemeName:
    """The marking scheme that a form was made from, as printed on the sheet."""

    name: str
    version: int
    sha256: str


@dataclass(frozen=True)
class SheetForm:
    """What one judge fills in for one code: a definition without any mark, name or code."""

    title: str
    scheme: SchemeName
    aspects: tuple[SheetAspect, ...] = field(default=())

    def aspect(self, aspect_id: str) -> SheetAspect | None:
        """Return an aspect by its id, None where the form has none."""
        return self._by_id.get(aspect_id)

    @cached_property
    def judgements(self) -> tuple[str, ...]:
        """Return the ids of the aspects that are judged 0 to 3, in order."""
        return tuple(item.id for item in self.aspects if item.kind is AspectKind.JUDGEMENT)

    def zeroed_by(self, gate_id: str) -> tuple[str, ...]:
        """Return what a gate makes worthless when it fails; nothing where it is no gate here."""
        gate = self.aspect(gate_id)
        return gate.zeroes if gate and gate.kind is AspectKind.GATE else ()

    def bears_on_judgements(self, aspect_id: str) -> bool:
        """Tell whether a mark is a judgement, or may make judgements worthless."""
        return aspect_id in self.judgements or bool(self.zeroed_by(aspect_id))

    @cached_property
    def _by_id(self) -> dict[str, SheetAspect]:
        return {item.id: item for item in reversed(self.aspects)}


@refusal
class FormUnfit(RuleBroken):
    """A form cannot be marked on as it is."""

    says = N_("评分表“{title}”不能使用：{why}。请改正评分标准后重新生成评分表。")
    title: str
    why: str


def refuse_unfit_form(form: SheetForm) -> None:
    """Raise `FormUnfit` for no aspects, double ids, or an aspect without its maximum."""
    ids = [aspect.id for aspect in form.aspects]
    if not ids:
        raise FormUnfit(form.title, N_("没有评分点"))
    if len(set(ids)) != len(ids):
        raise FormUnfit(form.title, N_("评分点编号重复"))
    for aspect in form.aspects:
        if aspect.max is None and aspect.kind is not AspectKind.GATE:
            raise FormUnfit(form.title, N_("有评分点没有满分"))
        if aspect.max is not None and (not DECIMAL.fullmatch(aspect.max) or e4(aspect.max) <= 0):
            raise FormUnfit(form.title, N_("有评分点的满分不是正数"))


def code_order(code: str) -> tuple[int, str]:
    """Return the key by which codes, numbers and seats are put in order: 2 before 10."""
    return len(code), code


def e4(text: str) -> int:
    """Read decimal text as 1/10,000; raise ValueError for anything finer, longer or else."""
    if not DECIMAL.fullmatch(text):
        raise ValueError(text)
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("-").partition(".")
    return sign * (int(whole) * E4 + int(part.ljust(4, "0") or "0"))


def decimal_text(value_e4: int) -> str:
    """Write 1/10,000 as decimal text without trailing zeros: 82500 is "8.25"."""
    sign = "-" if value_e4 < 0 else ""
    whole, part = divmod(abs(value_e4), E4)
    return f"{sign}{whole}" + (f".{part:04d}".rstrip("0") if part else "")


def fraction(value_e4: int) -> Fraction:
    """Return a stored value as an exact number of points."""
    return Fraction(value_e4, E4)


def fault_of(aspect: SheetAspect, state: MarkState, value_e4: int | None) -> str:
    """Return why a mark does not fit its aspect, as a short code; empty where it fits.

    A missing value belongs to panels and judgements only; "not attempted" to any kind.
    """
    if state is not MarkState.MARKED:
        if value_e4 is not None:
            return "value_without_mark"
        needs_panel = state is MarkState.MISSING and aspect.kind not in (
            AspectKind.PANEL,
            AspectKind.JUDGEMENT,
        )
        return "missing_not_allowed" if needs_panel else ""
    if value_e4 is None:
        return "value_needed"
    if value_e4 % aspect.grain_e4:
        return "too_fine"
    if aspect.lowest_e4 is not None and value_e4 < aspect.lowest_e4:
        return "below_range"
    if aspect.highest_e4 is not None and value_e4 > aspect.highest_e4:
        return "above_range"
    return ""


def unfit_aspects(
    form: SheetForm, marked: Mapping[str, tuple[MarkState, int | None]]
) -> dict[str, str]:
    """Return the aspects whose marks, made on another form, do not fit this one, with the fault.

    What the form does not ask any more is none of its business.
    """
    known = {aspect.id: aspect for aspect in form.aspects}
    faults = {name: fault_of(known[name], *marked[name]) for name in marked if name in known}
    return {name: fault for name, fault in faults.items() if fault}


def needed_aspects(form: SheetForm, values_e4: Mapping[str, int]) -> tuple[str, ...]:
    """Return the ids of the aspects that need a mark: all but those that a failed gate zeroes."""
    zeroed = {
        name
        for aspect in form.aspects
        if aspect.kind is AspectKind.GATE and values_e4.get(aspect.id) == 0
        for name in aspect.zeroes
    }
    return tuple(aspect.id for aspect in form.aspects if aspect.id not in zeroed)


def open_aspects(
    form: SheetForm, marked: Mapping[str, tuple[MarkState, int | None]]
) -> tuple[str, ...]:
    """Return the aspects that still need a mark, in the order of the form."""
    values = {name: value for name, (_, value) in marked.items() if value is not None}
    return tuple(
        name
        for name in needed_aspects(form, values)
        if marked.get(name, (MarkState.CLEARED, None))[0] is MarkState.CLEARED
    )


def is_revealed(given: Mapping[str, tuple[MarkState, int | None]], seats: Sequence[str]) -> bool:
    """Tell whether every seat has given its score, so that all may be shown (marking.md 8.2)."""
    return bool(seats) and all(
        seat in given and given[seat][0] is not MarkState.CLEARED for seat in seats
    )


def spread_e4(given: Mapping[str, tuple[MarkState, int | None]]) -> int:
    """Return the distance between the highest and the lowest value of a judgement, in 1/10,000."""
    values = [value for _, value in given.values() if value is not None]
    return max(values) - min(values) if values else 0
