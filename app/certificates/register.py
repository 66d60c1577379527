"""Read the register as the desk, the rooms and the operator see it: with full names."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from app.certificates import cose, log
from app.certificates.facts import read_prints, read_words
from app.certificates.kinds import BatchState, CertificateStatus
from app.certificates.tables import (
    Certificate,
    CertificateBatch,
    CertificateIssuer,
    CertificatePhoto,
    CertificateTask,
    NumberTemplate,
)
from app.errors import NotFound
from app.rules.certificate_claim import CertificateKind
from app.storage.engine import read_snapshot


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


class BatchLine(Struct, frozen=True, kw_only=True):
    """A batch and how far it is."""

    id: int
    basis: str
    kind: CertificateKind
    title: str
    state: BatchState
    problem: str
    total: int
    issued: int
    account_name: str
    created_at: datetime
    finished_at: datetime | None

    @property
    def percent(self) -> int:
        return 100 * self.issued // self.total if self.total else 100


class CertificateFilter(Struct, frozen=True):
    """Which certificates; empty fields filter nothing. `q` is a name, number or verification ID."""

    q: str = ""
    kind: int = 0
    status: str = ""
    basis: str = ""
    batch: int = 0
    page: int = 1


class IssuerLine(Struct, frozen=True, kw_only=True):
    """An issuer as registered."""

    id: int
    name: str
    region_code: str
    body_code: str
    authorized_words: tuple[str, ...]
    authority: str
    is_closed: bool
    version: int


class TemplateLine(Struct, frozen=True, kw_only=True):
    """A number template in its place."""

    id: int
    kind: CertificateKind
    issuer_id: int | None
    issuer_name: str
    effective_on: date
    pattern: str


COLUMNS = tuple(
    column
    for column in Certificate._meta.columns  # noqa: SLF001 - Piccolo's own way to list them
    if column._meta.name in CertificateLine.__struct_fields__  # noqa: SLF001
)


async def certificates_of(basis: str) -> list[CertificateLine]:
    """Return every certificate of an event or a sitting, in the order of issue."""
    rows = await Certificate.select(*COLUMNS).where(Certificate.basis == basis).order_by(Certificate.serial)
    return [_line(row) for row in rows]


async def certificates(chosen: CertificateFilter, page_size: int) -> tuple[list[CertificateLine], int]:
    """Return one page of certificates, the newest first, and the count of all that match."""
    query = Certificate.select(*COLUMNS).order_by(Certificate.serial, ascending=False)
    count = Certificate.count()
    for condition in _conditions(chosen):
        query, count = query.where(condition), count.where(condition)
    rows = await query.limit(page_size).offset((max(chosen.page, 1) - 1) * page_size)
    return [_line(row) for row in rows], int(await count)


def _conditions(chosen: CertificateFilter) -> list[Any]:
    conditions: list[Any] = []
    if chosen.q:
        typed = chosen.q.strip()
        exact = typed.replace("-", "").upper()[:16]
        conditions.append(
            (Certificate.name.like(f"%{typed}%"))
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


async def all_certificates(basis: str = "", after: int = 0, limit: int = 1000) -> list[CertificateDetail]:
    """Return certificates after a serial, in order; the operator's listing goes through them."""
    query = Certificate.select().where(Certificate.serial > after).order_by(Certificate.serial).limit(limit)
    if basis:
        query = query.where(Certificate.basis == basis)
    covered = await log.covered_size()
    return [_detail(row, covered) for row in await query]


async def certificate(certificate_id: int) -> CertificateDetail:
    """Return one certificate; raise `NotFound`."""
    async with read_snapshot():
        row = await Certificate.select().where(Certificate.id == certificate_id).first()
        if row is None:
            raise NotFound
        return _detail(row, await log.covered_size())


async def id_of(verification_id: str) -> int:
    """Return the row of a verification ID; raise `NotFound`."""
    row = (
        await Certificate.select(Certificate.id).where(Certificate.verification_id == verification_id).first()
    )
    if row is None:
        raise NotFound
    return int(row["id"])


async def batch_certificates(batch_id: int) -> list[CertificateDetail]:
    """Return what a batch issued and may be printed, in order."""
    rows = await Certificate.select().where(Certificate.batch_id == batch_id).order_by(Certificate.serial)
    covered = await log.covered_size()
    return [detail for detail in (_detail(row, covered) for row in rows) if detail.is_printable]


async def photos_of(certificate_ids: Sequence[int]) -> dict[int, bytes]:
    """Return the holders' pictures by certificate."""
    rows = await CertificatePhoto.select(CertificatePhoto.certificate, CertificatePhoto.content).where(
        CertificatePhoto.certificate.is_in(list(certificate_ids))
    )
    return {row["certificate"]: bytes(row["content"]) for row in rows}


async def batches(basis: str = "", limit: int = 50) -> list[BatchLine]:
    """Return the latest batches."""
    query = CertificateBatch.select().order_by(CertificateBatch.id, ascending=False).limit(limit)
    if basis:
        query = query.where(CertificateBatch.basis == basis)
    return [await _batch(row) for row in await query]


async def batch(batch_id: int) -> BatchLine:
    """Return one batch; raise `NotFound`."""
    row = await CertificateBatch.select().where(CertificateBatch.id == batch_id).first()
    if row is None:
        raise NotFound
    return await _batch(row)


async def issuers() -> list[IssuerLine]:
    """Return every issuer by name."""
    rows = await CertificateIssuer.select().order_by(CertificateIssuer.name)
    return [_issuer(row) for row in rows]


async def issuer(issuer_id: int) -> IssuerLine:
    """Return one issuer; raise `NotFound`."""
    row = await CertificateIssuer.select().where(CertificateIssuer.id == issuer_id).first()
    if row is None:
        raise NotFound
    return _issuer(row)


async def templates() -> list[TemplateLine]:
    """Return every number template, by kind and the latest first."""
    rows = await NumberTemplate.select().order_by(NumberTemplate.kind).order_by(
        NumberTemplate.effective_on, ascending=False
    )  # fmt: skip
    names = {line.id: line.name for line in await issuers()}
    return [
        TemplateLine(
            id=row["id"],
            kind=CertificateKind(row["kind"]),
            issuer_id=row["issuer"],
            issuer_name=names.get(row["issuer"], ""),
            effective_on=row["effective_on"],
            pattern=row["pattern"],
        )
        for row in rows
    ]


async def _batch(row: dict[str, Any]) -> BatchLine:
    issued = (
        await CertificateTask.count()
        .where(CertificateTask.batch == row["id"])
        .where(CertificateTask.certificate_id.is_not_null())
    )
    return BatchLine(
        id=row["id"],
        basis=row["basis"],
        kind=CertificateKind(row["kind"]),
        title=row["title"],
        state=BatchState(row["state"]),
        problem=row["problem"],
        total=row["total"],
        issued=int(issued),
        account_name=row["account_name"],
        created_at=row["created_at"],
        finished_at=row["finished_at"],
    )


def _issuer(row: dict[str, Any]) -> IssuerLine:
    words = read_words(row["authorized_words"])
    kept = {name: row[name] for name in IssuerLine.__struct_fields__}
    return IssuerLine(**(kept | {"authorized_words": words}))


def _line(row: dict[str, Any]) -> CertificateLine:
    kept = {name: row[name] for name in CertificateLine.__struct_fields__}
    return CertificateLine(
        **(kept | {"kind": CertificateKind(row["kind"]), "status": CertificateStatus(row["status"])})
    )


def _detail(row: dict[str, Any], covered: int) -> CertificateDetail:
    kept = {name: row[name] for name in CertificateDetail.__struct_fields__ if name in row}
    own = {"line": _line(row), "prints": read_prints(row["prints"]), "cose": bytes(row["cose"])}
    return CertificateDetail(**(kept | own | {"is_printable": row["leaf_index"] < covered}))


def qr_text(host: str, detail: CertificateDetail) -> str:
    """Return what a certificate's symbol says."""
    return cose.qr_text(host, detail.line.verification_id, detail.cose)
