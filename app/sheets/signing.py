"""The lead signs submitted sheets, on the glass or with the act alone."""

import base64
import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import Stale
from app.rules.actors import Actor
from app.rules.mark_ledger import RecordKind
from app.rules.mark_sheet import SheetStatus
from app.sheets import acts, files
from app.sheets.actions import subject
from app.sheets.judgements import refuse_apart
from app.sheets.rows import SheetRow, rows_of
from app.sheets.tables import MarkSheet
from app.storage.engine import write_transaction


def drawn(text: str) -> bytes:
    """Return a signature that a page sent as base64, empty for none; raise `FileUnfit`."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise files.FileUnfit from error


async def sign_sheets_within(
    *,
    ledger: str,
    by: Actor,
    at: datetime,
    keys: Collection[str] | None = None,
    signature: bytes = b"",
) -> int:
    """Sign the submitted sheets of a ledger, or some of them, and return how many.

    Only a lead of the ledger signs; `signature` is the PNG of what was written on the glass. Raise
    `SheetInConflict` where two marks of a cell differ, `JudgementsApart` for scores too far apart.
    """
    held = await acts.led_ledger_within(ledger, by)
    rows = acts.chosen(await rows_of(held.id), SheetStatus.SUBMITTED, keys=keys)
    await acts.refuse_unready(rows)
    await refuse_apart({row.id: row.subject_code for row in rows})
    reason = await _kept_within(signature, rows, at) if signature and rows else ""
    await acts.append_within(held, RecordKind.SIGN, rows, by=by, at=at, reason=reason)
    await acts.set_within(
        rows,
        {
            MarkSheet.status: SheetStatus.SIGNED.value,
            MarkSheet.signed_at: at,
            MarkSheet.signed_by: by.name,
            MarkSheet.signed_root: held.root,
        },
    )
    facts = {"sheets": len(rows), "root": held.root}
    await audit.record(act=Act.SHEETS_SIGNED, subject=subject(ledger), by=by, at=at, after=facts)
    return len(rows)


async def _kept_within(signature: bytes, rows: Sequence[SheetRow], at: datetime) -> str:
    digest = hashlib.sha256(signature).hexdigest()
    await files.keep_within(signature, digest=digest, sheet_id=rows[0].id, device="desk", at=at)
    return files.named(digest)


async def sign_sheets(
    *,
    ledger: str,
    keys: Collection[str] | None = None,
    by: Actor,
    at: datetime,
    signature: bytes = b"",
) -> int:
    """Sign submitted sheets; raise `Stale` where none of them waits for a signature any more."""
    async with write_transaction():
        count = await sign_sheets_within(
            ledger=ledger, keys=keys, by=by, at=at, signature=signature
        )
        if not count:
            raise Stale
        return count
