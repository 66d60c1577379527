"""What rooms, judges and leads read of sheets and ledgers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

import msgspec
from msgspec import Struct

from app.errors import NotFound
from app.rules.mark_ledger import ROOT_OF_NOTHING, RecordKind
from app.rules.mark_sheet import MarkState, SheetForm, SheetStatus, fraction, open_aspects
from app.sheets import forms
from app.sheets.tables import HeldMark, LedgerRecord, MarkHead, MarkLedger, MarkSheet

Says = tuple[MarkState, int | None]


class MarkFact(Struct, frozen=True):
    """One present mark as the rooms compute with it."""

    aspect: str
    code: str
    seat: str
    value: Fraction | None
    state: MarkState


class SheetRow(Struct, frozen=True):
    """A sheet as actions handle it."""

    id: int
    key: str
    ledger: int
    ledger_name: str
    ledger_title: str
    subject_word: str
    form: int
    form_digest: str
    form_title: str
    subject_code: str
    station: str
    seat: str
    account: int | None
    judge: str | None
    status: SheetStatus
    version: int
    returned_reason: str
    submitted_at: datetime | None
    signed_at: datetime | None
    signed_by: str | None


class SheetLine(Struct, frozen=True):
    """A sheet on a list: where it stands and what is still open."""

    key: str
    code: str
    station: str
    seat: str
    account_id: int | None
    judge: str
    form_title: str
    form_digest: str
    status: SheetStatus
    aspect_count: int
    marked_count: int
    open_count: int
    conflict_count: int
    held_count: int
    returned_reason: str
    submitted_at: datetime | None
    signed_at: datetime | None
    signed_by: str

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is open, in conflict or undecided."""
        return not (self.open_count or self.conflict_count or self.held_count)


class LedgerLine(Struct, frozen=True):
    """A ledger with the counts of its sheets."""

    name: str
    title: str
    subject_word: str
    seq: int
    root: str
    opened_at: datetime
    locked_at: datetime | None
    locked_by: str
    sheet_count: int
    open_count: int
    submitted_count: int
    signed_count: int
    held_count: int
    conflict_count: int


_SHEETS = (
    "SELECT s.id, s.key, s.ledger, l.name AS ledger_name, l.title AS ledger_title, l.subject_word,"
    " s.form, d.digest AS form_digest, d.title AS form_title, s.subject_code, s.station,"
    " s.seat, s.account, a.name AS judge, s.status, s.version, s.returned_reason, s.submitted_at, s.signed_at,"
    " s.signed_by FROM mark_sheet AS s JOIN sheet_definition AS d ON d.id = s.form"
    " JOIN mark_ledger AS l ON l.id = s.ledger LEFT JOIN account AS a ON a.id = s.account"
)
_ORDER = " ORDER BY l.id, s.subject_code, d.id, s.seat, s.id"


async def rows_of(ledger_id: int) -> list[SheetRow]:
    """Return every sheet of a ledger, by code, form and seat."""
    rows = await MarkSheet.raw(_SHEETS + " WHERE s.ledger = {}" + _ORDER, ledger_id)
    return [_sheet_row(row) for row in rows]


async def row_by_key(key: str) -> SheetRow:
    """Return one sheet; raise `NotFound`."""
    rows = await MarkSheet.raw(_SHEETS + " WHERE s.key = {}", key)
    if not rows:
        raise NotFound
    return _sheet_row(rows[0])


async def row_by_id(sheet_id: int) -> SheetRow:
    """Return one sheet by its number; raise `NotFound`."""
    rows = await MarkSheet.raw(_SHEETS + " WHERE s.id = {}", sheet_id)
    if not rows:
        raise NotFound
    return _sheet_row(rows[0])


async def rows_for(account_id: int) -> list[SheetRow]:
    """Return the sheets that a judge may have to fill in: all that count and are not locked."""
    statuses = (SheetStatus.OPEN, SheetStatus.SUBMITTED, SheetStatus.SIGNED)
    rows = await MarkSheet.raw(
        _SHEETS + " WHERE s.account = {} AND s.status IN ({}, {}, {})" + _ORDER,
        account_id,
        *map(str, statuses),
    )
    return [_sheet_row(row) for row in rows]


def _sheet_row(row: Mapping[str, Any]) -> SheetRow:
    facts = {name: row[name] for name in SheetRow.__struct_fields__}
    for name in ("submitted_at", "signed_at"):
        facts[name] = instant(facts[name])
    return msgspec.convert(facts, SheetRow)


def instant(value: object) -> datetime | None:
    """SQLite gives an instant of a raw query back as text."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value  # type: ignore[return-value]


async def ledger_row(name: str) -> Mapping[str, Any] | None:
    """Return the row of a ledger, None where there is none."""
    return await MarkLedger.select().where(MarkLedger.name == name).first()


async def ledger_root(ledger: str) -> str:
    """Return the hash of the last record, hex; 64 zeros for a ledger without records."""
    row = await ledger_row(ledger)
    return ROOT_OF_NOTHING if row is None else str(row["root"])


async def heads_of(ledger_id: int) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """Return the heads of every cell of a ledger, by sheet and aspect."""
    rows = await MarkHead.raw(
        "SELECT h.sheet, h.aspect, h.record_id, h.state, h.value_e4, h.by_name, h.device FROM mark_head AS h"
        " JOIN mark_sheet AS s ON s.id = h.sheet WHERE s.ledger = {} ORDER BY h.id",
        ledger_id,
    )
    found: dict[int, dict[str, list[dict[str, Any]]]] = defaultdict(dict)
    for row in rows:
        found[row["sheet"]].setdefault(row["aspect"], []).append(row)
    return found


def says_of(heads: Iterable[Mapping[str, Any]]) -> Says | None:
    """Return what the heads of a cell say together; None for nothing, a conflict, or a mark taken back."""
    said = {(row["state"], row["value_e4"]) for row in heads}
    if len(said) != 1:
        return None
    state, value = said.pop()
    return None if state == MarkState.CLEARED.value else (MarkState(state), value)


async def marks_of(ledger: str) -> list[MarkFact]:
    """Return the present marks of a ledger, by code, seat and aspect.

    What is open, taken back or in conflict is not among them, nor is anything of a void sheet.
    """
    rows = await MarkHead.raw(
        "SELECT h.aspect, s.subject_code, s.seat, h.state, h.value_e4 FROM mark_head AS h"
        " JOIN mark_sheet AS s ON s.id = h.sheet JOIN mark_ledger AS l ON l.id = s.ledger"
        " WHERE l.name = {} AND s.status <> {} ORDER BY s.subject_code, s.seat, h.aspect, h.id",
        ledger,
        SheetStatus.VOID.value,
    )
    cells: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        cells[row["subject_code"], row["seat"], row["aspect"]].append(row)
    facts = []
    for (code, seat, aspect), heads in cells.items():
        said = says_of(heads)
        if said is not None:
            state, value = said
            facts.append(
                MarkFact(aspect, code, seat, None if value is None else fraction(value), state)
            )
    return facts


async def unsettled(ledger_id: int) -> list[dict[str, Any]]:
    """Return the held marks of a ledger that nobody has decided yet, oldest first."""
    return await HeldMark.raw(
        "SELECT h.record_id, h.sheet, h.aspect, r.state, r.value_e4, r.why, r.account_name, r.device, r.device_at,"
        " r.server_at FROM held_mark AS h JOIN mark_sheet AS s ON s.id = h.sheet"
        " JOIN ledger_record AS r ON r.record_id = h.record_id"
        " WHERE s.ledger = {} AND h.settled_by IS NULL ORDER BY h.id",
        ledger_id,
    )


async def sheets_of(ledger: str) -> list[SheetLine]:
    """Return every sheet of a ledger with what is open on it."""
    row = await ledger_row(ledger)
    if row is None:
        return []
    return await lines_of(await rows_of(row["id"]), row["id"])


async def lines_of(rows: list[SheetRow], ledger_id: int) -> list[SheetLine]:
    """Return sheets with what is open on each."""
    definitions = await forms.by_id({row.form: row.form_digest for row in rows})
    heads = await heads_of(ledger_id)
    held: dict[int, int] = defaultdict(int)
    for mark in await unsettled(ledger_id):
        held[mark["sheet"]] += 1
    return [_line(row, definitions[row.form], heads.get(row.id, {}), held[row.id]) for row in rows]


def _line(
    row: SheetRow, form: SheetForm, heads: Mapping[str, list[dict[str, Any]]], held: int
) -> SheetLine:
    marked = {name: said for name, found in heads.items() if (said := says_of(found)) is not None}
    conflicts = sum(
        len({(head["state"], head["value_e4"]) for head in found}) > 1 for found in heads.values()
    )
    return SheetLine(
        key=row.key, code=row.subject_code, station=row.station, seat=row.seat, account_id=row.account,
        judge=row.judge or "", form_title=row.form_title, form_digest=row.form_digest, status=row.status,
        aspect_count=len(form.aspects), marked_count=len(marked), open_count=len(open_aspects(form, marked)),
        conflict_count=conflicts, held_count=held, returned_reason=row.returned_reason,
        submitted_at=row.submitted_at, signed_at=row.signed_at, signed_by=row.signed_by or "",
    )  # fmt: skip


async def ledger_of(ledger: str) -> LedgerLine | None:
    """Return a ledger with the counts of its sheets, None where none was opened."""
    row = await ledger_row(ledger)
    if row is None:
        return None
    return ledger_line(row, await lines_of(await rows_of(row["id"]), row["id"]))


def ledger_line(row: Mapping[str, Any], lines: list[SheetLine]) -> LedgerLine:
    """Count the sheets of a ledger; void ones are left out."""
    counted = [line for line in lines if line.status is not SheetStatus.VOID]
    by_status = {status: sum(line.status is status for line in counted) for status in SheetStatus}
    return LedgerLine(
        name=row["name"], title=row["title"], subject_word=row["subject_word"], seq=row["seq"], root=row["root"],
        opened_at=row["opened_at"], locked_at=row["locked_at"], locked_by=row["locked_by"] or "",
        sheet_count=len(counted), open_count=by_status[SheetStatus.OPEN],
        submitted_count=by_status[SheetStatus.SUBMITTED],
        signed_count=by_status[SheetStatus.SIGNED] + by_status[SheetStatus.LOCKED],
        held_count=sum(line.held_count for line in counted),
        conflict_count=sum(line.conflict_count for line in counted),
    )  # fmt: skip


async def records_of(
    ledger_id: int, *, before: int | None = None, most: int = 200
) -> list[dict[str, Any]]:
    """Return the records of a ledger, newest first, with the sheet of each."""
    rows = await LedgerRecord.raw(
        "SELECT r.seq, r.kind, r.outcome, r.why, r.aspect, r.state, r.value_e4, r.account_name, r.second_name, r.device,"
        " r.device_at, r.server_at, r.reason, r.hash, s.subject_code, s.seat FROM ledger_record AS r"
        " LEFT JOIN mark_sheet AS s ON s.id = r.sheet WHERE r.ledger = {} AND r.seq < {} ORDER BY r.seq DESC LIMIT {}",
        ledger_id,
        2**62 if before is None else before,
        most,
    )
    return [
        row | {"device_at": instant(row["device_at"]), "server_at": instant(row["server_at"])}
        for row in rows
    ]


def is_act(kind: str) -> bool:
    """Tell whether a record is an act on a sheet and no mark."""
    return kind not in (RecordKind.MARK.value, RecordKind.AMENDMENT.value)
