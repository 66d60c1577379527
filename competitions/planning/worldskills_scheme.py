"""From the rows of a WorldSkills workbook to a scheme, each problem at its cell.

A criterion A to I becomes a module; a sub-criterion heads its aspects; the rows with a score of 0
to 3 under a judgement are its steps. An aspect is called by its sub-criterion and place, A1.1.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from app.documents.layouts import CellProblem, Row
from app.errors import RuleBroken
from app.rules.points import E4, e4_of
from app.web.locale import gettext as _
from competitions.planning.calculations import calculation_of
from competitions.planning.numerals import plain
from competitions.planning.scheme_rows import said
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule, SchemeSection
from competitions.rules.scheme_checks import faults
from competitions.rules.scheme_parts import JUDGEMENT_STEPS, place_of
from competitions.rules.sections import points, worth

SUB_ID = re.compile(r"([A-Z]{1,2})[ .-]?(\d{1,3})").fullmatch
LETTER = re.compile(r"[A-Z]{1,2}").fullmatch
HEADING = re.compile(r"CRITERI(?:ON|A)\W*([A-Z]{1,2})\W*$")
PARTED = "›"
"""Between a criterion's and a sub-criterion's name, where a scheme of ours has both."""
KINDS = {"M": "measurement", "J": "judgement", "测": "measurement", "评": "judgement"}
CELLS = {"name": "title", "id": "title", "descriptors": "score", "zeroes": "title"}


@dataclass
class _Aspect:
    """An aspect, its row, and its steps as they come."""

    row: Row
    facts: SchemeAspect
    steps: dict[int, str] = field(default_factory=dict)


@dataclass
class Reading:
    """What was read so far."""

    sections: dict[str, tuple[SchemeSection, Row]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    marks: list[tuple[str, Row, str]] = field(default_factory=list)
    modules: dict[str, list[_Aspect]] = field(default_factory=dict)
    letter: str = ""
    sub_id: str = ""
    sub: Mapping[str, str] = field(default_factory=dict)
    count: int = 0
    last: _Aspect | None = None
    has_ended: bool = False


def read_scheme(rows: Sequence[Row]) -> tuple[SchemeFacts | None, list[CellProblem]]:
    """Return the scheme of rows, or None with problems noted in them; and what to look at twice."""
    reading = Reading()
    for row in rows:
        _read(row, reading)
    scheme = _scheme(reading)
    _check_judgements(reading)
    if not any(row.problems for row in rows):
        _note_faults(scheme, reading, rows)
    is_sound = not any(row.problems for row in rows)
    return (scheme if is_sound else None), _contradictions(scheme, reading)


def _read(row: Row, reading: Reading) -> None:
    if "section_id" in row.letters:
        _section(row, reading)
    elif "criterion_id" in row.letters:
        _criterion(row, reading)
    elif "heading" in row.letters:
        _heading(row, reading)
    else:
        _line(row, reading)


def _section(row: Row, reading: Reading) -> None:
    key, weight = row.text("section_id"), row.text("section_weight")
    is_total = "total" in " ".join(row.texts.values()).lower()
    if not key or not row.text("section_name") or is_total:
        reading.has_ended = reading.has_ended or bool(reading.sections)
        return
    if reading.has_ended:
        return
    if not row.problems and not plain(weight):
        row.wrong("section_weight", _("应填这个标准板块的权重，例如 5。"))
    if key in reading.sections:
        row.wrong("section_id", _("标准板块的编号重复。"))
    section = SchemeSection(key, row.text("section_name"), plain(weight))
    reading.sections.setdefault(key, (section, row))


def _criterion(row: Row, reading: Reading) -> None:
    letter = row.text("criterion_id").upper()
    if LETTER(letter) and row.text("criterion_name"):
        reading.names.setdefault(letter, row.text("criterion_name"))
        reading.marks.append((letter, row, "criterion_mark"))


def _heading(row: Row, reading: Reading) -> None:
    found = HEADING.search(row.text("heading").upper())
    if found:
        reading.letter, reading.sub_id, reading.sub, reading.last = found[1], "", {}, None
        reading.marks.append((found[1], row, "heading_mark"))


def _line(row: Row, reading: Reading) -> None:
    key = row.text("sub_id").upper()
    if found := SUB_ID(key):
        criterion, parted, sub = row.text("sub_name").rpartition(PARTED)
        reading.letter, reading.sub_id, reading.count = found[1], f"{found[1]}{found[2]}", 0
        reading.sub = {
            "criterion": criterion.strip() if parted else "",
            "sub_criterion": sub.strip(),
            "day": row.text("day"),
        }
        reading.last = None
    elif LETTER(key) and row.text("sub_name"):
        reading.letter, reading.sub_id, reading.sub, reading.last = key, "", {}, None
        reading.names.setdefault(key, row.text("sub_name"))
    if row.text("kind"):
        _aspect(row, reading)
    elif row.text("score"):
        _step(row, reading)
    elif row.text("title") and row.text("max"):
        row.wrong("kind", _("缺少类型，应填 M（测量）或 J（评判）。"))


def _aspect(row: Row, reading: Reading) -> None:
    kind = KINDS.get(row.text("kind")[:1].upper(), "")
    if not kind:
        row.wrong("kind", _("类型应为 M（测量）或 J（评判）。"))
    if not row.text("title"):
        row.wrong("title", _("请填写评分点的名称。"))
    if not reading.letter:
        row.wrong("kind", _("评分点上面没有评分子项的编号，例如 A1。"))
    reading.count += 1
    facts = SchemeAspect(
        id=f"{reading.sub_id or reading.letter}.{reading.count}",
        kind=kind,
        title=row.text("title"),
        max=_mark(row),
        hint=row.text("extra"),
        requirement=row.text("requirement"),
        section=_section_of(row, reading),
        calculation=_calculation(row.text("calculation")) if kind == "measurement" else None,
        criterion=reading.sub.get("criterion", ""),
        sub_criterion=reading.sub.get("sub_criterion", ""),
        day=reading.sub.get("day", ""),
    )
    reading.last = _Aspect(row, facts)
    reading.modules.setdefault(reading.letter, []).append(reading.last)


def _mark(row: Row) -> str:
    text = row.text("max")
    number = plain(text)
    if number or any(problem.column == row.layout.column("max").title for problem in row.problems):
        return number
    _whole, _point, decimals = text.replace(",", ".").partition(".")
    if not text:
        row.wrong("max", _("请填写满分。"))
    elif len(decimals.rstrip("0")) > 4:
        row.wrong("max", _("分值最多四位小数。"))
    else:
        row.wrong("max", _("应填数字，例如 8.5。"))
    return ""


def _section_of(row: Row, reading: Reading) -> str:
    text = row.text("section")
    if not text or not reading.sections:
        return ""
    named = [text, plain(text), *re.findall(r"\d+", text)[:1]]
    found = next((name for name in named if name in reading.sections), "")
    if not found or len(re.findall(r"\d+", text)) > 1:
        row.wrong("section", _("应填标准板块表里的一个编号。"))
    return found


def _calculation(text: str) -> dict[str, Any] | None:
    try:
        return calculation_of(text)
    except RuleBroken:
        return None  # The column is CIS's own; only what we exported there is ours to read.


def _step(row: Row, reading: Reading) -> None:
    score = plain(row.text("score"))
    if reading.last is None or reading.last.facts.kind != "judgement":
        row.wrong("score", _("这一档的上面没有评判项。"))
    elif score not in {"0", "1", "2", "3"}:
        row.wrong("score", _("评判的档应为 0、1、2、3。"))
    elif int(score) in reading.last.steps:
        row.wrong("score", _("这一档写了两次。"))
    elif not row.text("extra"):
        row.wrong("extra", _("请写明这一档的描述。"))
        reading.last.steps[int(score)] = ""
    else:
        reading.last.steps[int(score)] = row.text("extra")


def _check_judgements(reading: Reading) -> None:
    for aspects in reading.modules.values():
        for aspect in aspects:
            lacking = [str(n) for n in range(JUDGEMENT_STEPS) if n not in aspect.steps]
            if aspect.facts.kind == "judgement" and lacking:
                word = _("评判项下面缺少 {steps} 分的描述。")
                aspect.row.wrong("score", word.format(steps="、".join(lacking)))


def _scheme(reading: Reading) -> SchemeFacts:
    modules = []
    for letter, aspects in reading.modules.items():
        written = (
            replace(item.facts, descriptors=tuple(text for _n, text in sorted(item.steps.items())))
            for item in aspects
        )
        modules.append(
            SchemeModule(letter, reading.names.get(letter) or letter, "", tuple(written))
        )
    return SchemeFacts(tuple(modules), tuple(item for item, _row in reading.sections.values()))


def _note_faults(scheme: SchemeFacts, reading: Reading, rows: Sequence[Row]) -> None:
    aspects = {item.facts.id: item.row for all_ in reading.modules.values() for item in all_}
    heads = [row for row in rows if "heading" in row.letters] or rows
    for problem in faults(scheme):
        place = place_of(problem)
        if place.part == "section":
            reading.sections[place.id][1].wrong("section_weight", said(problem))
        elif place.part == "aspect" and place.id in aspects:
            aspects[place.id].wrong(CELLS.get(place.field, place.field), said(problem))
        else:
            heads[-1].wrong("heading_mark" if heads is not rows else "max", said(problem))


def _contradictions(scheme: SchemeFacts, reading: Reading) -> list[CellProblem]:
    """List the totals that somebody typed and that the aspects do not make; ours count."""
    found = []
    sums = {module.id: worth(module) for module in scheme.modules}
    for letter, row, key in reading.marks:
        typed = plain(row.text(key))
        made = sums.get(letter, Fraction(0))
        if typed and Fraction(e4_of(typed) or 0, E4) != made:
            word = _("这里写的是 {typed}，按评分点合计是 {made}；以评分点为准。")
            reason = word.format(typed=typed, made=points(made))
            cell = f"{row.letters[key]}{row.number}"
            found.append(CellProblem(row.worksheet, cell, row.layout.column(key).title, reason))
    return found
