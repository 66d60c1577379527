"""Seal rows of the register: with each act, and once those of releases that did not know seals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from app.audit import actions as audit
from app.audit import queries as journal
from app.audit.acts import Act
from app.certificates import cose, log, queries, seals, ties, weighing
from app.certificates.kinds import CertificateStatus, Verdict
from app.certificates.tables import Certificate, CertificatePhoto
from app.certificates.verdicts import KnownKey
from app.rules.actors import Actor
from app.rules.identity import name_key
from app.storage import engine
from app.storage.engine import write_transaction

CHUNK = 200
SUBJECT = "certificates.register"
CONFIRMED = frozenset({Verdict.VALID, Verdict.REVOKED, Verdict.CORRECTED})
SEAL_PLACE = weighing.EntryRow._fields.index("seal")
Row = Mapping[str, Any]


class Sealed(Struct, frozen=True):
    """How many rows were sealed, and how many were left because something does not hold."""

    sealed: int
    left: int


async def is_whole(row: Row) -> bool:
    """Tell whether every column of a row, and its photo, are as they were sealed."""
    try:
        return seals.is_whole(row, await queries.known_key(row["kid"]), await _photo(row["id"]))
    except (ValueError, TypeError, AttributeError):
        return False


async def row_of(certificate_id: int) -> Row | None:
    """Return a whole row; None where a column holds what was never written there."""
    try:
        return await Certificate.select().where(Certificate.id == certificate_id).first()
    except ValueError:
        return None


async def changed(row: Row, changes: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the new seal of a row that an act changes; none where the old one does not hold.

    Otherwise an act would vouch for what somebody edited before it.
    """
    key = await queries.known_key(row["kid"])
    if key is None or not await is_whole(row):
        return {}
    issued_at, photo = seals.moment_of(bytes(row["seal"])), await _photo(row["id"])
    sealed = seals.seal({**row, **changes}, key.public_key, issued_at=issued_at, photo=photo)
    return {"seal": sealed}


async def seal_once(by: Actor, at: datetime) -> Sealed | None:
    """Seal the rows of earlier releases, once in the life of a register; None where it was done.

    What is edited later is never sealed by itself.
    """
    done, _ = await journal.journal(
        journal.JournalFilter(act=Act.CERTIFICATES_SEALED, subject=SUBJECT), page_size=1
    )
    return None if done else await seal_all("", by, at)


async def seal_all(reason: str, by: Actor, at: datetime) -> Sealed:
    """Seal every row that holds against its signature and the log and has no whole seal.

    In steps that are on the disk each: where it is interrupted, the next call goes on.
    """
    sealed = left = after = 0
    while ids := await _ids(after):
        rows = [await row_of(id_) for id_ in ids]
        open_ = [row for row in rows if row is None or not await is_whole(row)]
        found = [(row, await _seal_of(row)) for row in open_ if row is not None]
        written = await _write([(row, seal) for row, seal in found if seal is not None])
        sealed, left, after = sealed + written, left + len(open_) - written, ids[-1]
    async with write_transaction():
        await log.changed_within()
        await audit.record(
            act=Act.CERTIFICATES_SEALED,
            subject=SUBJECT,
            by=by,
            at=at,
            after={"sealed": sealed, "left": left},
            reason=reason,
        )
    return Sealed(sealed, left)


async def _ids(after: int) -> list[int]:
    query = Certificate.select(Certificate.id).where(Certificate.id > after)
    return [row["id"] for row in await query.order_by(Certificate.id).limit(CHUNK)]


async def _write(new: Sequence[tuple[Row, bytes]]) -> int:
    """Write seals; a row that was changed meanwhile, or sealed, is passed over."""
    written = 0
    async with write_transaction():
        for row, seal in new:
            written += len(
                await Certificate.update({Certificate.seal: seal})
                .where(Certificate.id == row["id"])
                .where(Certificate.version == row["version"])
                .returning(Certificate.id)
            )
    return written


async def _seal_of(row: Row) -> bytes | None:
    """Return the seal of a row that holds; None where signature, log or journal disagree."""
    try:
        key = await queries.known_key(row["kid"])
        if key is None or not await _is_vouched_for(row, key):
            return None
        issued_at = cose.parse(bytes(row["cose"])).claim.issued_at
        photo = await _photo(row["id"])
        seal = seals.seal(row, key.public_key, issued_at=issued_at, photo=photo)
        found = await engine.fetch(weighing.ENTRY, [row["verification_id"]])
        lines = [tuple(line) for line in found]
        as_sealed = tuple((*line[:SEAL_PLACE], seal, *line[SEAL_PLACE + 1 :]) for line in lines)
        entry = weighing.weighed(as_sealed, believes_seals=False)
    except (ValueError, TypeError, AttributeError, cose.NotOurSignature):
        return None
    return seal if entry.verdict in CONFIRMED else None


async def _is_vouched_for(row: Row, key: KnownKey) -> bool:
    """Tell whether what is not signed agrees with an earlier seal, or else with the journal."""
    is_revoked = row["status"] == CertificateStatus.REVOKED.value
    if bool(row["reason_code"]) is not is_revoked or row["name_key"] != name_key(row["name"]):
        return False
    if await ties.problems_of(row):
        return False
    if seals.comparison(row["seal"], seals.register_row(row), bytes(row["cose"]), key):
        return True
    return await _is_ordered(row) and row["issuer_name"] in await _names_of(row["issuer"])


async def _is_ordered(row: Row) -> bool:
    """Tell whether the full title is the signed one, or the one that was ordered."""
    if row["title"] == row["claim_title"]:
        return True
    ordered = await journal.records_of(f"certificates.batch:{row['batch_id']}")
    return row["title"] in {_read(line.after).get("title") for line in ordered}


async def _names_of(issuer_id: int) -> set[Any]:
    """Return every name under which an issuer was registered."""
    records = await journal.records_of(f"certificates.issuer:{issuer_id}")
    return {_read(text).get("name") for line in records for text in (line.before, line.after)}


def _read(text: str) -> dict[str, Any]:
    return msgspec.json.decode(text, type=dict[str, Any]) if text else {}


async def _photo(certificate_id: int) -> bytes | None:
    row = (
        await CertificatePhoto.select(CertificatePhoto.content)
        .where(CertificatePhoto.certificate == certificate_id)
        .first()
    )
    return bytes(row["content"]) if row else None
