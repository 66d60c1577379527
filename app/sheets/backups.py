"""A tablet's backup file: all that it has not sent, carried to the desk by hand.

It is what the tablet would send, photos and signatures with it, sealed as they lie there; so
nothing counts twice when the tablet sends the same later, and nobody can read it on the way.
"""

import base64
import binascii
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from app.audit import actions as audit
from app.audit.acts import Act
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor
from app.sheets import devices, files, queries, taking, vaults
from app.sheets.devices import TabletFacts
from app.sheets.files import FileUnfit
from app.sheets.gathering import MOST_ENTRIES
from app.sheets.intake import Sent, Verdict, sheets_by_key
from app.sheets.sync import HEX_SHA256, PROTO, UNREADABLE, SyncBatch, parse
from app.sheets.tables import Tablet
from app.storage.engine import write_transaction

MOST_BYTES: Final = 64 * 1024 * 1024
LONGEST_FILE: Final = 4 * (files.MOST_BYTES + 100) // 3


class Kept(Enum):
    """What becomes of a file: a signature whose sheet was not taken is named by no record."""

    HERE = "here"
    UNNAMED = "unnamed"
    REFUSED = "refused"
    DAMAGED = "damaged"


class KeptFile(Struct, frozen=True):
    """A photo or a signature as it lies on a tablet; sealed by the judge of a vault, or open.

    One that the house has refused already is carried along, so that its only copy is not lost.
    """

    digest: Annotated[str, Meta(pattern=HEX_SHA256)]
    sheet: Annotated[str, Meta(pattern="^[a-z2-7]{1,40}$")]
    content: Annotated[str, Meta(max_length=LONGEST_FILE)]
    vault: Annotated[int, Meta(ge=0, le=2**53)] = 0
    is_refused: bool = msgspec.field(name="refused", default=False)


class Backup(SyncBatch, frozen=True):
    """What a tablet would send, and its files."""

    files: list[msgspec.Raw] = msgspec.field(default_factory=list)


class BackupOutcome(Struct, frozen=True):
    """What became of a backup file's entries and files."""

    taken: int
    again: int
    held: int
    rejected: int
    files: int
    files_refused: int


@refusal
class NotABackup(RuleBroken):
    """The file is no backup of a tablet of ours."""

    says = N_("这个文件不是本系统平板导出的备份文件。请在平板的“我的评分表”页面点“导出备份文件”。")
    field = "file"


async def take_in(body: bytes, *, by: Actor, at: datetime) -> BackupOutcome:
    """Take in a tablet's backup file; when the tablet sends the same later, nothing counts twice.

    Raise `NotABackup` for a strange file or one of a tablet that was never paired.
    """
    try:
        backup = msgspec.json.decode(body, type=Backup)
    except UNREADABLE as error:
        raise NotABackup from error
    if backup.proto != PROTO or "\0" in backup.device:
        raise NotABackup
    tablet = await devices.tablet_by_key(backup.device)
    if tablet is None:
        raise NotABackup
    verdicts = await _take_entries(backup.entries, tablet, at)
    kept = Counter([await _keep(raw, tablet, at) for raw in backup.files])
    new = [verdict for verdict in verdicts if not verdict.is_again]
    outcome = BackupOutcome(
        taken=sum(verdict.status == "ok" for verdict in new),
        again=len(verdicts) - len(new),
        held=sum(verdict.status == "held" for verdict in new),
        rejected=sum(verdict.status == "rejected" for verdict in new),
        files=kept[Kept.HERE],
        files_refused=kept.total() - kept[Kept.HERE],
    )
    async with write_transaction():
        if not kept[Kept.DAMAGED]:
            # It holds nothing any more that is not here, unless it was marked on afterwards.
            await Tablet.update({Tablet.pending: 0}).where(
                Tablet.id == tablet.id, Tablet.last_seq <= backup.seq
            )
        subject = f"sheets.tablet:{tablet.key}"
        facts = msgspec.structs.asdict(outcome)
        await audit.record(act=Act.BACKUP_TAKEN_IN, subject=subject, by=by, at=at, after=facts)
    return outcome


async def _take_entries(
    entries: Sequence[msgspec.Raw], tablet: TabletFacts, at: datetime
) -> list[Verdict]:
    verdicts: list[Verdict] = []
    for start in range(0, len(entries), MOST_ENTRIES):
        parsed = [parse(raw, tablet.key) for raw in entries[start : start + MOST_ENTRIES]]
        async with write_transaction():
            [found] = await taking.take_within([Sent(tablet, parsed, at)])
        verdicts += found
    return verdicts


async def _keep(raw: msgspec.Raw, tablet: TabletFacts, at: datetime) -> Kept:
    """Keep a file that a record of its sheet names; tell what became of it."""
    try:
        file = msgspec.json.decode(raw, type=KeptFile)
    except UNREADABLE:
        return Kept.DAMAGED
    try:
        sheet = (await sheets_by_key([file.sheet])).get(file.sheet)
        if sheet is None or file.digest not in await queries.files_named_on(sheet.id):
            return Kept.UNNAMED
        content = base64.b64decode(file.content, validate=True)
        if file.vault:
            content = files.unsealed(content, vaults.key_of(tablet.key, file.vault))
        await files.keep(content, digest=file.digest, sheet_id=sheet.id, device=tablet.key, at=at)
    except (*UNREADABLE, binascii.Error, FileUnfit):
        return Kept.REFUSED if file.is_refused else Kept.DAMAGED
    return Kept.HERE
