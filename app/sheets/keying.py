"""Marks that are keyed in at the desk: from paper, from a workbook, or by the seed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules import mark_ledger
from app.rules.actors import NOBODY, Actor
from app.rules.mark_ledger import RecordKind
from app.rules.mark_sheet import MarkState, SheetForm, SheetStatus, decimal_text, e4, fault_of
from app.sheets import acts, forms, heads, judgements
from app.sheets import ledger as chain
from app.sheets.ledger import NewRecord
from app.sheets.rows import SheetRow, rows_of
from app.sheets.wording import FAULTS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MarkInput(Struct, frozen=True):
    """One mark to key in; `value` as decimal text, None with any state but `marked`."""

    code: str
    seat: str
    aspect: str
    value: str | None = None
    state: MarkState = MarkState.MARKED


@refusal
class NoSuchCell(RuleBroken):
    """No sheet of the ledger asks for this mark."""

    says = N_("没有 {code} 号、{seat} 席、评分点“{aspect}”的评分表。请检查编号、席位和评分点。")
    code: str
    seat: str
    aspect: str


@refusal
class MarkUnfit(RuleBroken):
    """A mark does not fit its aspect."""

    says = N_("{code} 号、{seat} 席、评分点“{aspect}”：{why}")
    code: str
    seat: str
    aspect: str
    why: str


@refusal
class SheetClosed(RuleBroken):
    """A submitted sheet takes no marks until the lead returns it."""

    says = N_("{code} 号的评分表（{seat}）已提交，不能再改。请裁判长退回后再改。")
    code: str
    seat: str


async def record_marks_within(
    *, ledger: str, marks: Sequence[MarkInput], by: Actor, at: datetime, reason: str = ""
) -> int:
    """Key marks into open sheets and return how many changed something.

    A mark that says what holds already is left out, unless it is the word that its seat owes.
    Raise `NoSuchCell`, `MarkUnfit` or `SheetClosed`.
    """
    held = await acts.open_ledger_within(ledger)
    rows = await rows_of(held.id)
    definitions = await forms.by_id({row.form: row.form_digest for row in rows})
    places = _places(rows, definitions, {mark.code for mark in marks})
    touched = {
        places[mark.code, mark.seat, mark.aspect].id for mark in marks if _place(mark, places)
    }
    cells = await heads.marks_by_cell(touched)
    untold = await _untold(row for row in rows if row.id in touched)
    records: list[NewRecord] = []
    for mark in marks:
        row = places[mark.code, mark.seat, mark.aspect]
        record = _record(mark, row, definitions[row.form], cells, by=by, at=at, reason=reason)
        if _is_news(record, cells, untold):
            records.append(record)
            cells.setdefault((row.id, mark.aspect), []).append(record.cell_mark)
    await chain.append_within(held, records, at=at)
    ids = {record.sheet_id for record in records if record.sheet_id is not None}
    judged = _judged(marks, places, definitions) & ids
    versions = await heads.raise_versions_within(ids, neighbors_of=judged)
    await heads.apply_within(records, cells=cells, versions=versions)
    await judgements.reopen_within({held.id: held}, judged, at=at)
    facts = {"marks": len(records)}
    await audit.record(
        act=Act.MARKS_KEYED,
        subject=f"sheets.ledger:{ledger}",
        by=by,
        at=at,
        reason=reason,
        after=facts,
    )
    return len(records)


async def repeat_owed_within(row: SheetRow, *, reason: str, by: Actor, at: datetime) -> int:
    """Say the present scores of a sheet again where a word about them is owed; return how many."""
    untold = await _untold([row])
    found = await heads.marks_of_cells(untold)
    present = {cell: mark_ledger.present(mark_ledger.heads(marks)) for cell, marks in found.items()}
    marks = [
        MarkInput(row.subject_code, row.seat, aspect, _decimal(mark.value_e4), mark.state)
        for (_, aspect), mark in sorted(present.items())
        if mark is not None
    ]
    return await record_marks_within(
        ledger=row.ledger_name, marks=marks, by=by, at=at, reason=reason
    )


def _decimal(value_e4: int | None) -> str | None:
    return None if value_e4 is None else decimal_text(value_e4)


async def codes_of(ledger: str) -> set[str]:
    """Return the codes that have sheets."""
    return {row.subject_code for row in await rows_of((await acts.ledger_row(ledger))["id"])}


async def outcomes_of(ledger: str, marks: Sequence[MarkInput]) -> list[RuleBroken | bool]:
    """Tell of each mark what keying it would do: a refusal, or whether it would change anything."""
    rows = await rows_of((await acts.ledger_row(ledger))["id"])
    definitions = await forms.by_id({row.form: row.form_digest for row in rows})
    places = _places(rows, definitions, {mark.code for mark in marks})
    cells = await heads.marks_by_cell({row.id for row in places.values()})
    untold = await _untold(places.values())
    found: list[RuleBroken | bool] = []
    for mark in marks:
        try:
            row = _sheet_of(mark, places)
            form = definitions[row.form]
            record = _record(mark, row, form, cells, by=NOBODY, at=EPOCH, reason="")
            is_news = _is_news(record, cells, untold)
            if is_news:
                _refuse_closed(row)
            found.append(is_news)
        except RuleBroken as refused:
            found.append(refused)
    return found


def _places(
    rows: Iterable[SheetRow], definitions: Mapping[int, SheetForm], codes: set[str]
) -> dict[tuple[str, str, str], SheetRow]:
    return {
        (row.subject_code, row.seat, aspect.id): row
        for row in rows
        if row.subject_code in codes and row.status is not SheetStatus.VOID
        for aspect in definitions[row.form].aspects
    }


def _judged(
    marks: Iterable[MarkInput],
    places: Mapping[tuple[str, str, str], SheetRow],
    definitions: Mapping[int, SheetForm],
) -> set[int]:
    rows = ((places[mark.code, mark.seat, mark.aspect], mark.aspect) for mark in marks)
    return {row.id for row, aspect in rows if definitions[row.form].bears_on_judgements(aspect)}


async def _untold(rows: Iterable[SheetRow]) -> set[heads.Cell]:
    """Return the cells of judgements over which a word is owed."""
    owed = await judgements.owed_by({row.id: row.seat for row in rows})
    return {(sheet_id, aspect) for sheet_id, aspects in owed.items() for aspect in aspects}


def _is_news(
    record: NewRecord,
    cells: Mapping[heads.Cell, Sequence[mark_ledger.CellMark]],
    untold: Collection[heads.Cell],
) -> bool:
    """Tell whether a mark says what does not hold yet, or is the word that its seat owes."""
    cell = (record.sheet_id or 0, record.aspect)
    found = mark_ledger.heads(cells.get(cell, ()))
    is_said = not mark_ledger.is_conflict(found) and record.cell_mark.says in (
        mark.says for mark in found
    )
    return not is_said or cell in untold


def _place(mark: MarkInput, places: Mapping[tuple[str, str, str], SheetRow]) -> SheetRow:
    row = _sheet_of(mark, places)
    _refuse_closed(row)
    return row


def _sheet_of(mark: MarkInput, places: Mapping[tuple[str, str, str], SheetRow]) -> SheetRow:
    row = places.get((mark.code, mark.seat, mark.aspect))
    if row is None:
        raise NoSuchCell(mark.code, mark.seat, mark.aspect)
    return row


def _refuse_closed(row: SheetRow) -> None:
    if row.status is not SheetStatus.OPEN:
        raise SheetClosed(row.subject_code, row.seat)


def _record(
    mark: MarkInput,
    row: SheetRow,
    form: SheetForm,
    cells: Mapping[heads.Cell, Sequence[mark_ledger.CellMark]],
    *,
    by: Actor,
    at: datetime,
    reason: str,
) -> NewRecord:
    aspect = form.aspect(mark.aspect)
    if aspect is None:
        raise NoSuchCell(mark.code, mark.seat, mark.aspect)
    try:
        value_e4 = None if mark.value is None else e4(mark.value)
        fault = fault_of(aspect, mark.state, value_e4)
    except ValueError:
        value_e4, fault = None, "not_a_number"
    if fault:
        raise MarkUnfit(mark.code, mark.seat, mark.aspect, FAULTS[fault])
    found = mark_ledger.heads(cells.get((row.id, mark.aspect), ()))
    return NewRecord(
        kind=RecordKind.MARK,
        record_id=chain.new_record_id(at),
        sheet_id=row.id,
        sheet_key=row.key,
        device_at=at,
        aspect=mark.aspect,
        state=mark.state.value,
        value_e4=value_e4,
        parents=tuple(head.id for head in found),
        account_id=by.account_id,
        account_name=by.name,
        reason=reason,
        scheme=form.scheme.sha256,
    )
