"""Layouts: what the columns of a worksheet are, and the rows read by them, with their addresses."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from msgspec import Struct

from app.documents.limited_reader import plain_title
from app.errors import RuleBroken
from app.rules.identity import masked, without_numbers
from app.web import locale
from app.web.locale import gettext as _

SHOWN_CHARACTERS = 40
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00)?|(\d{4})(\d{2})(\d{2})")
WHOLE = re.compile(r"\d{1,12}")


@dataclass(frozen=True)
class Column:
    """One column: its key in code, its title, whether it must be filled, what is allowed.

    Title, hint and choices are Chinese; a page in English writes them in English, and what comes
    back is read in either language, `also` in other words that people write for a choice.
    `formerly` names what stood over the column in workbooks that people may still hold.
    `has_lines` keeps line breaks, elsewhere they are spaces;
    `parser` reads the text of a cell and raises a `RuleBroken` that says what is wrong with it;
    `is_sensitive` is for what is never shown in full: document numbers, phones. Like those, what
    `is_code` is no quantity: as a number it has lost its last digits.
    """

    key: str
    title: str
    is_required: bool = False
    hint: str = ""
    choices: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    formerly: tuple[str, ...] = ()
    width: int = 14
    is_sensitive: bool = False
    is_code: bool = False
    has_lines: bool = False
    example: str = ""
    parser: Callable[[str], Any] | None = None

    @cached_property
    def plain_titles(self) -> tuple[str, ...]:
        """Return what may stand over the column, without what people add to a title."""
        titles = (*locale.in_each_language(self.title), *self.formerly)
        return tuple(plain_title(title) for title in titles)

    @cached_property
    def by_word(self) -> dict[str, str]:
        """Return the choice of each word that may stand in a cell, in either language."""
        return {plain_title(word): choice for word, choice in self.also} | {
            plain_title(word): choice
            for choice in reversed(self.choices)
            for word in reversed(locale.in_each_language(choice))
        }


@dataclass(frozen=True)
class Layout:
    """One kind of worksheet; `longest` is how many characters a cell of free text may hold."""

    kind: str
    title: str
    columns: tuple[Column, ...]
    longest: int | None = None

    def column(self, key: str) -> Column:
        """Return a column by its key."""
        return self.by_key[key]

    @cached_property
    def by_key(self) -> dict[str, Column]:
        return {column.key: column for column in self.columns}


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with one cell, where, and how to mend it; `value` is shortened or masked."""

    worksheet: str
    cell: str
    column: str
    reason: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.worksheet}!{self.cell}: {self.reason}"


class Row(Struct, gc=False):
    """A row as read: texts by column key, and the problems found in it."""

    worksheet: str
    number: int
    texts: dict[str, str]
    letters: Mapping[str, str]
    layout: Layout
    problems: list[CellProblem] = []

    def text(self, key: str) -> str:
        """Return what stands in a column, trimmed; empty for nothing."""
        return self.texts.get(key, "")

    def wrong(self, key: str, reason: str) -> None:
        """Note a problem at a cell."""
        column = self.layout.column(key)
        text = self.text(key)
        # In a workbook whose columns slipped, a number stands where none is expected.
        shown = masked(text) if column.is_sensitive else without_numbers(text)
        shown = shown if len(shown) <= SHOWN_CHARACTERS else shown[:SHOWN_CHARACTERS] + "…"
        title = _(column.title)
        told = without_numbers(reason)
        self.problems.append(CellProblem(self.worksheet, self._cell(key), title, told, shown))

    def is_wrong(self, key: str) -> bool:
        """Tell whether a problem was noted at a cell."""
        cells = [problem.cell for problem in self.problems]
        return bool(cells) and self._cell(key) in cells

    def _cell(self, key: str) -> str:
        return f"{self.letters.get(key, '?')}{self.number}"

    def parsed(self, key: str) -> Any:
        """Return what the column's parser makes of the cell; None for an empty one.

        Where the parser refuses, note a problem and return None too.
        """
        text, parser = self.text(key), self.layout.column(key).parser
        if not text or parser is None:
            return text if parser is None else None
        try:
            return parser(text)
        except RuleBroken as refusal:
            self.wrong(key, locale.sentence(refusal))
            return None

    def day(self, key: str) -> date | None:
        """Read a date, however it was written; note a problem where it is none."""
        text = self.text(key)
        if not text:
            return None
        try:
            return _day(text)
        except ValueError:
            self.wrong(key, _("不是有效的日期，应写成 1990-01-02 这样。"))
            return None

    def whole(self, key: str) -> int | None:
        """Read a whole number from 0 on; note a problem where it is none."""
        text = self.text(key)
        if not text:
            return None
        if WHOLE.fullmatch(text):
            return int(text)
        self.wrong(key, _("应填整数。"))
        return None


def _day(text: str) -> date:
    """Read a date; raise `ValueError`. Nearly all are written as the template asks."""
    if len(text) == 10 and text[4] == text[7] == "-":
        return date.fromisoformat(text)
    found = DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return date(*(int(part) for part in found.groups() if part))


@dataclass(frozen=True)
class Table:
    """A worksheet read by a layout: its rows, and the titles of columns that were passed over.

    `cells` are the whole worksheet, where its layout is not one header above rows.
    """

    worksheet: str
    rows: Sequence[Row]
    ignored: tuple[str, ...] = ()
    cells: Sequence[Sequence[Any]] = ()

    @property
    def problems(self) -> list[CellProblem]:
        """Return all problems in reading order."""
        return [problem for row in self.rows for problem in row.problems]
