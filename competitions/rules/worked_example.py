"""A worked example of a rule set: a panel, judgements, a little field, all by the real rules."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import msgspec

from app.errors import N_
from app.rules.panel import trimmed_mean
from app.rules.points import fixed, rounded, shown, whole
from competitions.rules.awards import award_word
from competitions.rules.bundle import Judgement, Panel
from competitions.rules.marking import Marking, Unmarkable, points_of
from competitions.rules.reading import Problem
from competitions.rules.rule_set import (
    AspectKey,
    ModuleKey,
    RuleSet,
    TierAwards,
    TimeKey,
    WorldSkillsAwards,
)
from competitions.rules.standings import standings

POOL = ("8.6", "9.2", "8.85", "7.5", "9.05", "8.4", "8.95", "9.3", "7.9", "8.7", "9.1", "8.2")
JUDGES = 5
FACTOR = "0.8"
PANEL_MAX, JUDGEMENT_MAX = "10", "2"
JUDGEMENTS = (("2", "3", "2"), ("1", "3", "2"))
DEFAULT_FIELD, LEAST_FIELD, MOST_FIELD = 12, 1, 300
MOST_KEYS = 20
BLANKS = re.compile(r"[\s,，、;；]+")
PLACES = 6
FIRST, SECOND = "002", "003"
"""The two of equal totals that every tie key parts; the second has a deduction."""


@dataclass(frozen=True)
class Shown:
    """One judge's value, and whether the trim took it out."""

    value: str
    is_dropped: bool


@dataclass(frozen=True)
class PanelExample:
    """From judges' values to the mark; with a problem there is none."""

    values: tuple[Shown, ...]
    kept: tuple[str, ...] = ()
    mean: str = ""
    rounded: str = ""
    factored: str = ""
    problem: Problem | None = None


@dataclass(frozen=True)
class JudgementExample:
    """From three judges' steps to the mark, or why there is none."""

    values: tuple[str, ...]
    mark: str = ""
    problem: Problem | None = None


@dataclass(frozen=True)
class Line:
    """One of the little field. `note` says what became of equal totals."""

    code: str
    total: str
    scale: int | None
    rank: int | None
    is_undecided: bool
    award: str
    note: str = ""


@dataclass(frozen=True)
class FieldExample:
    """A little field in its order, and how many got each award."""

    lines: tuple[Line, ...]
    awards: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Example:
    """The worked example of one rule set."""

    panel: PanelExample
    judgements: tuple[JudgementExample, ...]
    field: FieldExample | None


def worked_example(rules: RuleSet, *, marks: str = "", field: int = DEFAULT_FIELD) -> Example:
    """Work out the example: `marks` as typed, or a panel as large as the rule set needs."""
    return Example(
        panel_example(rules, marks),
        tuple(judgement_example(rules, values) for values in JUDGEMENTS),
        field_example(rules, max(LEAST_FIELD, min(field, MOST_FIELD))),
    )


def default_marks(rules: RuleSet) -> str:
    """Return the values of a panel as large as the rule set needs, at least five."""
    rule = rules.panel
    return " ".join(POOL[: max(JUDGES, rule.drop_highest + rule.drop_lowest + rule.min_remaining)])


def panel_example(rules: RuleSet, typed: str) -> PanelExample:
    """Work out one panel aspect of ten points with a factor."""
    given = [word for word in BLANKS.split(typed or default_marks(rules)) if word][:99]
    marking = Marking.of(Panel(id="P", max=PANEL_MAX, factor=FACTOR), rules)
    values: list[int] = []
    for word in given:
        value = marking.read(word)
        if isinstance(value, str):
            says = Problem("value", "try_marks", N_("{word}：{why}"), {"word": word, "why": value})
            return PanelExample(
                tuple(Shown(item, is_dropped=False) for item in given), problem=says
            )
        values.append(value)
    try:
        mark = marking.of_records(values)
    except Unmarkable as why:
        plain = tuple(Shown(item, is_dropped=False) for item in given)
        return PanelExample(plain, problem=why.problem("try_marks"))
    rule = rules.panel
    order = sorted(range(len(values)), key=values.__getitem__)
    kept = set(order[rule.drop_lowest : len(values) - rule.drop_highest])
    mean = Fraction(*trimmed_mean(values, rule.drop_highest, rule.drop_lowest))
    return PanelExample(
        values=tuple(Shown(word, at not in kept) for at, word in enumerate(given)),
        kept=tuple(word for at, word in enumerate(given) if at in kept),
        mean=legible(mean),
        rounded=shown(rounded(mean, rule.round), rule.round),
        factored=legible(Fraction(*mark)),
    )


def judgement_example(rules: RuleSet, values: Sequence[str]) -> JudgementExample:
    """Work out one judgement of two points."""
    marking = Marking.of(Judgement(id="J", max=JUDGEMENT_MAX), rules)
    try:
        mark = marking.of_records([points_of(value) for value in values])
    except Unmarkable as why:
        return JudgementExample(tuple(values), problem=why.problem("judgement"))
    return JudgementExample(tuple(values), legible(Fraction(*mark)))


def legible(value: Fraction) -> str:
    """Write a value as people read it: exact where that is short, else its first decimals."""
    text = shown(value, "exact")
    if "/" not in text and len(text.partition(".")[2]) <= PLACES:
        return text
    return fixed(Fraction(whole(value * 10**PLACES, "down"), 10**PLACES), PLACES) + "…"


def field_example(rules: RuleSet, field: int) -> FieldExample | None:
    """Rank a little field: two equal totals that a tie key parts, two that nothing parts.

    None where the tie keys name more than the example can show.
    """
    if len(rules.ranking.tie_break) > MOST_KEYS:
        return None
    found = standings(_bundle(rules, field))
    lines = found["standings"]
    notes = _notes(lines)
    return FieldExample(
        tuple(
            Line(
                code=line["code"],
                total=line["total"],
                scale=line["scale"],
                rank=line["rank"],
                is_undecided=line["undecided"],
                award=award_word(line["award"]),
                note=notes.get(line["code"], ""),
            )
            for line in lines
        ),
        tuple(
            (label, sum(award_word(line["award"]) == label for line in lines))
            for label in _labels(rules)
        ),
    )


def _labels(rules: RuleSet) -> list[str]:
    if isinstance(rules.awards, TierAwards):
        return list(dict.fromkeys(tier.label for tier in rules.awards.tiers))
    if isinstance(rules.awards, WorldSkillsAwards):
        return [award_word(word) for word in ("gold", "silver", "bronze", "medallion")]
    return []


PARTED, EQUAL, WAITING = N_("同分，并列判据分出先后"), N_("同分，并列"), N_("同分，待裁判长裁定")


def _notes(lines: Sequence[dict[str, Any]]) -> dict[str, str]:
    by_total: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        by_total.setdefault(line["total"], []).append(line)
    found: dict[str, str] = {}
    for same in by_total.values():
        for line in same if len(same) > 1 else ():
            is_shared = [other["rank"] for other in same].count(line["rank"]) > 1
            found[line["code"]] = WAITING if line["undecided"] else EQUAL if is_shared else PARTED
    return found


def _bundle(rules: RuleSet, field: int) -> dict[str, Any]:
    """Make a field whose scheme has just what the tie keys name, and one aspect for the rest."""
    keys = rules.ranking.tie_break
    modules = {key.module for key in keys if isinstance(key, TimeKey | ModuleKey)}
    aspects = {key.aspect for key in keys if isinstance(key, AspectKey)}
    own = {name: _unused(f"{name}.1", aspects) for name in sorted(modules)}
    rest, rest_module = _unused("R", aspects | set(own.values())), _unused("R", modules)
    keyed = sorted({*own.values(), *aspects})
    codes = [f"{number:03d}" for number in range(1, field + 1)]
    scheme = [
        {"id": name, "name": name, "aspects": [_points(aspect)]} for name, aspect in own.items()
    ]
    scheme.append(
        {
            "id": rest_module,
            "name": rest_module,
            "aspects": [*map(_points, (*sorted(aspects), rest))],
        }
    )
    return {
        "format": "marks-bundle/1",
        "event": {"id": "example", "name": "例"},
        "rule_set": msgspec.to_builtins(rules),
        "modules": scheme,
        "entries": [{"code": code, "status": "competed"} for code in codes],
        "marks": [
            {"aspect": name, "code": code, "judge": "J", "value": shown(points, "exact")}
            for code, total in zip(codes, _totals(field), strict=True)
            for name, points in _points_of(code, total, keyed, rest)
        ],
        "deductions": [
            {"code": code, "module": rest_module, "points": "1", "reason": "例"}
            for code in codes
            if code == SECOND
        ],
        "times": [
            {"code": code, "module": name, "seconds": 3600 if code == FIRST else 3660}
            for code in codes
            for name in sorted(modules)
        ],
    }


def _points_of(
    code: str, total: Fraction, keyed: Sequence[str], rest: str
) -> list[tuple[str, Fraction]]:
    """Return the marks of one entry: of two equal totals the first has more where a key looks."""
    each = Fraction(2 if code == FIRST else 1)
    left = total - each * len(keyed) + (1 if code == SECOND else 0)
    return [*((name, each) for name in keyed), (rest, left)]


def _points(name: str) -> dict[str, str]:
    return {"id": name, "kind": "points", "max": "200"}


def _unused(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "."
    return name


def _totals(field: int) -> list[Fraction]:
    """Return totals from 96.5 down to about 40: the second two equal, the fifth two equal."""
    first = [Fraction(text) for text in ("96.5", "94", "94", "91.25", "88", "88")]
    left = max(field - len(first), 0)
    rest = [Fraction(864 * 20 - (464 * 20 * at) // max(left - 1, 1), 200) for at in range(left)]
    return [*first, *rest][:field]
