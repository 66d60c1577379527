"""Change the issuing keys: two persons, a leaf of the log, and what was signed before stays."""

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from app.audit.queries import journal_problems
from app.certificates import (
    actions,
    batches,
    cose,
    key_proposals,
    keyring,
    known_keys,
    progress,
    publishing,
    queries,
    signer,
    signing_service,
    soundness,
    wallet_files,
)
from app.certificates.actions import Change
from app.certificates.key_proposals import AlreadyDecided, KeyWish
from app.certificates.keyring import (
    KeyNotActive,
    ReasonNeeded,
    SecondPersonNeeded,
    WrongIndex,
)
from app.certificates.kinds import (
    CertificateStatus,
    KeyAct,
    KeyStatus,
    ProposalState,
    RevocationReason,
    Verdict,
)
from app.certificates.known_keys import KeyEnded, KeyUnknown
from app.certificates.notes import Checkpoint, LogEvent
from app.certificates.signer import SignerChanged, SignerRefuses, Signers, SignerSilent
from app.certificates.signing_service import SigningServer
from app.errors import NotAllowed, NotFound
from app.rules.actors import EVERYWHERE, NOBODY, SYSTEM, Actor, Duty, Grant
from tests.builders.certificates import (
    AT,
    BASIS,
    ISSUING,
    LOG,
    OTHER,
    TITLE,
    a_claim,
    events_of,
    issued,
    lines_of,
    open_house,
    some_facts,
)
from tests.builders.waiting import until

pytestmark = pytest.mark.anyio
KID = cose.kid_of(ISSUING.public_key).hex()
ADMINISTRATOR = Actor(7, "王五", (Grant(Duty.ADMINISTRATOR, EVERYWHERE, AT),))
OFFICER = Actor(8, "赵六", (Grant(Duty.CERTIFICATE_OFFICER, EVERYWHERE, AT),))


@pytest.fixture
def house(database: str, tmp_path: Path) -> str:
    """A database with keys in memory and the log of one process."""
    open_house(tmp_path)
    return database


def a_wish(act: KeyAct = KeyAct.COMPROMISED, **facts: object) -> KeyWish:
    return KeyWish(**({"act": act, "kid": KID, "reason": "疑似外泄"} | facts))  # type: ignore[arg-type]


async def done(wish: KeyWish) -> str:
    """Propose and approve, by two persons."""
    number = await keyring.propose(wish, by=ADMINISTRATOR, at=AT)
    return await keyring.approve(number, by=OFFICER, at=AT)


class TestTwoPersons:
    async def test_change_keys_together_and_nobody_alone(self, house):
        await issued(some_facts(1))
        number = await keyring.propose(a_wish(KeyAct.RETIRE), by=ADMINISTRATOR, at=AT)

        with pytest.raises(SecondPersonNeeded):
            await keyring.approve(number, by=ADMINISTRATOR, at=AT)
        with pytest.raises(NotAllowed):
            await keyring.approve(number, by=NOBODY, at=AT)
        assert (await queries.keys())[0].status is KeyStatus.ACTIVE
        await keyring.approve(number, by=OFFICER, at=AT)

        assert (await queries.keys())[0].status is KeyStatus.RETIRED
        [line] = await key_proposals.proposals()
        assert (line.state, line.decided_name) == (ProposalState.APPROVED, "赵六")
        with pytest.raises(AlreadyDecided):
            await keyring.approve(number, by=OFFICER, at=AT)
        assert await journal_problems() == []

    async def test_may_leave_it(self, house):
        await issued(some_facts(1))
        number = await keyring.propose(a_wish(KeyAct.RETIRE), by=ADMINISTRATOR, at=AT)

        await keyring.decline(number, by=ADMINISTRATOR, at=AT)

        assert (await queries.keys())[0].status is KeyStatus.ACTIVE
        with pytest.raises(NotFound):
            await keyring.decline(99, by=OFFICER, at=AT)

    @pytest.mark.parametrize(
        ("wish", "why"),
        [
            (a_wish(reason=" "), ReasonNeeded),
            (a_wish(), WrongIndex),
            (a_wish(from_index=0), WrongIndex),
            (a_wish(from_index=99), WrongIndex),
            (a_wish(KeyAct.ROTATE, kid="00000000"), NotFound),
        ],
        ids=range(5),
    )
    async def test_are_told_what_cannot_be_done(self, house, wish, why):
        await issued(some_facts(1))

        with pytest.raises(why):
            await keyring.propose(wish, by=ADMINISTRATOR, at=AT)

    async def test_are_told_that_a_key_has_ended(self, house):
        await issued(some_facts(1))
        await done(a_wish(from_index=1))

        for wish in (a_wish(from_index=1), a_wish(KeyAct.RETIRE)):
            with pytest.raises(KeyNotActive):
                await keyring.propose(wish, by=ADMINISTRATOR, at=AT)


class TestACompromisedKey:
    async def test_is_believed_before_its_index(self, house):
        early, late = await issued(some_facts(2))

        await done(a_wish(from_index=late.leaf_index))

        assert (await queries.public_entry(early.verification_id)).verdict is Verdict.VALID
        assert (await queries.public_entry(late.verification_id)).verdict is Verdict.UNCERTAIN
        [*_, (_, leaf)] = await events_of(cose.key_commit(ISSUING.public_key).hex())
        assert leaf.event is LogEvent.KEY_COMPROMISED

    async def test_issues_nothing_more(self, house):
        await issued(some_facts(1))
        await done(a_wish(from_index=1))

        with pytest.raises(KeyEnded):
            await known_keys.refuse_unfit()


class TestAKeyThatNobodyApproved:
    """The old file was lost and made anew, was replaced, or is set wrongly."""

    async def test_signs_nothing_and_is_named_by_check(self, house, monkeypatch):
        monkeypatch.setattr(publishing, "PAUSE_SECONDS", 0.02)
        line = (await issued(some_facts(1)))[0]
        signer.use(Signers(OTHER, LOG))

        batch = await actions.order_batch(
            kind=1, basis=BASIS, issuer=1, title=TITLE, claims=some_facts(2), by=SYSTEM, at=AT
        )
        running = asyncio.create_task(batches.run(batch))
        await until(lambda: waits_for_a_key(batch))
        with pytest.raises(KeyUnknown):
            await wallet_files._list(0, AT)
        change = Change(certificate_id=line.id, seen_version=1, reason="代考")
        await actions.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=AT)

        assert (await queries.public_entry(line.verification_id)).verdict is Verdict.REVOKED
        assert [key.kid for key in await queries.keys()] == [KID]
        other = cose.kid_of(OTHER.public_key).hex()
        assert f"key {other} signs now and is not listed" in "".join(await soundness.log_problems())
        signer.use(Signers(ISSUING, LOG))  # The old file is back: the batch goes on by itself.
        await running
        assert (await progress.batch(batch)).issued == 1
        assert await soundness.log_problems() == []

    async def test_gives_way_to_one_that_two_persons_approve(self, house, tmp_path, monkeypatch):
        monkeypatch.setattr(publishing, "PAUSE_SECONDS", 0.02)
        files = (tmp_path / "signing.key", tmp_path / "log.key")
        signer.open_files(*files)
        await issued(some_facts(1))
        lost = (await queries.keys())[0].kid
        files[0].unlink()
        lying_there = signer.open_files(*files).issuing.public_key
        batch = await actions.order_batch(
            kind=1, basis=BASIS, issuer=1, title=TITLE, claims=some_facts(2), by=SYSTEM, at=AT
        )
        running = asyncio.create_task(batches.run(batch))
        await until(lambda: waits_for_a_key(batch))

        kid = await done(a_wish(KeyAct.ROTATE, kid=lost))
        await running

        assert [(key.kid, key.status) for key in await queries.keys()] == [
            (lost, KeyStatus.RETIRED),
            (kid, KeyStatus.ACTIVE),
        ]
        assert kid != cose.kid_of(lying_there).hex()
        assert [line.status for line in await lines_of()] == [CertificateStatus.VALID] * 2
        assert await soundness.log_problems() == []

    async def test_gives_way_also_where_the_lost_one_was_ended_before(self, house, tmp_path):
        files = (tmp_path / "signing.key", tmp_path / "log.key")
        signer.open_files(*files)
        await issued(some_facts(1))
        lost = (await queries.keys())[0].kid
        await done(a_wish(kid=lost, from_index=1))
        files[0].unlink()
        signer.open_files(*files)

        kid = await done(a_wish(KeyAct.ROTATE, kid=lost))

        assert (await queries.keys())[1].kid == kid
        with pytest.raises(KeyNotActive):  # It signs no more, and another does.
            await keyring.propose(a_wish(KeyAct.ROTATE, kid=lost), by=ADMINISTRATOR, at=AT)


async def waits_for_a_key(batch: int) -> bool:
    return "没有登记" in (await progress.batch(batch)).problem


class TestANewKey:
    async def test_takes_the_old_file_s_place(self, house, tmp_path):
        signer.open_files(tmp_path / "signing.key", tmp_path / "log.key")
        old = (await issued(some_facts(1)))[0]
        before = cose.kid_of(signer.signers().issuing.public_key).hex()

        kid = await done(a_wish(KeyAct.ROTATE, kid=before))

        assert kid == cose.kid_of(signer.signers().issuing.public_key).hex()
        assert [key.status for key in await queries.keys()] == [
            KeyStatus.RETIRED,
            KeyStatus.ACTIVE,
        ]
        assert (await queries.public_entry(old.verification_id)).verdict is Verdict.VALID
        new = (await issued(some_facts(2)))[1]
        assert (await queries.public_entry(new.verification_id)).verdict is Verdict.VALID
        assert (tmp_path / "signing.key").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / f"signing.key.{before}").exists()
        assert await soundness.log_problems() == []

    async def test_follows_a_compromised_one(self, house, tmp_path):
        signer.open_files(tmp_path / "signing.key", tmp_path / "log.key")
        await issued(some_facts(1))
        before = cose.kid_of(signer.signers().issuing.public_key).hex()
        await done(a_wish(kid=before, from_index=1))

        await done(a_wish(KeyAct.ROTATE, kid=before))

        assert [key.status for key in await queries.keys()] == [
            KeyStatus.COMPROMISED,
            KeyStatus.ACTIVE,
        ]
        new = (await issued(some_facts(2)))[1]
        assert (await queries.public_entry(new.verification_id)).verdict is Verdict.VALID


@contextmanager
def a_server(folder: Path, keys: Signers) -> Iterator[Path]:
    """Answer at a socket, in a thread here, until the block ends."""
    path = Path(os.path.relpath(folder / "s"))
    with SigningServer(path, keys, folder / "log.key.signed") as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield path
        server.shutdown()
        thread.join()


class TestTheSigningProcess:
    @pytest.fixture
    def socket(self, tmp_path: Path) -> Iterator[Path]:
        """A signer at a socket, in a thread here; the keys are files of its own."""
        with a_server(
            tmp_path, signer.open_files(tmp_path / "signing.key", tmp_path / "log.key")
        ) as path:
            yield path

    def test_signs_for_one_that_has_no_key(self, socket):
        held = signer.signers()

        asked = signing_service.connect(socket)
        signed, _ = cose.sign(a_claim(), asked.issuing)

        assert asked.log.public_key == held.log.public_key
        assert cose.is_signed_by(cose.parse(signed), held.issuing.public_key)
        assert socket.stat().st_mode & 0o777 == 0o660

    def test_renews_and_refuses_the_old_key(self, socket):
        old = signing_service.connect(socket)

        new = old.renew()

        assert new.issuing.public_key != old.issuing.public_key
        assert new.issuing.sign(b"x")
        with pytest.raises(SignerChanged, match="换了密钥"):
            old.issuing.sign(b"x")

    async def test_is_followed_to_other_keys_that_it_was_started_with(self, socket, tmp_path):
        asked = signing_service.connect(socket)
        told = asked.issuing.public_key
        asked.renew()
        signer.use(asked)  # As a second website, which has heard nothing.

        now = await signer.ready()

        assert now.issuing.public_key != told
        assert now.issuing.sign(b"x")

    def test_signs_a_bundle_of_many_revoked(self, socket):
        bundle = b"x" * 2_000_000

        assert signing_service.connect(socket).log.sign(bundle)

    def test_has_longer_for_a_new_key_than_for_a_signature(self, tmp_path, monkeypatch):
        monkeypatch.setattr(signing_service, "SECONDS", 0.2)
        keys = signer.open_files(tmp_path / "signing.key", tmp_path / "log.key")

        def slowly() -> Signers:
            time.sleep(0.5)
            return keys.renew()

        with a_server(tmp_path, replace(keys, renew=slowly)) as path:
            new = signing_service.connect(path).renew()

        assert new.issuing.public_key != keys.issuing.public_key

    def test_signs_no_checkpoint_that_went_back(self, socket):
        asked = signing_service.connect(socket).log
        three = Checkpoint("a/log", 3, bytes(32)).text.encode()

        assert asked.sign(three) == asked.sign(three)
        assert asked.sign(Checkpoint("a/log", 5, bytes(32)).text.encode())
        assert asked.sign(b"a bundle")
        for wrong in (three, Checkpoint("a/log", 5, b"x" * 32).text.encode()):
            with pytest.raises(SignerRefuses, match="倒回"):
                asked.sign(wrong)

    def test_says_why_it_will_not(self, socket, tmp_path):
        with pytest.raises(SignerRefuses, match="unknown request"):
            signing_service.ask(socket, signing_service.Request("sign", "other"))
        with pytest.raises(SignerSilent, match="没有应答"):
            signing_service.connect(tmp_path / "nobody").probe()
