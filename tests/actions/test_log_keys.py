"""The log's own key was lost: nothing is signed by another until two persons approve it."""

import asyncio
from pathlib import Path

import pytest

from app.audit.queries import journal_problems
from app.certificates import (
    actions,
    batches,
    bundle,
    keyring,
    log,
    log_vkeys,
    notes,
    progress,
    publishing,
    queries,
    resuming,
    signer,
    soundness,
    tiles,
    tree,
)
from app.certificates.actions import Change
from app.certificates.keyring import SecondPersonNeeded
from app.certificates.kinds import RevocationReason, Verdict
from app.certificates.log import LogWouldFork, PublishedUnknown
from app.certificates.log_keys import NotAnotherKey
from app.certificates.log_vkeys import LogKeyUnknown
from app.certificates.notes import Checkpoint
from app.certificates.signer import Signers
from app.certificates.tables import LogHead
from app.rules.actors import EVERYWHERE, SYSTEM, Actor, Duty, Grant
from app.web import background
from tests.builders.certificates import (
    AT,
    BASIS,
    HOST,
    ISSUING,
    LOG,
    OTHER,
    TITLE,
    issued,
    open_house,
    some_facts,
)
from tests.builders.waiting import until

pytestmark = pytest.mark.anyio
ADMINISTRATOR = Actor(7, "王五", (Grant(Duty.ADMINISTRATOR, EVERYWHERE, AT),))
OFFICER = Actor(8, "赵六", (Grant(Duty.CERTIFICATE_OFFICER, EVERYWHERE, AT),))
OLD, NEW = (notes.vkey(f"{HOST}/log", key.public_key) for key in (LOG, OTHER))


@pytest.fixture
def house(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with keys in memory and the log of one process."""
    monkeypatch.setattr(publishing, "PAUSE_SECONDS", 0.02)
    open_house(tmp_path)
    return tmp_path


def lose_the_key() -> None:
    signer.use(Signers(ISSUING, OTHER))


async def approved() -> None:
    number = await keyring.propose_log_key("磁盘损坏", by=ADMINISTRATOR, at=AT)
    await keyring.approve(number, by=OFFICER, at=AT)


class TestAnotherLogKey:
    async def test_signs_nothing_and_is_named_by_check(self, house):
        line = (await issued(some_facts(1)))[0]
        lose_the_key()

        batch = await actions.order_batch(
            kind=1, basis=BASIS, issuer=1, title=TITLE, claims=some_facts(2), by=SYSTEM, at=AT
        )
        running = asyncio.create_task(batches.run(batch))
        await until(lambda: waits_for_the_log_key(batch))
        with pytest.raises(LogKeyUnknown):
            await bundle.make(AT)
        change = Change(certificate_id=line.id, seen_version=1, reason="代考")
        await actions.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=AT)

        assert await log.vkey() == OLD
        assert (await queries.public_entry(line.verification_id)).verdict is Verdict.REVOKED
        assert await tiles.pending() == 1
        [problem] = await soundness.log_problems()
        assert problem.startswith("another log key signs now")
        signer.use(Signers(ISSUING, LOG))  # The old file is back: everything goes on by itself.
        await running
        await background.settle()
        assert await tiles.pending() == 0
        assert await soundness.log_problems() == []

    async def test_is_refused_where_it_signed_before_the_right_one_came_back(self, house):
        line = (await issued(some_facts(1)))[0]
        lose_the_key()
        change = Change(certificate_id=line.id, seen_version=1, reason="代考")
        await actions.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=AT)
        head = await log.committed_head()
        assert head is not None
        longer = Checkpoint(f"{HOST}/log", head.size, tree.edge_root(head.edges))
        note = notes.signed_note(longer.text, longer.origin, OTHER)

        with pytest.raises(LogKeyUnknown):
            await log._publish_signed(longer, note, AT)

        assert await tiles.pending() == 1

    async def test_goes_on_with_the_log_once_two_persons_approve(self, house):
        await issued(some_facts(1))
        lose_the_key()
        number = await keyring.propose_log_key("磁盘损坏", by=ADMINISTRATOR, at=AT)
        before, _ = await tiles.latest_checkpoint()

        with pytest.raises(SecondPersonNeeded):
            await keyring.approve(number, by=ADMINISTRATOR, at=AT)
        assert await log.vkey() == OLD
        await keyring.approve(number, by=OFFICER, at=AT)

        bridge, note = await tiles.latest_checkpoint()
        assert bridge == before
        assert notes.open_note(note, OLD) == notes.open_note(note, NEW) == before.text
        assert await log.vkeys() == [OLD, NEW]
        assert len(await issued(some_facts(2))) == 2
        assert notes.open_note((await tiles.latest_checkpoint())[1], NEW)
        assert await soundness.log_problems() + await journal_problems() == []

    async def test_is_not_proposed_in_the_place_of_the_log_s_own(self, house):
        await issued(some_facts(1))

        with pytest.raises(NotAnotherKey):
            await keyring.propose_log_key("每年更换", by=ADMINISTRATOR, at=AT)

    async def test_is_told_by_check_where_nobody_approved_it(self, house):
        await issued(some_facts(1))
        lose_the_key()
        await LogHead.update({LogHead.vkeys: f"{OLD}\n{NEW}"}, force=True)

        assert "the keys of the log differ from the journal" in await soundness.log_problems()

    async def test_believes_what_the_old_one_signed(self, house):
        await issued(some_facts(1))
        longer = Checkpoint(f"{HOST}/log", 9, bytes(32)).text
        lose_the_key()
        await approved()

        await resuming.remember(notes.signed_note(longer, f"{HOST}/log", LOG))

        with pytest.raises(LogWouldFork):
            await log.refuse_fork(await a_head())


class TestADiskThatIsLostWithTheKey:
    async def test_needs_somebody_to_say_what_was_published_first(self, house):
        await issued(some_facts(1))
        lose_the_key()
        (house / "log.checkpoint").unlink()

        with pytest.raises(PublishedUnknown):
            await approved()
        await resuming.state_complete("核对过纸面", by=SYSTEM, at=AT)
        await approved()

        assert len(await issued(some_facts(2))) == 2
        assert await soundness.log_problems() == []


class TestALogOfAnEarlierRelease:
    """It wrote down no key."""

    async def test_keeps_the_key_that_signed_it(self, house):
        await issued(some_facts(1))
        await LogHead.update({LogHead.vkeys: None}, force=True)

        await log.publish(AT)

        assert await log_vkeys.recorded() == [OLD]

    async def test_may_have_lost_it_already(self, house):
        await issued(some_facts(1))
        await LogHead.update({LogHead.vkeys: None}, force=True)
        log.use(HOST, house / "log.checkpoint")  # As a process that starts with another key.
        lose_the_key()

        with pytest.raises(LogKeyUnknown):
            await log.publish(AT)
        with pytest.raises(LogKeyUnknown):
            await log.refuse_fork(await a_head())
        await approved()

        assert await log_vkeys.recorded() == [NEW]
        assert len(await issued(some_facts(2))) == 2


async def a_head() -> log.Head:
    head = await log.committed_head()
    assert head is not None
    return head


async def waits_for_the_log_key(batch: int) -> bool:
    return "不是本日志一直用的那一把" in (await progress.batch(batch)).problem
