"""Certificates of a running server, as its operator lists them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.browser import ROOT, Server

ISSUE = """
import asyncio, sys
from app.certificates import actions, batches
from app.certificates.facts import ClaimFacts
from app.main import open_house
from app.rules.actors import SYSTEM
from app.settings import load
from app.web.clock import SHANGHAI, now

async def issue():
    async with open_house(load()):
        day = now().astimezone(SHANGHAI).date()
        claims = [ClaimFacts(name=name, issued_on=day, result="合格") for name in sys.argv[1:]]
        batch = await actions.order_batch(kind=1, basis="assessments.sitting:1", issuer="黔山中心",
            title="刺梨种植与初加工", claims=claims, by=SYSTEM, at=now())
        await batches.run(batch)

asyncio.run(issue())
"""


def issue_on(server: Server, *names: str) -> list[dict[str, Any]]:
    """Issue a certificate to each name and list them all, with their `page` on this server."""
    paths = {"PYTHONPATH": str(ROOT), "PATH": str(Path(sys.executable).parent)}
    subprocess.run(
        [sys.executable, "-c", ISSUE, *names],
        cwd=ROOT,
        env={**paths, **server.settings},
        check=True,
    )
    listed = json.loads(server.run("certificates", "--json"))
    host = listed[0]["url"].split("/v/")[0]
    for item in listed:
        item["page"] = item["qr_text"].replace(host, server.origin)
    return list(listed)
