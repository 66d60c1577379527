"""Work out a spreadsheet's formula exactly; what is read here, `formula_functions` works out.

A file may remember no result of a formula, or an old one. What cannot be worked out here says why;
it is never guessed.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from openpyxl.utils import column_index_from_string, get_column_letter

from app.documents.formula_functions import (
    FUNCTIONS,
    SIGNS,
    Argument,
    DividedByZero,
    NotComputable,
    Range,
    Value,
    holds,
    number,
    value_of,
    within_bounds,
)
from app.errors import N_

TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d+)?)
    | "(?P<text>(?:[^"]|"")*)"
    | (?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?
      \$?(?P<left>[A-Za-z]{1,3})\$?(?P<top>\d{1,7})
      (?::\$?(?P<right>[A-Za-z]{1,3})\$?(?P<bottom>\d{1,7}))?(?![\w(])
    | (?P<name>[A-Za-z_][\w.]*)(?=\s*\()
    | (?P<truth>TRUE|FALSE)\b
    | (?P<sign><=|>=|<>|[-+*/(),;%<>=])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
LONGEST = 1000
DEEPEST = 40
MOST_CELLS = 20_000
MOST_LOOKS = 400_000
"""At cells, all formulas of a worksheet together: a file made to last costs a second at most."""
Text = Callable[[str], str]


class Formulas:
    """The formulas of the worksheet of a name, and the texts of its other cells by address."""

    def __init__(self, formulas: Mapping[str, str], text: Text, *, name: str = "") -> None:
        self.formulas = formulas
        self.text = text
        self.name = name
        self.known: dict[str, Value] = {}
        self.open: list[str] = []
        self.looked_at = 0

    def value(self, address: str) -> Fraction:
        """Return what a cell is worth, 0 for an empty one; raise `NotComputable`."""
        return number(self.content(address))

    def content(self, address: str) -> Value:
        """Return what a cell holds: a number, a text, a truth, or None for nothing."""
        self.looked_at += 1
        if address in self.known and self.looked_at <= MOST_LOOKS:
            return self.known[address]
        if address in self.open:
            raise NotComputable(N_("公式绕回了它自己（{cell}），请改正。"), cell=address)
        if len(self.open) > DEEPEST or self.looked_at > MOST_LOOKS:
            raise NotComputable
        if address not in self.formulas:
            self.known[address] = value_of(self.text(address))
            return self.known[address]
        self.open.append(address)
        try:
            found = _Reading(self.formulas[address], self).whole()
            found = within_bounds(found) if isinstance(found, Fraction) else found
        except RecursionError:
            raise NotComputable from None
        finally:
            self.open.pop()
        self.known[address] = found
        return found


class _Reading:
    """One formula, read from left to right."""

    def __init__(self, formula: str, sheet: Formulas) -> None:
        text = formula.removeprefix("=").strip()
        if len(text) > LONGEST:
            raise NotComputable
        self.tokens: list[re.Match[str]] = []
        self.sheet = sheet
        self.depth = 0
        at = 0
        while at < len(text):
            found = TOKEN.match(text, at)
            if not found:
                raise NotComputable
            self.tokens.append(found)
            at = found.end()
        self.place = 0

    def whole(self) -> Value:
        found = self.comparison()
        if self.place != len(self.tokens):
            raise NotComputable
        return found

    def sign(self) -> str:
        return self.tokens[self.place]["sign"] or "" if self.place < len(self.tokens) else ""

    def take(self, sign: str) -> None:
        if self.sign() != sign:
            raise NotComputable
        self.place += 1

    def comparison(self) -> Value:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotComputable
        found = self.sum()
        while (sign := self.sign()) in SIGNS:
            self.place += 1
            found = holds(found, sign, self.sum())
        self.depth -= 1
        return found

    def sum(self) -> Value:
        found = self.product()
        while (sign := self.sign()) and sign in "+-":
            self.place += 1
            other = number(self.product())
            found = number(found) + (other if sign == "+" else -other)
        return found

    def product(self) -> Value:
        found = self.percentage()
        while (sign := self.sign()) and sign in "*/":
            self.place += 1
            other = number(self.percentage())
            if sign == "/" and other == 0:
                raise DividedByZero
            found = number(found) * (other if sign == "*" else 1 / other)
        return found

    def percentage(self) -> Value:
        found = self.part()
        while self.sign() == "%":
            self.place += 1
            found = number(found) / 100
        return found

    def part(self) -> Value:
        if self.sign() in {"-", "+"}:
            is_negative = self.sign() == "-"
            self.place += 1
            found = self.part()
            return -number(found) if is_negative else found
        if self.sign() == "(":
            self.take("(")
            found = self.comparison()
            self.take(")")
            return found
        if self.place >= len(self.tokens) or self.sign():
            raise NotComputable
        token = self.tokens[self.place]
        self.place += 1
        if token["name"]:
            return self.function(token["name"].upper().removeprefix("_XLFN."))
        return self.literal(token)

    def literal(self, token: re.Match[str]) -> Value:
        if token["number"]:
            return Fraction(token["number"])
        if token["text"] is not None:
            return token["text"].replace('""', '"')
        if token["truth"]:
            return token["truth"].upper() == "TRUE"
        self.refuse_other_sheet(token)
        if token["right"]:
            raise NotComputable
        return self.sheet.content(f"{token['left'].upper()}{token['top']}")

    def refuse_other_sheet(self, token: re.Match[str]) -> None:
        """Raise where a reference leads to another worksheet, of which nothing was read."""
        name = (token["sheet"] or "").strip("'").replace("''", "'")
        if name and name.casefold() != self.sheet.name.casefold():
            raise NotComputable(N_("公式引用了别的工作表“{sheet}”，请改成数值。"), sheet=name)

    def function(self, name: str) -> Value:
        self.take("(")
        if name == "IF":
            return self.choice()
        if name == "IFERROR":
            return self.rescue()
        if name not in FUNCTIONS:
            raise NotComputable(N_("公式里的 {name} 这里不会算，请改成数值。"), name=name)
        given = list(self.arguments())
        self.take(")")
        return FUNCTIONS[name](given)

    def choice(self) -> Value:
        """Work out the branch of an IF that counts, and pass over the other."""
        is_first = bool(number(self.comparison()))
        self.separator()
        found: Value = False
        if is_first:
            found = self.comparison()
        else:
            self.pass_over()
        if self.sign() != ")":
            self.separator()
            if is_first:
                self.pass_over()
            else:
                found = self.comparison()
        self.take(")")
        return found

    def rescue(self) -> Value:
        """Return the first argument, or the second where the first divides by nothing."""
        start, depth = self.place, self.depth
        try:
            found: Value = self.comparison()
            self.separator()
            self.pass_over()
        except DividedByZero:
            self.place, self.depth = start, depth
            self.pass_over()
            self.separator()
            found = self.comparison()
        self.take(")")
        return found

    def separator(self) -> None:
        if self.sign() not in {",", ";"}:
            raise NotComputable
        self.place += 1

    def pass_over(self) -> None:
        """Leave out one argument of a function."""
        open_ones = 0
        while self.place < len(self.tokens):
            sign = self.sign()
            if not open_ones and sign in {",", ";", ")"}:
                return
            open_ones += (sign == "(") - (sign == ")")
            self.place += 1
        raise NotComputable

    def arguments(self) -> Iterator[Argument]:
        while True:
            token = self.tokens[self.place] if self.place < len(self.tokens) else None
            if token and token["right"]:
                self.place += 1
                self.refuse_other_sheet(token)
                yield Range([self.sheet.content(address) for address in addresses(token)])
            else:
                yield self.comparison()
            if self.sign() not in {",", ";"}:
                return
            self.place += 1


def addresses(token: re.Match[str]) -> Iterator[str]:
    """Yield the cells of a range, as `I5:K9` was matched."""
    left, right = sorted(map(column_index_from_string, (token["left"], token["right"])))
    top, bottom = sorted(map(int, (token["top"], token["bottom"])))
    if (right - left + 1) * (bottom - top + 1) > MOST_CELLS:
        raise NotComputable
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            yield f"{get_column_letter(column)}{row}"
