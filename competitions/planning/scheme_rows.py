"""A scheme as rows of a grid: module, criterion and sub-criterion head what stands under them.

An aspect belongs to the headings above it, so that moving a row moves it in the scheme. Reading
the rows of a scheme again gives the same scheme.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from app.errors import N_, RuleBroken, refusal
from app.rules.plain_text import one_line
from app.web import locale
from app.web.locale import gettext as _
from competitions.planning.calculations import calculation_of, words_of
from competitions.planning.numerals import DECIMALS, plain
from competitions.rules.reading import Problem
from competitions.rules.scheme import (
    KINDS,
    SchemeAspect,
    SchemeFacts,
    SchemeModule,
    SchemeSection,
)
from competitions.rules.scheme_checks import faults
from competitions.rules.scheme_ids import next_id
from competitions.rules.scheme_parts import place_of

STEPS = ("step0", "step1", "step2", "step3")
PLAIN_FIELDS = ("title", "unit", "requirement", "hint", "section")
ASPECT_FIELDS = (
    "id", "kind", "title", "max", "section", "factor", "unit", "decimals",
    "calculation", "requirement", "hint", *STEPS, "zeroes",
)  # fmt: skip
FIELDS = {
    "module": ("id", "title", "max"),
    "criterion": ("title",),
    "sub": ("title", "day"),
    "aspect": ASPECT_FIELDS,
}
NAMED = re.compile(r"[\s、，,；;]+")
SPACED = re.compile(r"\s")
WRONG_NUMBER = N_("应填数字，例如 8.5。")
CELLS = {"name": "title", "weight": "max"}


@refusal
class WrongSection(RuleBroken):
    """A section has a number, a name and a weight."""

    says = N_("“{line}”应写成“编号 名称 权重”，例如“1 工作组织 5”。")
    field = "sections"
    line: str


@dataclass(frozen=True)
class SchemeRow:
    """One row of the grid: its key on the page, what it is, and its texts."""

    key: str
    type: str
    texts: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what stands in a cell, trimmed; what the results name is one line."""
        text = self.texts.get(name, "").strip()
        return one_line(text) if self.type == "module" or name == "id" else text

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing was typed that would make it count."""
        given = set(self.texts) - {"kind", "decimals", "id" if self.type == "aspect" else ""}
        return self.type == "aspect" and not any(self.text(name) for name in given)


@dataclass
class Reading:
    """Rows read so far: the scheme that they make, and what is wrong at which cell."""

    taken: set[str]
    errors: dict[str, str] = field(default_factory=dict)
    keys: dict[tuple[str, str], SchemeRow] = field(default_factory=dict)

    def wrong(self, row: SchemeRow, name: str, reason: str) -> None:
        """Note the first thing that is wrong with a cell."""
        self.errors.setdefault(f"r{row.key}.{name}", reason)

    def known(self, part: str, row: SchemeRow, key: str) -> None:
        """Remember which row a part is, and note a part that is there twice."""
        if (part, key) in self.keys:
            self.wrong(row, "id", _("编号 {id} 重复。").format(id=key))
        elif SPACED.search(key):
            self.wrong(row, "id", _("编号中不能有空格。"))
        self.keys.setdefault((part, key), row)


def rows_of(scheme: SchemeFacts) -> list[SchemeRow]:
    """Return a scheme as rows."""
    keys = map(str, count(1))
    return [SchemeRow(next(keys), kind, texts) for kind, texts in _lines(scheme)]


def _lines(scheme: SchemeFacts) -> Iterator[tuple[str, dict[str, str]]]:
    for module in scheme.modules:
        yield "module", {"id": module.id, "title": module.name, "max": module.weight}
        criterion, sub = "", ("", "")
        for aspect in module.aspects:
            if aspect.criterion != criterion:
                criterion, sub = aspect.criterion, ("", "")
                yield "criterion", {"title": criterion}
            if (aspect.sub_criterion, aspect.day) != sub:
                sub = (aspect.sub_criterion, aspect.day)
                yield "sub", {"title": sub[0], "day": sub[1]}
            yield "aspect", aspect_texts(aspect)


def aspect_texts(aspect: SchemeAspect) -> dict[str, str]:
    """Return the texts of an aspect's row."""
    plainly = {name: str(getattr(aspect, name)) for name in PLAIN_FIELDS}
    return plainly | {
        "id": aspect.id,
        "kind": aspect.kind,
        "max": aspect.max,
        "factor": aspect.factor,
        "decimals": str(aspect.decimals),
        "calculation": words_of(aspect.calculation),
        "zeroes": "、".join(aspect.zeroes),
        **dict(zip(STEPS, aspect.descriptors, strict=False)),
    }


def sections_text(scheme: SchemeFacts) -> str:
    """Return the sections of a standard, one a line."""
    return "\n".join(f"{item.id} {item.name} {item.weight}" for item in scheme.sections)


def read_rows(
    rows: Sequence[SchemeRow], sections: str = "", *, taken: Sequence[str] = ()
) -> tuple[SchemeFacts | None, dict[str, str]]:
    """Return the scheme of rows, or None, and what is wrong by cell, as `r7.max`.

    An aspect without an identifier gets one that neither a row nor `taken` has.
    """
    given = {row.text("id") for row in rows if row.type == "aspect"}
    reading = Reading({*taken, *given})
    scheme = SchemeFacts(tuple(_modules(rows, reading)), _sections(sections, reading))
    if not reading.errors:
        for problem in faults(scheme):
            name, reason = cell_of(problem, reading.keys), said(problem)
            reading.errors.setdefault(name, reason)
    return (None if reading.errors else scheme), reading.errors


def said(problem: Problem) -> str:
    """Return a problem as a sentence in the language of the request."""
    return _(problem.says).format(**problem.facts)


def cell_of(problem: Problem, keys: Mapping[tuple[str, str], SchemeRow]) -> str:
    """Return the cell of a scheme's problem; `rows` for the scheme as a whole."""
    place = place_of(problem)
    row = keys.get((place.part, place.id))
    if row is None:
        return "sections" if place.part == "section" else "rows"
    name = CELLS.get(place.field, place.field)
    if name == "descriptors":
        name = next((step for step in STEPS if not row.text(step)), STEPS[0])
    return f"r{row.key}.{name}"


def _modules(rows: Sequence[SchemeRow], reading: Reading) -> Iterator[SchemeModule]:
    for head, under in _under_modules(rows):
        if head is None:
            for row in under:
                reading.wrong(row, "title", _("评分点上面要先有一行模块。"))
            continue
        module = _module(head, reading)
        yield replace(module, aspects=tuple(_aspects(under, module.id, reading)))


def _under_modules(
    rows: Sequence[SchemeRow],
) -> Iterator[tuple[SchemeRow | None, list[SchemeRow]]]:
    """Yield each module's row with those under it; first, with None, what is under no module."""
    head, under = None, list[SchemeRow]()
    for row in rows:
        if row.type == "module":
            yield head, under
            head, under = row, []
        elif not row.is_blank:
            under.append(row)
    yield head, under


def _aspects(rows: Sequence[SchemeRow], module: str, reading: Reading) -> Iterator[SchemeAspect]:
    heads = {"criterion": "", "sub_criterion": "", "day": ""}
    for row in rows:
        if row.type == "criterion":
            heads = {"criterion": row.text("title"), "sub_criterion": "", "day": ""}
        elif row.type == "sub":
            heads |= {"sub_criterion": row.text("title"), "day": row.text("day")}
        else:
            yield _aspect(row, module, heads, reading)


def _module(row: SchemeRow, reading: Reading) -> SchemeModule:
    for name, word in (("id", _("请填写模块的编号，例如 A。")), ("title", _("请填写模块的名称。"))):
        if not row.text(name):
            reading.wrong(row, name, word)
    if row.text("id"):
        reading.known("module", row, row.text("id"))
    return SchemeModule(row.text("id"), row.text("title"), _number(row, "max", reading))


def _aspect(
    row: SchemeRow, module: str, heads: Mapping[str, str], reading: Reading
) -> SchemeAspect:
    key, kind = row.text("id"), row.text("kind")
    if not key:
        key = next_id(module, reading.taken)
        reading.taken.add(key)
    reading.known("aspect", row, key)
    if kind not in KINDS:
        reading.wrong(row, "kind", _("请选择类型。"))
    if not row.text("title"):
        reading.wrong(row, "title", _("请填写评分点的名称。"))
    if kind != "gate" and not row.text("max"):
        reading.wrong(row, "max", _("请填写满分。"))
    steps = tuple(row.text(name) for name in STEPS)
    return SchemeAspect(
        id=key,
        kind=kind,
        max="" if kind == "gate" else _number(row, "max", reading),
        factor=_number(row, "factor", reading) if kind == "panel" else "",
        decimals=int(row.text("decimals")) if row.text("decimals") in DECIMALS else 2,
        descriptors=steps if kind == "judgement" and any(steps) else (),
        calculation=_calculation(row, reading) if kind == "measurement" else None,
        zeroes=tuple(filter(None, NAMED.split(row.text("zeroes")))) if kind == "gate" else (),
        **{name: row.text(name) for name in PLAIN_FIELDS},
        **heads,
    )


def _number(row: SchemeRow, name: str, reading: Reading) -> str:
    number = plain(row.text(name))
    if row.text(name) and not number:
        reading.wrong(row, name, _(WRONG_NUMBER))
    return number


def _calculation(row: SchemeRow, reading: Reading) -> dict[str, Any] | None:
    try:
        return calculation_of(row.text("calculation"))
    except RuleBroken as refusal:
        reading.wrong(row, "calculation", locale.sentence(refusal))
        return None


def _sections(text: str, reading: Reading) -> tuple[SchemeSection, ...]:
    try:
        return read_sections(text)
    except WrongSection as refusal:
        reading.errors["sections"] = locale.sentence(refusal)
        return ()


def read_sections(text: str) -> tuple[SchemeSection, ...]:
    """Read the sections of a standard, one a line; raise `WrongSection`."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        words = line.split("\t") if "\t" in line.strip() else line.split()
        weight = plain(words[-1])
        if len(words) < 3 or not weight:
            raise WrongSection(line.strip()[:40])
        name = " ".join(word.strip() for word in words[1:-1])
        found.append(SchemeSection(words[0].strip(), name, weight))
    return tuple(found)
