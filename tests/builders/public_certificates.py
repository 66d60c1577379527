"""Certificates of a running server, as its operator lists them."""

from typing import Any

from app.certificates import actions, batches, register
from app.certificates.actions import Change
from app.certificates.facts import ClaimFacts
from app.certificates.issuers import IssuerFacts
from app.certificates.kinds import RevocationReason
from app.certificates.register import CertificateLine
from app.commands.certificates import listed
from app.rules.actors import SYSTEM
from app.web.clock import SHANGHAI, now
from tests.browser import Server
from tests.builders.houses import within

BASIS = "assessments.sitting:1"


def issue_on(server: Server, *names: str, revoked: str = "") -> list[dict[str, Any]]:
    """Issue a certificate to each name and list them all, with their `page` on this server."""

    async def issue() -> list[dict[str, Any]]:
        day = now().astimezone(SHANGHAI).date()
        claims = [ClaimFacts(name=name, issued_on=day, result="合格") for name in names]
        batch = await actions.order_batch(
            kind=1,
            basis=BASIS,
            issuer=IssuerFacts(name="黔山中心"),
            title="刺梨种植与初加工",
            claims=claims,
            by=SYSTEM,
            at=now(),
        )
        await batches.run(batch)
        for line in await register.certificates_of(BASIS):
            if isinstance(line, CertificateLine) and line.name == revoked:
                change = Change(certificate_id=line.id, seen_version=line.version, reason="代考")
                await actions.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=now())
        return await listed("")

    items = within(server, issue)
    host = items[0]["url"].split("/v/")[0]
    for item in items:
        item["page"] = item["qr_text"].replace(host, server.origin)
    return items
