"""`python -m competitions.recount BUNDLE.json`: print the standings; exit 1 for anything wrong."""

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

from competitions.recount.counting import count
from competitions.recount.placing import Place, place
from competitions.recount.reading import Problem, inconsistent, misshapen, parse
from competitions.recount.shapes import Keys, any_text

MOST_PROBLEMS = 1000
EVENT = Keys({"id": any_text, "name": any_text})
NUMBER = re.compile(r"-?[0-9]{1,40}([./][0-9]{1,40})?")


def main(arguments: Sequence[str]) -> int:
    """Run; 0 done, 1 found wrong, 2 wrong usage."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write("usage: python -m competitions.recount BUNDLE.json\n")
        return 0 if list(arguments) in (["-h"], ["--help"]) else 2
    try:
        answer = recount(Path(arguments[0]).read_bytes())
    except OSError as error:
        why = Problem("unreadable", "bundle", f"{arguments[0]!a}: {error.strerror}")
        answer = _answer(None, [], [why])
    told = json.dumps(answer, ensure_ascii=False, indent=1)
    sys.stdout.buffer.write(told.encode("utf-8", "replace") + b"\n")
    return 1 if answer["problems"] else 0


def recount(raw: bytes) -> dict[str, Any]:
    """Return the result of `standings/1` for the bytes of a bundle."""
    try:
        bundle = parse(raw)
    except Problem as problem:
        return _answer(None, [], [problem])
    problems = list(islice(misshapen(bundle), MOST_PROBLEMS + 1))
    problems = problems or list(islice(inconsistent(bundle), MOST_PROBLEMS + 1))
    if problems:
        return _answer(bundle, [], problems)
    sheets = count(bundle, problems)
    if problems:
        return _answer(bundle, [], problems)
    lines = _lines(bundle, place(bundle, sheets))
    return _answer(bundle, lines, list(_differences(bundle.get("results", ()), lines)))


def _answer(
    bundle: Any, lines: list[dict[str, Any]], problems: Sequence[Problem]
) -> dict[str, Any]:
    given = bundle if isinstance(bundle, dict) else {}
    event, rule_set = given.get("event"), given.get("rule_set")
    told = rule_set if isinstance(rule_set, dict) else {}
    return {
        "format": "standings/1",
        "event": None if list(misshapen(event, EVENT)) else event,
        "rule_set": {
            "id": told.get("id") if isinstance(told.get("id"), str) else None,
            "version": told.get("version") if type(told.get("version")) is int else None,
            "sha256": _digest(rule_set),
        },
        "standings": [] if problems else lines,
        "problems": [
            dict(zip(("code", "where", "text"), one.args, strict=True)) for one in _listed(problems)
        ],
    }


def _listed(problems: Sequence[Problem]) -> Sequence[Problem]:
    if len(problems) <= MOST_PROBLEMS:
        return problems
    end = Problem("more", "", f"there are more than {MOST_PROBLEMS}; the list ends here")
    return [*problems[:MOST_PROBLEMS], end]


def _digest(rule_set: Any) -> str | None:
    """Return SHA-256 over the RFC 8785 form; keys are ASCII and numbers whole in a rule set."""
    if not isinstance(rule_set, dict):
        return None
    try:
        text = json.dumps(rule_set, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    except RecursionError:
        return None
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


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


def _differences(
    published: Sequence[Mapping[str, Any]], lines: Sequence[Mapping[str, Any]]
) -> Iterator[Problem]:
    """Name every difference from the published results, where there are any."""
    told = {item["code"]: item for item in published}
    for line in lines if told else ():
        code = line["code"]
        if code in told:
            for name in ("total", "scale", "rank", "award"):
                ours, theirs = line[name], told[code][name]
                if ours != theirs and (name != "total" or not _are_equal(ours, theirs)):
                    text = f"{name}: published {theirs!r}, recounted {ours!r}"
                    yield Problem("differs", code, text)
        elif line["status"] == "competed":
            yield Problem("differs", code, "competed, and is not in the published results")


def _are_equal(*totals: str | None) -> bool:
    """Tell whether two totals are one number, such as 88.5 and 88.50."""
    if not all(total is not None and NUMBER.fullmatch(total) for total in totals):
        return False
    try:
        return len({Fraction(total or "0") for total in totals}) == 1
    except ZeroDivisionError:
        return False


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
