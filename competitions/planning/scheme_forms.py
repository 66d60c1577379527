"""The form of a marking scheme: every row of the grid in one post, for any page that embeds it.

A page puts `grid(form, grid_of(form))` of `competitions/planning/scheme_grid.html` inside its own
form, and reads the scheme with `scheme_of(form)`. The grid's rows come as `r7.title`, in the order
of the page; the section table as `sections`.
"""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import count
from typing import Annotated, Any

from msgspec import Meta, Struct

from app.errors import N_
from app.rules.points import E4, e4_of
from app.web.forms import Form
from app.web.locale import gettext as _
from competitions.planning.numerals import plain
from competitions.planning.scheme_rows import FIELDS, SchemeRow, read_rows, rows_of, sections_text
from competitions.rules.scheme import KINDS, SchemeFacts, SchemeModule
from competitions.rules.sections import points

ROW_FIELD = re.compile(r"r([0-9]{1,6})\.([a-z0-9]{1,12})")
MOST_ROWS = 1200
BLANK_ROWS = 5
KIND_WORDS = {
    "points": N_("打分（一人）"),
    "measurement": N_("测量"),
    "judgement": N_("评判 0—3"),
    "panel": N_("评委打分"),
    "gate": N_("否决项"),
}
TYPE_WORDS = {
    "module": N_("模块"),
    "criterion": N_("评分大项"),
    "sub": N_("评分子项"),
    "aspect": N_("评分点"),
}


class SchemeForm(Struct, frozen=True):
    """What goes with the rows: the sections of a standard, the version seen, a row's button."""

    sections: Annotated[str, Meta(title=N_("标准板块"), max_length=4000)] = ""
    seen: int | None = None
    act: str = ""


class Grid(Struct, frozen=True):
    """What the grid's template shows."""

    rows: list[SchemeRow]
    sums: dict[str, str]
    total: str
    kinds: list[tuple[str, str]]
    sections: list[str]
    blanks: list[SchemeRow]


def form_of(
    scheme: SchemeFacts | None, seen: int | None = None, *, start: Sequence[SchemeModule] = ()
) -> Form[SchemeForm]:
    """Return the form that shows a scheme, or one to begin with that has these modules."""
    rows = rows_of(scheme) if scheme else _beginning(start or (SchemeModule("A", ""),))
    values: dict[str, Any] = {"sections": sections_text(scheme) if scheme else ""}
    if seen is not None:
        values["seen"] = seen
    return Form(SchemeForm, values | values_of(rows))


def _beginning(modules: Sequence[SchemeModule]) -> list[SchemeRow]:
    keys, found = map(str, count(1)), list[SchemeRow]()
    for module in modules:
        texts = {"id": module.id, "title": module.name, "max": module.weight}
        found.append(SchemeRow(next(keys), "module", texts))
        found += [SchemeRow(next(keys), "aspect") for _number in range(BLANK_ROWS)]
    return found


def values_of(rows: Sequence[SchemeRow]) -> dict[str, str]:
    """Return rows as the fields that a browser would send."""
    found: dict[str, str] = {}
    for row in rows:
        found[f"r{row.key}.type"] = row.type
        found |= {f"r{row.key}.{name}": row.texts.get(name, "") for name in FIELDS[row.type]}
    return found


def typed_rows(form: Form[Any]) -> list[SchemeRow]:
    """Return the rows of a form as they were typed, in their order."""
    found: dict[str, dict[str, str]] = {}
    for name in form.values:
        if place := ROW_FIELD.fullmatch(name):
            found.setdefault(place[1], {})[place[2]] = str(form.value(name))
    rows = (
        SchemeRow(key, texts.pop("type", "aspect"), texts)
        for key, texts in list(found.items())[:MOST_ROWS]
    )
    return [row for row in rows if row.type in FIELDS]


def scheme_of(form: Form[Any], *, taken: Sequence[str] = ()) -> SchemeFacts | None:
    """Return the scheme of a form; None where cells are wrong, which the form then says.

    `taken` are identifiers that a new aspect may not get: those of earlier versions.
    """
    scheme, errors = read_rows(typed_rows(form), str(form.value("sections")), taken=taken)
    form.errors |= errors
    return scheme


def grid_of(form: Form[Any]) -> Grid:
    """Return what the grid shows of a form."""
    rows = typed_rows(form)
    sums = _sums(rows)
    return Grid(
        rows=rows,
        sums={key: points(value) for key, value in sums.items()},
        total=points(sum((_worth(row, sums) for row in rows), Fraction(0))),
        kinds=[(kind, _(KIND_WORDS[kind])) for kind in KINDS],
        sections=[
            line.split()[0] for line in str(form.value("sections")).splitlines() if line.strip()
        ],
        blanks=[SchemeRow("0", kind) for kind in FIELDS],
    )


def _sums(rows: Sequence[SchemeRow]) -> dict[str, Fraction]:
    """Add up what each module's aspects may give, by the key of the module's row."""
    found, key = dict[str, Fraction](), ""
    for row in rows:
        if row.type == "module":
            key = row.key
            found[key] = Fraction(0)
        elif row.type == "aspect" and key and row.text("kind") != "gate":
            factor = row.text("factor") if row.text("kind") == "panel" else ""
            found[key] += _points(row.text("max")) * (_points(factor) if factor else 1)
    return found


def _worth(row: SchemeRow, sums: Mapping[str, Fraction]) -> Fraction:
    if row.type != "module":
        return Fraction(0)
    return _points(row.text("max")) if row.text("max") else sums[row.key]


def _points(text: str) -> Fraction:
    return Fraction(e4_of(plain(text)) or 0, E4)


def acted(form: Form[Any], act: str) -> Form[SchemeForm]:
    """Return the form after a row's button was pressed: `up:7`, `insert:7`, `delete:7`, `more:`."""
    rows = typed_rows(form)
    verb, _colon, key = act.partition(":")
    place = next((at for at, row in enumerate(rows) if row.key == key), len(rows) - 1)
    fresh = map(str, count(max((int(row.key) for row in rows), default=0) + 1))
    if verb == "up" and place > 0:
        rows[place - 1 : place + 1] = rows[place], rows[place - 1]
    elif verb == "down" and place + 1 < len(rows):
        rows[place : place + 2] = rows[place + 1], rows[place]
    elif verb == "delete" and rows:
        del rows[place]
    elif verb == "copy" and rows:
        texts = {**rows[place].texts, "id": ""}
        rows.insert(place + 1, SchemeRow(next(fresh), rows[place].type, texts))
    elif verb in FIELDS:
        rows.insert(place + 1, SchemeRow(next(fresh), verb))
    elif verb == "more":
        rows += [SchemeRow(next(fresh), "aspect") for _number in range(BLANK_ROWS)]
    kept = {name: value for name, value in form.values.items() if not ROW_FIELD.fullmatch(name)}
    return Form(SchemeForm, kept | values_of(rows))
