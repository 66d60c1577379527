"""Go on with the log after a disk was lost: somebody says how far it was published."""

from contextlib import suppress
from datetime import datetime

from app.audit import actions as audit
from app.audit.acts import Act
from app.certificates import log, notes, tiles
from app.certificates.notes import BadNote, Checkpoint
from app.errors import N_, RuleBroken, refusal
from app.rules.actors import Actor
from app.storage.engine import write_transaction


@refusal
class NotOurCheckpoint(RuleBroken):
    """The note is no checkpoint that our log key signed."""

    says = N_("这不是由本日志的密钥签名的检查点。")


@refusal
class NothingToContinue(RuleBroken):
    """What was published is remembered; there is nothing to state about it."""

    says = N_("这台机器记得已公布的检查点，不需要也不能另行声明。")


async def remember(note: str) -> Checkpoint:
    """Take back a checkpoint, alone or in a proof, from whoever kept it; raise `NotOurCheckpoint`.

    Return the largest that is remembered now. Whether the database holds them all is asked at the
    next issue.
    """
    if note.startswith(notes.PROOF_HEADER):
        note = note.partition("\n\n")[2]
    checkpoint = await own_checkpoint(note)
    known = await _remembered()
    log.remember(*known.values(), note)
    return max([*known, checkpoint], key=lambda one: one.size)


async def _remembered() -> dict[Checkpoint, str]:
    """Return what this machine remembers, without what was damaged."""
    known = {}
    for note in log.remembered_notes():
        with suppress(NotOurCheckpoint):
            known[await own_checkpoint(note)] = note
    return known


async def state_complete(reason: str, *, by: Actor, at: datetime) -> int:
    """State that nothing was published after what the database holds; return its size."""
    if log.remembered():
        raise NothingToContinue
    checkpoint, note = await tiles.latest_checkpoint()
    async with write_transaction():
        await audit.record(
            act=Act.LOG_CONTINUED,
            subject="certificates.log",
            by=by,
            at=at,
            after={"size": checkpoint.size},
            reason=reason,
        )
    log.remember(note)
    return checkpoint.size


async def own_checkpoint(note: str) -> Checkpoint:
    """Return a checkpoint that our log key signed; raise `NotOurCheckpoint`."""
    try:
        return notes.parse_checkpoint(notes.open_note(note, *await log.vkeys()))
    except BadNote:
        raise NotOurCheckpoint from None
