"""One aspect of one entry: from the judges' records to its mark (marking.md §1 and §2).

`Marking.of` makes an aspect ready once for an event; then a mark is whole-number arithmetic.
Order: panel mean, `panel` rounds, times the factor, `factored` rounds; every kind: `aspect` rounds.
"""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.errors import N_
from app.rules.panel import judgement_share, spread, trimmed_mean
from app.rules.points import E4, Ratio, e4_of, rounder
from competitions.rules.bundle import (
    Aspect,
    Bands,
    Deduct,
    Gate,
    Judgement,
    Measurement,
    Panel,
    YesNo,
)
from competitions.rules.reading import Problem
from competitions.rules.rule_set import RuleSet

NOTHING: Ratio = (0, 1)
STEPS = frozenset({0, E4, 2 * E4, 3 * E4})
TRUTHS = frozenset({0, E4})

Marker = Callable[[Sequence[int]], Ratio]


class State(StrEnum):
    """Why there is no value: a judge gave none, or the contestant did not attempt it."""

    MISSING = "missing"
    NOT_ATTEMPTED = "not_attempted"


class Unmarkable(Exception):
    """There is no mark: `incomplete`, `spread` or `contradictory`; the sentence says why."""

    def __init__(self, code: str, says: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.says, self.facts = code, says, facts

    def problem(self, where: str) -> Problem:
        """Return it as a problem of the bundle."""
        return Problem(self.code, where, self.says, self.facts)


@dataclass(frozen=True)
class Marking:
    """One aspect, made ready: which values it takes, and what mark they make."""

    id: str
    is_gate: bool
    takes_missing: bool
    takes: Hashable
    """The same for aspects that take the same values."""
    read: Callable[[str], int | str]
    """Return a value in 1/10,000, or the sentence why it cannot be one."""
    mark: Marker

    @classmethod
    def of(cls, aspect: Aspect, rules: RuleSet) -> "Marking":
        """Make a checked aspect ready."""
        return cls(
            id=aspect.id,
            is_gate=isinstance(aspect, Gate),
            takes_missing=isinstance(aspect, Panel | Judgement),
            takes=_takes(aspect),
            read=_reader(aspect),
            mark=_marker(aspect, rules),
        )

    def of_records(self, values: Sequence[int], states: Collection[State] = ()) -> Ratio:
        """Return the mark, or raise `Unmarkable`. Records in any order."""
        if State.NOT_ATTEMPTED in states:
            if len(values) + len(states) > 1:
                raise Unmarkable("contradictory", N_("记为未做，又有别的记录"))
            return NOTHING
        return self.mark(values)


def points_of(text: str) -> int:
    """Return a checked decimal in 1/10,000."""
    value = e4_of(text)
    assert value is not None, text
    return value


def _takes(aspect: Aspect) -> Hashable:
    how = aspect.calculation if isinstance(aspect, Measurement) else None
    return type(aspect), type(how), None if isinstance(aspect, Gate) else aspect.max


def _reader(aspect: Aspect) -> Callable[[str], int | str]:
    how = aspect.calculation if isinstance(aspect, Measurement) else None
    if isinstance(how, Bands):
        return _value
    if isinstance(aspect, Gate) or isinstance(how, YesNo):
        return lambda text: _one_of(text, TRUTHS, N_("应是 1 或 0"))
    if isinstance(aspect, Judgement):
        return lambda text: _one_of(text, STEPS, N_("应是 0、1、2、3 之一"))
    if isinstance(how, Deduct):
        return _errors
    most = points_of(aspect.max)

    def within(text: str) -> int | str:
        value = _value(text)
        if isinstance(value, str):
            return value
        if value < 0:
            return N_("不能是负数")
        return value if value <= most else N_("高于评分点的满分")

    return within


def _value(text: str) -> int | str:
    value = e4_of(text)
    return N_("应是最多四位小数、最多十二位数字的十进制数") if value is None else value


def _one_of(text: str, allowed: frozenset[int], says: str) -> int | str:
    value = e4_of(text)
    return value if value in allowed else says


def _errors(text: str) -> int | str:
    value = e4_of(text)
    return value if value is not None and value >= 0 and value % E4 == 0 else N_("应是错误的个数")


def _marker(aspect: Aspect, rules: RuleSet) -> Marker:
    if isinstance(aspect, Gate):
        raw: Marker = _agreed(lambda _: NOTHING)
    elif isinstance(aspect, Panel):
        raw = _panel(aspect, rules)
    elif isinstance(aspect, Judgement):
        raw = _judgement(aspect, rules)
    else:
        raw = _agreed(_single(aspect))
    if isinstance(rules.aspect.round, str):
        return raw
    to_aspect = rounder(rules.aspect.round)
    return lambda values: to_aspect(*raw(values))


def _agreed(mark: Callable[[int], Ratio]) -> Marker:
    """One value; several judges who give the same value agree."""

    def of(values: Sequence[int]) -> Ratio:
        if not values:
            raise Unmarkable("incomplete", N_("没有分数"))
        if len(set(values)) > 1:
            raise Unmarkable("contradictory", N_("裁判给出的数值不一致"))
        return mark(values[0])

    return of


def _single(aspect: Aspect) -> Callable[[int], Ratio]:
    assert not isinstance(aspect, Gate)
    most = points_of(aspect.max)
    how = aspect.calculation if isinstance(aspect, Measurement) else None
    if isinstance(how, YesNo):
        return lambda value: (most if value else 0, E4)
    if isinstance(how, Deduct):
        per_error = points_of(how.per_error)
        return lambda value: (max(0, most - per_error * (value // E4)), E4)
    if isinstance(how, Bands):
        nominal = points_of(how.nominal)
        bands = [(points_of(band.within), points_of(band.mark)) for band in how.bands]

        def banded(value: int) -> Ratio:
            distance = abs(value - nominal)
            return next((mark for within, mark in bands if distance <= within), 0), E4

        return banded
    return lambda value: (value, E4)


def _judgement(aspect: Judgement, rules: RuleSet) -> Marker:
    most, rule = points_of(aspect.max), rules.judgement
    widest = rule.max_spread * E4

    def of(values: Sequence[int]) -> Ratio:
        if len(values) < rule.min_judges:
            raise Unmarkable(
                "incomplete",
                N_("评判只有 {found} 个，至少要 {fewest} 个"),
                found=len(values),
                fewest=rule.min_judges,
            )
        if spread(values) > widest:
            raise Unmarkable("spread", N_("评判相差超过 {most}"), most=rule.max_spread)
        share, whole = judgement_share(values)
        return most * share, E4 * whole

    return of


def _panel(aspect: Panel, rules: RuleSet) -> Marker:
    rule, factor = rules.panel, points_of(aspect.factor)
    to_panel, to_factored = rounder(rule.round), rounder(rules.factored.round)
    highest, lowest = rule.drop_highest, rule.drop_lowest
    is_rounded_once = factor == E4 and rule.round == rules.factored.round

    def of(values: Sequence[int]) -> Ratio:
        left = len(values) - highest - lowest
        if left < rule.min_remaining:
            raise Unmarkable(
                "incomplete",
                N_("去分后剩 {found} 个分数，至少要 {fewest} 个"),
                found=max(left, 0),
                fewest=rule.min_remaining,
            )
        mean, whole = to_panel(*trimmed_mean(values, highest, lowest))
        return (mean, whole) if is_rounded_once else to_factored(mean * factor, whole * E4)

    return of
