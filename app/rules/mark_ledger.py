"""The mark ledger: a chain of records, and the present value that follows from them.

Every record is appended and never changed. A mark names the marks that it replaces (its parents);
the marks of a cell that nobody replaces are its heads. Two heads that say different things are a
conflict, which a person decides by a mark that replaces both. The rule does not depend on the
order in which the records arrive, nor on how often (offline.md section 3).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

import msgspec

from app.rules.journal_chain import GENESIS
from app.rules.mark_sheet import MarkState

ROOT_OF_NOTHING = GENESIS.hex()
_canonical = msgspec.json.Encoder(order="deterministic")


class RecordKind(StrEnum):
    """What a record of the ledger is about."""

    MARK = "mark"
    NOTE = "note"
    AMENDMENT = "amendment"
    SUBMIT = "submit"
    RETURN = "return"
    VOID = "void"
    REOPEN = "reopen"
    SIGN = "sign"
    LOCK = "lock"
    REFIT = "refit"


class Outcome(StrEnum):
    """What became of a record on arrival: applied, or kept for the chief judge to decide."""

    APPLIED = "applied"
    HELD = "held"


@dataclass(frozen=True)
class CellMark:
    """A mark of one cell (one aspect on one sheet), with the marks that it replaces."""

    id: str
    parents: frozenset[str]
    state: MarkState
    value_e4: int | None = None

    @property
    def says(self) -> tuple[MarkState, int | None]:
        """Return what the mark says, without who said it."""
        return self.state, self.value_e4


@dataclass(frozen=True)
class Break:
    """A place where a chain does not hold."""

    seq: int
    why: str


def heads(marks: Iterable[CellMark]) -> tuple[CellMark, ...]:
    """Return the marks of a cell that no other replaces, in the order of their ids."""
    known = {mark.id: mark for mark in marks}
    replaced = {parent for mark in known.values() for parent in mark.parents}
    return tuple(known[name] for name in sorted(known.keys() - replaced))


def is_conflict(found: Sequence[CellMark]) -> bool:
    """Tell whether the heads of a cell say different things."""
    return len({mark.says for mark in found}) > 1


def present(found: Sequence[CellMark]) -> CellMark | None:
    """Return the mark that holds: None for none, for a conflict, and for one taken back."""
    if not found or is_conflict(found) or found[0].state is MarkState.CLEARED:
        return None
    return found[0]


def next_hash(previous: str, facts: Mapping[str, object]) -> str:
    """Return the hash of a record after the one whose hash is `previous`; both hex.

    It is SHA-256 over the previous hash and the record's facts (texts, whole numbers, null, under
    ASCII names), written as RFC 8785 wants them: any program can recompute it.
    """
    return sha256(bytes.fromhex(previous) + _canonical.encode(facts)).hexdigest()


def first_break(records: Iterable[tuple[int, str, Mapping[str, object]]]) -> Break | None:
    """Return where a chain of (seq, hash, facts) breaks, None where it holds."""
    previous, expected = ROOT_OF_NOTHING, 1
    for seq, stored, facts in records:
        if seq != expected:
            return Break(expected, "gap")
        if next_hash(previous, facts) != stored:
            return Break(seq, "hash")
        previous, expected = stored, seq + 1
    return None
