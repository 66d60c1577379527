"""What the register, the signature and the log together say of a certificate. Pure.

A good signature that is not in the log is unregistered; logged more than 72 hours after its printed
date is late; a key compromised at index N leaves earlier leaves valid; the latest event of a
commit wins (certificates.md section 3). Where two of the three disagree, nobody says "valid".
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from app.certificates import cose
from app.certificates.cose import Signed
from app.certificates.kinds import CertificateStatus, KeyStatus, Verdict
from app.certificates.notes import Leaf, LogEvent
from app.rules.certificate_claim import CertificateKind, Claim

LATE_SECONDS = 72 * 3600


class Doubt(StrEnum):
    """Why nothing can be confirmed."""

    DAMAGED = "register_damaged"
    SIGNATURE = "signature"
    KEY = "key"
    FIELDS = "fields"
    STATUS = "status"
    CHECKPOINT = "checkpoint"


class Unsigned(NamedTuple):
    """What is shown of a certificate but not signed: only its seal vouches for it."""

    title: str
    """The full one; the signature may hold its short form."""
    issuer: str
    reason_code: str = ""
    successor_id: str | None = None
    predecessor_id: str | None = None
    reissues: int = 0


class RegisterRow(Struct, frozen=True):
    """What the register says."""

    verification_id: str
    kind: CertificateKind
    number: str
    name: str
    title: str
    result: str
    issued_on: date
    status: CertificateStatus
    leaf_index: int
    commit: bytes
    unsigned: Unsigned


class KnownKey(Struct, frozen=True):
    """A key of the published list; a leaf after `last_index` is not believed."""

    public_key: bytes
    first_index: int
    last_index: int | None
    status: KeyStatus

    def vouches_for(self, index: int) -> bool:
        """Tell whether a leaf lies in this key's time."""
        return self.first_index <= index and (self.last_index is None or index <= self.last_index)


class Comparison(Struct, frozen=True):
    """What a row's signature says beside the row; `issued_at` is its `iat` in seconds."""

    commit: bytes
    issued_at: int
    is_signed: bool
    differs: tuple[str, ...] = ()


class Standing(Struct, frozen=True):
    """The verdict with what led to it; `logged_at` in seconds."""

    verdict: Verdict
    logged_at: int | None = None
    changed_at: int | None = None
    is_late: bool = False
    doubt: Doubt | None = None
    differs: tuple[str, ...] = ()


EVENT_STATUS = {
    LogEvent.ISSUED: CertificateStatus.VALID,
    LogEvent.RESTORED: CertificateStatus.VALID,
    LogEvent.REVOKED: CertificateStatus.REVOKED,
    LogEvent.CORRECTED: CertificateStatus.CORRECTED,
}


def differences(row: RegisterRow, claim: Claim) -> tuple[str, ...]:
    """Return the names of the parts on which register and signature differ."""
    pairs = {
        "id": (row.verification_id, claim.verification_id),
        "kind": (row.kind, claim.kind),
        "number": (row.number, claim.number),
        "name": (row.name, claim.name),
        "title": (row.title, claim.title),
        "result": (row.result, claim.result),
        "issued_on": (row.issued_on, claim.issued_on),
    }
    return tuple(part for part, (ours, theirs) in pairs.items() if ours != theirs)


def compare(row: RegisterRow, signed: Signed, key: KnownKey | None) -> Comparison:
    """Check the signature and hold the row against it."""
    return Comparison(
        commit=signed.commit,
        issued_at=signed.claim.issued_at,
        is_signed=key is not None and cose.is_signed_by(signed, key.public_key),
        differs=differences(row, signed.claim),
    )


def judge(
    row: RegisterRow,
    compared: Comparison,
    key: KnownKey | None,
    events: Sequence[tuple[int, Leaf]],
    covered: int,
) -> Standing:
    """Weigh the register's row, its signature and its leaves, up to `covered` leaves."""
    issued = next(((index, leaf) for index, leaf in events if leaf.event is LogEvent.ISSUED), None)
    if issued is None or compared.commit != row.commit or issued[0] != row.leaf_index:
        return Standing(Verdict.UNREGISTERED)
    index, leaf = issued
    latest = events[-1][1]
    doubt = _doubt(compared, key, index)
    if doubt is None and compared.differs:
        doubt = Doubt.FIELDS
    if doubt is None and EVENT_STATUS.get(latest.event) is not row.status:
        doubt = Doubt.STATUS
    if doubt is None and index >= covered:
        doubt = Doubt.CHECKPOINT
    return Standing(
        verdict=Verdict(row.status.value) if doubt is None else Verdict.UNCERTAIN,
        logged_at=leaf.at,
        changed_at=latest.at if latest is not leaf else None,
        is_late=leaf.at - compared.issued_at > LATE_SECONDS,
        doubt=doubt,
        differs=compared.differs,
    )


def _doubt(compared: Comparison, key: KnownKey | None, index: int) -> Doubt | None:
    if key is None or not compared.is_signed:
        return Doubt.SIGNATURE
    return None if key.vouches_for(index) else Doubt.KEY
