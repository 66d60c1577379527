"""The product's calculator: a marks bundle in, `standings/1` out (contracts.md section 2)."""

import hashlib
from typing import Any

import rfc8785

from app.rules.points import shown
from competitions.rules.awards import awards
from competitions.rules.bundle import Bundle, NotABundle, Problem, parse
from competitions.rules.bundle_checks import read
from competitions.rules.ranking import Ranked, ranking
from competitions.rules.totals import totals

FORMAT = "standings/1"


def standings_of(raw: bytes) -> dict[str, Any]:
    """Return the result document for a bundle's bytes; its `problems` are empty where it counts."""
    try:
        document = parse(raw)
    except NotABundle as error:
        return _answer({}, [], [Problem("unreadable", "bundle", str(error))])
    return standings(document)


def standings(document: dict[str, Any]) -> dict[str, Any]:
    """Return the result document for a parsed bundle."""
    bundle, problems = read(document)
    if bundle is None or problems:
        return _answer(document, [], problems)
    entries, problems = totals(bundle)
    if problems:
        return _answer(document, [], problems)
    return _answer(document, _lines(bundle, ranking(bundle, entries)), [])


def _lines(bundle: Bundle, ranked: list[Ranked]) -> list[dict[str, Any]]:
    given = awards(bundle.rule_set, ranked)
    lines = [_line(bundle, item, given[item.entry.code]) for item in ranked]
    away = sorted(
        (entry for entry in bundle.entries if entry.status != "competed"),
        key=lambda entry: entry.code,
    )
    return lines + [
        {
            "code": entry.code,
            "modules": None,
            "total": None,
            "scale": None,
            "rank": None,
            "undecided": False,
            "award": None,
            "status": entry.status,
        }
        for entry in away
    ]


def _line(bundle: Bundle, item: Ranked, award: str | None) -> dict[str, Any]:
    rules = bundle.rule_set
    return {
        "code": item.entry.code,
        "modules": {
            name: shown(value, rules.module.round) for name, value in item.entry.modules.items()
        },
        "total": shown(item.entry.total, rules.total.round),
        "scale": item.scale,
        "rank": item.rank,
        "undecided": item.is_undecided,
        "award": award,
        "status": "competed",
    }


def _answer(
    document: dict[str, Any], lines: list[dict[str, Any]], problems: list[Problem]
) -> dict[str, Any]:
    rule_set = document.get("rule_set")
    told = rule_set if isinstance(rule_set, dict) else {}
    return {
        "format": FORMAT,
        "event": document.get("event"),
        "rule_set": {
            "id": told.get("id"),
            "version": told.get("version"),
            "sha256": sha256_of(rule_set) if isinstance(rule_set, dict) else None,
        },
        "standings": lines,
        "problems": [
            {"code": problem.code, "where": problem.where, "text": problem.text}
            for problem in problems
        ],
    }


def sha256_of(rule_set: dict[str, Any]) -> str | None:
    """Return the hex SHA-256 of a rule set's RFC 8785 form, None where it has none."""
    try:
        return hashlib.sha256(rfc8785.dumps(rule_set)).hexdigest()
    except (rfc8785.CanonicalizationError, RecursionError):
        return None
