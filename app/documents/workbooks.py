"""Spreadsheets that people fill in: read by a layout, with the address of every bad cell.

Templates, exports and marked copies are written by `sheet_writer`; both are handed on here.
"""

from collections.abc import Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from app.documents import workbook_reader
from app.documents.layouts import CellProblem, Column, Layout, Row, Table
from app.documents.limited_reader import EXACT, Found, Frame, Order, plain_title
from app.documents.sheet_writer import REASONS, export, marked, marked_grid, template
from app.errors import N_, RuleBroken, refusal
from app.rules.identity import without_numbers
from app.web import locale
from app.web.locale import gettext as _

__all__ = (
    "CellProblem",
    "Column",
    "ColumnsMissing",
    "Layout",
    "NoHeader",
    "NoRows",
    "Row",
    "SheetsAlike",
    "Table",
    "export",
    "grid",
    "marked",
    "marked_grid",
    "read_table",
    "template",
)
NUMBER = N_("序号")
QUIETLY_IGNORED = frozenset(
    plain_title(title) for word in (NUMBER, REASONS) for title in locale.in_each_language(word)
)


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


@refusal
class SheetsAlike(RuleBroken):
    """Several worksheets have the header and rows: reading one would pass the others over."""

    says = N_(
        "工作表“{one}”和“{others}”都有同样的表头，一次只读一张。请把数据合并到一张工作表再上传。"
    )
    field = "file"
    one: str
    others: str


async def read_table(content: bytes, layout: Layout) -> Table:
    """Read a workbook by a layout; columns may stand in any order, empty rows are skipped.

    Raise the refusals of the reader, `NoHeader`, `ColumnsMissing`, `SheetsAlike` or `NoRows`.
    What is wrong in a row is noted in the row.
    """
    required = sum(column.is_required for column in layout.columns)
    gathered = _Gathered(layout)
    order = Order(
        titles=[list(column.plain_titles) for column in layout.columns],
        with_lines=[place for place, column in enumerate(layout.columns) if column.has_lines],
        wanted=max(1, (required + 1) // 2),
    )
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
        self.broken: dict[int, list[str]] = {}
        self.required = [
            (place, column.key) for place, column in enumerate(layout.columns) if column.is_required
        ]
        self.chosen = [
            (place, column.key, frozenset(column.choices) | {""})
            for place, column in enumerate(layout.columns)
            if column.choices
        ]
        self.free = [
            (place, column.key)
            for place, column in enumerate(layout.columns)
            if not column.choices and not column.is_sensitive
        ]

    def take(self, frame: Found | Frame) -> None:
        if isinstance(frame, Found):
            self._begin(frame)
        else:
            self.rows += self._rows(frame)

    def _begin(self, found: Found) -> None:
        if all(place < 0 for place in found.places):
            raise NoHeader(_(self.layout.columns[0].title))
        pairs = list(zip(self.layout.columns, found.places, strict=True))
        missing = [_(column.title) for column, place in pairs if column.is_required and place < 0]
        if missing:
            raise ColumnsMissing(_("、").join(missing))
        if found.rivals:
            raise SheetsAlike(found.sheet, _("、").join(found.rivals))
        self.worksheet = found.sheet
        self.letters = {
            column.key: get_column_letter(place + 1) for column, place in pairs if place >= 0
        }
        keys = {letter: key for key, letter in self.letters.items()}
        for address in found.errors:
            letter = address.rstrip("0123456789")
            if letter in keys:
                self.broken.setdefault(int(address[len(letter) :]), []).append(keys[letter])
        self.ignored = tuple(
            title for title in found.others if plain_title(title) not in QUIETLY_IGNORED
        )

    def _rows(self, frame: Frame) -> list[Row]:
        sheet, keys, letters, layout = self.worksheet, self.keys, self.letters, self.layout
        rows = [
            Row(sheet, number, dict(zip(keys, cells, strict=True)), letters, layout)
            for number, cells in zip(frame.numbers, zip(*frame.columns, strict=True), strict=True)
        ]
        columns: Sequence[Sequence[Any]] = frame.columns
        if any(float in map(type, column) for column in columns):
            for row in rows:
                self._mend_numbers(row)
            columns = [[row.texts[key] for row in rows] for key in keys]
        if self.broken:
            self._refuse_broken(rows)
        self._check(rows, columns)
        return rows

    def _check(self, rows: Sequence[Row], columns: Sequence[Sequence[str]]) -> None:
        """Look at a column at a time, and at its rows only where something is wrong in it."""
        for place, key in self.required:
            if "" in columns[place]:
                self._refuse_empty(rows, key)
        for place, key, choices in self.chosen:
            if not choices.issuperset(columns[place]):
                self._choose(rows, key, choices)
        if longest := self.layout.longest:
            for place, key in self.free:
                if max(map(len, columns[place])) > longest:
                    self._refuse_long(rows, key, longest)

    def _mend_numbers(self, row: Row) -> None:
        """Write long numbers out; one that is no quantity has lost its last digits."""
        for key, value in list(row.texts.items()):
            if isinstance(value, float):
                row.texts[key] = f"{value:.0f}" if abs(value) >= EXACT else str(value)
                column = self.layout.column(key)
                if column.is_sensitive or column.is_code:
                    row.wrong(
                        key,
                        _(
                            "号码被表格软件当成了数值，末几位已经丢失。请把这一列设为“文本”格式后重新填写。"
                        ),
                    )

    def _refuse_empty(self, rows: Sequence[Row], key: str) -> None:
        for row in rows:
            if not row.text(key) and not row.is_wrong(key):
                row.wrong(key, _("必须填写。"))

    def _refuse_broken(self, rows: Sequence[Row]) -> None:
        for row in rows:
            for key in self.broken.get(row.number, ()):
                row.wrong(key, _("公式出错（如 #N/A、#REF!），没有结果。请改正，或直接填写内容。"))

    def _refuse_long(self, rows: Sequence[Row], key: str, longest: int) -> None:
        for row in rows:
            if len(row.text(key)) > longest:
                row.wrong(key, _("内容太长，最多 {most} 个字。").format(most=longest))

    def _choose(self, rows: Sequence[Row], key: str, choices: frozenset[str]) -> None:
        """Take choices in another language, or otherwise spaced or bracketed; note any others."""
        by_word = self.layout.column(key).by_word
        for row in rows:
            text = row.text(key)
            if text in choices:
                continue
            choice = by_word.get(plain_title(text))
            if choice:
                row.texts[key] = choice
            else:
                word = _("“{value}”不在可选范围内，请从下拉列表中选择。")
                row.wrong(key, word.format(value=without_numbers(text)[:20]))


async def grid(content: bytes) -> tuple[str, list[list[Any]]]:
    """Return the name and every cell of the first visible worksheet, in their places."""
    name, rows = "", list[list[Any]]()

    def take(frame: Found | Frame) -> None:
        nonlocal name
        if isinstance(frame, Found):
            name = frame.sheet
        else:
            rows.extend(map(list, zip(*frame.columns, strict=True)))

    await workbook_reader.read(content, Order(is_grid=True), take)
    return name, rows
