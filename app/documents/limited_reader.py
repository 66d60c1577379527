"""The child that opens a workbook and may die of it: `limited_reader.py ORDER < FILE.xlsx`.

It runs within bounds (`bounded`), imports nothing of the house but `error_cells`, and writes what
it finds to standard output as frames: four bytes of length, then MessagePack. The first frame says
where the columns are; then come rows, a thousand a frame, column by column.
"""

import datetime
import gc
import io
import re
import struct
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Final

import msgspec

from app.documents.error_cells import error_cells

MOST_ROWS, MOST_COLUMNS = 100_000, 200
MOST_SHEETS, MOST_MERGES = 20, 50_000
TOO_MUCH, NO_PASSAGE = 3, 4
HEADER_SEARCH, FRAME_ROWS = 20, 1000
EXACT: Final = 10**15
FRAME = struct.Struct("<I")
STRAY = re.compile(
    r"^\s|\s$|\s\s|[\x00-\x1f\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff\u3000]"
    r"|[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]"
).search
WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]").search
INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060\ufeff]")
BREAK = re.compile(r"\r\n?|\n")
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if WIDE(chr(code))}
Cells = Sequence[Any]
Numbered = tuple[int, Cells]


class Order(msgspec.Struct):
    """Columns by their plain titles, one a language; those `with_lines`; a grid, by landmarks."""

    titles: list[list[str]] = []
    with_lines: list[int] = []
    wanted: int = 1
    is_grid: bool = False
    sheet: str = ""
    landmarks: list[str] = []


class Found(msgspec.Struct):
    """Where the table or a landmark is, from zero, -1 for none; `rivals` are sheets like it."""

    sheet: str
    header: int
    places: list[int]
    others: list[str]
    height: int
    formulas: dict[str, str] = {}
    merges: list[tuple[int, int, int, int]] = []
    rivals: list[str] = []
    errors: list[str] = []


class Frame(msgspec.Struct, array_like=True):
    """Rows by their numbers, as people see them, and their cells a column at a time."""

    numbers: Sequence[int]
    columns: Sequence[Sequence[str | float]]


def plain_title(text: str) -> str:
    """Return a title without what people add to it: spaces, stars, brackets, capital letters."""
    return re.sub(r"[\s*＊（）()：:]", "", unicodedata.normalize("NFKC", text)).casefold()


def clean(value: Any) -> Any:
    """Return a cell as a text without stray spaces; a number too long to be exact stays a float."""
    kind = value.__class__
    if kind is str:
        if value and STRAY(value):
            value = " ".join(INVISIBLE.sub("", value).translate(HALF_WIDTH).split())
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if kind is float or kind is int:
        if abs(value) < EXACT:
            return str(int(value)) if value == int(value) else f"{value:.15g}"
        return float(value)
    return _moment(value)


def clean_rows(rows: Sequence[Cells]) -> Sequence[Cells]:
    """Clean every cell of many rows; those that are clean texts are looked at together, once."""
    if _are_clean(chain.from_iterable(rows)):
        return rows
    texts = [[cell if cell.__class__ is str else clean(cell) for cell in row] for row in rows]
    return [row if _are_clean(row) else [clean(cell) for cell in row] for row in texts]


def _are_clean(cells: Iterable[Any]) -> bool:
    """Tell whether `clean` would leave every cell as it is; it may say no of a few that it would.

    No white space but the plain one is printable, and nothing that cannot be seen.
    """
    try:
        joined = f"|{'|'.join(cells)}|"
    except TypeError:  # A number is none yet, and a long one never will be.
        return False
    if "  " in joined or "| " in joined or " |" in joined or not joined.isprintable():
        return False
    return joined.isascii() or (not WIDE(joined) and unicodedata.is_normalized("NFC", joined))


def clean_lines(value: str) -> str:
    """Return a text with its line breaks, each line cleaned; a break at its very end stays too."""
    kept = "\n".join(clean(line) for line in BREAK.split(value)).lstrip("\n")
    return kept if kept.strip() else ""


def _moment(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    return "" if value is None else str(value)


def main() -> int:
    """Read, and write frames; the exit code says why where it is not 0."""
    gc.disable()  # Nothing here refers to itself, and memory is bounded.
    order = msgspec.json.decode(sys.argv[1].encode(), type=Order)
    content = io.BytesIO(sys.stdin.buffer.read())
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(content)
    names = visible(workbook)[: 1 if order.is_grid else MOST_SHEETS]
    seen: list[tuple[bool, int, Any, Found]] = []
    for sheet in map(workbook.get_sheet_by_name, names):
        if sheet.total_height <= MOST_ROWS and sheet.total_width <= MOST_COLUMNS:
            count, found = _header(sheet, order)
            is_it = count >= order.wanted and found.height > found.header
            seen.append((is_it, count, sheet, found))
    best = max(seen, key=itemgetter(0, 1), default=None)
    if best is None or (len(seen) < len(names) and not best[0]):
        return TOO_MUCH if names else NO_PASSAGE
    _, most, sheet, found = best
    alike = (item for item in seen if item[0] and item[1] * 2 > most and item is not best)
    found.rivals = [item[3].sheet for item in alike]
    if best[0]:
        found.errors = list(islice(error_cells(content, found.sheet), MOST_ROWS))
    send(found)
    if order.is_grid or any(place >= 0 for place in found.places):
        send_rows(sheet, found, order)
    return 0


def visible(workbook: Any) -> list[str]:
    return [
        item.name
        for item in workbook.sheets_metadata
        if str(item.visible).endswith(".Visible") and str(item.typ).endswith(".WorkSheet")
    ][:MOST_SHEETS]


def rows_of(sheet: Any) -> Iterator[Cells]:
    """Give every row from the first of the worksheet on, each from column A on."""
    blank = [""] * (sheet.start or (0, 0))[1]
    yield from (blank + row for row in sheet.iter_rows()) if blank else sheet.iter_rows()


def _header(sheet: Any, order: Order) -> tuple[int, Found]:
    """Find the row that holds most of the titles among the first ones."""
    best = (0, Found(sheet.name, -1, [-1] * len(order.titles), [], sheet.total_height))
    if order.is_grid:
        return best
    for number, row in enumerate(rows_of(sheet)):
        if number >= HEADER_SEARCH:
            break
        places = {
            plain_title(cell): place
            for place, cell in reversed(list(enumerate(row)))
            if isinstance(cell, str) and cell
        }
        found = [
            next((places[title] for title in titles if title in places), -1)
            for titles in order.titles
        ]
        count = sum(place >= 0 for place in found)
        if count > best[0]:
            others = [
                clean(cell)
                for place, cell in enumerate(row)
                if isinstance(cell, str) and cell.strip() and place not in found
            ]
            best = (count, Found(sheet.name, number, found, others, sheet.total_height))
    return best


class _Merges:
    """What merged cells mean: a tall one holds for each of its rows, a wide one is a heading.

    Rows count from one, as people see them.
    """

    def __init__(self, sheet: Any, places: Sequence[int]) -> None:
        self.tall: dict[int, list[tuple[int, int]]] = {}
        self.wide: set[int] = set()
        self.open: dict[int, tuple[int, Any]] = {}
        columns = {column: place for place, column in enumerate(places) if column >= 0}
        for (top, left), (bottom, right) in (sheet.merged_cell_ranges or ())[:MOST_MERGES]:
            if right > left:
                self.wide.add(top + 1)
            elif left in columns:
                self.tall.setdefault(top + 1, []).append((columns[left], bottom + 1))

    def applied(self, rows: Iterable[Numbered]) -> Iterable[Numbered]:
        """Fill merged cells in, and leave out rows that are nothing but a wide heading."""
        return self._applied(rows) if self.tall or self.wide else rows

    def _applied(self, rows: Iterable[Numbered]) -> Iterator[Numbered]:
        for number, cells in rows:
            if number not in self.wide or sum(cell != "" for cell in cells) > 1:
                yield number, self._filled(number, list(cells))

    def _filled(self, number: int, cells: list[Any]) -> list[Any]:
        for place, bottom in self.tall.get(number, ()):
            self.open[place] = (bottom, cells[place])
        for place, (bottom, value) in list(self.open.items()):
            if number > bottom:
                del self.open[place]
            elif cells[place] == "":
                cells[place] = value
        return cells


def send_rows(sheet: Any, found: Found, order: Order) -> None:
    pick, merges = _picker(found.places), _Merges(sheet, found.places)
    first = 1 if order.is_grid else found.header + 2
    waiting = islice(rows_of(sheet), first - 1, None)
    while rows := list(islice(waiting, FRAME_ROWS)):
        cells = _with_lines(rows if order.is_grid else [pick(row) for row in rows], order)
        numbered: Iterable[Numbered] = enumerate(cells, first)
        if not order.is_grid:
            numbered = merges.applied(item for item in numbered if any(item[1]))
        _send_frame(list(numbered))
        first += len(rows)


def _send_frame(rows: Sequence[Numbered]) -> None:
    if rows:
        numbers, cells = zip(*rows, strict=True)
        send(Frame(numbers, list(zip(*cells, strict=True))))


def _with_lines(rows: Sequence[Cells], order: Order) -> Sequence[Cells]:
    """Clean rows; the lines of a cell stay in the columns that keep them, in a grid everywhere."""
    if (cleaned := clean_rows(rows)) is rows:
        return rows
    for raw, cells in zip(rows, cleaned, strict=True):
        for place in range(len(raw)) if order.is_grid else order.with_lines:
            if BREAK.search(str(raw[place])):
                cells[place] = clean_lines(raw[place])  # type: ignore[index]
    return cleaned


def _picker(places: Sequence[int]) -> Any:
    """Return what takes the wanted cells out of a row; rows are padded by the library."""
    if all(place >= 0 for place in places) and len(places) > 1:
        return itemgetter(*places)
    return lambda row: [row[place] if 0 <= place < len(row) else "" for place in places]


def send(item: Any) -> None:
    content = msgspec.msgpack.encode(item)
    sys.stdout.buffer.write(FRAME.pack(len(content)) + content)


if __name__ == "__main__":
    raise SystemExit(main())
