"""Open sheets, submit, return, sign and lock: one verb, one transaction, one journal record."""

import base64
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import Stale
from app.rules import mark_ledger
from app.rules.actors import Actor, Scope
from app.rules.mark_ledger import RecordKind
from app.rules.mark_sheet import SheetForm, SheetStatus
from app.sheets import acts, forms, keying, leads
from app.sheets import ledger as chain
from app.sheets.acts import ReasonNeeded, SheetsUnsigned, UndecidedMarks
from app.sheets.judgements import refuse_apart
from app.sheets.ledger import LedgerLocked, LockedLedger
from app.sheets.queries import unsettled
from app.sheets.rows import rows_of
from app.sheets.settings import encoded, settings_of
from app.sheets.tables import MarkLedger, MarkSheet
from app.storage.engine import write_transaction

KEY_BYTES = 10
ROWS_A_STATEMENT = 400


class LedgerSpec(Struct, frozen=True, kw_only=True):
    """A ledger to open: its name, and who leads it besides the chief judges of its scopes."""

    name: str
    title: str
    scopes: tuple[Scope, ...] = ()
    lead_ids: tuple[int, ...] = ()
    subject_word: str = "编号"
    max_spread: int = 1


class SheetSpec(Struct, frozen=True, kw_only=True):
    """A sheet to open: one seat, one code, one form."""

    subject_code: str
    seat: str
    form: SheetForm
    station: str = ""
    account_id: int | None = None


def subject(ledger_name: str) -> str:
    """Return how the journal names a ledger."""
    return f"sheets.ledger:{ledger_name}"


async def open_sheets_within(
    *, ledger: LedgerSpec, specs: Sequence[SheetSpec], by: Actor, at: datetime
) -> int:
    """Open the sheets that are not there yet and return how many.

    A sheet that is there and still open goes to the judge that the spec names. Raise
    `LedgerLocked` where marks are final already.
    """
    held = await _ledger_within(ledger, at)
    form_ids = await forms.store_within(
        {forms.digest_of(spec.form): spec.form for spec in specs}.values()
    )
    digests: dict[int, str] = {}
    for spec in specs:
        digests.setdefault(id(spec.form), forms.digest_of(spec.form))
    there = {(row.form, row.subject_code, row.seat): row for row in await rows_of(held.id)}
    new: list[MarkSheet] = []
    for spec in specs:
        place = (form_ids[digests[id(spec.form)]], spec.subject_code, spec.seat)
        row = there.get(place)
        if row is None:
            new.append(_sheet(held.id, place[0], spec))
        elif row.account != spec.account_id and row.status is SheetStatus.OPEN:
            await MarkSheet.update(
                {MarkSheet.account: spec.account_id, MarkSheet.version: row.version + 1}
            ).where(MarkSheet.id == row.id)
    for start in range(0, len(new), ROWS_A_STATEMENT):
        await MarkSheet.insert(*new[start : start + ROWS_A_STATEMENT])
    await audit.record(
        act=Act.SHEETS_OPENED,
        subject=subject(ledger.name),
        by=by,
        at=at,
        after={"sheets": len(new)},
    )
    return len(new)


async def _ledger_within(spec: LedgerSpec, at: datetime) -> LockedLedger:
    row = await MarkLedger.select(MarkLedger.settings).where(MarkLedger.name == spec.name).first()
    chosen = settings_of(row or {"settings": None})
    facts: dict[Any, Any] = {
        "settings": encoded(msgspec.structs.replace(chosen, max_spread=spec.max_spread)),
        "title": spec.title,
        "subject_word": spec.subject_word,
        "scopes": leads.encoded_scopes(spec.scopes),
        "lead_ids": leads.encoded_ids(spec.lead_ids),
    }
    if row is None:
        root = mark_ledger.ROOT_OF_NOTHING
        await MarkLedger(name=spec.name, seq=0, root=root, opened_at=at, **facts).save()
    held = await chain.lock_within(spec.name)
    if held.is_locked:
        raise LedgerLocked(spec.title)
    await MarkLedger.update(facts).where(MarkLedger.id == held.id)
    return held


def _sheet(ledger_id: int, form_id: int, spec: SheetSpec) -> MarkSheet:
    return MarkSheet(
        key=base64.b32encode(secrets.token_bytes(KEY_BYTES)).decode().lower(),
        ledger=ledger_id,
        form=form_id,
        subject_code=spec.subject_code,
        station=spec.station,
        seat=spec.seat,
        account=spec.account_id,
        status=SheetStatus.OPEN.value,
        version=1,
        returned_reason="",
        submitted_at=None,
        signed_at=None,
        signed_by=None,
        signed_root=None,
    )


async def submit_sheets_within(
    *,
    ledger: str,
    by: Actor,
    at: datetime,
    codes: Collection[str] | None = None,
    keys: Collection[str] | None = None,
    reason: str = "",
) -> int:
    """Submit the open sheets of a ledger, or of some codes or keys, and return how many.

    Raise `SheetIncomplete`, `SheetInConflict`, `JudgementsApart` or `WordOwed` for the first that
    is not ready.
    """
    held = await acts.open_ledger_within(ledger)
    rows = acts.chosen(await rows_of(held.id), SheetStatus.OPEN, codes=codes, keys=keys)
    await acts.require_own_or_led(rows, ledger, by)
    await acts.refuse_unready(rows)
    await refuse_apart({row.id: row.subject_code for row in rows})
    await acts.append_within(held, RecordKind.SUBMIT, rows, by=by, at=at, reason=reason)
    await acts.set_within(
        rows,
        {
            MarkSheet.status: SheetStatus.SUBMITTED.value,
            MarkSheet.submitted_at: at,
            MarkSheet.returned_reason: "",
        },
    )
    await audit.record(
        act=Act.SHEETS_SUBMITTED,
        subject=subject(ledger),
        by=by,
        at=at,
        reason=reason.strip(),
        after={"sheets": len(rows)},  # Which ones the ledger says, without the judge's name.
    )
    return len(rows)


async def submit_for_judge(key: str, *, ledger: str, reason: str, by: Actor, at: datetime) -> None:
    """Submit an open sheet as its lead, for a judge who has gone; raise `Stale` where it is not.

    The reason stands for the words that the judge owes: those scores are said again with it.
    """
    if not reason.strip():
        raise ReasonNeeded
    async with write_transaction():
        held = await acts.led_ledger_within(ledger, by)
        rows = acts.chosen(await rows_of(held.id), SheetStatus.OPEN, keys=(key,))
        if not rows:
            raise Stale
        await keying.repeat_owed_within(rows[0], reason=reason.strip(), by=by, at=at)
        await submit_sheets_within(ledger=ledger, keys=(key,), reason=reason, by=by, at=at)


async def return_sheet(key: str, *, ledger: str, reason: str, by: Actor, at: datetime) -> None:
    """Give a submitted or signed sheet back to its judge; raise `Stale` where it is neither."""
    if not reason.strip():
        raise ReasonNeeded
    async with write_transaction():
        held = await acts.led_ledger_within(ledger, by)
        every = await rows_of(held.id)
        rows = [
            row
            for row in every
            if row.key == key and row.status in (SheetStatus.SUBMITTED, SheetStatus.SIGNED)
        ]
        if not rows:
            raise Stale
        await acts.append_within(held, RecordKind.RETURN, rows, by=by, at=at, reason=reason)
        await acts.open_again_within(rows, reason)
        await audit.record(
            act=Act.SHEET_RETURNED,
            subject=subject(ledger),
            by=by,
            at=at,
            reason=reason,
            after={"sheet": key},
        )


async def void_sheets_within(
    *, ledger: str, codes: Collection[str], reason: str, by: Actor, at: datetime
) -> int:
    """Take the sheets of subjects who were absent or withdrew out of the count; return how many."""
    held = await acts.open_ledger_within(ledger)
    rows = [
        row
        for row in await rows_of(held.id)
        if row.subject_code in codes and row.status is not SheetStatus.VOID
    ]
    await acts.append_within(held, RecordKind.VOID, rows, by=by, at=at, reason=reason)
    await acts.set_within(
        rows, {MarkSheet.status: SheetStatus.VOID.value, MarkSheet.returned_reason: reason}
    )
    await audit.record(
        act=Act.SHEETS_VOIDED,
        subject=subject(ledger),
        by=by,
        at=at,
        reason=reason,
        after={"sheets": len(rows)},
    )
    return len(rows)


async def lock_ledger_within(*, ledger: str, by: Actor, at: datetime) -> str:
    """Lock a ledger for good and return its root; with no sheet that counts, nobody is left.

    Raise `SheetsUnsigned` while a sheet is unsigned, `UndecidedMarks` while a held mark waits,
    `SheetIncomplete`, `SheetInConflict`, `JudgementsApart` or `WordOwed` where a sheet is not ready
    any more.
    """
    held = await acts.led_ledger_within(ledger, by)
    rows = [row for row in await rows_of(held.id) if row.status is not SheetStatus.VOID]
    unsigned = [row for row in rows if row.status is not SheetStatus.SIGNED]
    if unsigned:
        raise SheetsUnsigned(len(unsigned), len(rows))
    waiting = await unsettled(held.id)
    if waiting:
        raise UndecidedMarks(len(waiting))
    await acts.refuse_unready(rows)
    await refuse_apart({row.id: row.subject_code for row in rows})
    await acts.append_within(held, RecordKind.LOCK, [None], by=by, at=at)
    await acts.set_within(rows, {MarkSheet.status: SheetStatus.LOCKED.value})
    await MarkLedger.update({MarkLedger.locked_at: at, MarkLedger.locked_by: by.name}).where(
        MarkLedger.id == held.id
    )
    await audit.record(
        act=Act.LEDGER_LOCKED, subject=subject(ledger), by=by, at=at, after={"root": held.root}
    )
    return held.root


async def lock_ledger(name: str, *, by: Actor, at: datetime) -> str:
    """Lock a ledger for good and return its root; see `lock_ledger_within`."""
    async with write_transaction():
        return await lock_ledger_within(ledger=name, by=by, at=at)
