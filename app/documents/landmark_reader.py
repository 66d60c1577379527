"""The child that opens a workbook whose layout is known by what its cells say.

It runs and answers as `limited_reader` does, whose parts it uses. Besides the cells it sends
formulas and merged ranges, because what a file remembers of a formula's result may be missing or
old.
"""

import io
import re
import sys
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

import msgspec

from app.documents import limited_reader as reader

MOST_FORMULAS: Final = 20_000


def main() -> int:
    """Send the worksheet with the landmarks; none of its rows where there is no such worksheet."""
    order = msgspec.json.decode(sys.argv[1].encode(), type=reader.Order)
    content = io.BytesIO(sys.stdin.buffer.read())
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(content)
    best, header = None, -1
    for sheet in map(workbook.get_sheet_by_name, reader.visible(workbook)):
        is_named = reader.plain_title(sheet.name) == order.sheet
        if sheet.total_height > reader.MOST_ROWS or sheet.total_width > reader.MOST_COLUMNS:
            if is_named:
                return reader.TOO_MUCH
            continue
        place = next(
            (at for at, row in enumerate(reader.rows_of(sheet)) if _holds(row, order.landmarks)), -1
        )
        if is_named or (place >= 0 and best is None):
            best, header = sheet, place
        if is_named:
            break
    found = reader.Found(best.name if best else "", header, [], [], 0)
    if best is None:
        reader.send(found)
        return 0
    ranges = (best.merged_cell_ranges or ())[: reader.MOST_MERGES]
    found.merges = [(*start, *end) for start, end in ranges]
    found.formulas = _formulas(content, best.name)
    reader.send(found)
    reader.send_rows(best, found, reader.Order(is_grid=True))
    return 0


def _holds(row: Sequence[Any], landmarks: Sequence[str]) -> bool:
    titles = [reader.plain_title(cell) for cell in row if isinstance(cell, str) and cell]
    return all(any(re.search(sign, title) for title in titles) for sign in landmarks)


def _formulas(content: io.BytesIO, name: str) -> dict[str, str]:
    """Return formulas by address; an array's is an object with a text."""
    from openpyxl import load_workbook

    content.seek(0)
    rows = load_workbook(content, read_only=True)[name].iter_rows()
    cells = islice((c for row in rows for c in row if c.data_type == "f"), MOST_FORMULAS)
    return {cell.coordinate: str(getattr(cell.value, "text", cell.value)) for cell in cells}


if __name__ == "__main__":
    raise SystemExit(main())
