"""What an act needs is away for a while: the act stands, and what waits for it says so."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from anyio import from_thread

from app.certificates import (
    actions,
    batches,
    issuing,
    log,
    progress,
    publishing,
    queries,
    signer,
    soundness,
    tiles,
)
from app.certificates.actions import Change
from app.certificates.kinds import BatchState, RevocationReason, Verdict
from app.certificates.notes import Leaf, LogEvent
from app.certificates.signer import SignerRefuses, Signers
from app.rules.actors import SYSTEM
from app.storage.engine import write_transaction
from app.storage.writer import DatabaseBusy
from app.web import background
from tests.builders.certificates import (
    AT,
    BASIS,
    HOST,
    ISSUING,
    LOG,
    batches_of,
    issued,
    lines_of,
    open_house,
    some_facts,
)

pytestmark = pytest.mark.anyio


class TestACheckpointThatCannotBeRemembered:
    """The folder beside the log key cannot be written."""

    @pytest.fixture
    def away(self, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A house whose folder for the log's memory is not there."""
        monkeypatch.setattr(publishing, "PAUSE_SECONDS", 0.02)
        open_house(tmp_path)
        log.use(HOST, tmp_path / "away" / "log.checkpoint")
        return tmp_path / "away"

    async def test_stops_a_batch_which_can_be_continued(self, away):
        await issued(some_facts(2))

        [batch] = await progress.batches()
        assert (batch.state, batch.issued) == (BatchState.STOPPED, 2)
        assert "服务器出了故障" in batch.problem
        away.mkdir()
        await batches.continue_batch(batch.id, SYSTEM, AT)
        await background.settle()
        assert (await progress.batch(batch.id)).state is BatchState.DONE
        assert await soundness.log_problems() == []

    async def test_lets_a_revocation_stand_and_follows_by_itself(self, away):
        line = (await issued(some_facts(1)))[0]

        change = Change(certificate_id=line.id, seen_version=1, reason="代考")
        await actions.revoke(change, RevocationReason.FRAUD, by=SYSTEM, at=AT)

        assert (await lines_of(BASIS))[0].status == "revoked"
        assert await tiles.pending() == 3
        away.mkdir()
        await background.settle()
        assert await tiles.pending() == 0
        assert (await queries.public_entry(line.verification_id)).verdict is Verdict.REVOKED


class TestPatience:
    async def test_outlasts_a_busy_database_and_a_lost_connection(self, monkeypatch):
        monkeypatch.setattr(publishing, "PAUSE_SECONDS", 0.0)
        failures = [DatabaseBusy(), ConnectionError()]

        async def work() -> str:
            if failures:
                raise failures.pop()
            return "done"

        assert await publishing.patiently(work) == "done"

    async def test_is_no_excuse_for_a_bug(self):
        async def work() -> str:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await publishing.patiently(work)


class LoggedMeanwhile:
    """A signer whose other client had more signed while this one asked."""

    public_key = LOG.public_key

    def __init__(self) -> None:
        self.asked: list[bytes] = []

    def sign(self, message: bytes) -> bytes:
        """Refuse the first, for the log is longer by now."""
        self.asked.append(message)
        if len(self.asked) == 1:
            from_thread.run(one_more_leaf)
            raise SignerRefuses("日志倒回")
        return LOG.sign(message)


async def one_more_leaf() -> None:
    async with write_transaction():
        head = await issuing.begin_within(AT)
        await log.append_within(head, [Leaf(LogEvent.REVOKED, bytes(32), log.seconds(AT))])


class TestTwoProcesses:
    @pytest.fixture
    def house(self, database: str, tmp_path: Path) -> Path:
        """A database with keys in memory."""
        open_house(tmp_path)
        return tmp_path

    async def test_of_one_signer_publish_what_is_longer_by_now(self, house):
        await one_more_leaf()
        signer.use(Signers(ISSUING, LoggedMeanwhile()))

        assert await log.publish(AT) == 3

    async def test_begin_the_log_once(self, house):
        numbers = await batches_of(some_facts(3), "a:1", "a:2", "a:3")

        await asyncio.gather(*map(batches.run, numbers))

        done = [await progress.batch(number) for number in numbers]
        assert [(one.state, one.problem) for one in done] == [(BatchState.DONE, "")] * 3
        assert len(await queries.keys()) == 1
        assert await soundness.log_problems() == []


class TestCheckBesideAHouseThatIssues:
    async def test_stays_silent(self, database, tmp_path, monkeypatch):
        open_house(tmp_path)
        await issued(some_facts(2))
        rows, leaves = soundness._rows, soundness._leaves

        async def one_more() -> None:
            held = await lines_of(BASIS)
            await background.start(issued, some_facts(len(held) + 1))

        async def rows_and_one_more(after: int) -> list[dict[str, Any]]:
            found = await rows(after)
            if not found:
                await one_more()
            return found

        async def one_more_and_leaves() -> AsyncIterator[Any]:
            await one_more()
            async for leaf in leaves():
                yield leaf

        monkeypatch.setattr(soundness, "_rows", rows_and_one_more)
        monkeypatch.setattr(soundness, "_leaves", one_more_and_leaves)

        assert await soundness.log_problems() == []

        assert len(await lines_of(BASIS)) > 3
