"""Is a bundle well formed: its parts, its entries and records, and every mark."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from competitions.recount.rule_set import read_rule_set
from competitions.recount.scheme import read_modules
from competitions.recount.strict import Problems, Reader

STATUSES = ("competed", "absent", "withdrawn", "disqualified")


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
    aspects = read_modules(reader, bundle["modules"])
    modules = {module["id"] for module in bundle["modules"] if not problems.found}
    if not problems.found:
        read_rule_set(reader, bundle["rule_set"], modules, aspects)
        codes = _read_entries(reader, bundle["entries"])
        _read_records(reader, bundle, modules, codes)
        _read_results(reader, bundle.get("results", []), codes)
        if not problems.found:
            _read_marks(reader, bundle["marks"], aspects, codes)
    return not problems.found


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


def _read_results(reader: Reader, given: Any, codes: Mapping[str, str]) -> None:
    results = reader.items(given, "results")
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
