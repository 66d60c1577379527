"""Where each certificate stands in the public status lists."""

from app.certificates.kinds import CertificateStatus
from app.certificates.tables import Certificate
from app.errors import NotFound


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
