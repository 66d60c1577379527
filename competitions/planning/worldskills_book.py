"""Write a scheme as a WorldSkills workbook: reading it again gives the same scheme."""

import io
import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from app.errors import N_, RuleBroken, refusal
from competitions.planning.calculations import words_of
from competitions.planning.worldskills import SHEET
from competitions.planning.worldskills_scheme import PARTED
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule
from competitions.rules.sections import most, worth

HEADERS = (
    "Sub\nCriterion\nID",
    "Sub Criterion\nName or Description",
    "Day of\nMarking",
    "Aspect\nType\nM = Meas\nJ = Judg",
    "Aspect - Description",
    "Judg\nScore",
    "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\nor Nominal Size\n(Meas only)",
    "WSOS\nSection",
    "Calculation Row\n(Export only)",
    "Max\nMark",
)
WIDTHS = (10, 30, 9, 10, 46, 7, 52, 16, 9, 14, 8, 14, 9, 9)
LETTERS = {"measurement": "M", "judgement": "J"}
MOST_NAMED = 5
CRITERION_ID = re.compile(r"[A-Z]{1,2}").fullmatch
BOLD = Font(bold=True)
HEAD_FILL = PatternFill("solid", fgColor="0B4EA2")
SUB_FILL = PatternFill("solid", fgColor="E8F0FB")
WRAPPED = Alignment(vertical="top", wrap_text=True)


@refusal
class NotOfWorldSkills(RuleBroken):
    """The workbook knows measurements and judgements only, and marks as they stand."""

    says = N_("世界技能大赛的表格只有测量和评判两种评分点，这些无法写入：{names}。")
    field = "scheme"
    names: str


@refusal
class WeightedModule(RuleBroken):
    """The workbook knows no weights: what aspects add up to is what a criterion gives."""

    says = N_("世界技能大赛的表格没有模块权重，模块 {name} 的满分合计与权重不同，无法写入。")
    field = "scheme"
    name: str


@refusal
class WrongCriterion(RuleBroken):
    """A criterion is called by a letter or two."""

    says = N_("世界技能大赛的评分大项用字母编号，模块“{id}”无法写入。请把编号改成 A、B 等字母。")
    field = "scheme"
    id: str


def refuse_unfit(scheme: SchemeFacts) -> None:
    """Raise for what the workbook cannot say: other kinds, other letters, weights."""
    others = [aspect.id for aspect in scheme.aspects() if aspect.kind not in LETTERS]
    if others:
        more = "…" if len(others) > MOST_NAMED else ""
        raise NotOfWorldSkills("、".join(others[:MOST_NAMED]) + more)
    for module in scheme.modules:
        if not CRITERION_ID(module.id):
            raise WrongCriterion(module.id)
        if module.weight and worth(module) != sum(map(most, module.aspects)):
            raise WeightedModule(module.name)


def fits(scheme: SchemeFacts) -> bool:
    """Tell whether the workbook can say all of a scheme."""
    try:
        refuse_unfit(scheme)
    except RuleBroken:
        return False
    return True


def workbook(scheme: SchemeFacts, title: str) -> bytes:
    """Return a scheme as a workbook; raise the refusals of `refuse_unfit`."""
    refuse_unfit(scheme)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    for letter, width in zip("ABCDEFGHIJKLMN", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for line in [[title], [], *_sections(scheme), *_criteria(scheme), *_blocks(scheme)]:
        _write(sheet, line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _write(sheet: Worksheet, line: list[Any]) -> None:
    sheet.append(line)
    row = sheet.max_row if any(value not in {None, ""} for value in line) else 0
    is_head = len(line) > 3 and line[3] == HEADERS[3]
    for cell in sheet[row] if row else ():
        if isinstance(cell.value, str):
            cell.data_type = "s"  # A text that looks like a formula is a text.
        cell.alignment = WRAPPED
        if is_head:
            cell.fill, cell.font = HEAD_FILL, Font(bold=True, color="FFFFFF")
        elif len(line) < 4 and row > 1 and line[0]:
            cell.fill, cell.font = SUB_FILL, BOLD


def _sections(scheme: SchemeFacts) -> Iterator[list[Any]]:
    if scheme.sections:
        yield ["WorldSkills Occupational Standards"]
        yield ["Section", "Name", *[None] * 6, "WSOS Marks"]
        for section in scheme.sections:
            yield [section.id, section.name, *[None] * 6, _number(section.weight)]
        yield []


def _criteria(scheme: SchemeFacts) -> Iterator[list[Any]]:
    yield ["Criteria"]
    yield ["ID", "Name", *[None] * 8, "Mark"]
    for module in scheme.modules:
        total = sum(map(most, module.aspects), Fraction(0))
        yield [module.id, module.name, *[None] * 8, float(total)]
    yield []


def _blocks(scheme: SchemeFacts) -> Iterator[list[Any]]:
    for module in scheme.modules:
        total = sum(map(most, module.aspects), Fraction(0))
        yield [*HEADERS, f"Criterion {module.id}", "Total Mark", float(total)]
        yield from _subs(module)
        yield []


def _subs(module: SchemeModule) -> Iterator[list[Any]]:
    groups = groupby(module.aspects, lambda item: (item.criterion, item.sub_criterion, item.day))
    for number, ((criterion, sub, day), aspects) in enumerate(groups, start=1):
        name = f"{criterion} {PARTED} {sub}".strip() if criterion or PARTED in sub else sub
        yield [f"{module.id}{number}", name, day]
        for aspect in aspects:
            yield from _aspect(aspect)


def _aspect(aspect: SchemeAspect) -> Iterator[list[Any]]:
    yield [
        None,
        None,
        None,
        LETTERS[aspect.kind],
        aspect.title,
        None,
        aspect.hint,
        aspect.requirement,
        aspect.section,
        words_of(aspect.calculation),
        _number(aspect.max),
    ]
    for score, text in enumerate(aspect.descriptors):
        yield [*[None] * 5, score, text]


def _number(text: str) -> float:
    return float(text)
