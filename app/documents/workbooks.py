"""Spreadsheets that people fill in: layouts, styled templates, safe exports, rows with addresses."""

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.documents import workbook_reader
from app.errors import N_, RuleBroken, refusal
from app.web.locale import gettext as _

HEADER_FILL = PatternFill("solid", fgColor="0B4EA2")
OPTIONAL_FILL = PatternFill("solid", fgColor="4A5362")
WRONG_FILL = PatternFill("solid", fgColor="FFD9CC")
THIN = Side(style="thin", color="D5DAE2")
HEADER_SEARCH = 20
TEMPLATE_ROWS = 2000
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
LOST_DIGITS = 10**15


@dataclass(frozen=True)
class Column:
    """One column: its key in code, its Chinese title, whether it must be filled, what may stand in it."""

    key: str
    title: str
    is_required: bool = False
    hint: str = ""
    choices: tuple[str, ...] = ()
    width: int = 14
    is_sensitive: bool = False


@dataclass(frozen=True)
class Layout:
    """One kind of worksheet."""

    kind: str
    title: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        """Return a column by its key."""
        return next(column for column in self.columns if column.key == key)


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with one cell, where, and how to mend it."""

    worksheet: str
    cell: str
    column: str
    reason: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.worksheet}!{self.cell}: {self.reason}"


@dataclass
class Row:
    """A row as read: texts by column key, and the problems found in it."""

    worksheet: str
    number: int
    texts: dict[str, str]
    letters: Mapping[str, str]
    layout: Layout
    problems: list[CellProblem] = field(default_factory=list)

    def text(self, key: str) -> str:
        """Return what stands in a column, trimmed; empty for nothing."""
        return self.texts.get(key, "")

    def wrong(self, key: str, reason: str) -> None:
        """Note a problem at a cell."""
        column = self.layout.column(key)
        shown = self.text(key)
        if column.is_sensitive and len(shown) > 4:
            shown = shown[:2] + "…" + shown[-2:]
        cell = f"{self.letters.get(key, '?')}{self.number}"
        self.problems.append(CellProblem(self.worksheet, cell, column.title, reason, shown[:40]))

    def day(self, key: str) -> date | None:
        """Read a date; note a problem where it is none."""
        text = self.text(key)
        if not text:
            return None
        found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})", text)
        try:
            if found:
                return date(*(int(part) for part in found.groups() if part))
        except ValueError:
            pass
        self.wrong(key, _("不是有效的日期，应写成 1990-01-02 这样。"))
        return None


@refusal
class ColumnsMissing(RuleBroken):
    """The header lacks columns that must be there."""

    says = N_("表格里缺少这些列：{columns}。请使用本页下载的模板，不要改动表头。")
    field = "file"
    columns: str


@refusal
class NoHeader(RuleBroken):
    """No row looks like the header."""

    says = N_("表格里没有找到表头。表头应有“{first}”等列，请使用本页下载的模板。")
    field = "file"
    first: str


@refusal
class NoRows(RuleBroken):
    """There is nothing under the header."""

    says = N_("表格里没有数据，请填写后再上传。")
    field = "file"


async def read_rows(path: Path, layout: Layout) -> list[Row]:
    """Read a workbook by a layout; columns may stand in any order, empty rows are skipped.

    Raise the refusals of the reader, `NoHeader`, `ColumnsMissing` or `NoRows`.
    """
    worksheet, cells = await workbook_reader.read(path)
    place, places = _header(cells, layout)
    letters = {key: get_column_letter(index + 1) for key, index in places.items()}
    rows: list[Row] = []
    for number, line in enumerate(cells[place + 1 :], start=place + 2):
        given = {key: line[index] if index < len(line) else None for key, index in places.items()}
        if all(value is None or str(value).strip() == "" for value in given.values()):
            continue
        row = Row(worksheet, number, {}, letters, layout)
        for key, value in given.items():
            _put(row, key, value)
        rows.append(row)
    if not rows:
        raise NoRows
    return rows


def _header(cells: Sequence[Sequence[Any]], layout: Layout) -> tuple[int, dict[str, int]]:
    titles = {_title(column.title): column.key for column in layout.columns}
    best, found = -1, {}
    for place, line in enumerate(cells[:HEADER_SEARCH]):
        here = {
            titles[_title(value)]: index
            for index, value in enumerate(line)
            if isinstance(value, str) and _title(value) in titles
        }
        if len(here) > len(found):
            best, found = place, here
    if best < 0:
        raise NoHeader(layout.columns[0].title)
    missing = [column.title for column in layout.columns if column.is_required and column.key not in found]
    if missing:
        raise ColumnsMissing("、".join(missing))
    return best, found


def _title(text: str) -> str:
    return re.sub(r"[\s*＊（）()]", "", unicodedata.normalize("NFKC", text))


def _put(row: Row, key: str, value: Any) -> None:
    column = row.layout.column(key)
    if isinstance(value, dict):
        row.texts[key] = str(value["d"])
    elif isinstance(value, bool):
        row.texts[key] = _("是") if value else _("否")
    elif isinstance(value, float | int):
        row.texts[key] = str(int(value)) if float(value).is_integer() else repr(value)
        if column.is_sensitive and abs(value) >= LOST_DIGITS:
            row.wrong(key, _("号码被表格软件当成了数值，末几位已经丢失。请把这一列设为“文本”格式后重新填写。"))
    else:
        row.texts[key] = "" if value is None else unicodedata.normalize("NFC", str(value)).strip()
    if column.is_required and not row.texts[key]:
        row.wrong(key, _("必须填写。"))
    elif column.choices and row.texts[key] and row.texts[key] not in column.choices:
        row.wrong(key, _("“{value}”不在可选范围内，请从下拉列表中选择。").format(value=row.texts[key][:20]))


def template(layout: Layout) -> bytes:
    """Return an empty workbook with styled header, drop-downs, hints, and texts that stay texts."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = layout.title[:31]
    _write_header(sheet, layout)
    lists = book.create_sheet("选项")
    lists.sheet_state = "hidden"
    for index, column in enumerate(layout.columns, start=1):
        letter = get_column_letter(index)
        for number in range(2, 12):
            sheet[f"{letter}{number}"].number_format = "@"
        sheet.column_dimensions[letter].number_format = "@"
        if column.choices:
            _drop_down(sheet, lists, index, column)
    guide = book.create_sheet("填写说明")
    guide.append([_("列"), _("必填"), _("说明")])
    for column in layout.columns:
        guide.append([column.title, _("是") if column.is_required else "", column.hint])
    for letter, width in (("A", 18), ("B", 8), ("C", 80)):
        guide.column_dimensions[letter].width = width
    return _bytes(book)


def _write_header(sheet: Worksheet, layout: Layout) -> None:
    for index, column in enumerate(layout.columns, start=1):
        cell = sheet.cell(row=1, column=index, value=column.title + ("*" if column.is_required else ""))
        cell.fill = HEADER_FILL if column.is_required else OPTIONAL_FILL
        cell.font = Font(color="FFFFFF", bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = Border(left=THIN, right=THIN, bottom=THIN)
        if column.hint:
            cell.comment = Comment(column.hint, "乡匠", width=260, height=90)
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    sheet.row_dimensions[1].height = 28
    sheet.freeze_panes = "A2"


def _drop_down(sheet: Worksheet, lists: Worksheet, index: int, column: Column) -> None:
    letter = get_column_letter(index)
    for number, choice in enumerate(column.choices, start=1):
        lists[f"{letter}{number}"] = choice
    rule = DataValidation(
        type="list", formula1=f"'选项'!${letter}$1:${letter}${len(column.choices)}", allow_blank=True
    )
    rule.error = _("请从下拉列表中选择。")
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{TEMPLATE_ROWS}")


def export(layout: Layout, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return a workbook of rows; a text that looks like a formula is written as a text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(layout.title[:31])
    sheet.freeze_panes = "A2"
    for index, column in enumerate(layout.columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = column.width
    header = []
    for column in layout.columns:
        cell = WriteOnlyCell(sheet, value=column.title)
        cell.fill, cell.font = HEADER_FILL, Font(color="FFFFFF", bold=True)
        header.append(cell)
    sheet.append(header)
    for row in rows:
        sheet.append([_safe(sheet, row.get(column.key)) for column in layout.columns])
    return _bytes(book)


def _safe(sheet: Any, value: Any) -> Any:
    if value is None or isinstance(value, int | float | date):
        return value
    text = str(value)
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.number_format = "@"
    if text.startswith(FORMULA_SIGNS):
        cell.quotePrefix = True  # type: ignore[attr-defined]
    return cell


def marked(layout: Layout, rows: Sequence[Row]) -> bytes:
    """Return the rows again with the bad cells in red and a column that says why."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = layout.title[:31]
    _write_header(sheet, layout)
    reasons = len(layout.columns) + 1
    sheet.cell(row=1, column=reasons, value=_("需要改正的地方"))
    sheet.column_dimensions[get_column_letter(reasons)].width = 60
    for number, row in enumerate(rows, start=2):
        wrong = {problem.column for problem in row.problems}
        for index, column in enumerate(layout.columns, start=1):
            cell = sheet.cell(row=number, column=index)
            cell.value, cell.data_type, cell.number_format = row.text(column.key), "s", "@"
            if column.title in wrong:
                cell.fill = WRONG_FILL
        sheet.cell(row=number, column=reasons).value = "；".join(
            f"{problem.column}：{problem.reason}" for problem in row.problems
        )
    return _bytes(book)


def _bytes(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
