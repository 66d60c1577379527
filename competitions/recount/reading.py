"""Read a bundle: strict JSON, the shapes of `shapes`, and nothing said twice or of nobody."""

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cache
from types import FunctionType
from typing import Any

from competitions.recount.shapes import BUNDLE, Keys, Kinds, OneOrOther, decimal

Where = tuple[str | int, ...]


class Problem(Exception):
    """What is wrong: a code, where, and a sentence."""


def parse(raw: bytes) -> Any:
    """Parse JSON; raise `Problem` for a key twice, NaN, a number with a point, half a character."""
    try:
        found = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse,
            parse_float=_refuse,
        )
        if b"\\u" in raw:
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Problem("unreadable", "bundle", str(error)) from error
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = Counter(name for name, _ in pairs)
        raise ValueError(f"key {names.most_common(1)[0][0]!r} stands twice")
    return found


def _refuse(text: str) -> Any:
    raise ValueError(f"{text[:40]} is not allowed: numbers with a point are decimal strings")


def misshapen(given: Any, shape: Any = BUNDLE, where: Where = ("bundle",)) -> Iterator[Problem]:
    """Yield every place where something else stands than its shape allows."""
    if isinstance(shape, OneOrOther):
        if given != shape.value:
            yield from misshapen(given, shape.shape, where)
    elif isinstance(shape, Kinds):
        kind = given.get(shape.key) if isinstance(given, dict) else None
        if isinstance(kind, str) and kind in shape.kinds:
            yield from _object_of(given, shape.kinds[kind], where)
        else:
            told = f"should have a {shape.key}, one of {', '.join(shape.kinds)}"
            yield _malformed(where, told)
    elif isinstance(shape, Keys):
        yield from _object_of(given, shape, where)
    elif isinstance(shape, list):
        yield from _list_of(given, shape[0], where)
    elif wrong := shape(given):
        yield _malformed(where, wrong)


def _list_of(given: Any, shape: Any, where: Where) -> Iterator[Problem]:
    if not isinstance(given, list):
        yield _malformed(where, "should be a list")
        return
    for place, item in enumerate(given):
        yield from misshapen(item, shape, (*where, place))


def _object_of(given: Any, shape: Keys, where: Where) -> Iterator[Problem]:
    if not isinstance(given, dict):
        yield _malformed(where, "should be an object")
        return
    for name in sorted(shape.needed - given.keys()):
        yield _malformed((*where, name), "is missing")
    for name, value in given.items():
        part = shape.parts.get(name)
        if part is None:
            yield _malformed((*where, name[:60]), "is not a known key")
        elif not isinstance(part, FunctionType):
            yield from misshapen(value, part, (*where, name))
        elif wrong := part(value):
            yield _malformed((*where, name), wrong)


def _malformed(where: Where, told: str) -> Problem:
    return Problem("malformed", ".".join(map(str, where)), told)


def inconsistent(bundle: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what a well-shaped bundle says twice, says of nobody, or cannot mean."""
    aspects = [aspect for module in bundle["modules"] for aspect in module["aspects"]]
    by_id = {aspect["id"]: aspect for aspect in aspects}
    modules = {module["id"] for module in bundle["modules"]}
    codes = {entry["code"] for entry in bundle["entries"]}
    times, results = bundle.get("times", ()), bundle.get("results", ())
    yield from _twice("modules", (module["id"] for module in bundle["modules"]))
    yield from _twice("aspects", (aspect["id"] for aspect in aspects))
    yield from _twice("entries", (entry["code"] for entry in bundle["entries"]))
    yield from _twice("times", ((time["code"], time["module"]) for time in times))
    yield from _twice("results", (result["code"] for result in results))
    if not modules:
        yield Problem("malformed", "modules", "should not be empty")
    for module in bundle["modules"]:
        if "weight" in module and all(one["kind"] == "gate" for one in module["aspects"]):
            yield Problem("weight", module["id"], "has a weight but no aspect that gives points")
    for aspect in aspects:
        yield from _aspect(aspect, by_id)
    yield from _ranking(bundle["rule_set"], modules, by_id)
    for name in ("deductions", "times", "results"):
        for place, record in enumerate(bundle.get(name, ())):
            if record["code"] not in codes or record.get("module") not in {None, *modules}:
                yield Problem("unknown", f"{name}[{place}]", "is of no such entry or module")
    yield from _marks(bundle["marks"], by_id, codes)


def _twice(where: str, names: Iterable[Hashable]) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem("duplicate", where, f"{name} stands {count} times")


def _aspect(aspect: Mapping[str, Any], by_id: Mapping[str, Any]) -> Iterator[Problem]:
    where = f"aspect {aspect['id']}"
    calculation = aspect.get("calculation", {})
    for name in aspect.get("zeroes", ()):
        if name not in by_id or name == aspect["id"]:
            yield Problem("gate", where, f"zeroes {name}, which is no other aspect")
    for band in calculation.get("bands", ()):
        if decimal(band["mark"]) > decimal(aspect["max"]):
            yield Problem("number", where, "a band's mark is more than the aspect's max")
    if [] in (aspect.get("zeroes"), calculation.get("bands")):
        yield Problem("malformed", where, "has an empty list")


def _ranking(
    rules: Mapping[str, Any], modules: set[str], by_id: Mapping[str, Any]
) -> Iterator[Problem]:
    if rules["ranking"]["by"] == "scale" and rules["scale"]["kind"] == "none":
        yield Problem("ranking", "rule_set.ranking.by", "is scale, but there is no scale")
    for key in rules["ranking"].get("tie_break", ()):
        if key.get("module") not in {None, *modules}:
            yield Problem("unknown", "rule_set.ranking.tie_break", f"no module {key['module']}")
        if "aspect" in key and by_id.get(key["aspect"], {"kind": "gate"})["kind"] == "gate":
            told = f"no aspect {key['aspect']} that gives points"
            yield Problem("unknown", "rule_set.ranking.tie_break", told)


def _marks(
    marks: Iterable[Mapping[str, Any]], by_id: Mapping[str, Any], codes: set[str]
) -> Iterator[Problem]:
    seen = set()
    for place, mark in enumerate(marks):
        name = (mark["aspect"], mark["code"], mark["judge"])
        where = f"marks[{place}] {'/'.join(name)}"
        if mark["aspect"] not in by_id or mark["code"] not in codes:
            yield Problem("unknown", where, "is of no such aspect or entry")
        elif ("value" in mark) == ("state" in mark):
            yield Problem("value", where, "should have either a value or a state")
        elif wrong := _unfit(mark, by_id[mark["aspect"]]):
            yield Problem("value", where, wrong)
        if name in seen:
            yield Problem("duplicate", where, "this judge marked it twice")
        seen.add(name)


def _unfit(mark: Mapping[str, Any], aspect: Mapping[str, Any]) -> str | None:
    """Return why an aspect does not take a mark."""
    kind = aspect.get("calculation", {}).get("kind", aspect["kind"])
    if "value" in mark:
        return _unfit_value(kind, aspect.get("max", "0"), mark["value"])
    is_shared = kind in {"panel", "judgement"} or mark["state"] == "not_attempted"
    return None if is_shared else "missing is for one judge of a panel or judgement"


@cache
def _unfit_value(kind: str, most: str, given: str) -> str | None:
    value = decimal(given)
    if kind == "bands":
        return None
    if value < 0:
        return "should not be negative"
    if kind in {"gate", "yes_no"}:
        return None if value in (0, 1) else "should be 1 or 0"
    if kind == "judgement":
        return None if value in (0, 1, 2, 3) else "should be 0, 1, 2 or 3"
    if kind == "deduct":
        return None if value.denominator == 1 else "should be a whole number of errors"
    return f"is more than the aspect's max {most}" if value > decimal(most) else None
