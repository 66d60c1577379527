"""Read the issuers and the number templates."""

from datetime import date
from typing import Any

from msgspec import Struct

from app.certificates.facts import read_words
from app.certificates.tables import CertificateIssuer, NumberTemplate
from app.errors import NotFound
from app.rules.certificate_claim import CertificateKind


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


def _issuer(row: dict[str, Any]) -> IssuerLine:
    words = read_words(row["authorized_words"])
    kept = {name: row[name] for name in IssuerLine.__struct_fields__}
    return IssuerLine(**(kept | {"authorized_words": words}))
