"""How far batches are."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app.certificates.kinds import BatchState
from app.certificates.tables import CertificateBatch, CertificateTask
from app.errors import NotFound
from app.rules.certificate_claim import CertificateKind


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


async def batches(bases: list[str] | None = None, limit: int = 5) -> list[BatchLine]:
    """Return the latest batches, of these bases where they are given."""
    query = CertificateBatch.select().order_by(CertificateBatch.id, ascending=False).limit(limit)
    if bases is not None:
        query = query.where(CertificateBatch.basis.is_in([*bases, ""]))
    return [await _batch(row) for row in await query]


async def batch(batch_id: int) -> BatchLine:
    """Return one batch; raise `NotFound`."""
    row = await CertificateBatch.select().where(CertificateBatch.id == batch_id).first()
    if row is None:
        raise NotFound
    return await _batch(row)


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
