"""Read the register as the desk, the rooms and the operator see it: with full names."""

from collections.abc import AsyncGenerator, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from msgspec import Struct

from app.certificates import cose, tiles
from app.certificates.damage import UNREADABLE, DamagedLine, RowDamaged, read_lines
from app.certificates.facts import read_prints
from app.certificates.kinds import CertificateStatus
from app.certificates.reach import scopes_of
from app.certificates.tables import Certificate, CertificateBatch, CertificatePhoto
from app.errors import NotFound
from app.rules.actors import Actor, Duty
from app.rules.certificate_claim import CertificateKind
from app.storage.engine import read_snapshot
from app.storage.words import has

PART = 500
"""Certificates of a batch that are read at once."""


class CertificateLine(Struct, frozen=True, kw_only=True):
    """One certificate in a list."""

    is_damaged: ClassVar[bool] = False
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


AnyLine = CertificateLine | DamagedLine


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


async def certificates_of(basis: str) -> list[AnyLine]:
    """Return every certificate of an event or a sitting, in the order of issue."""

    def query(*columns: Any) -> Any:
        rows = Certificate.select(*columns).where(Certificate.basis == basis)
        return rows.order_by(Certificate.serial)

    return await read_lines(query, COLUMNS, _line)


async def visible_to(actor: Actor, duties: tuple[Duty, ...]) -> list[str] | None:
    """Return the bases whose certificates an actor may list; None for all."""
    if actor.holds(duties):
        return None
    rows = await CertificateBatch.select(CertificateBatch.basis).distinct()
    return [row["basis"] for row in rows if actor.holds(duties, *await scopes_of(row["basis"]))]


async def certificates(
    chosen: CertificateFilter, page_size: int, bases: list[str] | None = None
) -> tuple[list[AnyLine], int]:
    """Return one page of certificates, the newest first, and the count of all that match.

    `bases` limits them to what an actor may see.
    """
    conditions = [*_conditions(chosen), *_within(bases)]

    def query(*columns: Any) -> Any:
        rows = Certificate.select(*columns).order_by(Certificate.serial, ascending=False)
        for condition in conditions:
            rows = rows.where(condition)
        return rows.limit(page_size).offset((max(chosen.page, 1) - 1) * page_size)

    return await read_lines(query, COLUMNS, _line), await count_of(chosen, bases)


async def part_of(
    chosen: CertificateFilter, bases: list[str] | None = None, after: int = 0
) -> list[AnyLine]:
    """Return the certificates after an id, in order, as far as one part goes."""
    conditions = [*_conditions(chosen), *_within(bases), Certificate.id > after]

    def query(*columns: Any) -> Any:
        rows = Certificate.select(*columns).order_by(Certificate.id).limit(PART)
        for condition in conditions:
            rows = rows.where(condition)
        return rows

    return await read_lines(query, COLUMNS, _line)


async def count_of(chosen: CertificateFilter, bases: list[str] | None = None) -> int:
    """Return how many certificates match."""
    count = Certificate.count()
    for condition in [*_conditions(chosen), *_within(bases)]:
        count = count.where(condition)
    return int(await count)


async def damaged_in(batch_id: int) -> list[DamagedLine]:
    """Return the certificates of a batch that cannot be read, and so are not printed."""
    damaged: list[DamagedLine] = []
    after = 0
    while part := await part_of(CertificateFilter(batch=batch_id), after=after):
        damaged += [line for line in part if isinstance(line, DamagedLine)]
        after = part[-1].id
    return damaged


def _within(bases: list[str] | None) -> list[Any]:
    """Return the condition of what an actor may see; none where that is all."""
    return [] if bases is None else [Certificate.basis.is_in([*bases, ""])]


def _conditions(chosen: CertificateFilter) -> list[Any]:
    conditions: list[Any] = []
    if chosen.q:
        typed = chosen.q.strip()
        exact = typed.replace("-", "").upper()[:16]
        conditions.append(
            has(Certificate.name, typed)
            | Certificate.number.is_in([typed, typed.upper()])
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
    """Return certificates after a serial, in order; the operator's listing goes through them.

    Damaged ones are left out: `damaged_count` tells how many.
    """
    conditions = [Certificate.serial > after, *([Certificate.basis == basis] if basis else [])]
    return await _details(conditions, limit)


async def damaged_count(listed: int, basis: str = "") -> int:
    """Return how many certificates are there beyond those that could be listed."""
    count = Certificate.count()
    return int(await (count.where(Certificate.basis == basis) if basis else count)) - listed


async def _details(conditions: Sequence[Any], limit: int) -> list[CertificateDetail]:
    covered = await tiles.covered_size()

    def query(*columns: Any) -> Any:
        rows = Certificate.select(*columns).order_by(Certificate.serial).limit(limit)
        for condition in conditions:
            rows = rows.where(condition)
        return rows

    found = await read_lines(query, (), lambda row: _detail(row, covered))
    return [detail for detail in found if isinstance(detail, CertificateDetail)]


async def certificate(certificate_id: int) -> CertificateDetail:
    """Return one certificate; raise `NotFound`."""
    async with read_snapshot():
        try:
            row = await Certificate.select().where(Certificate.id == certificate_id).first()
            if row is not None:
                return _detail(row, await tiles.covered_size())
        except UNREADABLE:
            raise RowDamaged(certificate_id) from None
    raise NotFound


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
    after, of_batch = 0, Certificate.batch_id == batch_id
    while details := await _details([of_batch, Certificate.serial > after], PART):
        for detail in details:
            if detail.is_printable and detail.line.status is CertificateStatus.VALID:
                yield detail
        after = details[-1].line.serial


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
