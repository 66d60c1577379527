"""The WorldSkills marking-scheme workbook: the layout of its `CIS Marking Scheme Import`.

Nothing is known by its column letter: the header of each block is found by what its cells say, and
columns may stand elsewhere in the next block. Above the blocks stand two tables, of the standard's
sections and of the criteria. Totals are not believed: the marks of the aspects decide.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from anyio import to_thread
from openpyxl.utils import get_column_letter

from app.documents.formula_functions import NotComputable
from app.documents.formulas import Formulas
from app.documents.landmarks import Sheet, landmarked
from app.documents.layouts import Column, Layout, Row, Table
from app.documents.limited_reader import plain_title
from app.documents.workbook_reader import WorkbookTooLarge
from app.errors import N_, RuleBroken, refusal
from app.rules.points import shown
from app.web.locale import gettext as _

SHEET = "CIS Marking Scheme Import"
LANDMARKS = (r"aspect\W*type|typeofaspect", r"max(imum)?\W*mark")
KIND = "worldskills-scheme"
LAYOUT = Layout(
    KIND,
    SHEET,
    (
        Column("sub_id", "Sub Criterion ID", width=10),
        Column("sub_name", "Sub Criterion Name or Description", width=30),
        Column("day", "Day of Marking", width=9),
        Column("kind", "Aspect Type", width=9),
        Column("title", "Aspect - Description", width=46),
        Column("score", "Judg Score", width=7),
        Column("extra", "Extra Aspect Description", width=50),
        Column("requirement", "Requirement or Nominal Size", width=16),
        Column("section", "WSOS Section", width=9),
        Column("calculation", "Calculation Row", width=14),
        Column("max", "Max Mark", width=8),
        Column("heading", "Criterion", width=14),
        Column("heading_mark", "Total Mark", width=9),
        Column("section_id", "Section"),
        Column("section_name", "Section"),
        Column("section_weight", "WSOS Marks"),
        Column("criterion_id", "ID"),
        Column("criterion_name", "Name"),
        Column("criterion_mark", "Mark"),
    ),
)
TITLES: tuple[tuple[str, Callable[[str], Any]], ...] = (
    ("sub_id", re.compile(r"^sub-?criteri\w*id").search),
    ("sub_name", re.compile(r"^sub-?criteri\w*(name|description)").search),
    ("day", re.compile(r"dayofmarking|^day$").search),
    ("kind", re.compile(LANDMARKS[0]).search),
    ("extra", re.compile(r"extraaspect|scoredescription").search),
    ("title", re.compile(r"^aspect\W*description").search),
    ("score", re.compile(r"^jud\w*score").search),
    ("requirement", re.compile(r"^requirement|nominal").search),
    ("section", re.compile(r"section$").search),
    ("calculation", re.compile(r"calculation").search),
    ("max", re.compile(LANDMARKS[1]).search),
)
SECTION_ID = re.compile(r"^section(id|no|number)?$|^ws\w*section$").search
SECTION_MARKS = re.compile(r"^(ws\w*)?(marks?|weight\w*)$").search
CRITERION_ID = re.compile(r"^(id|criteri(on|a)(id)?)$").search
CRITERION_NAME = re.compile(r"^(name|description|criteri(on|a)name)$").search
CRITERION_MARK = re.compile(r"^(marks?|total(mark)?)$").search
CRITERION = re.compile(r"^criteri(on|a)(?!id$)([a-z]{1,2})$").search
NUMBER = re.compile(r"-?\d+([.,]\d+)?")
NUMBERS = {"max", "section_weight"}
MOST_ROWS, MOST_MERGES, MOST_MERGED = 5000, 2000, 2000
WITH_LINES = {"title", "extra"}
Places = dict[int, str]
"""Which column holds which key."""


@refusal
class NoAspectTable(RuleBroken):
    """The worksheet is there, but no row heads its aspects."""

    says = N_("工作表“{sheet}”里没有找到评分点的表头（应有 Aspect Type 和 Max Mark 两列）。")
    field = "file"
    sheet: str


async def read_workbook(content: bytes) -> Table | None:
    """Return the rows of a WorldSkills workbook; None where this is no such workbook."""
    sheet = await landmarked(content, SHEET, LANDMARKS)
    if sheet is None:
        return None
    if sheet.header < 0:
        raise NoAspectTable(sheet.name)
    if len(sheet.cells) > MOST_ROWS:
        raise WorkbookTooLarge
    rows = await to_thread.run_sync(lambda: list(_Reader(sheet).rows()))
    return Table(sheet.name, rows, cells=sheet.cells)


@dataclass
class _Reader:
    """A worksheet read from above: which columns hold what changes with each header."""

    sheet: Sheet
    places: Places = field(default_factory=dict)
    formulas: Formulas = field(init=False)
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.formulas = Formulas(self.sheet.formulas, self._at, name=self.sheet.name)
        height, width = len(self.sheet.cells), max(map(len, self.sheet.cells), default=0)
        for top, left, bottom, right in self.sheet.merges[:MOST_MERGES]:
            if (bottom - top + 1) * (right - left + 1) > MOST_MERGED:
                continue  # No part of a scheme is that large.
            for row in range(top, min(bottom + 1, height)):
                for column in range(left, min(right + 1, width)):
                    if (row, column) != (top, left):
                        self.merged[row, column] = (top, left)

    def _at(self, address: str) -> str:
        found = re.fullmatch(r"([A-Z]+)(\d+)", address)
        assert found is not None
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        return self.text(int(found[2]) - 1, column - 1)

    def text(self, row: int, column: int) -> str:
        cells = self.sheet.cells
        if not 0 <= row < len(cells) or not 0 <= column < len(cells[row]):
            return ""
        return str(cells[row][column])

    def rows(self) -> Iterator[Row]:
        """Yield every row that says something, by its keys."""
        for number, cells in enumerate(self.sheet.cells):
            titles = {at: plain_title(str(cell)) for at, cell in enumerate(cells) if cell}
            if places := _heads(titles):
                self.places = places
                if row := self._heading(number, titles):
                    yield row
            elif titles and self.places:
                yield self._row(number, self.places)

    def _heading(self, number: int, titles: Mapping[int, str]) -> Row | None:
        """Read what stands beside a header: which criterion the block is, and its total."""
        for at, title in titles.items():
            if CRITERION(title):
                later = (
                    place
                    for place in range(at + 1, len(self.sheet.cells[number]))
                    if NUMBER.fullmatch(self.text(number, place))
                )
                mark = next(later, -1)
                return self._row(number, {at: "heading", mark: "heading_mark"})
        return None

    def _row(self, number: int, places: Places) -> Row:
        texts, letters = {}, {}
        for column, key in places.items():
            top = self.merged.get((number, column), (number, column))
            texts[key] = self.text(*top) if key == "section" else self.text(number, column)
            letters[key] = get_column_letter(max(column, 0) + 1)
        for key in set(texts) - WITH_LINES:
            texts[key] = " ".join(texts[key].split())
        if not texts.get("section_name", "-"):
            self._find_name(number, places, texts)
        row = Row(self.sheet.name, number + 1, texts, letters, LAYOUT)
        for column, key in places.items():
            if key in NUMBERS:
                self._work_out(row, column, key)
            elif f"{letters[key]}{row.number}" in self.sheet.formulas and key.endswith("mark"):
                texts[key] = ""  # A total that is computed is computed from the aspects, by us.
        return row

    def _find_name(self, number: int, places: Places, texts: dict[str, str]) -> None:
        """Take a section's name from wherever it stands between its number and its weight."""
        columns = {key: at for at, key in places.items()}
        between = range(columns["section_id"] + 1, columns["section_weight"])
        texts["section_name"] = next(filter(None, (self.text(number, at) for at in between)), "")

    def _work_out(self, row: Row, column: int, key: str) -> None:
        address = f"{row.letters[key]}{row.number}"
        top = self.merged.get((row.number - 1, column))
        if top is not None and top[1] == column and row.text("kind"):
            row.wrong(key, _("这一格与上面的合并了，看不出各是多少分。请取消合并，分别填写。"))
        if address not in self.sheet.formulas:
            return
        try:
            row.texts[key] = shown(self.formulas.value(address), "exact")
        except NotComputable as why:
            row.texts[key] = self.sheet.formulas[address]
            row.wrong(key, _(why.says).format(**why.facts))


def _heads(titles: Mapping[int, str]) -> Places:
    """Return the columns of a header of aspects, sections or criteria; nothing for another row."""
    found: Places = {}
    for at, title in titles.items():
        key = next((name for name, is_it in TITLES if is_it(title)), "")
        if key and key not in found.values():
            found[at] = key
    if {"kind", "max"} <= set(found.values()):
        return found
    if places := _columns(titles, section_id=SECTION_ID, section_weight=SECTION_MARKS):
        return _named(places, titles, "section")
    return _columns(
        titles,
        criterion_id=CRITERION_ID,
        criterion_name=CRITERION_NAME,
        criterion_mark=CRITERION_MARK,
    ) or _columns(titles, criterion_id=CRITERION_ID, criterion_name=CRITERION_NAME)


def _columns(titles: Mapping[int, str], **signs: Callable[[str], Any]) -> Places:
    found: Places = {}
    for key, is_it in signs.items():
        place = next((at for at, title in titles.items() if is_it(title)), None)
        if place is None:
            return {}
        found[place] = key
    return found


def _named(places: Places, titles: Mapping[int, str], head: str) -> Places:
    """Add where a table's names stand: under a title of their own, or beside the identifiers."""
    own = next((at for at, title in titles.items() if title in {"name", "description"}), None)
    first = next(at for at, key in places.items() if key == f"{head}_id")
    return places | {first + 1 if own is None else own: f"{head}_name"}
