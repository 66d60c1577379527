"""Which claims have certificates already: a claim has one that is valid, at most."""

from collections.abc import Sequence

from app.certificates.kinds import CertificateStatus
from app.certificates.tables import Certificate
from app.errors import N_, RuleBroken, refusal
from app.rules.certificate_claim import CertificateKind
from app.storage.rows import MOST_SOUGHT, parts


@refusal
class AnotherIsValid(RuleBroken):
    """The same person has a newer certificate of the same."""

    says = N_("这位持证人已有另一张有效的证书（{number}），不能再恢复这一张。")
    number: str


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


async def next_generations(
    basis: str, kind: CertificateKind, keys: Sequence[str]
) -> dict[str, int]:
    """Return the next generation of those claims that there are certificates of."""
    following: dict[str, int] = {}
    for part in parts(keys, MOST_SOUGHT):
        rows = (
            await Certificate.select(Certificate.claim_key, Certificate.generation)
            .where(Certificate.basis == basis)
            .where(Certificate.kind == int(kind))
            .where(Certificate.claim_key.is_in(part))
        )
        for row in rows:
            key = row["claim_key"]
            following[key] = max(following.get(key, 0), row["generation"] + 1)
    return following


async def refuse_second(basis: str, kind: CertificateKind, key: str) -> None:
    """Raise `AnotherIsValid` where a claim has a valid certificate by now."""
    for certificate_id in (await held(basis, kind, [key])).values():
        row = await Certificate.objects().where(Certificate.id == certificate_id).first()
        raise AnotherIsValid(row.number if row else "")
