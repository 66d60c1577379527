"""Sheets as actions and pages handle them: a row with its ledger, form and judge."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from app.errors import NotFound
from app.rules.mark_sheet import SheetStatus
from app.sheets.tables import MarkSheet


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


_SHEETS = (
    "SELECT s.id, s.key, s.ledger, l.name AS ledger_name, l.title AS ledger_title, l.subject_word,"
    " s.form, d.digest AS form_digest, d.title AS form_title, s.subject_code, s.station,"
    " s.seat, s.account, a.name AS judge, s.status, s.version, s.returned_reason,"
    " s.submitted_at, s.signed_at, s.signed_by FROM mark_sheet AS s"
    " JOIN sheet_definition AS d ON d.id = s.form"
    " JOIN mark_ledger AS l ON l.id = s.ledger LEFT JOIN account AS a ON a.id = s.account"
)
_ORDER = (
    " ORDER BY l.id, LENGTH(s.subject_code), s.subject_code, d.id, LENGTH(s.seat), s.seat, s.id"
)


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
