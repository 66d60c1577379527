"""From marks to totals, for each entry that competed (marking.md sections 1 and 2)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from competitions.recount.reading import Problem
from competitions.recount.shapes import decimal

Object = Mapping[str, Any]
NOTHING = Fraction(0)


@dataclass
class Sheet:
    """One entry: its aspects' marks, its modules' marks and its total, all exact."""

    code: str
    aspects: Mapping[str, Fraction]
    modules: Mapping[str, Fraction]
    deducted: Fraction
    total: Fraction


def rounded(value: Fraction, rule: Any) -> Fraction:
    """Round by a rule of the rule set: `exact`, or decimals and a mode."""
    if rule == "exact":
        return value
    unit = 10 ** rule["decimals"]
    return Fraction(rounded_whole(value * unit, rule["mode"]), unit)


def rounded_whole(value: Fraction, mode: str) -> int:
    """Round what is not negative to a whole number: half_up, half_even, down, up."""
    low, rest = divmod(value.numerator, value.denominator)
    if mode == "down" or rest == 0:
        return low
    if mode == "up" or 2 * rest > value.denominator:
        return low + 1
    if 2 * rest < value.denominator:
        return low
    return low + 1 if mode == "half_up" else low + low % 2


def count(bundle: Object, problems: list[Problem]) -> dict[str, Sheet]:
    """Count every entry that competed; what is incomplete or invalid is added to the problems."""
    marks: dict[str, dict[str, list[Object]]] = defaultdict(lambda: defaultdict(list))
    for mark in bundle["marks"]:
        marks[mark["code"]][mark["aspect"]].append(mark)
    deducted: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for item in bundle.get("deductions", ()):
        deducted[item["code"]][item["module"]] += decimal(item["points"])
    return {
        code: _sheet(bundle, code, (marks[code], deducted[code]), problems)
        for code in (e["code"] for e in bundle["entries"] if e["status"] == "competed")
    }


def _sheet(
    bundle: Object,
    code: str,
    records: tuple[Mapping[str, list[Object]], Mapping[str, Fraction]],
    problems: list[Problem],
) -> Sheet:
    rules, (given, deducted) = bundle["rule_set"], records
    every = [aspect for module in bundle["modules"] for aspect in module["aspects"]]
    zeroed = _zeroed([aspect for aspect in every if aspect["kind"] == "gate"], given)
    counted = {}
    for aspect in every:
        name = aspect["id"]
        try:
            mark = NOTHING if name in zeroed else _mark(aspect, given.get(name, ()), rules)
        except Problem as problem:
            mark = NOTHING
            problems.append(Problem(problem.args[0], f"{code}/{name}", problem.args[1]))
        counted[name] = mark
    modules = {
        module["id"]: _module(module, counted, deducted.get(module["id"], NOTHING), rules)
        for module in bundle["modules"]
    }
    total = rounded(sum(modules.values(), NOTHING), rules["total"]["round"])
    return Sheet(code, counted, modules, sum(deducted.values(), NOTHING), total)


def _zeroed(gates: Sequence[Object], given: Mapping[str, Sequence[Object]]) -> set[str]:
    """Return the aspects that failed gates set to 0; a gate set to 0 has failed itself."""
    found: set[str] = set()
    waiting = [
        gate
        for gate in gates
        if any(
            mark.get("state") == "not_attempted" or decimal(mark["value"]) == 0
            for mark in given.get(gate["id"], ())
        )
    ]
    while waiting:
        new = set(waiting.pop()["zeroes"]) - found
        found |= new
        waiting += [gate for gate in gates if gate["id"] in new]
    return found


def _mark(aspect: Object, given: Sequence[Object], rules: Object) -> Fraction:
    if any(mark.get("state") == "not_attempted" for mark in given):
        if len(given) > 1:
            raise Problem("contradictory", "is not attempted, and has other records too")
        return NOTHING
    values = [decimal(mark["value"]) for mark in given if "value" in mark]
    if aspect["kind"] == "judgement":
        mark = _judgement(aspect, values, rules["judgement"])
    elif aspect["kind"] == "panel":
        mark = _panel(aspect, values, rules)
    else:
        mark = _agreed(aspect, values)
    return rounded(mark, rules["aspect"]["round"])


def _judgement(aspect: Object, values: Sequence[Fraction], rule: Object) -> Fraction:
    least = rule.get("min_judges", 3)
    if len(values) < least:
        raise Problem("incomplete", f"has {len(values)} judgements, {least} are needed")
    if max(values) - min(values) > rule["max_spread"]:
        raise Problem("spread", f"judgements differ by more than {rule['max_spread']}")
    return decimal(aspect["max"]) * sum(values) / len(values) / 3


def _panel(aspect: Object, values: Sequence[Fraction], rules: Object) -> Fraction:
    rule = rules["panel"]
    left = len(values) - rule["drop_lowest"] - rule["drop_highest"]
    if left < rule["min_remaining"]:
        told = f"{max(left, 0)} marks remain, {rule['min_remaining']} are needed"
        raise Problem("incomplete", told)
    kept = sorted(values)[rule["drop_lowest"] : rule["drop_lowest"] + left]
    mean = rounded(sum(kept, NOTHING) / left, rule["round"])
    return rounded(mean * decimal(aspect.get("factor", "1")), rules["factored"]["round"])


def _agreed(aspect: Object, values: Sequence[Fraction]) -> Fraction:
    if not values:
        raise Problem("incomplete", "has no mark")
    if len(set(values)) > 1:
        raise Problem("contradictory", "judges gave differing values")
    value, how = values[0], aspect.get("calculation", {"kind": aspect["kind"]})
    if how["kind"] == "gate":
        return NOTHING
    if how["kind"] == "yes_no":
        return decimal(aspect["max"]) * value
    if how["kind"] == "deduct":
        return max(NOTHING, decimal(aspect["max"]) - value * decimal(how["per_error"]))
    if how["kind"] == "bands":
        away = abs(value - decimal(how["nominal"]))
        fitting = (decimal(b["mark"]) for b in how["bands"] if away <= decimal(b["within"]))
        return next(fitting, NOTHING)
    return value


def _module(
    module: Object, counted: Mapping[str, Fraction], deducted: Fraction, rules: Object
) -> Fraction:
    mark = sum((counted[aspect["id"]] for aspect in module["aspects"]), NOTHING)
    if "weight" in module:
        most = sum(
            decimal(aspect["max"]) * decimal(aspect.get("factor", "1"))
            for aspect in module["aspects"]
            if aspect["kind"] != "gate"
        )
        mark = mark * decimal(module["weight"]) / most
    return rounded(max(NOTHING, mark - deducted), rules["module"]["round"])
