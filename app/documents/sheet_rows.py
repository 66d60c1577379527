"""Long rows written straight into a worksheet's XML, ten times as fast as cell by cell."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import IntEnum
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.worksheet import Worksheet

from app.web.locale import gettext as _

WRONG_FILL = PatternFill("solid", fgColor="FFD9CC")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
PROBE = re.compile(rb"<row [^>]*>(?:(?!</row>).)*</row></sheetData>", re.DOTALL)
STYLE = re.compile(rb'\ss="(\d+)"')
MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
LONG_AGO = (1980, 1, 1, 0, 0, 0)


class Style(IntEnum):
    """The styles of written cells, in the order of the row from which their numbers are read."""

    TEXT = 0
    QUOTED = 1
    NUMBER = 2
    DAY = 3
    WRONG = 4
    WRONG_QUOTED = 5
    REASON = 6
    LINES = 7


class Reason(str):
    """A text in the column of reasons."""

    __slots__ = ()


def with_rows(
    book: Workbook, sheet: Worksheet, rows: Iterable[tuple[int, Sequence[tuple[Any, bool]]]]
) -> bytes:
    """Write the workbook with rows of (value, is wrong) pairs below what the sheet has."""
    probe = sheet.max_row + 1
    for style in Style:
        _put_style(sheet.cell(row=probe, column=style + 1), style)
    with zipfile.ZipFile(io.BytesIO(bytes_of(book))) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    name = "xl/worksheets/sheet1.xml"
    found = PROBE.search(parts[name])
    assert found is not None
    styles = [number.decode() for number in STYLE.findall(found[0])]
    assert len(styles) == len(Style)
    body = "".join(_xml_row(number, cells, styles) for number, cells in rows)
    before, after = parts[name][: found.start()], parts[name][found.end() :]
    before = re.sub(rb'<dimension ref="[^"]*"\s*/>', b"", before)
    parts[name] = before + body.encode() + b"</sheetData>" + after
    return packed(parts)


def _put_style(cell: Cell, style: Style) -> None:
    cell.number_format = {Style.NUMBER: "General", Style.DAY: "yyyy-mm-dd"}.get(style, "@")
    cell.quotePrefix = style in {Style.QUOTED, Style.WRONG_QUOTED}
    if style is Style.NUMBER:
        cell.alignment = Alignment(horizontal="right")
    if style in {Style.WRONG, Style.WRONG_QUOTED}:
        cell.fill = WRONG_FILL
    if style is Style.REASON:
        cell.font = Font(color="C4320A")
    if style in {Style.REASON, Style.LINES}:
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _xml_row(number: int, cells: Sequence[tuple[Any, bool]], styles: Sequence[str]) -> str:
    inside = "".join(
        _xml_cell(value, is_wrong, f"{letter}{number}", styles)
        for letter, (value, is_wrong) in zip(_letters(len(cells)), cells, strict=True)
        if is_wrong or (value is not None and value != "")
    )
    return f'<row r="{number}">{inside}</row>'


_known_letters: list[str] = []


def _letters(count: int) -> Sequence[str]:
    while len(_known_letters) < count:
        _known_letters.append(get_column_letter(len(_known_letters) + 1))
    return _known_letters[:count]


def _xml_cell(value: Any, is_wrong: bool, place: str, styles: Sequence[str]) -> str:  # noqa: FBT001
    if isinstance(value, bool):
        value = _("是") if value else _("否")
    if isinstance(value, int | float):
        return f'<c r="{place}" s="{styles[Style.NUMBER]}"><v>{value!r}</v></c>'
    if isinstance(value, date) and not isinstance(value, datetime):
        return f'<c r="{place}" s="{styles[Style.DAY]}"><v>{to_excel(value)}</v></c>'
    text = str(value) if value is not None else ""
    if isinstance(value, Reason):
        style = Style.REASON
    elif text.startswith(FORMULA_SIGNS):
        style = Style.WRONG_QUOTED if is_wrong else Style.QUOTED
    elif is_wrong:
        style = Style.WRONG
    else:
        style = Style.LINES if "\n" in text else Style.TEXT
    content = escape(UNWRITABLE.sub("", text))
    keep = ' xml:space="preserve"' if content != content.strip() else ""
    return f'<c r="{place}" s="{styles[style]}" t="inlineStr"><is><t{keep}>{content}</t></is></c>'


def bytes_of(book: Workbook) -> bytes:
    """Save a workbook into memory."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Write the archive so that the same content gives the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            if name == "docProps/core.xml":
                content = MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z", content)  # noqa: PLW2901
            target.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
