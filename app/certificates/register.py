"""Read the register as the desk, the rooms and the operator see it: with full names."""

from collections.abc import AsyncGenerator, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from app.certificates import cose, tiles
from app.certificates.facts import read_prints
from app.certificates.kinds import CertificateStatus
from app.certificates.reach import scopes_of
from app.certificates.tables import Certificate, CertificateBatch, CertificatePhoto
from app.errors import NotFound
from app.rules.actors import Actor, Duty
from app.rules.certificate_claim import CertificateKind
from app.storage.engine import read_snapshot
from app.storage.rows import MOST_SOUGHT, parts
from app.storage.words import has

PART = 500
"""Certificates of a batch that are read at once."""


class CertificateLine(Struct, frozen=True, kw_only=True):
    """One certificate in a list."""

    id: int
    verification_id: str
    serial: int
    number: str
    kind: CertificateKind
    basis: str
    claim_key: str
    name: str
    title: str
    claim_title: str
    result: str
    issuer_name: str
    issued_on: date
    status: CertificateStatus
    leaf_index: int
    batch_id: int | None
    person_id: int | None
    version: int


class CertificateDetail(Struct, frozen=True, kw_only=True):
    """One certificate with all that the desk and the printer need."""

    line: CertificateLine
    prints: dict[str, str]
    has_photo: bool
    cose: bytes
    commit: str
    kid: str
    status_at: datetime | None
    reason_code: str
    reason: str
    successor_id: str | None
    predecessor_id: str | None
    reissues: int
    created_at: datetime
    is_printable: bool


class CertificateFilter(Struct, frozen=True):
    """Which certificates; empty fields filter nothing. `q` is a name, number or verification ID."""

    q: str = ""
    kind: int = 0
    status: str = ""
    basis: str = ""
    batch: int = 0
    page: int = 1


COLUMNS = tuple(
    column
    for column in Certificate._meta.columns
    if column._meta.name in CertificateLine.__struct_fields__
)


async def certificates_of(basis: str) -> list[CertificateLine]:
    """Return every certificate of an event or a sitting, in the order of issue."""
    rows = (
        await Certificate.select(*COLUMNS)
        .where(Certificate.basis == basis)
        .order_by(Certificate.serial)
    )
    return [_line(row) for row in rows]


async def held(basis: str, kind: CertificateKind, keys: Sequence[str]) -> dict[str, int]:
    """Return the valid certificates that there are of these claims, by the claims' keys."""
    found: dict[str, int] = {}
    for part in parts(keys, MOST_SOUGHT):
        rows = (
            await Certificate.select(Certificate.claim_key, Certificate.id)
            .where(Certificate.basis == basis)
            .where(Certificate.kind == int(kind))
            .where(Certificate.status == CertificateStatus.VALID.value)
            .where(Certificate.claim_key.is_in(part))
        )
        found |= {row["claim_key"]: row["id"] for row in rows}
    return found


async def visible_to(actor: Actor, duties: tuple[Duty, ...]) -> list[str] | None:
    """Return the bases whose certificates an actor may list; None for all."""
    if actor.holds(duties):
        return None
    rows = await CertificateBatch.select(CertificateBatch.basis).distinct()
    return [row["basis"] for row in rows if actor.holds(duties, *await scopes_of(row["basis"]))]


async def certificates(
    chosen: CertificateFilter, page_size: int, bases: list[str] | None = None
) -> tuple[list[CertificateLine], int]:
    """Return one page of certificates, the newest first, and the count of all that match.

    `bases` limits them to what an actor may see.
    """
    query = Certificate.select(*COLUMNS).order_by(Certificate.serial, ascending=False)
    count = Certificate.count()
    conditions = _conditions(chosen)
    if bases is not None:
        conditions.append(Certificate.basis.is_in([*bases, ""]))
    for condition in conditions:
        query, count = query.where(condition), count.where(condition)
    rows = await query.limit(page_size).offset((max(chosen.page, 1) - 1) * page_size)
    return [_line(row) for row in rows], int(await count)


def _conditions(chosen: CertificateFilter) -> list[Any]:
    conditions: list[Any] = []
    if chosen.q:
        typed = chosen.q.strip()
        exact = typed.replace("-", "").upper()[:16]
        conditions.append(
            has(Certificate.name, typed)
            | (Certificate.number == typed.upper())
            | (Certificate.verification_id == exact)
        )
    if chosen.kind:
        conditions.append(Certificate.kind == chosen.kind)
    if chosen.status:
        conditions.append(Certificate.status == chosen.status)
    if chosen.basis:
        conditions.append(Certificate.basis == chosen.basis)
    if chosen.batch:
        conditions.append(Certificate.batch_id == chosen.batch)
    return conditions


async def all_certificates(
    basis: str = "", after: int = 0, limit: int = 1000
) -> list[CertificateDetail]:
    """Return certificates after a serial, in order; the operator's listing goes through them."""
    query = (
        Certificate.select()
        .where(Certificate.serial > after)
        .order_by(Certificate.serial)
        .limit(limit)
    )
    if basis:
        query = query.where(Certificate.basis == basis)
    covered = await tiles.covered_size()
    return [_detail(row, covered) for row in await query]


async def certificate(certificate_id: int) -> CertificateDetail:
    """Return one certificate; raise `NotFound`."""
    async with read_snapshot():
        row = await Certificate.select().where(Certificate.id == certificate_id).first()
        if row is None:
            raise NotFound
        return _detail(row, await tiles.covered_size())


async def id_of(verification_id: str) -> int:
    """Return the row of a verification ID; raise `NotFound`."""
    row = (
        await Certificate.select(Certificate.id)
        .where(Certificate.verification_id == verification_id)
        .first()
    )
    if row is None:
        raise NotFound
    return int(row["id"])


async def batch_certificates(batch_id: int) -> AsyncGenerator[CertificateDetail]:
    """Yield what a batch issued and may be printed, in order; never many of them at once."""
    covered, after = await tiles.covered_size(), 0
    while (
        rows := await Certificate.select()
        .where(Certificate.batch_id == batch_id)
        .where(Certificate.serial > after)
        .order_by(Certificate.serial)
        .limit(PART)
    ):
        for row in rows:
            detail = _detail(row, covered)
            if detail.is_printable and detail.line.status is CertificateStatus.VALID:
                yield detail
        after = rows[-1]["serial"]


async def photos_of(certificate_ids: Sequence[int]) -> dict[int, bytes]:
    """Return the holders' pictures by certificate."""
    if not certificate_ids:
        return {}
    rows = await CertificatePhoto.select(
        CertificatePhoto.certificate, CertificatePhoto.content
    ).where(CertificatePhoto.certificate.is_in(list(certificate_ids)))
    return {row["certificate"]: bytes(row["content"]) for row in rows}


def _line(row: dict[str, Any]) -> CertificateLine:
    kept = {name: row[name] for name in CertificateLine.__struct_fields__}
    return CertificateLine(
        **(
            kept
            | {"kind": CertificateKind(row["kind"]), "status": CertificateStatus(row["status"])}
        )
    )


def _detail(row: dict[str, Any], covered: int) -> CertificateDetail:
    kept = {name: row[name] for name in CertificateDetail.__struct_fields__ if name in row}
    own = {"line": _line(row), "prints": read_prints(row["prints"]), "cose": bytes(row["cose"])}
    return CertificateDetail(**(kept | own | {"is_printable": row["leaf_index"] < covered}))


def qr_text(host: str, detail: CertificateDetail) -> str:
    """Return what a certificate's symbol says."""
    return cose.qr_text(host, detail.line.verification_id, detail.cose)


async def status_place(certificate_id: int) -> tuple[int, int]:
    """Return the status list and the index of a certificate."""
    row = (
        await Certificate.select(Certificate.status_list, Certificate.status_index)
        .where(Certificate.id == certificate_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row["status_list"], row["status_index"]


async def has_status_list(number: int) -> bool:
    """Tell whether any certificate is on this list."""
    return bool(await Certificate.exists().where(Certificate.status_list == number))


async def invalid_indices(number: int) -> list[int]:
    """Return the indices of a status list whose certificates are not valid any more."""
    rows = (
        await Certificate.select(Certificate.status_index)
        .where(Certificate.status_list == number)
        .where(Certificate.status != CertificateStatus.VALID.value)
    )
    return [row["status_index"] for row in rows]
