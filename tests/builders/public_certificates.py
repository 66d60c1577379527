"""Certificates of a running server, as its operator lists them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.browser import ROOT, Server

ISSUE = """
import asyncio, json, sys
from app.certificates import actions, batches, register
from app.certificates.actions import Change
from app.certificates.facts import ClaimFacts
from app.certificates.kinds import RevocationReason
from app.commands.certificates import _items
from app.main import open_house
from app.rules.actors import SYSTEM
from app.settings import load
from app.web.clock import SHANGHAI, now

BASIS = "assessments.sitting:1"

async def issue(revoked, *names):
    async with open_house(load()):
        day = now().astimezone(SHANGHAI).date()
        claims = [ClaimFacts(name=name, issued_on=day, result="合格") for name in names]
        batch = await actions.order_batch(kind=1, basis=BASIS, issuer="黔山中心",
            title="刺梨种植与初加工", claims=claims, by=SYSTEM, at=now())
        await batches.run(batch)
        for line in await register.certificates_of(BASIS):
            if line.name == revoked:
                change = Change(certificate_id=line.id, seen_version=line.version, reason="代考")
                await actions.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=now())
        print(json.dumps(await _items(load(), "")))

asyncio.run(issue(*sys.argv[1:]))
"""


def issue_on(server: Server, *names: str, revoked: str = "") -> list[dict[str, Any]]:
    """Issue a certificate to each name and list them all, with their `page` on this server."""
    paths = {"PYTHONPATH": str(ROOT), "PATH": str(Path(sys.executable).parent)}
    done = subprocess.run(
        [sys.executable, "-c", ISSUE, revoked, *names],
        cwd=ROOT,
        env={**paths, **server.settings},
        check=True,
        capture_output=True,
        text=True,
    )
    listed = json.loads(done.stdout)
    host = listed[0]["url"].split("/v/")[0]
    for item in listed:
        item["page"] = item["qr_text"].replace(host, server.origin)
    return list(listed)
