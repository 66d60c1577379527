"""The log's public texts: leaves, signed notes, checkpoints, proofs (c2sp.org/signed-note,
tlog-checkpoint, tlog-proof).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import cbor2

from app.certificates.signer import Signer, verify
from app.certificates.tree import HASH_BYTES
from app.rules import strict_cbor

ED25519 = b"\x01"
COSIGNATURE = b"\x04"
KEY_ID_BYTES = 4
DIGEST_DIGITS = 16
DASH = "\u2014 "
PROOF_HEADER = "c2sp.org/tlog-proof@v1"
MOST_NOTE = 100_000
COUNT = re.compile(r"0|[1-9][0-9]{0,17}")
"""A size or an index: no log has more leaves, and every column of both databases holds it."""


class LogEvent(IntEnum):
    """What a leaf says; never renumbered (certificates.md section 3)."""

    ISSUED = 1
    REVOKED = 2
    RESTORED = 3
    CORRECTED = 4
    KEY_ADDED = 5
    KEY_RETIRED = 6
    KEY_COMPROMISED = 7
    ERASED = 8


class BadNote(ValueError):
    """A note, checkpoint or proof is malformed, or nobody we trust signed it."""


@dataclass(frozen=True)
class Leaf:
    """One event of the log; `at` in seconds."""

    event: LogEvent
    commit: bytes
    at: int

    @property
    def data(self) -> bytes:
        """The leaf's bytes: deterministic CBOR `[event, commit, t]`."""
        return cbor2.dumps([int(self.event), self.commit, self.at], canonical=True)


def parse_leaf(data: bytes) -> Leaf:
    """Read a leaf; raise `BadNote` for any other form."""
    try:
        match strict_cbor.loads(data):
            case [int(event), bytes(commit), int(at)] if len(commit) == HASH_BYTES and at >= 0:
                return Leaf(LogEvent(event), commit, at)
    except ValueError as error:
        raise BadNote("not a leaf") from error
    raise BadNote("not a leaf")


@dataclass(frozen=True)
class Checkpoint:
    """A tree head: origin, size, root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed, with its final newline."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint's text; raise `BadNote`."""
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not COUNT.fullmatch(lines[1]) or lines[-1]:
        raise BadNote("not a checkpoint")
    checkpoint = Checkpoint(lines[0], int(lines[1]), _hash(lines[2]))
    if not text.startswith(checkpoint.text):
        raise BadNote("not a checkpoint")
    return checkpoint


def key_id(name: str, public_key: bytes, kind: bytes = ED25519) -> bytes:
    """Return the four bytes that name a key in a signature line."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public_key).digest()[:KEY_ID_BYTES]


def vkey(name: str, public_key: bytes, kind: bytes = ED25519) -> str:
    """Write a verifier key: name, key ID, key; `kind` says what the key signs."""
    return f"{name}+{key_id(name, public_key, kind).hex()}+{_base64(kind + public_key)}"


def key_digest(verifier_key: str) -> str:
    """Return what people compare of a key by eye and ear; devices that verify ask for it."""
    digest = hashlib.sha256(verifier_key.encode()).hexdigest()[:DIGEST_DIGITS]
    return " ".join(digest[place : place + 4] for place in range(0, DIGEST_DIGITS, 4))


def parse_vkey(text: str, kind: bytes = ED25519) -> tuple[str, bytes]:
    """Return the name and the public key of a verifier key of this kind; raise `BadNote`."""
    name, _, rest = text.strip().partition("+")
    identity, _, encoded = rest.partition("+")
    raw = _decoded(encoded)
    if (
        not is_key_name(name)
        or len(raw) != 1 + HASH_BYTES
        or raw[:1] != kind
        or vkey(name, raw[1:], kind) != f"{name}+{identity}+{encoded}"
    ):
        raise BadNote("not an Ed25519 verifier key")
    return name, raw[1:]


def is_key_name(name: str) -> bool:
    """Tell whether a key may have this name: something without blanks and plus signs."""
    return bool(name) and "+" not in name and not any(character.isspace() for character in name)


def signed_note(text: str, name: str, signer: Signer) -> str:
    """Return the text, a blank line and our signature line."""
    signature = key_id(name, signer.public_key) + signer.sign(text.encode())
    return f"{text}\n{signature_line(name, signature)}"


def signature_line(name: str, signature: bytes) -> str:
    """Write one signature line."""
    return f"{DASH}{name} {_base64(signature)}\n"


def open_note(note: str, *verifier_keys: str) -> str:
    """Return a note's text where one of these keys signed it; raise `BadNote` otherwise."""
    known = {
        (name, key_id(name, public_key)): public_key
        for name, public_key in map(parse_vkey, verifier_keys)
    }
    text, signatures = note_parts(note)
    for signer_name, signature in signatures:
        if public_key := known.get((signer_name, signature[:KEY_ID_BYTES])):
            if verify(public_key, signature[KEY_ID_BYTES:], text.encode()):
                return text
            raise BadNote("a signature of the known key does not hold")
    raise BadNote("not signed by the known key")


def note_parts(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return a note's text and its signatures as (name, key ID and signature)."""
    text, blank, lines = note.rpartition("\n\n")
    is_plain = all(character == "\n" or character >= " " for character in note)
    if not blank or len(note) > MOST_NOTE or not is_plain or not lines.endswith("\n"):
        raise BadNote("not a signed note")
    signatures = []
    for line in lines.removesuffix("\n").split("\n"):
        name, _, encoded = line.removeprefix(DASH).partition(" ")
        if not line.startswith(DASH) or not name:
            raise BadNote("not a signature line")
        signatures.append((name, _decoded(encoded)))
    return f"{text}\n", signatures


def proof_text(index: int, path: Sequence[bytes], note: str, leaf: bytes) -> str:
    """Write a proof that a leaf is in the tree of a checkpoint; its bytes are the `extra`."""
    hashes = "".join(f"{_base64(hash_)}\n" for hash_ in path)
    return f"{PROOF_HEADER}\nextra {_base64(leaf)}\nindex {index}\n{hashes}\n{note}"


def proof_extra(text: str) -> bytes:
    """Return the leaf's bytes that a proof carries; raise `BadNote` where it carries none."""
    line = text.split("\n", 2)[1] if text.count("\n") > 1 else ""
    if not line.startswith("extra "):
        raise BadNote("no leaf in the proof")
    return _decoded(line.removeprefix("extra "))


def parse_proof(text: str) -> tuple[int, list[bytes], str]:
    """Return index, path and checkpoint note of a proof; raise `BadNote`."""
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if len(lines) > 1 and lines[1].startswith("extra "):
        del lines[1]
    if len(lines) < 2 or lines[0] != PROOF_HEADER or not blank or not lines[1].startswith("index "):
        raise BadNote("not a proof")
    index = lines[1].removeprefix("index ")
    if not COUNT.fullmatch(index):
        raise BadNote("not an index")
    return int(index), [_hash(line) for line in lines[2:]], note


def entry_bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries with their 16-bit lengths, as tiles of entries hold them."""
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decoded(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("not base64") from error
    if _base64(raw) != text:
        raise BadNote("not canonical base64")
    return raw


def _hash(text: str) -> bytes:
    raw = _decoded(text)
    if len(raw) != HASH_BYTES:
        raise BadNote("not a hash")
    return raw
