"""Read a bundle strictly: every key known, every number a plain decimal, nothing said twice."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]{1,4})?")
SHARE = re.compile(r"([1-9][0-9]{0,5})/([1-9][0-9]{0,5})")
MOST_DIGITS = 12
MODES = ("half_up", "half_even", "down")
STATUSES = ("competed", "absent", "withdrawn", "disqualified")
KINDS = ("points", "measurement", "gate", "judgement", "panel")
ORDERS = ("ascending", "descending")


@dataclass
class Problems:
    """What is wrong, in the order found; the first thousand are kept."""

    found: list[dict[str, str]] = field(default_factory=list)

    def add(self, code: str, where: str, text: str) -> None:
        if len(self.found) < 1000:
            self.found.append({"code": code, "where": where, "text": text})


class Unreadable(Exception):
    """The file is no JSON that this program takes."""


def parse(raw: bytes) -> Any:
    """Parse JSON; refuse duplicate keys, NaN, floats and numbers of absurd length."""
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse,
            parse_float=_refuse,
        )
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"duplicate key {next(name for name in names if names.count(name) > 1)!r}")
    return found


def _refuse(text: str) -> Any:
    raise ValueError(f"{text[:40]} is not allowed: numbers with a point are decimal strings")


class Reader:
    """Checks of one bundle; each wrong place becomes a problem and reading goes on."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def wrong(self, where: str, text: str) -> None:
        self.problems.add("malformed", where, text)

    def keys(self, given: Any, where: str, needed: str, optional: str = "") -> bool:
        """Tell whether `given` is an object with exactly these keys (space separated)."""
        if not isinstance(given, dict):
            self.wrong(where, "should be an object")
            return False
        must, may = set(needed.split()), set(optional.split())
        for name in sorted(must - given.keys()):
            self.wrong(f"{where}.{name}", "is missing")
        for name in sorted(given.keys() - must - may):
            self.wrong(f"{where}.{name[:60]}", "is not a known key")
        return must <= given.keys() <= must | may

    def items(self, given: Any, where: str) -> list[Any]:
        if isinstance(given, list):
            return given
        self.wrong(where, "should be a list")
        return []

    def text(self, given: Any, where: str) -> str:
        if isinstance(given, str) and given.strip() and given.isprintable():
            return given
        self.wrong(where, "should be a text that is not empty")
        return ""

    def one_of(self, given: Any, where: str, allowed: Iterable[str]) -> str:
        allowed = tuple(allowed)
        if isinstance(given, str) and given in allowed:
            return given
        self.wrong(where, f"should be one of {', '.join(allowed)}")
        return allowed[0]

    def whole(self, given: Any, where: str, least: int = 0) -> int:
        is_number = isinstance(given, int) and not isinstance(given, bool)
        if is_number and least <= given < 10**MOST_DIGITS:
            return int(given)
        self.wrong(where, f"should be a whole number, at least {least}")
        return least

    def number(self, given: Any, where: str, *, is_signed: bool = False) -> Fraction:
        """Read a decimal string: at most four decimals, twelve digits, no exponent."""
        is_plain = isinstance(given, str) and PLAIN.fullmatch(given, 0, 40)
        if is_plain and sum(char.isdigit() for char in given) <= MOST_DIGITS:
            value = Fraction(given)
            if value >= 0 or is_signed:
                return value
            self.wrong(where, "should not be negative")
            return Fraction(0)
        self.wrong(where, "should be a decimal string with at most four decimals and twelve digits")
        return Fraction(0)

    def either_number(self, given: Any, where: str, *, is_signed: bool = False) -> Fraction:
        """Read a setting that may stand as a whole number or as a decimal string."""
        if isinstance(given, int) and not isinstance(given, bool) and abs(given) < 10**MOST_DIGITS:
            if given >= 0 or is_signed:
                return Fraction(given)
            self.wrong(where, "should not be negative")
            return Fraction(0)
        return self.number(given, where, is_signed=is_signed)

    def unique(self, given: Iterable[Any], where: str, what: str) -> None:
        seen = set()
        for name in given:
            if name in seen:
                self.problems.add("duplicate", where, f"{what} {name} stands twice")
            seen.add(name)


def read_bundle(bundle: Any, problems: Problems) -> bool:
    """Check the whole bundle; tell whether it can be counted."""
    reader = Reader(problems)
    is_whole = reader.keys(
        bundle, "bundle", "format event rule_set modules entries marks", "deductions times results"
    )
    if not is_whole:
        return False
    if bundle["format"] != "marks-bundle/1":
        reader.wrong("format", "should be marks-bundle/1")
    if reader.keys(bundle["event"], "event", "id name"):
        reader.text(bundle["event"]["id"], "event.id")
        reader.text(bundle["event"]["name"], "event.name")
    aspects = _read_modules(reader, bundle["modules"])
    modules = {module["id"] for module in bundle["modules"] if not problems.found}
    if not problems.found:
        _read_rule_set(reader, bundle["rule_set"], modules, aspects)
        codes = _read_entries(reader, bundle["entries"])
        _read_records(reader, bundle, modules, codes)
        if not problems.found:
            _read_marks(reader, bundle["marks"], aspects, codes)
    return not problems.found


def _read_modules(reader: Reader, given: Any) -> dict[str, Any]:
    aspects: dict[str, Any] = {}
    modules = reader.items(given, "modules")
    for place, module in enumerate(modules):
        where = f"modules[{place}]"
        if not reader.keys(module, where, "id name aspects", "weight"):
            continue
        reader.text(module["id"], f"{where}.id")
        reader.text(module["name"], f"{where}.name")
        if "weight" in module:
            reader.number(module["weight"], f"{where}.weight")
        listed = reader.items(module["aspects"], f"{where}.aspects")
        for number, aspect in enumerate(listed):
            _read_aspect(reader, aspect, f"{where}.aspects[{number}]", aspects)
        _refuse_weight_of_nothing(reader, module, where)
    if not modules:
        reader.wrong("modules", "should not be empty")
    if not reader.problems.found:
        reader.unique((module["id"] for module in modules), "modules", "module")
        for name, aspect in aspects.items():
            _read_zeroes(reader, name, aspect, aspects)
    return aspects


def _refuse_weight_of_nothing(reader: Reader, module: Mapping[str, Any], where: str) -> None:
    if "weight" in module and not reader.problems.found:
        most = sum(
            Fraction(item.get("max", "0")) * Fraction(item.get("factor", "1"))
            for item in module["aspects"]
        )
        if most == 0:
            reader.wrong(where, "has a weight but no aspect that gives points")


def _read_aspect(reader: Reader, aspect: Any, where: str, aspects: dict[str, Any]) -> None:
    kind = aspect.get("kind") if isinstance(aspect, dict) else None
    if kind == "gate":
        is_whole = reader.keys(aspect, where, "id kind zeroes")
    else:
        extra = {"panel": "factor", "measurement": "calculation"}.get(str(kind), "")
        is_whole = reader.keys(aspect, where, "id kind max", extra)
    if not is_whole:
        return
    reader.one_of(kind, f"{where}.kind", KINDS)
    name = reader.text(aspect["id"], f"{where}.id")
    if name in aspects:
        reader.problems.add("duplicate", where, f"aspect {name} stands twice")
    aspects[name] = aspect
    if kind != "gate" and reader.number(aspect["max"], f"{where}.max") == 0:
        reader.wrong(f"{where}.max", "should be more than 0")
    if "factor" in aspect and reader.number(aspect["factor"], f"{where}.factor") == 0:
        reader.wrong(f"{where}.factor", "should be more than 0")
    if "calculation" in aspect:
        _read_calculation(reader, aspect, f"{where}.calculation")


def _read_calculation(reader: Reader, aspect: Mapping[str, Any], where: str) -> None:
    given = aspect["calculation"]
    kind = given.get("kind") if isinstance(given, dict) else None
    needed = {"yes_no": "kind", "deduct": "kind per_error", "bands": "kind nominal bands"}
    if not reader.keys(given, where, needed.get(str(kind), "kind")):
        return
    reader.one_of(kind, f"{where}.kind", needed)
    if kind == "deduct":
        reader.number(given["per_error"], f"{where}.per_error")
    if kind == "bands":
        reader.number(given["nominal"], f"{where}.nominal", is_signed=True)
        bands = reader.items(given["bands"], f"{where}.bands")
        for place, band in enumerate(bands):
            spot = f"{where}.bands[{place}]"
            if reader.keys(band, spot, "within mark"):
                reader.number(band["within"], f"{spot}.within")
                mark = reader.number(band["mark"], f"{spot}.mark")
                if not reader.problems.found and mark > Fraction(aspect["max"]):
                    reader.wrong(f"{spot}.mark", "is more than the aspect's max")
        if not bands:
            reader.wrong(f"{where}.bands", "should not be empty")


def _read_zeroes(
    reader: Reader, name: str, aspect: Mapping[str, Any], aspects: Mapping[str, Any]
) -> None:
    if aspect["kind"] != "gate":
        return
    where = f"aspect {name}.zeroes"
    named = reader.items(aspect["zeroes"], where)
    for other in named:
        if not isinstance(other, str) or other not in aspects or other == name:
            reader.wrong(where, f"names {other!r}, which is no other aspect of this event")
    if not named:
        reader.wrong(where, "should not be empty")


def _read_round(reader: Reader, given: Any, where: str) -> None:
    if given == "exact":
        return
    if reader.keys(given, where, "decimals mode"):
        if reader.whole(given["decimals"], f"{where}.decimals") > MOST_DIGITS:
            reader.wrong(f"{where}.decimals", f"should be at most {MOST_DIGITS}")
        reader.one_of(given["mode"], f"{where}.mode", MODES)


def _read_rule_set(
    reader: Reader, given: Any, modules: set[str], aspects: Mapping[str, Any]
) -> None:
    parts = "id version panel factored aspect module total judgement scale ranking awards"
    if not reader.keys(given, "rule_set", parts):
        return
    reader.text(given["id"], "rule_set.id")
    reader.whole(given["version"], "rule_set.version", 1)
    if reader.keys(
        given["panel"], "rule_set.panel", "drop_highest drop_lowest min_remaining round"
    ):
        reader.whole(given["panel"]["drop_highest"], "rule_set.panel.drop_highest")
        reader.whole(given["panel"]["drop_lowest"], "rule_set.panel.drop_lowest")
        reader.whole(given["panel"]["min_remaining"], "rule_set.panel.min_remaining", 1)
        _read_round(reader, given["panel"]["round"], "rule_set.panel.round")
    for part in ("factored", "aspect", "module", "total"):
        if reader.keys(given[part], f"rule_set.{part}", "round"):
            _read_round(reader, given[part]["round"], f"rule_set.{part}.round")
    if reader.keys(given["judgement"], "rule_set.judgement", "max_spread", "min_judges"):
        reader.whole(given["judgement"]["max_spread"], "rule_set.judgement.max_spread")
        reader.whole(given["judgement"].get("min_judges", 3), "rule_set.judgement.min_judges", 1)
    _read_scale(reader, given["scale"])
    _read_ranking(reader, given, modules, aspects)
    _read_awards(reader, given["awards"])


def _read_scale(reader: Reader, given: Any) -> None:
    kind = given.get("kind") if isinstance(given, dict) else None
    if kind == "worldskills":
        if reader.keys(given, "rule_set.scale", "kind centre spread"):
            reader.either_number(given["centre"], "rule_set.scale.centre")
            reader.either_number(given["spread"], "rule_set.scale.spread")
    elif reader.keys(given, "rule_set.scale", "kind"):
        reader.one_of(kind, "rule_set.scale.kind", ("none", "worldskills"))


def _read_ranking(
    reader: Reader, rules: Any, modules: set[str], aspects: Mapping[str, Any]
) -> None:
    where, given = "rule_set.ranking", rules["ranking"]
    if not reader.keys(given, where, "by ties", "tie_break"):
        return
    by = reader.one_of(given["by"], f"{where}.by", ("total", "scale"))
    if by == "scale" and isinstance(rules["scale"], dict) and rules["scale"].get("kind") == "none":
        reader.wrong(f"{where}.by", "is scale, but the rule set has no scale")
    reader.one_of(given["ties"], f"{where}.ties", ("shared", "forbidden"))
    for place, key in enumerate(reader.items(given.get("tie_break", []), f"{where}.tie_break")):
        spot = f"{where}.tie_break[{place}]"
        kind = key.get("key") if isinstance(key, dict) else None
        needed = {"time": " module", "module": " module", "aspect": " aspect", "deductions": ""}
        if not reader.keys(key, spot, "key order" + needed.get(str(kind), "")):
            continue
        reader.one_of(kind, f"{spot}.key", needed)
        reader.one_of(key["order"], f"{spot}.order", ORDERS)
        if "module" in key and key["module"] not in modules:
            reader.wrong(f"{spot}.module", "is no module of this event")
        if "aspect" in key and (
            key["aspect"] not in aspects or aspects[key["aspect"]]["kind"] == "gate"
        ):
            reader.wrong(f"{spot}.aspect", "is no aspect of this event that gives a mark")


def _read_awards(reader: Reader, given: Any) -> None:
    where = "rule_set.awards"
    kind = given.get("kind") if isinstance(given, dict) else None
    if kind == "tiers":
        if reader.keys(given, where, "kind tiers"):
            for place, tier in enumerate(reader.items(given["tiers"], f"{where}.tiers")):
                _read_tier(reader, tier, f"{where}.tiers[{place}]")
    elif kind == "worldskills":
        if reader.keys(given, where, "kind tie_threshold medallion_from"):
            reader.either_number(given["tie_threshold"], f"{where}.tie_threshold")
            reader.either_number(given["medallion_from"], f"{where}.medallion_from")
    elif reader.keys(given, where, "kind"):
        reader.one_of(kind, f"{where}.kind", ("none", "tiers", "worldskills"))


def _read_tier(reader: Reader, tier: Any, where: str) -> None:
    basis = tier.get("basis") if isinstance(tier, dict) else None
    needed = {
        "rank": "to",
        "percent_of_field": "to round",
        "fraction_of_field": "to round",
        "score": "from",
    }
    if not reader.keys(
        tier, where, f"label basis {needed.get(str(basis), '')}", "min_score field_at_least"
    ):
        return
    reader.text(tier["label"], f"{where}.label")
    reader.one_of(basis, f"{where}.basis", needed)
    if basis == "rank":
        reader.whole(tier["to"], f"{where}.to", 1)
    if basis == "percent_of_field" and reader.either_number(tier["to"], f"{where}.to") > 100:
        reader.wrong(f"{where}.to", "should be at most 100")
    if basis == "fraction_of_field":
        share = SHARE.fullmatch(tier["to"]) if isinstance(tier["to"], str) else None
        if share is None or int(share[1]) > int(share[2]):
            reader.wrong(f"{where}.to", "should be a fraction such as 1/2, at most 1")
    if "round" in tier:
        reader.one_of(tier["round"], f"{where}.round", ("up", "down", "half_up"))
    for name in ("from", "min_score"):
        if name in tier:
            reader.either_number(tier[name], f"{where}.{name}", is_signed=True)
    if "field_at_least" in tier:
        reader.whole(tier["field_at_least"], f"{where}.field_at_least")


def _read_entries(reader: Reader, given: Any) -> dict[str, str]:
    codes: dict[str, str] = {}
    for place, entry in enumerate(reader.items(given, "entries")):
        where = f"entries[{place}]"
        if reader.keys(entry, where, "code status", "delegation"):
            code = reader.text(entry["code"], f"{where}.code")
            status = reader.one_of(entry["status"], f"{where}.status", STATUSES)
            if entry.get("delegation") is not None:
                reader.text(entry["delegation"], f"{where}.delegation")
            if code in codes:
                reader.problems.add("duplicate", where, f"code {code} stands twice")
            codes[code] = status
    return codes


def _read_records(reader: Reader, bundle: Any, modules: set[str], codes: Mapping[str, str]) -> None:
    for place, item in enumerate(reader.items(bundle.get("deductions", []), "deductions")):
        where = f"deductions[{place}]"
        if reader.keys(item, where, "code module points", "reason"):
            _known(reader, item, where, modules, codes)
            reader.number(item["points"], f"{where}.points")
            if item.get("reason") is not None and not isinstance(item["reason"], str):
                reader.wrong(f"{where}.reason", "should be a text")
    times = reader.items(bundle.get("times", []), "times")
    for place, item in enumerate(times):
        where = f"times[{place}]"
        if reader.keys(item, where, "code module seconds"):
            _known(reader, item, where, modules, codes)
            reader.whole(item["seconds"], f"{where}.seconds")
    if not reader.problems.found:
        reader.unique(((item["code"], item["module"]) for item in times), "times", "the time of")
    results = reader.items(bundle.get("results", []), "results")
    for place, item in enumerate(results):
        where = f"results[{place}]"
        if reader.keys(item, where, "code total scale rank award") and item["code"] not in codes:
            reader.wrong(f"{where}.code", "is no entry of this event")
    if not reader.problems.found:
        reader.unique((item["code"] for item in results), "results", "code")


def _known(
    reader: Reader, item: Any, where: str, modules: set[str], codes: Mapping[str, str]
) -> None:
    if not isinstance(item["code"], str) or item["code"] not in codes:
        reader.wrong(f"{where}.code", "is no entry of this event")
    if not isinstance(item["module"], str) or item["module"] not in modules:
        reader.wrong(f"{where}.module", "is no module of this event")


def _read_marks(
    reader: Reader, given: Any, aspects: Mapping[str, Any], codes: Mapping[str, str]
) -> None:
    seen = set()
    for place, mark in enumerate(reader.items(given, "marks")):
        where = f"marks[{place}]"
        told = "value" if isinstance(mark, dict) and "value" in mark else "state"
        if not reader.keys(mark, where, f"aspect code judge {told}"):
            continue
        aspect = aspects.get(mark["aspect"]) if isinstance(mark["aspect"], str) else None
        reader.text(mark["judge"], f"{where}.judge")
        if aspect is None or not isinstance(mark["code"], str) or mark["code"] not in codes:
            reader.wrong(where, "names an aspect or a code that this event has not")
            continue
        name = (mark["aspect"], mark["code"], mark["judge"])
        if name in seen:
            reader.problems.add(
                "duplicate", where, f"judge {name[2]} marked {name[0]} of {name[1]} twice"
            )
        seen.add(name)
        if told == "value":
            _read_value(
                reader, mark["value"], aspect, f"{where} ({mark['aspect']} of {mark['code']})"
            )
        elif mark["state"] not in ("missing", "not_attempted"):
            reader.wrong(f"{where}.state", "should be missing or not_attempted")
        elif mark["state"] == "missing" and aspect["kind"] not in ("panel", "judgement"):
            reader.wrong(f"{where}.state", "missing is for one judge of a panel or judgement")


def _read_value(reader: Reader, given: Any, aspect: Mapping[str, Any], where: str) -> None:
    calculation = aspect.get("calculation", {}).get("kind")
    before = len(reader.problems.found)
    value = reader.number(given, where, is_signed=calculation == "bands")
    if len(reader.problems.found) > before:
        return
    kind = calculation or aspect["kind"]
    if kind in ("gate", "yes_no") and value not in (0, 1):
        reader.wrong(where, "should be 1 or 0")
    elif kind == "judgement" and value not in (0, 1, 2, 3):
        reader.wrong(where, "should be 0, 1, 2 or 3")
    elif kind == "deduct" and value.denominator != 1:
        reader.wrong(where, "should be a whole number of errors")
    elif kind in ("points", "measurement", "panel") and value > Fraction(aspect["max"]):
        reader.wrong(where, f"is more than the aspect's max {aspect['max']}")
