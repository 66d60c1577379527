"""From marks to totals, for each entry that competed (marking.md sections 1 and 2)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from competitions.recount.strict import Problems

Mark = Mapping[str, Any]


@dataclass
class Sheet:
    """One entry: its aspects' marks, its modules' marks and its total, all exact."""

    code: str
    aspects: dict[str, Fraction]
    modules: dict[str, Fraction]
    deducted: Fraction
    total: Fraction


class Uncountable(Exception):
    """An aspect of an entry has no mark that can be counted."""


def rounded(value: Fraction, rule: Any) -> Fraction:
    """Round by a rule of the rule set: `exact`, or decimals and a mode."""
    if rule == "exact":
        return value
    return Fraction(
        rounded_whole(value * 10 ** rule["decimals"], rule["mode"]), 10 ** rule["decimals"]
    )


def rounded_whole(value: Fraction, mode: str) -> int:
    """Round to a whole number: half_up (a half goes up), half_even, down (towards 0), up."""
    low = floor(value)
    rest = value - low
    if mode == "down":
        return low if value >= 0 else -floor(-value)
    if mode == "up":
        return low if rest == 0 else low + 1
    if rest == Fraction(1, 2):
        return low + 1 if mode == "half_up" or low % 2 else low
    return low + 1 if rest > Fraction(1, 2) else low


def count(bundle: Mapping[str, Any], problems: Problems) -> dict[str, Sheet]:
    """Count every entry that competed; what is incomplete or invalid becomes a problem."""
    marks: dict[tuple[str, str], list[Mark]] = defaultdict(list)
    for mark in bundle["marks"]:
        marks[mark["code"], mark["aspect"]].append(mark)
    deducted: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for item in bundle.get("deductions", []):
        deducted[item["code"], item["module"]] += Fraction(item["points"])
    sheets = {}
    for entry in bundle["entries"]:
        if entry["status"] == "competed":
            sheets[entry["code"]] = _count_entry(bundle, entry["code"], marks, deducted, problems)
    return sheets


def _count_entry(
    bundle: Mapping[str, Any],
    code: str,
    marks: Mapping[tuple[str, str], Sequence[Mark]],
    deducted: Mapping[tuple[str, str], Fraction],
    problems: Problems,
) -> Sheet:
    rules = bundle["rule_set"]
    every = {aspect["id"]: aspect for module in bundle["modules"] for aspect in module["aspects"]}
    given = {name: marks.get((code, name), ()) for name in every}
    zeroed = _zeroed(every, given)
    counted: dict[str, Fraction] = {}
    for name, aspect in every.items():
        try:
            counted[name] = (
                Fraction(0) if name in zeroed else _aspect_mark(aspect, given[name], rules)
            )
        except Uncountable as why:
            problems.add(str(why.args[0]), f"{code}/{name}", str(why.args[1]))
            counted[name] = Fraction(0)
    modules = {
        module["id"]: _module_mark(
            module, counted, deducted.get((code, module["id"]), Fraction(0)), rules
        )
        for module in bundle["modules"]
    }
    taken = sum((deducted.get((code, module), Fraction(0)) for module in modules), Fraction(0))
    total = rounded(sum(modules.values(), Fraction(0)), rules["total"]["round"])
    return Sheet(code, counted, modules, taken, total)


def _zeroed(every: Mapping[str, Any], given: Mapping[str, Sequence[Mark]]) -> set[str]:
    """Return the aspects that failed gates set to 0; a gate set to 0 has failed itself."""
    zeroed: set[str] = set()
    waiting = [
        name
        for name, aspect in every.items()
        if aspect["kind"] == "gate" and _has_failed(given[name])
    ]
    while waiting:
        for name in every[waiting.pop()]["zeroes"]:
            if name not in zeroed:
                zeroed.add(name)
                if every[name]["kind"] == "gate":
                    waiting.append(name)
    return zeroed


def _has_failed(given: Sequence[Mark]) -> bool:
    return any(
        mark.get("state") == "not_attempted" or Fraction(mark.get("value", "1")) == 0
        for mark in given
    )


def _aspect_mark(
    aspect: Mapping[str, Any], given: Sequence[Mark], rules: Mapping[str, Any]
) -> Fraction:
    if any(mark.get("state") == "not_attempted" for mark in given):
        if len(given) > 1:
            raise Uncountable(
                "contradictory", "is recorded as not attempted, and has other records too"
            )
        return Fraction(0)
    values = [Fraction(mark["value"]) for mark in given if "value" in mark]
    if aspect["kind"] == "judgement":
        mark = _judgement(aspect, values, rules["judgement"])
    elif aspect["kind"] == "panel":
        mark = _panel(aspect, values, rules)
    else:
        mark = _agreed(aspect, values)
    return rounded(mark, rules["aspect"]["round"])


def _judgement(
    aspect: Mapping[str, Any], values: Sequence[Fraction], rule: Mapping[str, Any]
) -> Fraction:
    least = rule.get("min_judges", 3)
    if len(values) < least:
        raise Uncountable("incomplete", f"has {len(values)} judgements, {least} are needed")
    if max(values) - min(values) > rule["max_spread"]:
        raise Uncountable("spread", f"judgements differ by more than {rule['max_spread']}")
    return Fraction(aspect["max"]) * sum(values) / len(values) / 3


def _panel(
    aspect: Mapping[str, Any], values: Sequence[Fraction], rules: Mapping[str, Any]
) -> Fraction:
    rule = rules["panel"]
    kept = sorted(values)[rule["drop_lowest"] : max(0, len(values) - rule["drop_highest"])]
    if len(kept) < rule["min_remaining"]:
        raise Uncountable(
            "incomplete", f"{len(kept)} marks remain, {rule['min_remaining']} are needed"
        )
    mean = rounded(sum(kept, Fraction(0)) / len(kept), rule["round"])
    return rounded(mean * Fraction(aspect.get("factor", "1")), rules["factored"]["round"])


def _agreed(aspect: Mapping[str, Any], values: Sequence[Fraction]) -> Fraction:
    if not values:
        raise Uncountable("incomplete", "has no mark")
    if len(set(values)) > 1:
        raise Uncountable("contradictory", "judges gave differing values")
    value = values[0]
    if aspect["kind"] == "gate":
        return Fraction(0)
    most = Fraction(aspect["max"])
    calculation = aspect.get("calculation", {"kind": "as it is"})
    if calculation["kind"] == "yes_no":
        return most * value
    if calculation["kind"] == "deduct":
        return max(Fraction(0), most - value * Fraction(calculation["per_error"]))
    if calculation["kind"] == "bands":
        away = abs(value - Fraction(calculation["nominal"]))
        fitting = (
            Fraction(band["mark"])
            for band in calculation["bands"]
            if away <= Fraction(band["within"])
        )
        return next(fitting, Fraction(0))
    return value


def _module_mark(
    module: Mapping[str, Any],
    counted: Mapping[str, Fraction],
    deducted: Fraction,
    rules: Mapping[str, Any],
) -> Fraction:
    mark = sum((counted[aspect["id"]] for aspect in module["aspects"]), Fraction(0))
    if "weight" in module:
        most = sum(
            (
                Fraction(item.get("max", "0")) * Fraction(item.get("factor", "1"))
                for item in module["aspects"]
            ),
            Fraction(0),
        )
        mark = mark * Fraction(module["weight"]) / most
    return max(Fraction(0), rounded(mark - deducted, rules["module"]["round"]))
