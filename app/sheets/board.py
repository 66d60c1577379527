"""What the lead's desk shows: the matrix of sheets, one sheet's marks, what waits."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.rules.actors import Actor
from app.rules.mark_sheet import (
    MarkState,
    SheetAspect,
    SheetForm,
    SheetStatus,
    code_order,
    decimal_text,
    fault_of,
)
from app.sheets import answers, forms, judgements, leads, queries
from app.sheets.counts import LedgerLine, ledger_lines
from app.sheets.queries import SheetLine
from app.sheets.rows import SheetRow, instant
from app.sheets.tables import LedgerRecord, MarkLedger
from app.sheets.wording import FAULTS, STATES
from app.web.locale import gettext


class Column(Struct, frozen=True):
    """A column of the matrix: one seat of one form."""

    form_title: str
    form_digest: str
    seat: str
    judges: tuple[str, ...]


class MatrixRow(Struct, frozen=True):
    """The sheets of one code, in the order of the columns; None where it has none."""

    code: str
    station: str
    cells: list[SheetLine | None]


class Matrix(Struct, frozen=True):
    """Every sheet of a ledger at one glance; `forms` are titles and the columns they span."""

    forms: list[tuple[str, int]]
    columns: list[Column]
    rows: list[MatrixRow]


class Side(Struct, frozen=True):
    """One of several marks of a cell, or a held one."""

    record_id: str
    text: str
    state: str
    value: str
    by: str
    device: str
    at: datetime | None
    why: str
    is_held: bool
    unfit: str = ""
    """Why a held mark, made by an earlier scheme, does not fit the present form; empty if it does.
    """


class CellLine(Struct, frozen=True):
    """One aspect on the page of a sheet."""

    aspect: str
    title: str
    kind: str
    range_text: str
    text: str
    state: str
    value: str
    by: str
    is_open: bool
    is_conflict: bool
    sides: list[Side]
    seen: list[str]
    """The records that a decision made on this page would replace."""
    is_gone: bool = False
    """No aspect of the sheet any more: a mark came after its scheme was changed."""


def matrix_of(lines: Sequence[SheetLine], *, most_judges: int = 2) -> Matrix:
    """Arrange sheets by code and by form and seat, with those who mark most of a seat's sheets."""
    judges: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    cells: dict[tuple[str, str], dict[tuple[str, str, str], SheetLine]] = defaultdict(dict)
    for line in lines:
        place = (line.form_title, line.form_digest, line.seat)
        judges[place].update(filter(None, [line.judge]))
        cells[line.code, line.station][place] = line
    places = sorted(judges, key=lambda place: (*place[:2], code_order(place[2])))
    columns = [
        Column(
            title,
            digest,
            seat,
            tuple(name for name, _ in judges[title, digest, seat].most_common(most_judges)),
        )
        for title, digest, seat in places
    ]
    rows = [
        MatrixRow(code, station, [found.get(place) for place in places])
        for (code, station), found in sorted(
            cells.items(), key=lambda cell: (code_order(cell[0][0]), cell[0][1])
        )
    ]
    spans: dict[tuple[str, str], int] = defaultdict(int)
    for title, digest, _ in places:
        spans[title, digest] += 1
    return Matrix([(title, count) for (title, _), count in spans.items()], columns, rows)


async def ledgers_for(actor: Actor) -> list[LedgerLine]:
    """Return the ledgers that an actor may see, the latest first."""
    rows = await MarkLedger.select().order_by(MarkLedger.id, ascending=False)
    return await ledger_lines([row for row in rows if leads.may_see(actor, row)])


async def cells_of(row: SheetRow, form: SheetForm) -> list[CellLine]:
    """Return the aspects of a sheet with what holds, what differs and what is held."""
    heads = (await queries.heads_of(row.ledger)).get(row.id, {})
    held: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for mark in await queries.unsettled(row.ledger):
        if mark["sheet"] == row.id:
            held[mark["aspect"]].append(mark)
    present = [_cell(one, heads.get(one.id, []), held[one.id]) for one in form.aspects]
    late = {
        (mark["scheme"], name): mark
        for name, marks in held.items()
        for mark in marks
        if form.aspect(name) is None
    }
    gone = {one.id: one for one in (await forms.former_aspects(late)).values()}
    return present + [
        replace(_cell(one, heads.get(name, []), held[name]), is_gone=True)
        for name, one in gone.items()
    ]


def _cell(
    aspect: SheetAspect, heads: Sequence[Mapping[str, Any]], held: Sequence[Mapping[str, Any]]
) -> CellLine:
    said = queries.says_of(heads)
    is_conflict = len({(head["state"], head["value_e4"]) for head in heads}) > 1
    high = aspect.highest_e4
    sides = [_side(head) for head in heads] if is_conflict else []
    sides += [_held_side(mark, aspect) for mark in held]
    return CellLine(
        aspect=aspect.id,
        title=aspect.title,
        kind=aspect.kind.value,
        range_text="" if high is None else f"0–{decimal_text(high)}",
        text="" if said is None else said_text(*said),
        state="" if said is None else said[0].value,
        value="" if said is None else value_text(said[1]),
        by=str(heads[0]["by_name"]) if said else "",
        is_open=said is None and not is_conflict,
        is_conflict=is_conflict,
        sides=sides,
        seen=[row["record_id"] for row in (*heads, *held)],
    )


def _side(head: Mapping[str, Any]) -> Side:
    return Side(
        record_id=head["record_id"],
        text=said_text(MarkState(head["state"]), head["value_e4"]),
        state=head["state"],
        value=value_text(head["value_e4"]),
        by=head["by_name"],
        device=answers.device_label(head["device"]),
        at=None,
        why="",
        is_held=False,
    )


def _held_side(mark: Mapping[str, Any], aspect: SheetAspect) -> Side:
    fault = fault_of(aspect, MarkState(mark["state"]), mark["value_e4"])
    return replace(
        _side({**mark, "by_name": mark["account_name"]}),
        at=instant(mark["server_at"]),
        why=gettext(FAULTS.get(mark["why"], "")),
        is_held=True,
        unfit=gettext(FAULTS[fault]) if fault else "",
    )


def said_text(state: MarkState, value_e4: int | None) -> str:
    """Return what a mark says, in words or digits."""
    return decimal_text(value_e4) if value_e4 is not None else gettext(STATES[state])


def value_text(value_e4: int | None) -> str:
    """Return a value as decimal text, empty for none."""
    return "" if value_e4 is None else decimal_text(value_e4)


def record_text(row: Mapping[str, Any]) -> str:
    """Return what a record of the ledger says; nothing for an act."""
    return said_text(MarkState(row["state"]), row["value_e4"]) if row["state"] else ""


async def talks_of(rows: Sequence[SheetRow]) -> dict[str, tuple[str, ...]]:
    """Return the aspects that a sheet's judge must still talk over with the others, by key."""
    beyond = (SheetStatus.LOCKED, SheetStatus.VOID)
    waiting = {row.id: row for row in rows if row.status not in beyond}
    owed = await judgements.owed_by({key: row.seat for key, row in waiting.items()})
    return {waiting[key].key: aspects for key, aspects in owed.items()}


async def history_of(row: SheetRow) -> list[dict[str, Any]]:
    """Return every record of a sheet, oldest first."""
    return (
        await LedgerRecord.select().where(LedgerRecord.sheet == row.id).order_by(LedgerRecord.seq)
    )


async def form_of(row: SheetRow) -> SheetForm:
    """Return the form of a sheet."""
    return (await forms.by_id({row.form: row.form_digest}))[row.form]


def waiting_for_sign(lines: Sequence[SheetLine]) -> list[str]:
    """Return the keys of the sheets that wait for the lead's signature."""
    return [line.key for line in lines if line.status is SheetStatus.SUBMITTED]
