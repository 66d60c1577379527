"""Take cosignatures of witnesses, and what a witness remembers of a log that was rolled back."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from app.certificates import cosignatures, log, notes, resuming, tiles
from app.certificates.notes import BadNote
from app.certificates.tables import LogCheckpoint, LogCosignature
from app.errors import N_, RuleBroken, refusal
from app.storage.engine import write_transaction

logger = logging.getLogger(__name__)


@refusal
class NoKnownWitness(RuleBroken):
    """None of the lines is a cosignature of a witness that we know."""

    says = N_(
        "检查点上没有本站认识的见证人的有效联署。见证人的公钥由系统管理员写进设置 WITNESSES。"
    )


class WitnessLine(Struct, frozen=True, kw_only=True):
    """A witness and the largest checkpoint that it cosigned; None for none yet."""

    name: str
    vkey: str
    size: int | None
    at: datetime | None


async def accept(note: str, trusted: Sequence[str], at: datetime) -> list[str]:
    """Keep the cosignatures of known witnesses under a checkpoint of ours; return their names.

    A checkpoint that our key signed and the database does not hold shows that the database is an
    older one, or went on from an older one: it is remembered beside what we knew already, and
    nothing is issued any more until the database holds all of that.
    Raise `resuming.NotOurCheckpoint`, `log.LogWouldFork` or `NoKnownWitness`.
    """
    checkpoint = await resuming.own_checkpoint(note)
    size = await tiles.covered_size()
    if not await log.holds(checkpoint, size):
        logger.error("a checkpoint of %s leaves that our key signed is not ours", checkpoint.size)
        log.remember(*(log.remembered_notes() or [log.UNKNOWN]), note)
        raise log.LogWouldFork(size, checkpoint.size)
    found = _cosignatures(note, trusted)
    if not found or not await LogCheckpoint.exists().where(LogCheckpoint.size == checkpoint.size):
        raise NoKnownWitness
    async with write_transaction():
        for cosignature in found:
            await _keep_within(checkpoint.size, cosignature, at)
    return [cosignature.witness for cosignature in found]


async def standing(trusted: Sequence[str]) -> list[WitnessLine]:
    """Return the known witnesses with the largest checkpoint that each cosigned."""
    lines = []
    for vkey in trusted:
        name, _ = notes.parse_vkey(vkey, notes.COSIGNATURE)
        row = (
            await LogCosignature.select(LogCosignature.size, LogCosignature.at)
            .where(LogCosignature.witness == name)
            .order_by(LogCosignature.size, ascending=False)
            .first()
        )
        size, at = (row["size"], row["at"]) if row else (None, None)
        lines.append(WitnessLine(name=name, vkey=vkey, size=size, at=at))
    return lines


async def problems(trusted: Sequence[str]) -> list[str]:
    """Return the kept lines that are not what their witness signed under their checkpoint."""
    vkeys = {notes.parse_vkey(vkey, notes.COSIGNATURE)[0]: vkey for vkey in trusted}
    noted = {row["size"]: row["note"] for row in await _cosigned()}
    return [
        f"log: the line of {row['witness']} under {row['size']} does not hold"
        for row in await LogCosignature.select().order_by(LogCosignature.id)
        if not _holds(noted.get(row["size"], "") + row["line"], row["witness"], vkeys)
    ]


def _holds(note: str, witness: str, vkeys: Mapping[str, str]) -> bool:
    """Tell whether a witness signed a note.

    Of one that is trusted no more, and of a key that it has replaced, the name is all there is.
    """
    try:
        if witness in vkeys and cosignatures.found_in(note, vkeys[witness]) is not None:
            return True
        return witness == notes.note_parts(note)[1][-1][0]
    except BadNote:
        return False


async def _cosigned() -> list[dict[str, Any]]:
    sizes = [row["size"] for row in await LogCosignature.select(LogCosignature.size).distinct()]
    if not sizes:
        return []
    return await LogCheckpoint.select(LogCheckpoint.size, LogCheckpoint.note).where(
        LogCheckpoint.size.is_in(sizes)
    )


def _cosignatures(note: str, trusted: Sequence[str]) -> list[cosignatures.Cosignature]:
    found = []
    for vkey in trusted:
        try:
            cosignature = cosignatures.found_in(note, vkey)
        except BadNote:
            continue
        if cosignature is not None:
            found.append(cosignature)
    return found


async def _keep_within(size: int, cosignature: cosignatures.Cosignature, at: datetime) -> None:
    held = LogCosignature.exists().where(LogCosignature.size == size)
    if await held.where(LogCosignature.witness == cosignature.witness):
        return
    await LogCosignature(
        size=size, witness=cosignature.witness, line=cosignature.line, at=at
    ).save()
    await log.changed_within()
