"""The certificates of a person, for the register of persons."""

from collections.abc import Sequence

from app.certificates.kinds import CertificateStatus
from app.certificates.reach import MAY_READ, scopes_of
from app.certificates.tables import Certificate
from app.errors import N_
from app.people.ties import Tie

HOLDER = N_("持证人")


async def ties_of(person_ids: Sequence[int]) -> list[Tie]:
    """Return the certificates that persons hold, whoever may see them."""
    rows = await Certificate.select(
        Certificate.id,
        Certificate.person_id,
        Certificate.title,
        Certificate.number,
        Certificate.status,
        Certificate.issued_on,
        Certificate.basis,
    ).where(Certificate.person_id.is_in(list(person_ids)))
    scopes = {basis: await scopes_of(basis) for basis in {row["basis"] for row in rows}}
    return [
        Tie(
            person_id=row["person_id"],
            kind=HOLDER,
            title=row["title"],
            place=row["number"],
            state=CertificateStatus(row["status"]),
            on=row["issued_on"],
            href=f"/desk/certificates/{row['id']}",
            opens=MAY_READ,
            scopes=scopes[row["basis"]],
        )
        for row in rows
    ]
