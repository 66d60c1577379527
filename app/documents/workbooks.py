"""Spreadsheets that people fill in: read by a layout, with the address of every bad cell.

Templates, exports and marked copies are written by `sheet_writer`; both are handed on here.
"""

from collections.abc import Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from app.documents import workbook_reader
from app.documents.layouts import CellProblem, Column, Layout, Row, Table
from app.documents.limited_reader import EXACT, Found, Order, plain_title
from app.documents.sheet_writer import REASONS, export, marked, template
from app.documents.workbook_reader import Numbered
from app.errors import N_, RuleBroken, refusal
from app.web.locale import gettext as _

__all__ = (
    "CellProblem",
    "Column",
    "ColumnsMissing",
    "Layout",
    "NoHeader",
    "NoRows",
    "Row",
    "Table",
    "export",
    "grid",
    "marked",
    "read_table",
    "template",
)
QUIETLY_IGNORED = frozenset(plain_title(title) for title in ("序号", REASONS))


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


async def read_table(content: bytes, layout: Layout) -> Table:
    """Read a workbook by a layout; columns may stand in any order, empty rows are skipped.

    Raise the refusals of the reader, `NoHeader`, `ColumnsMissing` or `NoRows`. What is wrong in a
    row is noted in the row.
    """
    required = sum(column.is_required for column in layout.columns)
    titles = [plain_title(column.title) for column in layout.columns]
    gathered = _Gathered(layout)
    order = Order(titles, wanted=max(1, (required + 1) // 2))
    await workbook_reader.read(content, order, gathered.take)
    if not gathered.rows:
        raise NoRows
    return Table(gathered.worksheet, gathered.rows, gathered.ignored)


class _Gathered:
    """Rows made of what the child sends, as it comes."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.worksheet = ""
        self.rows: list[Row] = []
        self.ignored: tuple[str, ...] = ()
        self.keys = [column.key for column in layout.columns]
        self.letters: dict[str, str] = {}
        self.required = [
            (place, column.key) for place, column in enumerate(layout.columns) if column.is_required
        ]
        self.chosen = [
            (place, column.key, frozenset(column.choices))
            for place, column in enumerate(layout.columns)
            if column.choices
        ]

    def take(self, frame: Found | list[Numbered]) -> None:
        if isinstance(frame, Found):
            self._begin(frame)
        else:
            self.rows += [self._row(number, cells) for number, cells in frame]

    def _begin(self, found: Found) -> None:
        if all(place < 0 for place in found.places):
            raise NoHeader(self.layout.columns[0].title)
        pairs = list(zip(self.layout.columns, found.places, strict=True))
        missing = [column.title for column, place in pairs if column.is_required and place < 0]
        if missing:
            raise ColumnsMissing("、".join(missing))
        self.worksheet = found.sheet
        self.letters = {
            column.key: get_column_letter(place + 1) for column, place in pairs if place >= 0
        }
        self.ignored = tuple(
            title for title in found.others if plain_title(title) not in QUIETLY_IGNORED
        )

    def _row(self, number: int, cells: Sequence[Any]) -> Row:
        row = Row(
            self.worksheet,
            number,
            dict(zip(self.keys, cells, strict=True)),
            self.letters,
            self.layout,
        )
        if float in map(type, cells):
            self._mend_numbers(row)
        for place, key in self.required:
            if not cells[place]:
                row.wrong(key, _("必须填写。"))
        for place, key, choices in self.chosen:
            if cells[place] and cells[place] not in choices:
                self._choose(row, key, choices)
        return row

    def _mend_numbers(self, row: Row) -> None:
        """Write long numbers out; a document number among them has lost its last digits."""
        for key, value in list(row.texts.items()):
            if isinstance(value, float):
                row.texts[key] = f"{value:.0f}" if abs(value) >= EXACT else str(value)
                if self.layout.column(key).is_sensitive:
                    row.wrong(
                        key,
                        _(
                            "号码被表格软件当成了数值，末几位已经丢失。请把这一列设为“文本”格式后重新填写。"
                        ),
                    )

    def _choose(self, row: Row, key: str, choices: frozenset[str]) -> None:
        """Take a choice that differs only in how it is spaced or bracketed; note any other."""
        plain = plain_title(row.text(key))
        for choice in choices:
            if plain_title(choice) == plain:
                row.texts[key] = choice
                return
        word = _("“{value}”不在可选范围内，请从下拉列表中选择。")
        row.wrong(key, word.format(value=row.text(key)[:20]))


async def grid(content: bytes) -> tuple[str, list[list[Any]]]:
    """Return the name and every cell of the first visible worksheet, in their places."""
    name, rows = "", list[list[Any]]()

    def take(frame: Found | list[Numbered]) -> None:
        nonlocal name
        if isinstance(frame, Found):
            name = frame.sheet
        else:
            rows.extend(cells for _number, cells in frame)

    await workbook_reader.read(content, Order(is_grid=True), take)
    return name, rows
