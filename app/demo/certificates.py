"""Who issues certificates, and what happens to some: revoked, corrected, printed again."""

from datetime import datetime

from app.certificates import actions, issuers, register
from app.certificates.actions import Change, ClaimFacts
from app.certificates.issuers import IssuerFacts
from app.certificates.kinds import CertificateStatus, RevocationReason
from app.certificates.register import CertificateFilter, CertificateLine
from app.rules.actors import SYSTEM
from app.rules.certificate_claim import CertificateKind

ENOUGH = 4
ISSUERS = (
    IssuerFacts(name="乌蒙职业技能鉴定指导中心（演示）", region_code="520500", body_code="0007"),
    IssuerFacts(name="乡村振兴职业技能大赛组委会（演示）", region_code="520100"),
    IssuerFacts(name="榕江县人力资源和社会保障局（演示）", region_code="522632"),
)


async def register_issuers(at: datetime) -> None:
    """Register the bodies that issue, none with words of authority."""
    for facts in ISSUERS:
        await issuers.find_or_add_issuer(facts, by=SYSTEM, at=at)


async def change_some(at: datetime) -> None:
    """Revoke the second, correct the third and re-issue the fourth certificate of abilities."""
    valid = CertificateStatus.VALID.value
    chosen = CertificateFilter(kind=int(CertificateKind.ABILITY), status=valid)
    found, _ = await register.certificates(chosen, ENOUGH)
    lines = [line for line in found if isinstance(line, CertificateLine)]
    if len(lines) < ENOUGH:
        return
    _, revoked, corrected, lost = lines
    change = _change(revoked, "复核发现由他人代考")
    await actions.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=at)
    facts = ClaimFacts(
        name=corrected.name,
        issued_on=corrected.issued_on,
        result=corrected.result,
        title=corrected.title,
        person_id=corrected.person_id,
    )
    await actions.correct(_change(corrected, "补正考核日期"), facts, by=SYSTEM, at=at)
    await actions.reissue(_change(lost, "持证人遗失"), by=SYSTEM, at=at)


def _change(line: CertificateLine, reason: str) -> Change:
    return Change(certificate_id=line.id, seen_version=line.version, reason=reason)
