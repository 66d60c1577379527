"""What an act needs is away for a while: the act stands, and what waits for it says so."""

from pathlib import Path

import pytest

from app.certificates import actions, batches, log, progress, publishing, queries, soundness, tiles
from app.certificates.actions import Change
from app.certificates.kinds import BatchState, RevocationReason, Verdict
from app.rules.actors import SYSTEM
from app.storage.writer import DatabaseBusy
from app.web import background
from tests.builders.certificates import (
    AT,
    BASIS,
    HOST,
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
