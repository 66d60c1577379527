"""Read the register as the public may see it."""

from datetime import datetime

from msgspec import Struct

from app.certificates import weighing
from app.certificates.kinds import CertificateStatus, KeyStatus
from app.certificates.numbering import spellings
from app.certificates.register import CertificateLine, certificates_of
from app.certificates.tables import Certificate, IssuingKey
from app.certificates.verdicts import KnownKey
from app.certificates.weighing import PublicEntry
from app.errors import N_, NotFound, Refusal, RuleBroken
from app.rules.check_characters import parse_id
from app.rules.identity import asked_name_key
from app.storage import engine

__all__ = ["CertificateLine", "KeyLine", "PublicEntry", "Unregistered", "certificates_of"]


class Unregistered(NotFound):
    """No certificate has this ID."""

    says = N_("没有登记这张证书。请核对验证码；若是扫码打开的，这张证书可能是伪造的。")


class Damaged(RuleBroken):
    """It was registered, and its row holds what was never written there."""

    says = N_("这张证书的登记被改动或损坏，不能确认有效。请向发证机构核实。")


class KeyLine(Struct, frozen=True, kw_only=True):
    """A key of the published list."""

    kid: str
    public_key: str
    first_index: int
    last_index: int | None
    status: KeyStatus
    added_at: datetime


async def public_entry(text: str) -> PublicEntry:
    """Return what the public page shows; raise `Unregistered`, `Damaged`, or the ID's refusals."""
    return await entry_of(parse_id(text))


async def entry_of(verification_id: str, *, believes_seals: bool = True) -> PublicEntry:
    """Return what the public page shows of an ID in its one form.

    Raise `Unregistered`, or `Damaged` where its row cannot be read. Who does not believe the
    seals has the signature checked.
    """
    try:
        rows = await engine.read_plain(weighing.ENTRY, [verification_id])
        if not rows:
            raise Unregistered
        return weighing.weighed(rows, believes_seals=believes_seals)
    except (ValueError, TypeError, AttributeError):
        raise Damaged from None


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


NUL = "\0"
BY_NUMBER = """
SELECT MAX(verification_id) AS id FROM certificate
WHERE number IN ({}, {}, {}) AND REPLACE(name_key, '.', '') = {}
"""
BY_ID = """
SELECT MAX(verification_id) AS id FROM certificate
WHERE verification_id = {} AND REPLACE(name_key, '.', '') = {}
"""
"""One row comes back whoever asks: a wrong name takes as long as an unknown number or ID.

`name_key` keeps the full stop after an initial, and `asked_name_key` does not.
"""


async def entry_by_number(number: str, name: str) -> PublicEntry | None:
    """Return the certificate of an official number, only to who also knows the full name.

    One whose row is damaged is nobody's: this answer never differs.
    """
    if NUL in number + name:
        return None  # No text of either database holds one.
    rows = await Certificate.raw(BY_NUMBER, *spellings(number), asked_name_key(name))
    found = rows[0]["id"]
    try:
        return None if found is None else await public_entry(found)
    except Refusal:
        return None


async def is_held_by(verification_id: str, name: str) -> bool:
    """Tell whether this is the full name of the holder."""
    if NUL in name:
        return False
    rows = await Certificate.raw(BY_ID, verification_id, asked_name_key(name))
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
    return asked_name_key(typed) == asked_name_key(name)


async def commits_of(status: CertificateStatus) -> list[str]:
    """Return the commits of all certificates that stand so, in their own order."""
    rows = (
        await Certificate.select(Certificate.commit)
        .where(Certificate.status == status.value)
        .order_by(Certificate.commit)
    )
    return [row["commit"] for row in rows]
