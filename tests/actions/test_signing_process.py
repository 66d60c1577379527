"""The signing process dies and comes back: who needs it waits, or is told; nobody restarts."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.__main__ import main
from app.certificates import (
    actions,
    batches,
    log,
    progress,
    publishing,
    queries,
    signing_service,
    soundness,
    tiles,
)
from app.certificates.facts import ClaimFacts
from app.certificates.kinds import BatchState, RevocationReason, Verdict
from app.certificates.signer import SignerSilent
from app.rules.actors import SYSTEM
from app.web import background
from tests.builders.certificates import AT, BASIS, DAY, HOST, TITLE, an_issuer, issued, some_facts
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio


@contextmanager
def a_signing_process(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Run `xiangjiang signer` over the keys of a folder, until it is killed or the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "signer", str(folder / "s")],
        env={**os.environ, "XIANGJIANG_DATA_DIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert "签名进程已就绪" in process.stdout.readline()
        yield process
        process.kill()


@pytest.fixture
def house(sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database, and a log whose keys somebody else holds."""
    monkeypatch.setattr(publishing, "PAUSE_SECONDS", 0.05)
    log.use(HOST, tmp_path / "log.checkpoint")
    return tmp_path


class TestASigningProcessThatDies:
    async def test_leaves_a_batch_waiting_until_it_is_back(self, house):
        with a_signing_process(house):
            signing_service.connect(house / "s")
            first = (await issued(some_facts(1)))[0]
            batch = await actions.order_batch(
                kind=1,
                basis=BASIS,
                issuer=await an_issuer(),
                title=TITLE,
                claims=[*some_facts(3), ClaimFacts(name="王五", issued_on=DAY, key="five")],
                by=SYSTEM,
                at=AT,
            )

        running = asyncio.create_task(batches.run(batch))
        await until(lambda: waits_for_the_signer(batch))
        shown = await queries.public_entry(first.verification_id)
        with pytest.raises(SignerSilent):
            await actions.order_batch(
                kind=1, basis=BASIS, issuer=1, title=TITLE, claims=some_facts(9), by=SYSTEM, at=AT
            )
        assert "没有应答" in (await soundness.signer_problems())[0]
        with a_signing_process(house):
            await running
            assert await soundness.signer_problems() == []

        done = await progress.batch(batch)
        assert (done.state, done.issued, done.problem) == (BatchState.DONE, done.total, "")
        assert shown.verdict is Verdict.VALID
        assert await soundness.log_problems() == []

    async def test_lets_a_revocation_stand_and_its_checkpoint_follow(self, house):
        with a_signing_process(house):
            signing_service.connect(house / "s")
            line = (await issued(some_facts(1)))[0]
        covered = await tiles.covered_size()

        change = actions.Change(certificate_id=line.id, seen_version=line.version, reason="代考")
        await actions.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=AT)

        assert (await queries.public_entry(line.verification_id)).verdict is Verdict.REVOKED
        assert await tiles.covered_size() == covered
        with a_signing_process(house):
            await background.settle()
        assert await tiles.covered_size() == covered + 1

    async def test_is_named_to_who_needs_it_and_missed_by_nobody_else(self, house):
        with a_signing_process(house):
            signing_service.connect(house / "s")
            line = (await issued(some_facts(1)))[0]
        signing_service.connect(house / "s")  # As a website does that starts meanwhile.

        async with a_visit(house) as visitor:
            bundle = await visitor.get("/offline.json")
            page = await visitor.client.get("/log/vkey", headers={"accept": "text/html"})
            shown = await visitor.get(f"/v/{line.verification_id}")
            proof = await visitor.get(f"/v/{line.verification_id}.tlog-proof")

        assert (bundle.status_code, bundle.json()["error"]["name"]) == (503, "SignerSilent")
        assert int(bundle.headers["retry-after"]) > 0
        assert page.status_code == 503
        assert "xiangjiang signer" in page.text
        assert str(house) not in page.text + bundle.text
        assert "有效" in shown.text
        assert proof.status_code == 200

    def test_is_reported_by_check(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setenv("XIANGJIANG_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("XIANGJIANG_SIGNER", str(tmp_path / "s"))

        assert main(["migrate"]) == 0
        assert main(["check"]) == 1

        said = capsys.readouterr().out
        assert "签名进程：有问题" in said
        assert "启动签名进程（xiangjiang signer）" in said
        assert str(tmp_path / "s") in said


async def waits_for_the_signer(batch: int) -> bool:
    return "没有应答" in (await progress.batch(batch)).problem


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(500):
        if await holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came to that")
