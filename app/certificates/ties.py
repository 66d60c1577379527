"""What a certificate is tied to: its holder, and the one that corrects it or that it corrects."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.certificates.damage import read_lines
from app.certificates.kinds import CertificateStatus
from app.certificates.reach import MAY_READ, scopes_of
from app.certificates.tables import Certificate
from app.errors import N_
from app.people.ties import Tie

HOLDER = N_("持证人")


COLUMNS = (
    Certificate.id,
    Certificate.person_id,
    Certificate.title,
    Certificate.number,
    Certificate.status,
    Certificate.issued_on,
    Certificate.basis,
)


async def ties_of(person_ids: Sequence[int]) -> list[Tie]:
    """Return the certificates that persons hold, whoever may see them; damaged ones apart."""

    def query(*columns: Any) -> Any:
        return Certificate.select(*columns).where(Certificate.person_id.is_in(list(person_ids)))

    found = await read_lines(query, COLUMNS, _row)
    rows = [row for row in found if isinstance(row, dict)]
    scopes = {basis: await scopes_of(basis) for basis in {row["basis"] for row in rows}}
    return [
        Tie(
            person_id=row["person_id"],
            kind=HOLDER,
            title=row["title"],
            place=row["number"],
            state=row["status"],
            on=row["issued_on"],
            href=f"/desk/certificates/{row['id']}",
            opens=MAY_READ,
            scopes=scopes[row["basis"]],
        )
        for row in rows
    ]


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"status": CertificateStatus(row["status"])}


async def problems_of(row: Mapping[str, Any]) -> list[str]:
    """Return where the certificate and the one that corrects it do not point to each other."""
    own, successor, predecessor = (
        row[part] for part in ("verification_id", "successor_id", "predecessor_id")
    )
    ties = (
        ("successor", successor, Certificate.predecessor_id),
        ("predecessor", predecessor, Certificate.successor_id),
    )
    problems = [
        f"has another {word} than was issued"
        for word, other, back in ties
        if other is not None
        and not await Certificate.exists()
        .where(Certificate.verification_id == other)
        .where(back == own)
    ]
    is_corrected = row["status"] == CertificateStatus.CORRECTED.value
    if is_corrected is not (successor is not None):
        problems.append("is corrected without a successor, or has one without being corrected")
    return problems
