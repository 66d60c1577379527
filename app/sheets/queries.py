"""What rooms, judges and leads read of sheets and ledgers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from msgspec import Struct

from app.rules.mark_ledger import ROOT_OF_NOTHING, RecordKind
from app.rules.mark_sheet import MarkState, SheetForm, SheetStatus, fraction, open_aspects
from app.sheets import files, forms
from app.sheets.counts import LedgerLine, ledger_lines
from app.sheets.rows import SheetRow, instant, rows_of
from app.sheets.tables import Amendment, HeldMark, LedgerRecord, MarkHead, MarkLedger

Says = tuple[MarkState, int | None]


class MarkFact(Struct, frozen=True):
    """One present mark as the rooms compute with it."""

    aspect: str
    code: str
    seat: str
    value: Fraction | None
    state: MarkState


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
    def is_ready(self) -> bool:
        """Tell whether nothing is open or in conflict, so that it may be submitted."""
        return not (self.open_count or self.conflict_count)

    @property
    def is_complete(self) -> bool:
        """Tell whether nothing is open, in conflict or undecided."""
        return self.is_ready and not self.held_count


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
        "SELECT h.sheet, h.aspect, h.record_id, h.state, h.value_e4, h.by_name, h.device"
        " FROM mark_head AS h"
        " JOIN mark_sheet AS s ON s.id = h.sheet WHERE s.ledger = {} ORDER BY h.id",
        ledger_id,
    )
    found: dict[int, dict[str, list[dict[str, Any]]]] = defaultdict(dict)
    for row in rows:
        found[row["sheet"]].setdefault(row["aspect"], []).append(row)
    return found


def says_of(heads: Iterable[Mapping[str, Any]]) -> Says | None:
    """Return what heads say together; None for nothing, a conflict, or a mark taken back."""
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


async def marked_aspects(ledger: str) -> set[str]:
    """Return the aspects that anybody ever marked in a ledger."""
    rows = await MarkHead.raw(
        "SELECT DISTINCT h.aspect FROM mark_head AS h JOIN mark_sheet AS s ON s.id = h.sheet"
        " JOIN mark_ledger AS l ON l.id = s.ledger WHERE l.name = {}",
        ledger,
    )
    return {row["aspect"] for row in rows}


async def unsettled(ledger_id: int) -> list[dict[str, Any]]:
    """Return the held marks of sheets that count and that nobody decided yet, oldest first."""
    found: list[dict[str, Any]] = await HeldMark.raw(
        "SELECT h.record_id, h.sheet, h.aspect, r.state, r.value_e4, r.why, r.account_name,"
        " r.device, r.device_at, r.server_at, r.scheme FROM held_mark AS h"
        " JOIN mark_sheet AS s ON s.id = h.sheet"
        " JOIN ledger_record AS r ON r.record_id = h.record_id"
        " WHERE s.ledger = {} AND h.settled_by IS NULL AND s.status <> {} ORDER BY h.id",
        ledger_id,
        SheetStatus.VOID.value,
    )
    return found


async def open_amendments(ledger_id: int) -> int:
    """Return how many amendments of a ledger wait for their second person."""
    rows = await Amendment.raw(
        "SELECT COUNT(*) AS found FROM amendment AS a JOIN mark_sheet AS s ON s.id = a.sheet"
        " WHERE s.ledger = {} AND a.outcome = 'open'",
        ledger_id,
    )
    return int(rows[0]["found"])


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
    # A mark of an aspect that the form no longer asks for stays, and is no part of the sheet.
    known = {item.id for item in form.aspects}
    cells = {name: found for name, found in heads.items() if name in known}
    marked = {name: said for name, found in cells.items() if (said := says_of(found)) is not None}
    conflicts = sum(
        len({(head["state"], head["value_e4"]) for head in found}) > 1 for found in cells.values()
    )
    return SheetLine(
        key=row.key,
        code=row.subject_code,
        station=row.station,
        seat=row.seat,
        account_id=row.account,
        judge=row.judge or "",
        form_title=row.form_title,
        form_digest=row.form_digest,
        status=row.status,
        aspect_count=len(form.aspects),
        marked_count=len(marked),
        open_count=len(open_aspects(form, marked)),
        conflict_count=conflicts,
        held_count=held,
        returned_reason=row.returned_reason,
        submitted_at=row.submitted_at,
        signed_at=row.signed_at,
        signed_by=row.signed_by or "",
    )


async def ledger_of(ledger: str) -> LedgerLine | None:
    """Return a ledger with the counts of its sheets, None where none was opened."""
    row = await ledger_row(ledger)
    if row is None:
        return None
    return (await ledger_lines([row]))[0]


async def files_named_on(sheet_id: int, *kinds: RecordKind) -> set[str]:
    """Return the files that the records of a sheet name, or those of some kinds."""
    rows = await LedgerRecord.select(LedgerRecord.kind, LedgerRecord.reason).where(
        LedgerRecord.sheet == sheet_id, LedgerRecord.reason.like("%sha256:%")
    )
    wanted = [row["reason"] for row in rows if not kinds or row["kind"] in kinds]
    return {digest for reason in wanted for digest in files.names_in(reason)}


async def is_named_in(ledger_id: int, digest: str) -> bool:
    """Tell whether a record of a ledger names a file."""
    return await LedgerRecord.exists().where(
        LedgerRecord.ledger == ledger_id, LedgerRecord.reason.like(f"%{files.named(digest)}%")
    )


async def records_of(
    ledger_id: int, *, before: int | None = None, most: int = 200
) -> list[dict[str, Any]]:
    """Return the records of a ledger, newest first, with the sheet of each."""
    rows = await LedgerRecord.raw(
        "SELECT r.seq, r.kind, r.outcome, r.why, r.aspect, r.state, r.value_e4, r.account_name,"
        " r.second_name, r.device, r.device_at, r.server_at, r.reason, r.hash, s.subject_code,"
        " s.seat FROM ledger_record AS r LEFT JOIN mark_sheet AS s ON s.id = r.sheet"
        " WHERE r.ledger = {} AND r.seq < {} ORDER BY r.seq DESC LIMIT {}",
        ledger_id,
        2**62 if before is None else before,
        most,
    )
    return [
        row | {"device_at": instant(row["device_at"]), "server_at": instant(row["server_at"])}
        for row in rows
    ]
