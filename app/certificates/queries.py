"""Read the register as the public may see it."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from app.certificates import cose, seals
from app.certificates.kinds import CertificateStatus, KeyStatus, Verdict
from app.certificates.notes import Leaf, LogEvent
from app.certificates.register import CertificateLine, certificates_of
from app.certificates.tables import Certificate, IssuingKey
from app.certificates.verdicts import (
    KnownKey,
    RegisterRow,
    Standing,
    compare,
    judge,
)
from app.errors import N_, NotFound
from app.rules.certificate_claim import CertificateKind
from app.rules.check_characters import parse_id
from app.rules.identity import masked_name, name_key
from app.storage import engine

__all__ = ["CertificateLine", "KeyLine", "PublicEntry", "Unregistered", "certificates_of"]


class Unregistered(NotFound):
    """No certificate has this ID."""

    says = N_("没有登记这张证书。请核对验证码；若是扫码打开的，这张证书可能是伪造的。")


class Damaged(Unregistered):
    """Its row holds what was never written there."""

    says = N_("这张证书的登记被改动或损坏，不能确认有效。请向发证机构核实。")


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


class KeyLine(Struct, frozen=True, kw_only=True):
    """A key of the published list."""

    kid: str
    public_key: str
    first_index: int
    last_index: int | None
    status: KeyStatus
    added_at: datetime


class _Row(NamedTuple):
    """A certificate with one of its leaves, its key and the log's reach, as `ENTRY` reads them."""

    verification_id: str
    kind: int
    number: str
    name: str
    title: str
    claim_title: str
    result: str
    issued_on: date
    issuer_name: str
    status: str
    reason_code: str
    successor_id: str | None
    predecessor_id: str | None
    reissues: int
    leaf_index: int
    commit: str
    cose: bytes
    seal: bytes | None
    public_key: str | None
    first_index: int
    last_index: int | None
    key_status: str
    covered: int | None
    changes: int
    leaf_number: int | None
    event: int
    at: int


ENTRY = """
SELECT c.verification_id, c.kind, c.number, c.name, c.title, c.claim_title, c.result, c.issued_on,
    c.issuer_name, c.status, c.reason_code, c.successor_id, c.predecessor_id, c.reissues,
    c.leaf_index, c."commit", c.cose, c.seal, k.public_key, k.first_index, k.last_index, k.status,
    (SELECT MAX(size) FROM certificate_log_checkpoint),
    (SELECT changes FROM certificate_log_head), l.number, l.event, l."at"
FROM certificate c LEFT JOIN certificate_issuing_key k ON k.kid = c.kid
LEFT JOIN certificate_log_leaf l ON l."commit" = c."commit"
WHERE c.verification_id = ? ORDER BY l.number
"""
"""The one statement of the busiest page: a row for each leaf of the certificate's commit."""


async def public_entry(text: str) -> PublicEntry:
    """Return what the public page shows; raise `Unregistered`, or the ID's own refusals."""
    return await entry_of(parse_id(text))


async def entry_of(verification_id: str, *, believes_seals: bool = True) -> PublicEntry:
    """Return what the public page shows of an ID in its one form; raise `Unregistered`.

    Who does not believe the seals has the signature checked.
    """
    rows = await engine.fetch(ENTRY, [verification_id])
    if not rows:
        raise Unregistered
    found = tuple([_Row._make(row) for row in rows])
    try:
        return _entry(found) if believes_seals else _weighed(found, believes_seals=False)
    except (ValueError, TypeError, AttributeError):
        raise Damaged from None


@lru_cache(10_000)
def _entry(rows: tuple[_Row, ...]) -> PublicEntry:
    """Weigh what the register says; the same rows come to the same, so that is remembered."""
    return _weighed(rows, believes_seals=True)


def _weighed(rows: Sequence[_Row], *, believes_seals: bool) -> PublicEntry:
    row = rows[0]
    standing = _standing(rows, believes_seals=believes_seals)
    return PublicEntry(
        id=row.verification_id,
        verdict=standing.verdict,
        kind=CertificateKind(row.kind),
        number=row.number,
        title=row.title,
        claim_title=row.claim_title,
        masked_name=masked_name(row.name),
        issued_on=row.issued_on,
        issuer=row.issuer_name,
        logged_at=standing.logged_at,
        changed_at=standing.changed_at,
        is_late=standing.is_late,
        doubt=standing.doubt.value if standing.doubt else "",
        differs=standing.differs,
        reason_code=row.reason_code,
        successor_id=row.successor_id,
        predecessor_id=row.predecessor_id,
        reissues=row.reissues,
        leaf_index=row.leaf_index,
        commit=row.commit,
        changes=row.changes,
    )


def _standing(rows: Sequence[_Row], *, believes_seals: bool) -> Standing:
    row = rows[0]
    claimed = RegisterRow(
        verification_id=row.verification_id,
        kind=CertificateKind(row.kind),
        number=row.number,
        name=row.name,
        title=row.claim_title,
        result=row.result,
        issued_on=row.issued_on,
        status=CertificateStatus(row.status),
        leaf_index=row.leaf_index,
        commit=bytes.fromhex(row.commit),
    )
    key = _key(row)
    compared = seals.comparison(row.seal, claimed, row.cose, key) if believes_seals else None
    if compared is None:
        try:
            compared = compare(claimed, cose.parse(bytes(row.cose)), key)
        except cose.NotOurSignature:
            return Standing(Verdict.UNCERTAIN)
    events = [
        (leaf.leaf_number, Leaf(LogEvent(leaf.event), bytes.fromhex(leaf.commit), leaf.at))
        for leaf in rows
        if leaf.leaf_number is not None
    ]
    return judge(claimed, compared, key, events, row.covered or 0)


def _key(row: _Row) -> KnownKey | None:
    if row.public_key is None:
        return None
    return KnownKey(
        bytes.fromhex(row.public_key),
        row.first_index,
        row.last_index,
        KeyStatus(row.key_status),
    )


async def known_key(kid: str) -> KnownKey | None:
    """Return a key of the published list by its kid."""
    row = await IssuingKey.select().where(IssuingKey.kid == kid).first()
    if row is None:
        return None
    return KnownKey(
        bytes.fromhex(row["public_key"]),
        row["first_index"],
        row["last_index"],
        KeyStatus(row["status"]),
    )


async def keys() -> list[KeyLine]:
    """Return every key that ever signed, the oldest first."""
    rows = await IssuingKey.select().order_by(IssuingKey.id)
    return [
        KeyLine(
            kid=row["kid"],
            public_key=row["public_key"],
            first_index=row["first_index"],
            last_index=row["last_index"],
            status=KeyStatus(row["status"]),
            added_at=row["added_at"],
        )
        for row in rows
    ]


BY_NUMBER = """
SELECT MAX(verification_id) AS id FROM certificate WHERE number = {} AND name_key = {}
"""
BY_ID = """
SELECT MAX(verification_id) AS id FROM certificate WHERE verification_id = {} AND name_key = {}
"""
"""One row comes back whoever asks: a wrong name takes as long as an unknown number or ID."""


async def entry_by_number(number: str, name: str) -> PublicEntry | None:
    """Return the certificate of an official number, only to who also knows the full name."""
    rows = await Certificate.raw(BY_NUMBER, number.strip().upper(), _typed_name(name))
    found = rows[0]["id"]
    return None if found is None else await public_entry(found)


async def is_held_by(verification_id: str, name: str) -> bool:
    """Tell whether this is the full name of the holder."""
    rows = await Certificate.raw(BY_ID, verification_id, _typed_name(name))
    return rows[0]["id"] is not None


async def holder_of(verification_id: str) -> int | None:
    """Return the person who holds a certificate; None where there is none, or none is known."""
    row = (
        await Certificate.select(Certificate.person_id)
        .where(Certificate.verification_id == verification_id)
        .first()
    )
    return row["person_id"] if row else None


def is_same_name(typed: str, name: str) -> bool:
    """Tell whether a typed name is this one, whatever the dots and blanks."""
    return _typed_name(typed) == name_key(name)


def _typed_name(name: str) -> str:
    plain = name
    for dot in "•‧∙⋅・･．.":
        plain = plain.replace(dot, "·")
    return name_key(plain)


async def commits_of(status: CertificateStatus) -> list[str]:
    """Return the commits of all certificates that stand so, in their own order."""
    rows = (
        await Certificate.select(Certificate.commit)
        .where(Certificate.status == status.value)
        .order_by(Certificate.commit)
    )
    return [row["commit"] for row in rows]
