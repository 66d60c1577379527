"""Issue, change and log certificates on a real database, one transaction each."""

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.audit.queries import journal_problems
from app.certificates import (
    actions,
    batches,
    cose,
    issuers,
    log,
    notes,
    progress,
    queries,
    register,
    soundness,
    tiles,
    tree,
)
from app.certificates.actions import Change, ReasonNeeded, WrongStatus
from app.certificates.facts import ClaimFacts
from app.certificates.holdings import AnotherIsValid
from app.certificates.issuers import TemplateFacts
from app.certificates.kinds import BatchState, RevocationReason, Verdict
from app.certificates.log import LogWouldFork
from app.certificates.notes import Leaf, LogEvent
from app.certificates.ordering import BatchRefused, NothingToIssue
from app.certificates.tables import (
    Certificate,
    CertificateBatch,
    LogCheckpoint,
    LogLeaf,
)
from app.errors import NotAllowed, Stale
from app.people import actions as people
from app.people import photos
from app.rules.actors import NOBODY, SYSTEM, Actor, Duty, Grant, Scope
from app.rules.certificate_claim import CertificateKind
from app.storage import engine
from app.storage.engine import write_transaction
from tests.builders.certificates import (
    AT,
    BASIS,
    DAY,
    HOST,
    ISSUER,
    ISSUING,
    LOG,
    OTHER,
    TITLE,
    an_issuer,
    events_of,
    issued,
    lines_of,
    open_house,
    rename_issuer,
    some_facts,
)
from tests.builders.events import a_person
from tests.builders.pictures import a_picture

pytestmark = pytest.mark.anyio


@pytest.fixture
def house(database: str, tmp_path: Path) -> str:
    """A database with the keys and the log of one process."""
    open_house(tmp_path)
    return database


async def changed(line: register.CertificateLine, reason: str = "核实有误") -> Change:
    """A change of a certificate as it stands now."""
    now = (await register.certificate(line.id)).line
    return Change(certificate_id=line.id, seen_version=now.version, reason=reason)


class TestIssue:
    async def test_writes_row_signature_and_leaf_together(self, house):
        lines = await issued(some_facts(3))

        for line in lines:
            detail = await register.certificate(line.id)
            signed = cose.parse(detail.cose)
            leaf = await tiles.leaf_at(line.leaf_index)
            assert cose.is_signed_by(signed, ISSUING.public_key)
            assert (leaf.event, leaf.commit) == (LogEvent.ISSUED, signed.commit)
            assert (signed.claim.name, signed.claim.number) == (line.name, line.number)
            assert signed.claim.issued_on == line.issued_on == DAY
            assert (await queries.public_entry(line.verification_id)).verdict is Verdict.VALID

    async def test_logs_the_key_before_its_first_certificate(self, house):
        await issued(some_facts(1))

        first = await tiles.leaf_at(0)

        assert (first.event, first.commit) == (
            LogEvent.KEY_ADDED,
            cose.key_commit(ISSUING.public_key),
        )

    async def test_gives_numbers_serials_and_ids_that_are_three_things(self, house):
        lines = await issued(some_facts(3))

        assert [line.number for line in lines] == [f"265200000060000{place}" for place in (1, 2, 3)]
        assert [line.serial for line in lines] == [1, 2, 3]
        assert len({line.verification_id for line in lines}) == 3

    async def test_issues_once_to_who_is_asked_for_twice(self, house):
        await issued(some_facts(2))
        lines = await issued(some_facts(3))

        assert [line.claim_key for line in lines] == ["k0", "k1", "k2"]

    async def test_says_so_where_nobody_is_left(self, house):
        await issued(some_facts(1))

        with pytest.raises(NothingToIssue):
            await issued(some_facts(1))

    async def test_goes_on_after_a_crash_without_doubles(self, house, monkeypatch):
        monkeypatch.setattr(batches, "CHUNK", 2)
        batch_id = await actions.order_batch(
            kind=1,
            basis=BASIS,
            issuer=await an_issuer(),
            title=TITLE,
            claims=some_facts(5),
            by=SYSTEM,
            at=AT,
        )
        assert await batches._issue_some(batch_id, AT) == 2

        await batches.run(batch_id)
        await batches.run(batch_id)

        batch = await progress.batch(batch_id)
        assert (batch.state, batch.issued, batch.total) == (BatchState.DONE, 5, 5)
        assert len(await lines_of()) == 5

    async def test_freezes_the_host_at_the_first(self, house, tmp_path):
        await issued(some_facts(1))
        open_house(tmp_path, host="elsewhere.example")

        assert await log.host() == HOST

    async def test_keeps_journal_and_photo(self, house):
        async with write_transaction():
            person_id = await people.find_or_add_within(a_person(1), by=SYSTEM, at=AT)
        await photos.keep(person_id, a_picture(), by=SYSTEM, at=AT)
        lines = await issued(some_facts(1, person_id=person_id))
        await photos.remove(person_id, by=SYSTEM, at=AT)

        [kept] = (await register.photos_of([lines[0].id])).values()
        assert kept.startswith(b"\xff\xd8\xff")
        assert await journal_problems() == []

    @pytest.mark.parametrize(
        "facts",
        [
            {"title": "中国刺梨"},
            {"title": "长" * 300},
            {"result": "a\u200bb"},
            {"title": "\U00031350"},
            {"issued_on": AT.date() + timedelta(2)},
        ],
    )
    async def test_refuses_all_where_one_cannot_be_printed(self, house, facts):
        with pytest.raises(BatchRefused) as refused:
            await issued(
                [*some_facts(2), ClaimFacts(**({"name": "李四", "issued_on": DAY} | facts))]
            )

        assert refused.value.count == 1
        assert await lines_of() == []

    async def test_is_not_for_everyone(self, house):
        issuer = await an_issuer()

        with pytest.raises(NotAllowed):
            await actions.order_batch(
                kind=1,
                basis=BASIS,
                issuer=issuer,
                title=TITLE,
                claims=some_facts(1),
                by=NOBODY,
                at=AT,
            )

    async def test_is_for_who_holds_the_duty_over_the_sitting(self, house):
        issuer = await an_issuer()
        officer = Actor(7, "王五", (Grant(Duty.CERTIFICATE_OFFICER, Scope("sitting", "1"), AT),))

        assert await actions.order_batch(
            kind=1, basis=BASIS, issuer=issuer, title=TITLE, claims=some_facts(1), by=officer, at=AT
        )

    async def test_follows_the_number_template_in_force(self, house):
        await issuers.set_template(
            TemplateFacts(
                kind=CertificateKind.ABILITY, effective_on=DAY, pattern="T{yy}{serial:4}"
            ),
            by=SYSTEM,
            at=AT,
        )
        await issuers.set_template(
            TemplateFacts(
                kind=CertificateKind.ABILITY,
                effective_on=DAY + timedelta(1),
                pattern="U{yy}{serial:4}",
            ),
            by=SYSTEM,
            at=AT,
        )

        assert [line.number for line in await issued(some_facts(2))] == ["T260001", "T260002"]


class TestChange:
    async def test_revokes_and_restores_with_a_leaf_each(self, house):
        line = (await issued(some_facts(1)))[0]

        await actions.revoke(await changed(line), RevocationReason.FRAUD, by=SYSTEM, at=AT)
        revoked = await queries.public_entry(line.verification_id)
        await actions.restore(await changed(line), by=SYSTEM, at=AT)
        restored = await queries.public_entry(line.verification_id)

        assert (revoked.verdict, revoked.reason_code) == (Verdict.REVOKED, "fraud")
        assert (restored.verdict, restored.reason_code) == (Verdict.VALID, "")
        events = [leaf.event for _, leaf in await events_of(revoked.commit)]
        assert events == [LogEvent.ISSUED, LogEvent.REVOKED, LogEvent.RESTORED]

    async def test_restores_none_beside_a_newer_valid_one(self, house):
        old = (await issued(some_facts(1)))[0]
        await actions.revoke(await changed(old), RevocationReason.FRAUD, by=SYSTEM, at=AT)
        new = (await issued(some_facts(1)))[1]

        with pytest.raises(AnotherIsValid) as refused:
            await actions.restore(await changed(old), by=SYSTEM, at=AT)
        await actions.revoke(await changed(new), RevocationReason.FRAUD, by=SYSTEM, at=AT)
        await actions.restore(await changed(old), by=SYSTEM, at=AT)
        corrected = await actions.correct(
            await changed(old), ClaimFacts(name="李四", issued_on=DAY), by=SYSTEM, at=AT
        )

        assert refused.value.number == new.number
        with pytest.raises(AnotherIsValid):
            await actions.restore(await changed(new), by=SYSTEM, at=AT)
        assert [line.status.value for line in await lines_of()] == ["corrected", "revoked", "valid"]
        assert (await lines_of())[2].id == corrected

    async def test_corrects_with_a_new_id_and_number(self, house):
        line = (await issued(some_facts(1)))[0]

        new_id = await actions.correct(
            await changed(line),
            ClaimFacts(name="李四", issued_on=DAY, result="合格"),
            by=SYSTEM,
            at=AT,
        )

        new = (await register.certificate(new_id)).line
        old = await queries.public_entry(line.verification_id)
        assert (old.verdict, old.successor_id) == (Verdict.CORRECTED, new.verification_id)
        assert (
            await queries.public_entry(new.verification_id)
        ).predecessor_id == line.verification_id
        assert new.number != line.number
        assert new.title == line.title

    async def test_reissues_without_a_leaf(self, house):
        line = (await issued(some_facts(1)))[0]
        before = (await register.certificate(line.id)).cose
        size = await tiles.covered_size()

        await actions.reissue(await changed(line, "遗失"), by=SYSTEM, at=AT)

        after = await register.certificate(line.id)
        assert (after.cose, after.line.number, after.reissues) == (before, line.number, 1)
        assert await tiles.covered_size() == size

    async def test_needs_a_reason_the_right_version_and_the_right_status(self, house):
        line = (await issued(some_facts(1)))[0]
        change = await changed(line)

        with pytest.raises(ReasonNeeded):
            await actions.reissue(
                Change(certificate_id=line.id, seen_version=1, reason=" "), by=SYSTEM, at=AT
            )
        with pytest.raises(WrongStatus):
            await actions.restore(change, by=SYSTEM, at=AT)
        await actions.reissue(change, by=SYSTEM, at=AT)
        with pytest.raises(Stale):
            await actions.reissue(change, by=SYSTEM, at=AT)

    async def test_is_for_the_certificate_officer(self, house):
        line = (await issued(some_facts(1)))[0]
        organizer = Actor(7, "王五", (Grant(Duty.ORGANIZER, Scope("sitting", "1"), AT),))

        with pytest.raises(NotAllowed):
            await actions.revoke(await changed(line), RevocationReason.FRAUD, by=organizer, at=AT)


class TestLog:
    async def test_covers_every_leaf_by_a_signed_checkpoint(self, house):
        await issued(some_facts(300))

        checkpoint, note = await tiles.latest_checkpoint()

        assert notes.open_note(note, await log.vkey())
        leaves = [tree.leaf_hash(leaf.data) for leaf in await tiles.leaves(0, checkpoint.size)]
        assert (checkpoint.size, checkpoint.root) == (301, tree.root_of(leaves))

    async def test_proves_each_leaf_and_its_own_growth(self, house):
        await issued(some_facts(120))
        await issued(some_facts(300))
        checkpoint, _ = await tiles.latest_checkpoint()

        for index in (0, 1, 119, 255, 256, 300):
            proof = await tiles.proof_of(index)
            number, path, note = notes.parse_proof(proof)
            notes.open_note(note, await log.vkey())
            leaf = notes.proof_extra(proof)
            assert tree.includes(
                tree.leaf_hash(leaf), number, checkpoint.size, path, checkpoint.root
            )
        path = await tiles.consistency_of(121, checkpoint.size)
        assert tree.is_consistent(
            121, checkpoint.size, await tiles.root_at(121), checkpoint.root, path
        )

    async def test_prints_nothing_before_a_checkpoint(self, house):
        batch_id = await actions.order_batch(
            kind=1,
            basis=BASIS,
            issuer=await an_issuer(),
            title=TITLE,
            claims=some_facts(1),
            by=SYSTEM,
            at=AT,
        )
        await batches._issue_some(batch_id, AT)

        line = (await lines_of())[0]

        assert not (await register.certificate(line.id)).is_printable
        assert (await queries.public_entry(line.verification_id)).verdict is Verdict.UNCERTAIN
        await log.publish(AT)
        assert (await register.certificate(line.id)).is_printable

    async def test_publishes_nothing_that_a_failed_commit_may_still_lose(
        self, sqlite_database, tmp_path
    ):
        open_house(tmp_path)
        await issued(some_facts(1))
        line = (await lines_of())[0]
        published = log.remembered()
        async with write_transaction():
            head = await log.locked_head()
            assert head is not None
            await log.append_within(head, [Leaf(LogEvent.RESTORED, bytes(32), 1)])
        await engine.fetch(
            "CREATE TABLE child (head INTEGER"
            " REFERENCES certificate_log_head(id) DEFERRABLE INITIALLY DEFERRED)"
        )

        async def an_act_that_is_lost() -> None:
            async with write_transaction():
                head = await log.locked_head()
                assert head is not None
                await log.append_within(head, [Leaf(LogEvent.REVOKED, bytes(32), 1)])
                await engine.fetch("INSERT INTO child VALUES (99)")
                for _ in range(2000):  # The next one waits by then, and shares the COMMIT.
                    await asyncio.sleep(0)

        lost, _ = await asyncio.gather(
            an_act_that_is_lost(), log.publish(AT), return_exceptions=True
        )

        assert type(lost) is sqlite3.IntegrityError
        assert log.remembered() == published or f"/log\n{head.size}\n" in log.remembered()
        assert await log.publish(AT) == head.size
        await actions.revoke(await changed(line), RevocationReason.OTHER, by=SYSTEM, at=AT)

    async def test_refuses_to_fork_after_an_older_backup(self, house, tmp_path):
        await issued(some_facts(2))
        published = (tmp_path / "log.checkpoint").read_text()
        forged = replace((await tiles.latest_checkpoint())[0], size=99, root=bytes(32))
        (tmp_path / "log.checkpoint").write_text(notes.signed_note(forged.text, forged.origin, LOG))
        open_house(tmp_path)

        line = (await lines_of())[0]
        change = await changed(line)

        with pytest.raises(LogWouldFork):
            await actions.revoke(change, RevocationReason.OTHER, by=SYSTEM, at=AT)

        (tmp_path / "log.checkpoint").write_text(published)
        await actions.revoke(change, RevocationReason.OTHER, by=SYSTEM, at=AT)

    async def test_stops_a_batch_that_would_fork_it_and_says_why(self, house, tmp_path):
        await issued(some_facts(1))
        batch_id = await actions.order_batch(
            kind=1,
            basis=BASIS,
            issuer=await an_issuer(),
            title=TITLE,
            claims=some_facts(2),
            by=SYSTEM,
            at=AT,
        )
        (tmp_path / "log.checkpoint").write_text("something else")

        await batches.run(batch_id)

        batch = await progress.batch(batch_id)
        assert (batch.state, batch.issued) == (BatchState.STOPPED, 0)
        assert batch.problem

    async def test_shows_what_was_edited_behind_our_back(self, house):
        line = (await issued(some_facts(1)))[0]

        for column, value in (
            ("name", "李四"),
            ("number", "X1"),
            ("status", "revoked"),
            ("title", TITLE),
        ):
            await Certificate.update({column: value}).where(Certificate.id == line.id)
            verdict = (await queries.public_entry(line.verification_id)).verdict
            assert verdict is (Verdict.VALID if column == "title" else Verdict.UNCERTAIN)
            original = getattr(line, column)
            await Certificate.update({column: getattr(original, "value", original)}).where(
                Certificate.id == line.id
            )

    async def test_shows_its_full_title_only_under_a_seal(self, house):
        long = "刺梨种植与初加工" * 20
        line = (await issued(some_facts(1, title=long, short_title="刺梨种植")))[0]
        full = await queries.public_entry(line.verification_id)
        checked = await soundness.log_problems()

        await Certificate.update({"seal": None}).where(Certificate.id == line.id)

        signed = await queries.public_entry(line.verification_id)
        assert (full.title, full.claim_title, checked) == (long, "刺梨种植", [])
        assert (signed.title, signed.verdict) == ("刺梨种植", Verdict.VALID)

    async def test_is_valid_under_the_old_name_of_its_issuer(self, house):
        line = (await issued(some_facts(1)))[0]
        await rename_issuer("黔山技能评价中心")

        entry = await queries.public_entry(line.verification_id)

        assert (entry.issuer, entry.verdict) == (ISSUER, Verdict.VALID)
        assert await soundness.log_problems() == []

    async def test_is_signed_whether_or_not_its_seal_was_kept(self, house):
        line, other = await issued(some_facts(2))
        seal = (await Certificate.select(Certificate.seal).where(Certificate.id == other.id))[0]

        for value in (None, seal["seal"], b"x"):
            await Certificate.update({"seal": value}).where(Certificate.id == line.id)
            entry = await queries.public_entry(line.verification_id)
            assert entry.verdict is Verdict.VALID

    async def test_is_not_believed_with_a_seal_and_a_signature_of_another_key(self, house):
        line = (await issued(some_facts(1)))[0]
        row = dict(await Certificate.select().where(Certificate.id == line.id).first() or {})
        claim = replace(cose.parse(bytes(row["cose"])).claim, name="李四")
        signed, commit = cose.sign(claim, OTHER)
        forged: dict[Any, Any] = {"name": "李四", "cose": signed, "commit": commit.hex()}

        await Certificate.update(forged).where(Certificate.id == line.id)
        await LogLeaf.update({"commit": commit.hex()}).where(LogLeaf.commit == row["commit"])

        entry = await queries.public_entry(line.verification_id)
        assert (entry.verdict, entry.doubt) == (Verdict.UNCERTAIN, "signature")

    async def test_shows_a_revocation_that_was_taken_out_of_the_register(self, house):
        line = (await issued(some_facts(1)))[0]
        await actions.revoke(await changed(line), RevocationReason.FRAUD, by=SYSTEM, at=AT)

        await Certificate.update({"status": "valid", "reason_code": ""}).where(
            Certificate.id == line.id
        )

        assert (await queries.public_entry(line.verification_id)).verdict is Verdict.UNCERTAIN
        assert "differs: status" in (await soundness.log_problems())[0]

    async def test_shows_a_back_dated_row_though_its_key_is_ours(self, house):
        line = (await issued(some_facts(1)))[0]
        row = dict(await Certificate.select().where(Certificate.id == line.id).first() or {})
        claim = replace(
            cose.parse(bytes(row["cose"])).claim,
            verification_id="ABCDEFGH01234567",
            number="OLD1",
            issued_at=1_600_000_000,
        )
        signed, commit = cose.sign(claim, ISSUING)
        forged = {
            "verification_id": claim.verification_id,
            "number": claim.number,
            "serial": 99,
            "claim_key": "bought",
            "cose": signed,
            "commit": commit.hex(),
            "leaf_index": 99,
            "status_index": row["status_index"] ^ 1,
            "issued_on": claim.issued_on,
        }
        row.pop("id")
        await Certificate(**(row | forged)).save()

        entry = await queries.public_entry(claim.verification_id)

        assert entry.verdict is Verdict.UNREGISTERED
        assert any("is not in the log" in text for text in await soundness.log_problems())

    async def test_shows_a_deleted_leaf(self, house):
        line = (await issued(some_facts(2)))[0]

        await LogLeaf.delete().where(LogLeaf.number == line.leaf_index)

        assert (await queries.public_entry(line.verification_id)).verdict is Verdict.UNREGISTERED

    async def test_publishes_nothing_twice(self, house):
        await issued(some_facts(1))
        count = await LogCheckpoint.count()

        await log.publish(AT)

        assert await LogCheckpoint.count() == count


class TestBatchTable:
    async def test_is_taken_up_at_the_next_start(self, house):
        await actions.order_batch(
            kind=1,
            basis=BASIS,
            issuer=await an_issuer(),
            title=TITLE,
            claims=some_facts(2),
            by=SYSTEM,
            at=AT,
        )

        await batches.resume()
        from app.web import background

        await background.settle()

        assert (
            await CertificateBatch.count().where(CertificateBatch.state == BatchState.DONE.value)
            == 1
        )


class TestCheck:
    async def test_finds_nothing_where_nothing_was_touched(self, house):
        line = (await issued(some_facts(300)))[0]
        await actions.revoke(await changed(line), RevocationReason.OTHER, by=SYSTEM, at=AT)

        assert await soundness.log_problems() == []

    @pytest.mark.parametrize(
        ("table", "where", "values", "says"),
        [
            (Certificate, {"serial": 1}, {"name": "李四"}, "differs: fields name"),
            (
                Certificate,
                {"serial": 1},
                {"issued_on": DAY + timedelta(1)},
                "differs: fields issued_on",
            ),
            (Certificate, {"serial": 1}, {"status": "revoked"}, "differs: status"),
            (Certificate, {"serial": 1}, {"cose": b"x"}, "no signature of ours"),
            (Certificate, {"serial": 1}, {"commit": "zz"}, "was edited or is damaged"),
            (Certificate, {"serial": 1}, {"kind": 9}, "was edited or is damaged"),
            (Certificate, {"serial": 1}, {"status": "x"}, "was edited or is damaged"),
            (Certificate, {"serial": 1}, {"title": "一级大师"}, "neither signed nor sealed"),
            (Certificate, {"serial": 1}, {"issuer_name": "别处"}, "differs: fields issuer"),
            (Certificate, {"serial": 1}, {"successor_id": "0" * 16}, "has another successor"),
            (Certificate, {"serial": 1}, {"predecessor_id": "0" * 16}, "has another predecessor"),
            (Certificate, {"serial": 1}, {"successor_id": "0" * 16}, "without being corrected"),
            (Certificate, {"serial": 1}, None, "is missing"),
            (LogLeaf, {"number": 1}, {"at": 1}, "not those of the checkpoint"),
            (LogLeaf, {"number": 1}, None, "is not in the log"),
            (LogLeaf, {"number": 1}, {"event": 99}, "log: entry 1 was edited or is damaged"),
            (LogLeaf, {"number": 0}, {"commit": "zz"}, "log: entry 0 was edited or is damaged"),
            (LogCheckpoint, {"size": 3}, {"root": "00", "note": "x"}, "not a signed note"),
        ],
        ids=range(18),
    )
    async def test_finds_what_was_edited(self, house, table, where, values, says):
        await issued(some_facts(2))
        (name, value), *_ = where.items()
        column = getattr(table, name)

        if values is None:
            await table.delete().where(column == value)
        else:
            await table.update(values).where(column == value)

        assert any(says in problem for problem in await soundness.log_problems())

    async def test_names_the_row_that_a_file_lets_nobody_read(self, house):
        line = (await issued(some_facts(2)))[0]
        if engine.is_server():
            return
        await engine.run_each("UPDATE certificate SET issued_on = '2026/01/01'", [[]])

        assert f"certificate {line.id} was edited or is damaged" in " ".join(
            await soundness.log_problems()
        )
