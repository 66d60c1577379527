"""Write workbooks: styled templates, exports of any length, and copies with the bad cells marked.

openpyxl writes what is styled (header, drop-downs, hints, widths); long rows are written straight
into its worksheet, ten times as fast. A text is always written as a text: what looks like a
formula is marked as one that is quoted, so that no spreadsheet program ever computes it.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from app.documents.layouts import CellProblem, Column, Layout
from app.documents.limited_reader import HEADER_SEARCH, plain_title
from app.documents.sheet_rows import WRONG_FILL, Reason, bytes_of, packed, with_rows
from app.errors import N_
from app.web.locale import gettext as _

REASONS = N_("需要改正的地方")
HEADER_FILL = PatternFill("solid", fgColor="0B4EA2")
OPTIONAL_FILL = PatternFill("solid", fgColor="4A5362")
LINES = Alignment(wrap_text=True, vertical="top")
THIN = Side(style="thin", color="D5DAE2")
TEMPLATE_ROWS = 20_000
HEADER_HEIGHT = 30
REASON_WIDTH = 60
DEFAULT_WIDTH = 14
HINT_SIZE = (300, 110)
CHOICES_SHEET = N_("选项")
GUIDE_SHEET = N_("填写说明")


def template(layout: Layout) -> bytes:
    """Return an empty workbook with styled header, drop-downs, hints, and texts that stay texts."""
    book = Workbook()
    sheet = _first(book, layout)
    _write_header(sheet, layout, row=1)
    for index, column in enumerate(layout.columns, start=1):
        sheet.column_dimensions[get_column_letter(index)].number_format = "@"
        if column.has_lines:
            sheet.column_dimensions[get_column_letter(index)].alignment = LINES
        if column.choices:
            _drop_down(book, sheet, index, column)
    _write_guide(book, layout)
    return _settled(bytes_of(book))


def export(layout: Layout, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return a workbook of rows by column key; a text that looks like a formula stays a text."""
    book = Workbook()
    sheet = _first(book, layout)
    _write_header(sheet, layout, row=1)
    columns = [(column.key, bool(column.choices)) for column in layout.columns]
    lines = ([(_word(row.get(key), is_word), False) for key, is_word in columns] for row in rows)
    return with_rows(book, sheet, enumerate(lines, start=2))


def _word(value: Any, is_word: bool) -> Any:  # noqa: FBT001
    return _(value) if is_word and value else value


def marked(
    layout: Layout, cells: Sequence[Sequence[Any]], problems: Sequence[CellProblem]
) -> bytes:
    """Return a worksheet again, each cell in its place, the bad ones red, with their reasons."""
    book = Workbook()
    sheet = _first(book, layout)
    header, places = _places(layout, cells)
    width = max((len(row) for row in cells), default=0)
    for index in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(index)].width = DEFAULT_WIDTH
    _write_found_header(sheet, layout, cells[header], header + 1)
    for column in layout.columns:
        if column.key in places and column.choices:
            _drop_down(book, sheet, places[column.key] + 1, column)
    reason = sheet.cell(row=header + 1, column=width + 1, value=_(REASONS))
    _style_header(reason, WRONG_FILL, "C4320A")
    sheet.column_dimensions[get_column_letter(width + 1)].width = REASON_WIDTH
    return with_rows(book, sheet, _marked_rows(cells, header, width, problems))


def marked_grid(
    title: str, cells: Sequence[Sequence[Any]], problems: Sequence[CellProblem]
) -> bytes:
    """Return a worksheet of any layout again, the bad cells red, reasons at the end of the row."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = re.sub(r"[\[\]:*?/\\]", " ", title)[:31]
    width = max((len(row) for row in cells), default=0)
    sheet.column_dimensions[get_column_letter(width + 1)].width = REASON_WIDTH
    return with_rows(book, sheet, _marked_rows(cells, -1, width, problems))


def _marked_rows(
    cells: Sequence[Sequence[Any]], header: int, width: int, problems: Sequence[CellProblem]
) -> Iterator[tuple[int, list[tuple[Any, bool]]]]:
    wrong: dict[int, dict[str, str]] = {}
    for problem in problems:
        number = int(problem.cell.lstrip("?ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        reasons = wrong.setdefault(number, {})
        before = reasons.get(problem.cell, "")
        reasons[problem.cell] = (
            before + (_("；") if before else problem.column + _("：")) + problem.reason
        )
    letters = [get_column_letter(place + 1) for place in range(width)]
    for place in range(header + 1, len(cells)):
        number, reasons = place + 1, wrong.get(place + 1, {})
        line = [
            (value, f"{letter}{number}" in reasons)
            for letter, value in zip(letters, cells[place], strict=False)
        ]
        line += [("", f"{letter}{number}" in reasons) for letter in letters[len(line) :]]
        yield number, [*line, (Reason(_("；").join(reasons.values())), False)]


def _places(layout: Layout, cells: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    """Find the header again, and where the layout's columns stand in it."""
    titles = {title: column.key for column in layout.columns for title in column.plain_titles}
    best, found = 0, dict[str, int]()
    for number, row in enumerate(cells[:HEADER_SEARCH]):
        here: dict[str, int] = {}
        for place, value in enumerate(row):
            if isinstance(value, str) and plain_title(value) in titles:
                here.setdefault(titles[plain_title(value)], place)
        if len(here) > len(found):
            best, found = number, here
    return best, found


# ---------------------------------------------------------------------------- what openpyxl writes


def _first(book: Workbook, layout: Layout) -> Worksheet:
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = re.sub(r"[\[\]:*?/\\]", " ", _(layout.title))[:31]
    return sheet


def _write_header(sheet: Worksheet, layout: Layout, row: int) -> None:
    for index, column in enumerate(layout.columns, start=1):
        cell = sheet.cell(row=row, column=index, value=_(column.title) + "*" * column.is_required)
        _style_header(cell, HEADER_FILL if column.is_required else OPTIONAL_FILL)
        if column.hint or column.example:
            cell.comment = Comment(_hint(column), "乡匠", width=HINT_SIZE[0], height=HINT_SIZE[1])
        sheet.column_dimensions[get_column_letter(index)].width = max(
            column.width, _width(_(column.title)) + 4
        )
    sheet.row_dimensions[row].height = HEADER_HEIGHT
    sheet.freeze_panes = f"A{row + 1}"
    sheet.auto_filter.ref = f"A{row}:{get_column_letter(len(layout.columns))}{row}"


def _write_found_header(sheet: Worksheet, layout: Layout, titles: Sequence[Any], row: int) -> None:
    known = {title: column for column in layout.columns for title in column.plain_titles}
    for index, title in enumerate(titles, start=1):
        column = known.get(plain_title(str(title)))
        cell = sheet.cell(row=row, column=index, value=str(title))
        cell.data_type = "s"
        _style_header(cell, HEADER_FILL if column and column.is_required else OPTIONAL_FILL)
        if column:
            sheet.column_dimensions[get_column_letter(index)].width = column.width
    sheet.row_dimensions[row].height = HEADER_HEIGHT
    sheet.freeze_panes = f"A{row + 1}"


def _style_header(cell: Cell, fill: PatternFill, color: str = "FFFFFF") -> None:
    cell.fill = fill
    cell.font = Font(color=color, bold=True)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = Border(left=THIN, right=THIN, bottom=THIN)


def _width(text: str) -> int:
    """Return how many columns of a fixed font a text takes: a Chinese character takes two."""
    return sum(1 if sign.isascii() else 2 for sign in text)


def _hint(column: Column) -> str:
    parts = [_("必须填写。") if column.is_required else "", _(column.hint)]
    parts.append(_("例如：{example}").format(example=column.example) if column.example else "")
    return "\n".join(part for part in parts if part)


def _drop_down(book: Workbook, sheet: Worksheet, index: int, column: Column) -> None:
    """Offer the choices, which lie on a hidden sheet: in the rule itself they could be too long."""
    name = _(CHOICES_SHEET)
    lists = book[name] if name in book else book.create_sheet(name)
    lists.sheet_state = "hidden"
    letter = get_column_letter(index)
    for number, choice in enumerate(column.choices, start=1):
        lists[f"{letter}{number}"] = _(choice)
    source = f"'{name}'!${letter}$1:${letter}${len(column.choices)}"
    rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=True)
    rule.errorTitle, rule.error = _(column.title)[:32], _("请从下拉列表中选择。")
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{TEMPLATE_ROWS}")


def _write_guide(book: Workbook, layout: Layout) -> None:
    guide = book.create_sheet(_(GUIDE_SHEET))
    guide.append([_("列"), _("必填"), _("怎样填写"), _("例子"), _("可选内容")])
    for column in layout.columns:
        needed = _("是") if column.is_required else ""
        choices = _("、").join(_(choice) for choice in column.choices[:40])
        guide.append([_(column.title), needed, _(column.hint), column.example, choices])
    for line in (
        _("表头一行不要改动；列的顺序可以调整，不需要的选填列可以删去。"),
        _("证件号码等长数字，整列应为“文本”格式，否则末几位会变成 0。"),
        _("不要合并单元格；一人一行。"),
    ):
        guide.append([])
        guide.append([line])
    for cell in guide[1]:
        _style_header(cell, HEADER_FILL)
    for row in guide.iter_rows(min_row=2, max_row=len(layout.columns) + 1):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            cell.number_format = "@"
    for letter, width in (("A", 20), ("B", 8), ("C", 56), ("D", 24), ("E", 48)):
        guide.column_dimensions[letter].width = width
    guide.freeze_panes = "A2"


def _settled(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return packed({name: source.read(name) for name in source.namelist()})
