"""A log key that was lost: two persons let another one go on signing the log.

The last checkpoint gets the new key's signature beside the old one's. It is the bridge: whoever
knows either key reads the same size and root there, and computes the growth from it.
"""

from app.certificates import log, log_vkeys, notes, signer, tiles
from app.certificates.tables import LogCheckpoint
from app.errors import N_, RuleBroken, refusal


@refusal
class NotAnotherKey(RuleBroken):
    """The log key that signs now is the log's own, or is not the one that was proposed."""

    says = N_("日志密钥 {kid} 不能启用：它就是本日志的密钥，或者签名者现在用的是另一把。")
    kid: str


def signing(host: str) -> str:
    """Return the ID of the log key that signs now, as its signature lines hold it."""
    return notes.key_id(log_vkeys.origin_of(host), signer.signers().log.public_key).hex()


async def head_within(kid: str) -> log.Head:
    """Lock a log whose key is another than the one of this ID, which signs; raise otherwise.

    Nothing that was published under the old keys may be missing (`log.refuse_fork`).
    """
    head = await log.locked_head()
    if head is None or kid != signing(head.host) or await log_vkeys.is_own():
        raise NotAnotherKey(kid)
    if head.vkeys:
        await log.refuse_fork(head)
    return head


async def sign_last() -> str:
    """Return the last checkpoint's note with the signature of the key that signs now added."""
    note = await tiles.last_note()
    if not note:
        return ""
    text, _ = notes.note_parts(note)
    name = log_vkeys.origin_of(await log.host())
    signed = await signer.apart(notes.signed_note, text, name, signer.signers().log)
    return note + signed.removeprefix(f"{text}\n")


async def replace_within(kid: str, note: str) -> str:
    """Let the key of this ID sign from now on; return its verifier key.

    `note` is the last checkpoint under both keys. Raise `NotAnotherKey` where it is not the last.
    """
    head = await head_within(kid)
    if not note.startswith(await tiles.last_note()):
        raise NotAnotherKey(kid)
    vkey = await log_vkeys.add_within(head.host)
    await log.changed_within()
    if note:
        size = notes.parse_checkpoint(notes.note_parts(note)[0]).size
        log.remember(note, *(log.remembered_notes() if head.vkeys else []))
        await LogCheckpoint.update({LogCheckpoint.note: note}).where(LogCheckpoint.size == size)
    return vkey
