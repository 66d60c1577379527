"""A witness on another machine: it follows the log, cosigns, and remembers what a disk lost."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from app.__main__ import main
from app.certificates import (
    actions,
    cosignatures,
    following,
    log,
    log_vkeys,
    notes,
    resuming,
    soundness,
    tiles,
    tree,
    witnesses,
)
from app.certificates.following import LogMisbehaves
from app.certificates.kinds import RevocationReason
from app.certificates.log import LogWouldFork, PublishedUnknown
from app.certificates.notes import BadNote, Checkpoint, Leaf, LogEvent
from app.certificates.resuming import NothingToContinue, NotOurCheckpoint
from app.certificates.tables import Certificate, LogCheckpoint, LogHead, LogLeaf
from app.certificates.witnesses import NoKnownWitness
from app.rules.actors import SYSTEM
from app.storage.engine import write_transaction
from tests.actions.test_certificate_issue import changed
from tests.browser import Server
from tests.builders.certificates import AT, ISSUING, LOG, OTHER, issued, open_house, some_facts
from tests.builders.public_certificates import issue_on

pytestmark = pytest.mark.anyio
NAME = "witness.example.cn/w1"
VKEY = cosignatures.vkey(NAME, OTHER.public_key)
TEXT = "verify.example.cn/log\n3\n" + "A" * 43 + "=\n"


@pytest.fixture
def house(database: str, tmp_path: Path) -> str:
    """A database with the keys and the log of one process."""
    open_house(tmp_path)
    return database


def cosigned(note: str, at: int = 1_800_000_000) -> str:
    return note + cosignatures.cosigned(notes.note_parts(note)[0], NAME, OTHER, at)


class TestACosignature:
    def test_is_of_its_time_and_checkpoint(self):
        note = cosigned(notes.signed_note(TEXT, "verify.example.cn/log", LOG))

        found = cosignatures.found_in(note, VKEY)

        assert found is not None
        assert (found.witness, found.at) == (NAME, 1_800_000_000)
        with pytest.raises(BadNote):
            cosignatures.found_in(note.replace("\n3\n", "\n4\n"), VKEY)
        elsewhere = cosignatures.vkey("witness.example.cn/w2", OTHER.public_key)
        assert cosignatures.found_in(note, elsewhere) is None

    def test_has_the_bytes_of_the_specification(self):
        # c2sp.org/tlog-cosignature: "cosignature/v1", the time, the note's text; key type 0x04.
        line = cosignatures.cosigned(TEXT, NAME, OTHER, 7)
        [(name, raw)] = notes.note_parts(f"{TEXT}\n{line}")[1]

        assert name == NAME
        assert raw[4:12] == bytes(7) + b"\x07"
        assert raw[12:] == OTHER.sign(f"cosignature/v1\ntime 7\n{TEXT}".encode())
        with pytest.raises(BadNote):
            notes.parse_vkey(VKEY)


class TestAccepting:
    async def test_shows_the_line_under_checkpoint_and_proof(self, house):
        line = (await issued(some_facts(1)))[0]
        note = cosigned(await tiles.latest_note())

        assert await witnesses.accept(note, [VKEY], AT) == [NAME]
        await witnesses.accept(note, [VKEY], AT)

        assert await tiles.latest_note() == note
        assert (await tiles.proof_of(line.leaf_index)).endswith(note)
        [known] = await witnesses.standing([VKEY])
        assert (known.name, known.size) == (NAME, 2)

    async def test_leaves_the_lines_of_a_key_that_the_witness_has_replaced(self, house):
        await issued(some_facts(1))
        await witnesses.accept(cosigned(await tiles.latest_note()), [VKEY], AT)
        new = cosignatures.vkey(NAME, ISSUING.public_key)

        assert await witnesses.problems([new]) == []

    async def test_refuses_strangers_and_other_logs(self, house):
        await issued(some_facts(1))
        note = await tiles.latest_note()
        text, _ = notes.note_parts(note)

        with pytest.raises(NoKnownWitness):
            await witnesses.accept(cosigned(note), [], AT)
        with pytest.raises(NotOurCheckpoint):
            await witnesses.accept(cosigned(notes.signed_note(text, "a", OTHER)), [VKEY], AT)
        with pytest.raises(NotOurCheckpoint):
            await witnesses.accept("x", [VKEY], AT)


async def roll_back(size: int) -> None:
    """Make the database what it was at an earlier size, as an older backup would."""
    await LogLeaf.delete().where(LogLeaf.number >= size)
    await LogCheckpoint.delete().where(LogCheckpoint.size > size)
    edges: list[bytes] = []
    for number, leaf in enumerate(await tiles.leaves(0, size)):
        tree.append_to(edges, tree.leaf_hash(leaf.data), number)
    await LogHead.update({LogHead.size: size, LogHead.edges: log._written(edges)}, force=True)


class TestADatabaseThatGoesBack:
    """A standby that lags takes over, or a dump is loaded: the server goes on and remembers."""

    async def test_is_noticed_before_anything_is_signed(self, house):
        line = (await issued(some_facts(1)))[0]
        await issued(some_facts(3))
        published = log.remembered()
        await roll_back(2)

        with pytest.raises(LogWouldFork) as refused:
            await actions.revoke(await changed(line), RevocationReason.OTHER, by=SYSTEM, at=AT)
        async with write_transaction():
            head = await log.locked_head()
            assert head is not None
            await log.append_within(
                head, [Leaf(LogEvent.REVOKED, bytes(32), number) for number in range(3)]
            )
        with pytest.raises(LogWouldFork):
            await log.publish(AT)

        assert (refused.value.held, refused.value.published) == (2, 4)
        assert log.remembered() == published

    async def test_is_noticed_between_the_signature_and_its_record(self, house):
        await issued(some_facts(1))
        published = log.remembered()
        async with write_transaction():
            head = await log.locked_head()
            assert head is not None
            await log.append_within(head, [Leaf(LogEvent.REVOKED, bytes(32), 1)])
        signed = Checkpoint(log_vkeys.origin_of(head.host), head.size, tree.edge_root(head.edges))
        await roll_back(2)

        with pytest.raises(LogWouldFork):
            await log._publish_signed(
                signed, notes.signed_note(signed.text, signed.origin, LOG), AT
            )

        assert log.remembered() == published

    async def test_may_have_grown_meanwhile(self, house):
        await issued(some_facts(1))
        async with write_transaction():
            head = await log.locked_head()
            assert head is not None
            await log.append_within(head, [Leaf(LogEvent.REVOKED, bytes(32), 1)])
        signed = Checkpoint(log_vkeys.origin_of(head.host), head.size, tree.edge_root(head.edges))
        async with write_transaction():
            await log.append_within(head, [Leaf(LogEvent.RESTORED, bytes(32), 1)])

        note = notes.signed_note(signed.text, signed.origin, LOG)
        assert await log._publish_signed(signed, note, AT) == signed.size
        assert await log.publish(AT) == head.size


class TestALostDisk:
    async def test_is_told_by_the_witness_and_nothing_forks(self, house, tmp_path):
        line = (await issued(some_facts(1)))[0]
        early = (tmp_path / "log.checkpoint").read_text()
        await issued(some_facts(3))
        late = await tiles.latest_note()
        await roll_back(2)
        (tmp_path / "log.checkpoint").write_text(early)
        open_house(tmp_path)

        with pytest.raises(LogWouldFork):
            await witnesses.accept(cosigned(late), [VKEY], AT)

        with pytest.raises(LogWouldFork) as refused:
            await actions.revoke(await changed(line), RevocationReason.OTHER, by=SYSTEM, at=AT)
        assert (refused.value.held, refused.value.published) == (2, 4)

    async def test_is_told_though_the_log_grew_past_it_again(self, house, tmp_path):
        line = (await issued(some_facts(1)))[0]
        early = (tmp_path / "log.checkpoint").read_text()
        await issued(some_facts(3))
        lost = await tiles.latest_note()
        await roll_back(2)
        await Certificate.delete().where(Certificate.leaf_index >= 2)
        (tmp_path / "log.checkpoint").write_text(early)
        open_house(tmp_path)
        await issued(some_facts(6))

        grown = log.remembered()

        with pytest.raises(LogWouldFork):
            await witnesses.accept(lost, [], AT)
        with pytest.raises(LogWouldFork):
            await witnesses.accept(cosigned(lost), [], AT)

        with pytest.raises(LogWouldFork):
            await actions.revoke(await changed(line), RevocationReason.OTHER, by=SYSTEM, at=AT)
        assert log.remembered_notes() == [grown, lost]
        assert "（4 条）不一致" in (await soundness.log_problems())[0]

    async def test_is_not_forgotten_for_less_that_a_phone_remembers(self, house, tmp_path):
        line = (await issued(some_facts(1)))[0]
        await issued(some_facts(3))
        less = await tiles.latest_note()
        between = await LogLeaf.select().where(LogLeaf.number.is_in([2, 3]))
        await issued(some_facts(6))
        await roll_back(2)
        open_house(tmp_path)

        with pytest.raises(LogWouldFork):
            await witnesses.accept(less, [], AT)
        await LogLeaf.insert(*(LogLeaf(**row) for row in between))
        await roll_back(4)  # A newer backup, and not the newest.

        with pytest.raises(LogWouldFork) as refused:
            await actions.revoke(await changed(line), RevocationReason.OTHER, by=SYSTEM, at=AT)
        assert (refused.value.held, refused.value.published) == (4, 7)
        assert (await resuming.remember(less)).size == 7

    async def test_stays_unknown_for_what_a_phone_remembers(self, house, tmp_path):
        line = (await issued(some_facts(1)))[0]
        await issued(some_facts(3))
        note = await tiles.latest_note()
        between = await LogLeaf.select().where(LogLeaf.number.is_in([2, 3]))
        await roll_back(2)
        (tmp_path / "log.checkpoint").unlink()
        open_house(tmp_path)
        with pytest.raises(LogWouldFork):
            await witnesses.accept(note, [], AT)
        await LogLeaf.insert(*(LogLeaf(**row) for row in between))
        await roll_back(4)
        change = await changed(line)

        with pytest.raises(PublishedUnknown):
            await actions.revoke(change, RevocationReason.OTHER, by=SYSTEM, at=AT)
        assert "没有记住" in (await soundness.log_problems())[0]

        await resuming.remember(note)
        await actions.revoke(change, RevocationReason.OTHER, by=SYSTEM, at=AT)
        assert await soundness.log_problems() == []

    async def test_holds_the_log_until_somebody_says_what_was_published(self, house, tmp_path):
        line = (await issued(some_facts(1)))[0]
        note = await tiles.latest_note()
        (tmp_path / "log.checkpoint").unlink()
        open_house(tmp_path)
        change = await changed(line)

        with pytest.raises(PublishedUnknown):
            await actions.revoke(change, RevocationReason.OTHER, by=SYSTEM, at=AT)

        assert (await resuming.remember(cosigned(note))).size == 2
        await actions.revoke(change, RevocationReason.OTHER, by=SYSTEM, at=AT)
        with pytest.raises(NothingToContinue):
            await resuming.state_complete("没有再发", by=SYSTEM, at=AT)
        assert (await resuming.remember(note)).size == 3
        assert await soundness.log_problems() == []

    async def test_is_told_by_a_proof_that_somebody_kept(self, house, tmp_path):
        line = (await issued(some_facts(1)))[0]
        (tmp_path / "log.checkpoint").write_text("damaged")
        open_house(tmp_path)

        assert (await resuming.remember(await tiles.proof_of(line.leaf_index))).size == 2

        await actions.revoke(await changed(line), RevocationReason.OTHER, by=SYSTEM, at=AT)

    async def test_may_be_stated_complete(self, house, tmp_path):
        line = (await issued(some_facts(1)))[0]
        (tmp_path / "log.checkpoint").unlink()
        open_house(tmp_path)

        assert await resuming.state_complete("昨晚备份，之后没有发证", by=SYSTEM, at=AT) == 2

        await actions.revoke(await changed(line), RevocationReason.OTHER, by=SYSTEM, at=AT)


ORIGIN = "verify.example.cn/log"
LEAVES = [tree.leaf_hash(bytes([number % 256, number // 256])) for number in range(301)]


def served() -> dict[str, bytes]:
    """Every address of a log of 301 leaves, under its prefix."""
    head = Checkpoint(ORIGIN, 301, tree.root_of(LEAVES))
    return {
        "checkpoint": notes.signed_note(head.text, ORIGIN, LOG).encode(),
        "tile/0/000": b"".join(LEAVES[:256]),
        "tile/0/001.p/45": b"".join(LEAVES[256:]),
        "tile/1/000.p/1": tree.root_of(LEAVES[:256]),
    }


class TestFollowing:
    @pytest.mark.parametrize("before", [None, 1, 2, 7, 255, 256, 257, 300, 301])
    def test_finds_that_the_log_only_grew(self, before):
        fetch = served().__getitem__
        old = Checkpoint(ORIGIN, before, tree.root_of(LEAVES[:before])) if before else None
        new, _ = following.latest(fetch, notes.vkey(ORIGIN, LOG.public_key))

        following.check_growth(fetch, old, new)

        assert new.size == 301

    @pytest.mark.parametrize("before", [2, 256, 301, 302])
    def test_finds_that_it_did_not(self, before):
        fetch = served().__getitem__
        new, _ = following.latest(fetch, notes.vkey(ORIGIN, LOG.public_key))

        with pytest.raises(LogMisbehaves):
            following.check_growth(fetch, Checkpoint(ORIGIN, before, bytes(32)), new)

    def test_finds_tiles_that_are_not_what_was_signed(self):
        files = served()
        new, _ = following.latest(files.__getitem__, notes.vkey(ORIGIN, LOG.public_key))
        for path in ("tile/0/001.p/45", "tile/1/000.p/1"):
            for wrong in (files[path][:-1], bytes([files[path][0] ^ 1]) + files[path][1:]):
                with pytest.raises(LogMisbehaves):
                    following.check_growth((files | {path: wrong}).__getitem__, None, new)
        with pytest.raises(LogMisbehaves):
            following.latest(files.__getitem__, notes.vkey("a/log", LOG.public_key))


class Site(ThreadingHTTPServer):
    """A website of one log; `takes` is what it says of a cosignature, 0 where it hangs up."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.origin = f"http://127.0.0.1:{self.server_address[1]}"
        self.files = served()
        self.checkpoints: list[tuple[int, bytes]] = []
        self.takes = 200
        self.taken: list[bytes] = []


class Answers(BaseHTTPRequestHandler):
    """What it answers."""

    server: Site

    def do_GET(self) -> None:
        name = self.path.removeprefix("/log/")
        if name == "checkpoint" and self.server.checkpoints:
            self._answer(*self.server.checkpoints.pop(0))
        elif name in self.server.files:
            self._answer(200, self.server.files[name])
        else:
            self._answer(404, b"")

    def do_POST(self) -> None:
        self.server.taken.append(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.takes:
            self._answer(self.server.takes, b"said")

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[Site]:
    """A website of one log, listening."""
    made = Site()
    Thread(target=made.serve_forever, args=[0.01]).start()
    yield made
    made.shutdown()
    made.server_close()


class TestTheCommand:
    @pytest.mark.parametrize("name", ["a b", "a+b", ""])
    def test_takes_no_name_that_no_key_may_have(self, name, tmp_path, capsys, monkeypatch):
        monkeypatch.chdir(tmp_path)

        assert main(["witness", "https://a", "--name", name]) == 2

        assert "名称" in capsys.readouterr().out
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("takes", [200, 409, 429, 500, 0])
    def test_ends_at_a_fork_whether_or_not_the_website_listens(
        self, site, takes, tmp_path, capsys, monkeypatch
    ):
        monkeypatch.chdir(tmp_path)
        words = ["witness", site.origin, "--name", NAME, "--every", "1"]
        other = Checkpoint(ORIGIN, 302, bytes(32))
        (tmp_path / "witness.checkpoint.vkey").write_text(notes.vkey(ORIGIN, LOG.public_key))
        kept = notes.signed_note(other.text, ORIGIN, LOG)
        (tmp_path / "witness.checkpoint").write_text(kept)
        site.takes = takes

        assert main(words) == 1

        assert "shrank" in capsys.readouterr().out
        assert site.taken == [kept.encode()]
        evidence = (tmp_path / "witness.checkpoint.evidence").read_text()
        assert evidence == kept + "\n" + site.files["checkpoint"].decode()

    @pytest.mark.parametrize("status", [301, 403, 404])
    def test_asks_again_for_a_log_that_is_not_there_yet(
        self, site, status, tmp_path, capsys, monkeypatch
    ):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "witness.checkpoint.vkey").write_text(notes.vkey(ORIGIN, LOG.public_key))
        shorter = Checkpoint(ORIGIN, 7, tree.root_of(LEAVES[:7]))
        shrunk = notes.signed_note(shorter.text, ORIGIN, LOG).encode()
        site.checkpoints = [(status, b""), (200, site.files["checkpoint"]), (200, shrunk)]

        assert main(["witness", site.origin, "--name", NAME, "--every", "1"]) == 1

        _, away, grown, ended = capsys.readouterr().out.splitlines()
        assert f"连不上（/log/checkpoint: {status}）" in away
        assert grown.startswith("301 ")
        assert ended == "the log shrank from 301 to 7 leaves"

    @pytest.mark.parametrize("page", [b"<html>sign in</html>", b"\xff", b"x" * 1_000_001, b""])
    def test_asks_again_where_a_proxy_answers_for_it(
        self, site, page, tmp_path, capsys, monkeypatch
    ):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "witness.checkpoint.vkey").write_text(notes.vkey(ORIGIN, LOG.public_key))
        other = notes.signed_note(f"{ORIGIN}\n7\n{'A' * 43}=\n", ORIGIN, OTHER).encode()
        site.checkpoints = [(200, page), (200, site.files["checkpoint"]), (200, other)]

        assert main(["witness", site.origin, "--name", NAME, "--every", "1"]) == 1

        _, away, grown, ended = capsys.readouterr().out.splitlines()
        assert "连不上（/log/checkpoint: " in away
        assert grown.startswith("301 ")
        assert ended == "the checkpoint is not signed by the known key"

    def test_takes_no_page_of_a_proxy_for_the_key(self, site, tmp_path, capsys, monkeypatch):
        monkeypatch.chdir(tmp_path)
        site.files["vkey"] = b"<html>sign in</html>"

        assert main(["witness", site.origin, "--name", NAME]) == 1

        assert "连不上（/log/vkey: " in capsys.readouterr().out
        assert not (tmp_path / "witness.checkpoint.vkey").exists()

    def test_finds_that_a_tile_is_not_served(self, site, tmp_path, capsys, monkeypatch):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "witness.checkpoint.vkey").write_text(notes.vkey(ORIGIN, LOG.public_key))
        del site.files["tile/1/000.p/1"]

        assert main(["witness", site.origin, "--name", NAME]) == 1

        assert "does not serve" in capsys.readouterr().out


def test_the_command_follows_cosigns_and_finds_a_fork(
    server: Server, tmp_path, capsys, monkeypatch
):
    issue_on(server, "李四")
    monkeypatch.chdir(tmp_path)
    words = ["witness", server.origin, "--name", NAME]

    assert main(words) == 0
    vkey, seen = capsys.readouterr().out.splitlines()
    assert vkey.startswith(f"{NAME}+")
    assert "见证人" in seen
    kept = (tmp_path / "witness.checkpoint").read_text()
    assert cosignatures.found_in(kept, vkey)
    assert main(words) == 0
    text, _ = notes.note_parts(kept)
    origin, size, _ = text.split("\n", 2)
    other = Checkpoint(origin, int(size) - 1, bytes(32))
    (tmp_path / "witness.checkpoint.vkey").write_text(notes.vkey(origin, LOG.public_key))
    (tmp_path / "witness.checkpoint").write_text(notes.signed_note(other.text, origin, LOG))
    assert main(words) == 1
    (tmp_path / "witness.checkpoint.vkey").unlink()
    assert main(words) == 1
    assert main(["witness", "ftp://x", "--name", NAME]) == 2
