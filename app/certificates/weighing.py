"""What the public may see of a certificate: the rows of one statement, weighed. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.certificates import cose, seals
from app.certificates.kinds import CertificateStatus, KeyStatus, RevocationReason, Verdict
from app.certificates.notes import Leaf, LogEvent
from app.certificates.verdicts import (
    Comparison,
    KnownKey,
    RegisterRow,
    Standing,
    Unsigned,
    compare,
    judge,
)
from app.rules.certificate_claim import LATEST, CertificateKind
from app.rules.identity import masked_name


class PublicEntry(Struct, frozen=True, kw_only=True):
    """What anyone who holds the ID may see; the name is masked, and no scores are here."""

    id: str
    verdict: Verdict
    kind: CertificateKind
    number: str
    title: str
    claim_title: str
    masked_name: str
    issued_on: date
    issuer: str
    logged_at: int | None
    changed_at: int | None
    is_late: bool
    doubt: str
    differs: tuple[str, ...]
    reason_code: str
    successor_id: str | None
    predecessor_id: str | None
    reissues: int
    leaf_index: int
    commit: str
    changes: int
    """Of the public pages when this was read: `log.changes`."""


class EntryRow(NamedTuple):
    """A certificate with a leaf, its key, its issuer and the log's reach, as `ENTRY` reads them."""

    verification_id: str
    kind: CertificateKind
    number: str
    name: str
    title: str
    claim_title: str
    result: str
    issued_on: date
    issuer_name: str
    status: CertificateStatus
    reason_code: str
    successor_id: str | None
    predecessor_id: str | None
    reissues: int
    leaf_index: int
    commit: str
    cose: bytes
    seal: bytes | None
    public_key: str | None
    first_index: int | None
    last_index: int | None
    key_status: KeyStatus | None
    registered_issuer: str | None
    covered: int | None
    changes: int
    leaf_number: int | None
    event: LogEvent | None
    at: int | None


ENTRY = """
SELECT c.verification_id, c.kind, c.number, c.name, c.title, c.claim_title, c.result, c.issued_on,
    c.issuer_name, c.status, c.reason_code, c.successor_id, c.predecessor_id, c.reissues,
    c.leaf_index, c."commit", c.cose, c.seal, k.public_key, k.first_index, k.last_index, k.status,
    i.name, (SELECT MAX(size) FROM certificate_log_checkpoint),
    (SELECT changes FROM certificate_log_head), l.number, l.event, l."at"
FROM certificate c LEFT JOIN certificate_issuing_key k ON k.kid = c.kid
LEFT JOIN issuer i ON i.id = c.issuer
LEFT JOIN certificate_log_leaf l ON l."commit" = c."commit"
WHERE c.verification_id = ?
"""
"""The one statement of the busiest page: a row for each leaf of the certificate's commit."""


def weighed(found: Sequence[tuple[object, ...]], *, believes_seals: bool) -> PublicEntry:
    """Weigh what the register says.

    Raise `ValueError` for what was never written there: SQLite keeps bytes as a text, for one.
    """
    # Nearly all have one leaf: it is sorted here, where that costs nothing.
    rows = sorted(msgspec.convert(found, list[EntryRow]), key=_place)
    row, claimed, key = rows[0], _claimed(rows[0]), _key(rows[0])
    sealed = seals.comparison(row.seal, claimed, row.cose, key)
    compared = sealed if believes_seals else None
    if compared is None:
        compared = _compared(row, claimed, key, is_sealed=sealed is not None)
    standing = _standing(rows, claimed, key, compared)
    reason = RevocationReason(row.reason_code).value if row.reason_code else ""
    shown = claimed.unsigned._replace(reason_code=reason)
    if sealed is None:
        shown = Unsigned(row.claim_title, row.issuer_name)
    return PublicEntry(
        id=row.verification_id,
        verdict=standing.verdict,
        kind=claimed.kind,
        number=row.number,
        title=shown.title,
        claim_title=row.claim_title,
        masked_name=masked_name(row.name),
        issued_on=row.issued_on,
        issuer=shown.issuer,
        logged_at=standing.logged_at,
        changed_at=standing.changed_at,
        is_late=standing.is_late,
        doubt=standing.doubt.value if standing.doubt else "",
        differs=standing.differs,
        reason_code=shown.reason_code,
        successor_id=shown.successor_id,
        predecessor_id=shown.predecessor_id,
        reissues=shown.reissues,
        leaf_index=row.leaf_index,
        commit=row.commit,
        changes=row.changes,
    )


def _place(row: EntryRow) -> int:
    return row.leaf_number or 0


def _claimed(row: EntryRow) -> RegisterRow:
    return RegisterRow(
        verification_id=row.verification_id,
        kind=row.kind,
        number=row.number,
        name=row.name,
        title=row.claim_title,
        result=row.result,
        issued_on=row.issued_on,
        status=row.status,
        leaf_index=row.leaf_index,
        commit=bytes.fromhex(row.commit),
        unsigned=Unsigned(
            row.title,
            row.issuer_name,
            row.reason_code,
            row.successor_id,
            row.predecessor_id,
            row.reissues,
        ),
    )


def _compared(
    row: EntryRow, claimed: RegisterRow, key: KnownKey | None, *, is_sealed: bool
) -> Comparison | None:
    """Hold the row against its signature; without a seal its issuer must be as registered now."""
    try:
        compared = compare(claimed, cose.parse(row.cose), key)
    except cose.NotOurSignature:
        return None
    if is_sealed or row.issuer_name == row.registered_issuer:
        return compared
    return replace(compared, differs=(*compared.differs, "issuer"))


def _standing(
    rows: Sequence[EntryRow],
    claimed: RegisterRow,
    key: KnownKey | None,
    compared: Comparison | None,
) -> Standing:
    if compared is None:
        return Standing(Verdict.UNCERTAIN)
    events = [(leaf.leaf_number, _leaf(leaf)) for leaf in rows if leaf.leaf_number is not None]
    return judge(claimed, compared, key, events, rows[0].covered or 0)


def _leaf(row: EntryRow) -> Leaf:
    if row.event is None or row.at is None or not 0 <= row.at < LATEST:
        raise ValueError(row.at)
    return Leaf(row.event, bytes.fromhex(row.commit), row.at)


def _key(row: EntryRow) -> KnownKey | None:
    if row.public_key is None or row.key_status is None:
        return None
    return KnownKey(
        bytes.fromhex(row.public_key),
        row.first_index or 0,
        row.last_index,
        row.key_status,
    )
