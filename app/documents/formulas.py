"""Work out a spreadsheet's formula exactly: numbers, cells, + - * /, SUM and ROUND.

A file may remember no result of a formula, or an old one. What cannot be worked out here says so;
it is never guessed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from openpyxl.utils import column_index_from_string, get_column_letter

TOKEN = re.compile(
    r"\s*(?:(\d+(?:\.\d+)?)|\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?"
    r"|([A-Za-z]+)(?=\()|([-+*/(),;]))"
)
PLAIN = re.compile(r"-?\d{1,12}(?:[.,]\d{1,12})?")
LONGEST = 500
DEEPEST = 40
MOST_CELLS = 20_000
Text = Callable[[str], str]


class NotComputable(Exception):
    """The formula is none that is worked out here."""


class Formulas:
    """The formulas of a worksheet, and the texts of its other cells by address."""

    def __init__(self, formulas: Mapping[str, str], text: Text) -> None:
        self.formulas = formulas
        self.text = text
        self.known: dict[str, Fraction] = {}
        self.open: list[str] = []
        self.looked_at = 0

    def value(self, address: str) -> Fraction:
        """Return what a cell is worth, 0 for an empty one; raise `NotComputable`."""
        if address in self.known:
            return self.known[address]
        self.looked_at += 1
        if address in self.open or len(self.open) > DEEPEST or self.looked_at > MOST_CELLS:
            raise NotComputable(address)
        if address not in self.formulas:
            return number_of(self.text(address))
        self.open.append(address)
        try:
            found = _Reading(self.formulas[address], self).whole()
        except RecursionError:
            raise NotComputable(address) from None
        finally:
            self.open.pop()
        self.known[address] = found
        return found


def number_of(text: str) -> Fraction:
    """Read a plain number, with a decimal point or comma; 0 for nothing."""
    if not text.strip():
        return Fraction(0)
    if not PLAIN.fullmatch(text.strip()):
        raise NotComputable(text)
    return Fraction(text.strip().replace(",", "."))


class _Reading:
    """One formula, read from left to right."""

    def __init__(self, formula: str, sheet: Formulas) -> None:
        text = formula.removeprefix("=").strip()
        if len(text) > LONGEST:
            raise NotComputable(formula)
        self.tokens: list[re.Match[str]] = []
        self.sheet = sheet
        self.depth = 0
        at = 0
        while at < len(text):
            found = TOKEN.match(text, at)
            if not found:
                raise NotComputable(formula)
            self.tokens.append(found)
            at = found.end()
        self.place = 0

    def whole(self) -> Fraction:
        found = self.sum()
        if self.place != len(self.tokens):
            raise NotComputable
        return found

    def sign(self) -> str:
        return self.tokens[self.place][7] or "" if self.place < len(self.tokens) else ""

    def take(self, sign: str) -> None:
        if self.sign() != sign:
            raise NotComputable
        self.place += 1

    def sum(self) -> Fraction:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotComputable
        found = self.product()
        while (sign := self.sign()) and sign in "+-":
            self.place += 1
            found = found + self.product() if sign == "+" else found - self.product()
        self.depth -= 1
        return found

    def product(self) -> Fraction:
        found = self.part()
        while (sign := self.sign()) and sign in "*/":
            self.place += 1
            other = self.part()
            if sign == "/" and other == 0:
                raise NotComputable
            found = found * other if sign == "*" else found / other
        return found

    def part(self) -> Fraction:
        if self.sign() in {"-", "+"}:
            is_negative = self.sign() == "-"
            self.place += 1
            return -self.part() if is_negative else self.part()
        if self.sign() == "(":
            self.take("(")
            found = self.sum()
            self.take(")")
            return found
        if self.place >= len(self.tokens) or self.sign():
            raise NotComputable
        token = self.tokens[self.place]
        self.place += 1
        if token[1]:
            return Fraction(token[1])
        if token[6]:
            return self.function(token[6].upper())
        if token[4]:
            raise NotComputable
        return self.sheet.value(f"{token[2].upper()}{token[3]}")

    def function(self, name: str) -> Fraction:
        self.take("(")
        values = list(self.arguments())
        self.take(")")
        if name == "SUM":
            return sum(values, Fraction(0))
        if name == "ROUND" and len(values) == 2 and values[1] in range(9):
            return _rounded(values[0], int(values[1]))
        raise NotComputable

    def arguments(self) -> Iterator[Fraction]:
        while True:
            token = self.tokens[self.place] if self.place < len(self.tokens) else None
            if token and token[4]:
                self.place += 1
                for address in addresses(token):
                    yield self.sheet.value(address)
            else:
                yield self.sum()
            if self.sign() not in {",", ";"}:
                return
            self.place += 1


def addresses(token: re.Match[str]) -> Iterator[str]:
    """Yield the cells of a range, as `I5:K9` was matched."""
    left, right = sorted(map(column_index_from_string, (token[2], token[4])))
    top, bottom = sorted(map(int, (token[3], token[5])))
    if (right - left + 1) * (bottom - top + 1) > MOST_CELLS:
        raise NotComputable
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            yield f"{get_column_letter(column)}{row}"


def _rounded(value: Fraction, decimals: int) -> Fraction:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return Fraction(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
