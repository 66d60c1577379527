"""`python -m competitions.recount BUNDLE.json`: print the standings; exit 1 for anything wrong."""

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from competitions.recount.counting import count
from competitions.recount.placing import Place, place
from competitions.recount.reading import read_bundle
from competitions.recount.strict import Problems, Unreadable, parse


def main(arguments: Sequence[str]) -> int:
    """Run; 0 done, 1 found wrong, 2 wrong usage."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write("usage: python -m competitions.recount BUNDLE.json\n")
        return 0 if list(arguments) in (["-h"], ["--help"]) else 2
    try:
        raw = Path(arguments[0]).read_bytes()
    except OSError as error:
        sys.stderr.write(f"{arguments[0]}: {error.strerror}\n")
        return 2
    answer = recount(raw)
    sys.stdout.buffer.write(
        json.dumps(answer, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    )
    return 1 if answer["problems"] else 0


def recount(raw: bytes) -> dict[str, Any]:
    """Return the result of `standings/1` for the bytes of a bundle."""
    problems = Problems()
    try:
        bundle = parse(raw)
    except Unreadable as error:
        problems.add("unreadable", "bundle", str(error))
        return _answer(None, [], problems)
    if not read_bundle(bundle, problems):
        return _answer(bundle, [], problems)
    sheets = count(bundle, problems)
    if problems.found:
        return _answer(bundle, [], problems)
    lines = _lines(bundle, place(bundle, sheets))
    _compare(bundle.get("results", []), lines, problems)
    return _answer(bundle, [] if problems.found else lines, problems)


def _answer(bundle: Any, lines: list[dict[str, Any]], problems: Problems) -> dict[str, Any]:
    given = bundle if isinstance(bundle, dict) else {}
    rule_set = given.get("rule_set")
    told = rule_set if isinstance(rule_set, dict) else {}
    return {
        "format": "standings/1",
        "event": given.get("event"),
        "rule_set": {
            "id": told.get("id"),
            "version": told.get("version"),
            "sha256": _digest(rule_set),
        },
        "standings": lines,
        "problems": problems.found,
    }


def _digest(rule_set: Any) -> str | None:
    """Return SHA-256 over the RFC 8785 form; keys are ASCII and numbers whole in a rule set."""
    if not isinstance(rule_set, dict):
        return None
    try:
        text = json.dumps(rule_set, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8")).hexdigest()
    except (ValueError, RecursionError):
        return None


def _lines(bundle: Mapping[str, Any], places: Sequence[Place]) -> list[dict[str, Any]]:
    rules = bundle["rule_set"]
    lines = [
        {
            "code": item.sheet.code,
            "modules": {
                name: _shown(mark, rules["module"]["round"])
                for name, mark in item.sheet.modules.items()
            },
            "total": _shown(item.sheet.total, rules["total"]["round"]),
            "scale": item.scale,
            "rank": None if item.is_undecided else item.rank,
            "undecided": item.is_undecided,
            "award": item.award,
            "status": "competed",
        }
        for item in places
    ]
    others = [entry for entry in bundle["entries"] if entry["status"] != "competed"]
    empty = {
        "modules": None,
        "total": None,
        "scale": None,
        "rank": None,
        "undecided": False,
        "award": None,
    }
    return lines + [
        {"code": entry["code"], **empty, "status": entry["status"]}
        for entry in sorted(others, key=lambda entry: entry["code"])
    ]


def _shown(value: Fraction, rule: Any) -> str:
    """Write a value with its decimals; an exact one without trailing zeros, or as a fraction."""
    if rule != "exact":
        return _decimal(value, rule["decimals"])
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    decimals = 0
    while (value * 10**decimals).denominator != 1:
        decimals += 1
    return _decimal(value, decimals)


def _decimal(value: Fraction, decimals: int) -> str:
    digits = str(abs(int(value * 10**decimals))).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{text}" if value < 0 else text


def _compare(
    published: Sequence[Mapping[str, Any]], lines: Sequence[Mapping[str, Any]], problems: Problems
) -> None:
    """Name every difference from the published results, where there are any."""
    if not published:
        return
    told = {item["code"]: item for item in published}
    for line in lines:
        code = line["code"]
        if code not in told:
            if line["status"] == "competed":
                problems.add("differs", code, "competed, and is not in the published results")
            continue
        for name in ("total", "scale", "rank", "award"):
            if not _is_same(told[code][name], line[name]):
                problems.add(
                    "differs",
                    code,
                    f"{name}: published {told[code][name]!r}, recounted {line[name]!r}",
                )


def _is_same(published: Any, counted: Any) -> bool:
    if isinstance(published, str) and isinstance(counted, str):
        try:
            return Fraction(published) == Fraction(counted)
        except (ValueError, ZeroDivisionError):
            return published == counted
    return type(published) is type(counted) and bool(published == counted)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
