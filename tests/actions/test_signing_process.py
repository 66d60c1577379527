"""The signing process dies and comes back: who needs it waits, or is told; nobody restarts."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.__main__ import main
from app.certificates import (
    actions,
    batches,
    cose,
    keyring,
    log,
    notes,
    progress,
    publishing,
    queries,
    signer,
    signing_service,
    soundness,
    tiles,
    wallet_files,
)
from app.certificates.facts import ClaimFacts
from app.certificates.key_proposals import KeyWish
from app.certificates.kinds import BatchState, KeyAct, RevocationReason, Verdict
from app.certificates.register import CertificateLine
from app.certificates.signer import Signers, SignerSilent
from app.certificates.tables import Certificate
from app.rules.actors import EVERYWHERE, SYSTEM, Actor, Duty, Grant
from app.web import background
from tests.builders.certificates import (
    AT,
    BASIS,
    DAY,
    HOST,
    TITLE,
    an_issuer,
    batches_of,
    issued,
    some_facts,
)
from tests.builders.visits import a_visit
from tests.builders.waiting import until
from tests.pages.test_certificate_pages import an_officer

pytestmark = pytest.mark.anyio
OFFICER = Actor(8, "赵六", (Grant(Duty.CERTIFICATE_OFFICER, EVERYWHERE, AT),))


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
    wallet_files.forget()
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

    async def test_lets_an_act_stand_whose_checkpoint_it_refuses_to_sign(self, house):
        with a_signing_process(house):
            signing_service.connect(house / "s")
            line = (await issued(some_facts(1)))[0]
            signed = next(house.glob("*.signed"))
            longer = replace(notes.parse_checkpoint(signed.read_text()), size=99)
            kept = signed.read_text()
            signed.write_text(longer.text)

            change = actions.Change(certificate_id=line.id, seen_version=1, reason="代考")
            await actions.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=AT)
            async with a_visit(house, await an_officer()) as officer:
                shown = await officer.get(f"/desk/certificates/{line.id}")

            assert (await queries.public_entry(line.verification_id)).verdict is Verdict.REVOKED
            assert await tiles.pending() == 1
            signed.write_text(kept)
            await batches.resume()

        assert "有 1 条日志记录还没有纳入公开的检查点" in shown.text
        assert await tiles.pending() == 0

    async def test_is_named_to_who_needs_it_and_missed_by_nobody_else(self, house):
        with a_signing_process(house):
            signing_service.connect(house / "s")
            line = (await issued(some_facts(1)))[0]
        signing_service.connect(house / "s")  # As a website does that starts meanwhile.

        async with a_visit(house) as visitor:
            bundle = await visitor.get("/offline.json")
            page = await visitor.client.get("/status/0", headers={"accept": "text/html"})
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


@contextmanager
def a_signer_that_hangs(path: Path) -> Iterator[None]:
    """Take every connection at a socket and answer none."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(100)
        yield


@asynccontextmanager
async def longest_pause() -> AsyncIterator[list[float]]:
    """Measure the longest time for which nobody else had a turn."""
    pauses = [0.0]

    async def look() -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.005)
            pauses[0] = max(pauses[0], time.monotonic() - began)

    looking = asyncio.create_task(look())
    yield pauses
    looking.cancel()


class TestASigningProcessThatHangs:
    async def test_stops_neither_pages_nor_writers_nor_the_loop(self, house, monkeypatch):
        monkeypatch.setattr(signing_service, "SECONDS", 1.0)
        with a_signing_process(house):
            signing_service.connect(house / "s")
            line = (await issued(some_facts(1)))[0]
            async with a_visit(house) as visitor:
                before = await visitor.get("/offline.json")

        with a_signer_that_hangs(house / "s"):
            change = actions.Change(certificate_id=line.id, seen_version=1, reason="代考")
            async with longest_pause() as pauses, a_visit(house) as visitor:
                acting = asyncio.create_task(
                    actions.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=AT)
                )
                await until(lambda: stands(line, Verdict.REVOKED))
                began = time.monotonic()
                asked = asyncio.create_task(visitor.get("/offline.json"))
                await asyncio.sleep(0)
                shown = await visitor.get(f"/v/{line.verification_id}")
                await an_issuer("黔山大学")
                took = time.monotonic() - began
                answers = [await asked, await visitor.get("/offline.json")]
                await acting
            with pytest.raises(SignerSilent):
                await issued(some_facts(5))
        await background.finish()

        assert "已撤销" in shown.text
        assert took < 0.9, "somebody waited for the signer"
        assert pauses[0] < 0.9
        assert [one.json() for one in answers] == [before.json()] * 2

    async def test_of_a_new_key_keeps_nobody_else_waiting(self, house, monkeypatch):
        keys = signer.open_files(house / "signing.key", house / "log.key")

        def slowly() -> Signers:
            time.sleep(0.6)
            return keys.renew()

        signer.use(replace(keys, renew=slowly))
        await issued(some_facts(1))
        kid = (await queries.keys())[0].kid
        wish = KeyWish(act=KeyAct.ROTATE, kid=kid, reason="每年更换")
        number = await keyring.propose(wish, by=replace(SYSTEM, account_id=7), at=AT)

        async with longest_pause() as pauses:
            approving = asyncio.create_task(keyring.approve(number, by=OFFICER, at=AT))
            await asyncio.sleep(0.1)
            await an_issuer("黔山大学")
            is_going_on = not approving.done()
            new = await approving

        assert is_going_on
        assert pauses[0] < 0.5
        assert [key.kid for key in await queries.keys()] == [kid, new]

    async def test_of_a_key_that_was_made_and_not_recorded_lets_another_be_approved(self, house):
        signer.open_files(house / "signing.key", house / "log.key")
        await issued(some_facts(1))
        kid = (await queries.keys())[0].kid
        wish = KeyWish(act=KeyAct.ROTATE, kid=kid, reason="每年更换")
        number = await keyring.propose(wish, by=replace(SYSTEM, account_id=7), at=AT)
        made = signer.signers().renew().issuing.public_key  # And there the power went.

        new = await keyring.approve(number, by=OFFICER, at=AT)

        assert new not in {kid, cose.kid_of(made).hex()}
        assert [key.status for key in await queries.keys()] == ["retired", "active"]
        assert await soundness.log_problems() == []


class TestARotation:
    async def test_meets_a_batch_that_goes_on_with_the_new_key(self, house):
        with a_signing_process(house):
            signing_service.connect(house / "s")
            await issued(some_facts(1))
            kid = (await queries.keys())[0].kid
            batch = await actions.order_batch(
                kind=1, basis="a:1", issuer=1, title=TITLE, claims=some_facts(600), by=SYSTEM, at=AT
            )
            wish = KeyWish(act=KeyAct.ROTATE, kid=kid, reason="每年更换")
            number = await keyring.propose(wish, by=replace(SYSTEM, account_id=7), at=AT)

            running = asyncio.create_task(batches.run(batch))
            await asyncio.sleep(0.05)  # It signs the first few.
            new = await keyring.approve(number, by=OFFICER, at=AT)
            await running

            done = await progress.batch(batch)
            assert (done.state, done.issued, done.problem) == (BatchState.DONE, 600, "")
            assert [key.kid for key in await queries.keys()] == [kid, new]
            assert await soundness.log_problems() == []


class TestNumbersThatSomebodyElseTook:
    async def test_are_signed_anew(self, house):
        signer.open_files(house / "signing.key", house / "log.key")
        numbers = await batches_of(some_facts(5), "a:1", "a:2", "a:3")

        await asyncio.gather(*map(batches.run, numbers))

        done = [await progress.batch(number) for number in numbers]
        assert [(one.state, one.issued) for one in done] == [(BatchState.DONE, 5)] * 3
        rows = await Certificate.select(Certificate.number).order_by(Certificate.number)
        serials = [int(row["number"][-6:]) for row in rows]
        assert serials == list(range(serials[0], serials[0] + 15))
        assert await soundness.log_problems() == []


async def stands(line: CertificateLine, verdict: Verdict) -> bool:
    return (await queries.public_entry(line.verification_id)).verdict is verdict


async def waits_for_the_signer(batch: int) -> bool:
    return "没有应答" in (await progress.batch(batch)).problem
