"""Is the scheme of a bundle well formed: modules, aspects, calculations, gates."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from competitions.recount.strict import Reader

KINDS = ("points", "measurement", "gate", "judgement", "panel")


def read_modules(reader: Reader, given: Any) -> dict[str, Any]:
    """Check the modules and return every aspect by its id."""
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
