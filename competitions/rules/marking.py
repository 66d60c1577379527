"""One aspect of one entry: from the judges' records to its mark (marking.md sections 1 and 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.rules.points import rounded
from competitions.rules.bundle import (
    Aspect,
    Bands,
    Deduct,
    Gate,
    Judgement,
    Measurement,
    Panel,
    RuleSet,
    YesNo,
)

ZERO = Fraction(0)


@dataclass(frozen=True)
class Records:
    """What was recorded for one aspect of one entry: values by judge, and the other states."""

    values: tuple[Fraction, ...] = ()
    missing: int = 0
    not_attempted: int = 0


@dataclass(frozen=True)
class Unmarkable:
    """Why there is no mark: `incomplete`, `spread` or `contradictory`."""

    code: str
    text: str


def mark(aspect: Aspect, records: Records, rules: RuleSet) -> Fraction | Unmarkable:
    """Return the mark of an aspect, rounded as the rule set's `aspect` says, or why there is none."""
    if records.not_attempted:
        if records.values or records.missing or records.not_attempted > 1:
            return Unmarkable("contradictory", "not attempted stands beside other records")
        return ZERO
    if isinstance(aspect, Judgement):
        found = _judgement(aspect, records.values, rules)
    elif isinstance(aspect, Panel):
        found = _panel(aspect, records.values, rules)
    else:
        found = _single(aspect, records.values)
    return found if isinstance(found, Unmarkable) else rounded(found, rules.aspect.round)


def _judgement(
    aspect: Judgement, values: Sequence[Fraction], rules: RuleSet
) -> Fraction | Unmarkable:
    if len(values) < rules.judgement.min_judges:
        return Unmarkable(
            "incomplete", f"{len(values)} of {rules.judgement.min_judges} judgements are given"
        )
    if max(values) - min(values) > rules.judgement.max_spread:
        return Unmarkable("spread", f"judgements lie more than {rules.judgement.max_spread} apart")
    return Fraction(aspect.max) * sum(values, ZERO) / (3 * len(values))


def _panel(aspect: Panel, values: Sequence[Fraction], rules: RuleSet) -> Fraction | Unmarkable:
    rule = rules.panel
    left = len(values) - rule.drop_highest - rule.drop_lowest
    if left < rule.min_remaining:
        return Unmarkable(
            "incomplete", f"{max(left, 0)} of {rule.min_remaining} marks remain after the drops"
        )
    kept = sorted(values)[rule.drop_lowest : rule.drop_lowest + left]
    mean = rounded(sum(kept, ZERO) / left, rule.round)
    return rounded(mean * Fraction(aspect.factor), rules.factored.round)


def _single(aspect: Aspect, values: Sequence[Fraction]) -> Fraction | Unmarkable:
    if not values:
        return Unmarkable("incomplete", "there is no mark")
    value = values[0]
    if any(other != value for other in values):
        return Unmarkable("contradictory", "judges gave differing values")
    if isinstance(aspect, Gate):
        return ZERO
    most = Fraction(aspect.max)
    how = aspect.calculation if isinstance(aspect, Measurement) else None
    if isinstance(how, YesNo):
        return most if value else ZERO
    if isinstance(how, Deduct):
        return max(ZERO, most - Fraction(how.per_error) * value)
    if isinstance(how, Bands):
        distance = abs(value - Fraction(how.nominal))
        return next(
            (Fraction(band.mark) for band in how.bands if distance <= Fraction(band.within)), ZERO
        )
    return value


def zeroed(gates: Mapping[str, Gate], records: Mapping[str, Records]) -> frozenset[str]:
    """Return the aspects that failed gates set to 0; a gate so zeroed fails too."""
    failed = [name for name in gates if _fails(records.get(name, Records()))]
    found: set[str] = set()
    while failed:
        for name in gates[failed.pop()].zeroes:
            if name not in found:
                found.add(name)
                if name in gates:
                    failed.append(name)
    return frozenset(found)


def _fails(records: Records) -> bool:
    return bool(records.not_attempted) or any(value == 0 for value in records.values)
