"""The product's calculator: a marks bundle in, `standings/1` out (contracts.md §2)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

import msgspec
import rfc8785

from app.errors import N_
from app.rules.points import shown
from competitions.rules.awards import awards
from competitions.rules.bundle import Bundle, EventName
from competitions.rules.checks import problems_of
from competitions.rules.ranking import Decisions, Ranked, ranking
from competitions.rules.reading import NotABundle, Problem, parse, read, unreadable
from competitions.rules.rule_set import RuleSet
from competitions.rules.totals import Counter, totals

FORMAT = "standings/1"
MOST_PROBLEMS = 10_000
"""More are counted, not listed: a page of ten thousand is the same news."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One line: points, place and award; nothing but the status of who did not compete."""

    code: str
    status: str
    modules: Mapping[str, Fraction] | None = None
    total: Fraction | None = None
    scale: int | None = None
    rank: int | None = None
    is_undecided: bool = False
    award: str | None = None
    place: int | None = None
    """The first of the places that an entry shares or disputes; the rank, where there is one."""


@dataclass(frozen=True)
class Standings:
    """Everybody by rank, then code; who did not compete last. With a problem there is nobody."""

    lines: tuple[Standing, ...]
    problems: tuple[Problem, ...]


def standings_of(raw: bytes) -> dict[str, Any]:
    """Return the result document for a bundle's bytes; its `problems` are empty where it counts."""
    try:
        document = parse(raw)
    except NotABundle as error:
        return answer({}, None, [unreadable(str(error))])
    return standings(document)


def standings(document: Mapping[str, Any], decided: Decisions = ()) -> dict[str, Any]:
    """Return the result document for a parsed bundle, with what was decided of forbidden ties."""
    bundle = read(document)
    if isinstance(bundle, Problem):
        return answer(document, None, [bundle])
    found = count(bundle, decided)
    lines = [to_json(line, bundle.rule_set) for line in found.lines]
    return answer(document, lines, found.problems)


def count(bundle: Bundle, decided: Decisions = ()) -> Standings:
    """Count a well-shaped bundle."""
    if problems := problems_of(bundle):
        return Standings((), tuple(problems))
    counter = Counter.of(bundle.modules, bundle.rule_set)
    entries, problems = totals(bundle, counter)
    if problems:
        return Standings((), tuple(problems))
    ranked = ranking(counter, entries, bundle.times, decided)
    return Standings((*_competed(counter, ranked), *_away(bundle)), ())


def problems_in(document: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what keeps a parsed bundle from being counted, as `standings` lists it."""
    bundle = read(document)
    found = [bundle] if isinstance(bundle, Problem) else count(bundle).problems
    return tuple(_listed(found))


def undecided(document: Mapping[str, Any], decided: Decisions = ()) -> list[list[str]]:
    """Return each group of equal codes that no decision parts yet, where ties are forbidden."""
    bundle = read(document)
    lines = () if isinstance(bundle, Problem) else count(bundle, decided).lines
    waiting = [line for line in lines if line.is_undecided]
    return [
        [line.code for line in group] for _, group in groupby(waiting, key=lambda line: line.place)
    ]


def _competed(counter: Counter, ranked: Sequence[Ranked]) -> list[Standing]:
    given = awards(counter.rules, ranked)
    names = [module.id for module in counter.modules]
    return [
        Standing(
            code=item.entry.code,
            status="competed",
            modules=dict(zip(names, item.entry.modules, strict=True)),
            total=item.entry.total,
            scale=item.scale,
            rank=item.rank,
            is_undecided=item.is_undecided,
            award=given.get(item.entry.code),
            place=item.place,
        )
        for item in ranked
    ]


def _away(bundle: Bundle) -> list[Standing]:
    away = [entry for entry in bundle.entries if entry.status != "competed"]
    return [Standing(entry.code, entry.status) for entry in sorted(away, key=lambda one: one.code)]


def to_json(line: Standing, rules: RuleSet) -> dict[str, Any]:
    """Return a line of the result document."""
    return {
        "code": line.code,
        "modules": None
        if line.modules is None
        else {name: shown(value, rules.module.round) for name, value in line.modules.items()},
        "total": None if line.total is None else shown(line.total, rules.total.round),
        "scale": line.scale,
        "rank": line.rank,
        "undecided": line.is_undecided,
        "award": line.award,
        "status": line.status,
    }


def answer(
    document: Mapping[str, Any], lines: list[dict[str, Any]] | None, problems: Sequence[Problem]
) -> dict[str, Any]:
    """Return `standings/1`: what was asked, who stands where, what is wrong."""
    event, rule_set = document.get("event"), document.get("rule_set")
    told = rule_set if isinstance(rule_set, dict) else {}
    return {
        "format": FORMAT,
        "event": _told(event, EventName),
        "rule_set": {
            "id": _told(told.get("id"), str),
            "version": _told(told.get("version"), int),
            "sha256": sha256_of(rule_set) if isinstance(rule_set, dict) else None,
        },
        "standings": [] if problems else lines or [],
        "problems": [
            {"code": problem.code, "where": problem.where, "text": problem.text}
            for problem in _listed(problems)
        ],
    }


def _told(given: Any, kind: Any) -> Any:
    """Return what a bundle says of itself, None where it says no such thing."""
    try:
        msgspec.convert(given, kind)
    except msgspec.ValidationError:
        return None
    return given


def _listed(problems: Sequence[Problem]) -> Sequence[Problem]:
    more = len(problems) - MOST_PROBLEMS
    if more <= 0:
        return problems
    return [*problems[:MOST_PROBLEMS], Problem("more", "", N_("另有 {more} 处"), {"more": more})]


def sha256_of(rule_set: dict[str, Any]) -> str | None:
    """Return the hex SHA-256 of a rule set's RFC 8785 form, None where it has none."""
    try:
        return hashlib.sha256(rfc8785.dumps(rule_set)).hexdigest()
    except (rfc8785.CanonicalizationError, RecursionError):
        return None
