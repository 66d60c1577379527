"""What a witness says of a checkpoint: `cosignature/v1` lines (c2sp.org/tlog-cosignature). Pure.

The line says that, at its time, this was the largest tree of the log that the witness had seen,
and that it grew out of every smaller one that the witness saw before.
"""

from dataclasses import dataclass

from app.certificates import notes
from app.certificates.notes import COSIGNATURE, KEY_ID_BYTES, BadNote
from app.certificates.signer import Signer, verify

TIME_BYTES = 8
LATEST = 2**63


@dataclass(frozen=True)
class Cosignature:
    """One line that holds; `at` in seconds."""

    witness: str
    at: int
    line: str


def vkey(name: str, public_key: bytes) -> str:
    """Write a witness's verifier key."""
    return notes.vkey(name, public_key, COSIGNATURE)


def cosigned(checkpoint_text: str, name: str, signer: Signer, at: int) -> str:
    """Return the signature line of a witness under a checkpoint's text."""
    signature = signer.sign(_message(checkpoint_text, at))
    named = notes.key_id(name, signer.public_key, COSIGNATURE)
    return notes.signature_line(name, named + at.to_bytes(TIME_BYTES) + signature)


def found_in(note: str, verifier_key: str) -> Cosignature | None:
    """Return a witness's cosignature of a note; None where there is none.

    Raise `BadNote` for one that does not hold, or for a malformed note or key.
    """
    name, public_key = notes.parse_vkey(verifier_key, COSIGNATURE)
    text, signatures = notes.note_parts(note)
    named = notes.key_id(name, public_key, COSIGNATURE)
    for signer_name, raw in signatures:
        if signer_name != name or raw[:KEY_ID_BYTES] != named:
            continue
        stamp = raw[KEY_ID_BYTES : KEY_ID_BYTES + TIME_BYTES]
        at = int.from_bytes(stamp)
        signature = raw[KEY_ID_BYTES + TIME_BYTES :]
        if (
            len(stamp) == TIME_BYTES
            and at < LATEST
            and verify(public_key, signature, _message(text, at))
        ):
            return Cosignature(name, at, notes.signature_line(name, raw))
        raise BadNote("a cosignature of the known witness does not hold")
    return None


def _message(checkpoint_text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{checkpoint_text}".encode()
