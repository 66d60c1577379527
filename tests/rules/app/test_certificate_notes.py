"""The log's public texts, as c2sp.org writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.certificates import notes
from app.certificates.notes import BadNote, Checkpoint, Leaf, LogEvent
from tests.builders.certificates import HOST, LOG, OTHER

NAME = f"{HOST}/log"
KEY = notes.vkey(NAME, LOG.public_key)
HEAD = Checkpoint(NAME, 7, bytes(range(32)))
NOTE = notes.signed_note(HEAD.text, NAME, LOG)


class TestLeaf:
    @given(st.sampled_from(LogEvent), st.binary(min_size=32, max_size=32), st.integers(0, 2**40))
    def test_is_read_back(self, event, commit, at):
        leaf = Leaf(event, commit, at)

        assert notes.parse_leaf(leaf.data) == leaf

    def test_has_the_bytes_that_outsiders_hash(self):
        assert (
            Leaf(LogEvent.REVOKED, bytes(32), 1).data == b"\x83\x02\x58\x20" + bytes(32) + b"\x01"
        )

    @pytest.mark.parametrize(
        "data", [b"", b"\x80", b"\x83\x09\x58\x20" + bytes(32) + b"\x01", b"\x83\x01\x41\x00\x01"]
    )
    def test_is_refused_in_any_other_form(self, data):
        with pytest.raises(BadNote):
            notes.parse_leaf(data)


class TestNote:
    def test_is_opened_with_its_key(self):
        assert notes.open_note(NOTE, KEY) == HEAD.text
        assert notes.parse_checkpoint(HEAD.text) == HEAD

    def test_is_refused_under_another_key(self):
        with pytest.raises(BadNote):
            notes.open_note(NOTE, notes.vkey(NAME, OTHER.public_key))

    @pytest.mark.parametrize(
        "wrong",
        [
            NOTE.replace("\n7\n", "\n8\n"),
            NOTE.replace(NAME, "other.example/log", 1),
            NOTE[:-1],
            NOTE.replace("\u2014", "-"),
            NOTE.replace("\n7\n", "\n7\t\n"),
            HEAD.text,
            "",
        ],
        ids=range(7),
    )
    def test_is_refused_when_changed(self, wrong):
        with pytest.raises(BadNote):
            notes.open_note(wrong, KEY)

    def test_may_carry_lines_of_witnesses(self):
        witnessed = NOTE + notes.signature_line("witness.example/w", bytes(76))

        assert notes.open_note(witnessed, KEY) == HEAD.text

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "a\n1\n",
            f"{NAME}\nx\nAAAA\n",
            f"{NAME}\n1\nAAAA\n",
            HEAD.text.replace("\n7\n", "\n07\n"),
            HEAD.text.replace("\n7\n", "\n٧\n"),
            HEAD.text.replace("\n7\n", f"\n{10**18}\n"),
            HEAD.text.replace("\n7\n", f"\n{'9' * 5000}\n"),
        ],
        ids=range(8),
    )
    def test_is_no_checkpoint_without_its_lines(self, text):
        with pytest.raises(BadNote):
            notes.parse_checkpoint(text)

    @pytest.mark.parametrize("key", ["", "a+b+c", KEY.replace("+A", "+B"), KEY[:-1]])
    def test_key_is_refused_in_any_other_form(self, key):
        with pytest.raises(BadNote):
            notes.parse_vkey(key)


class TestProof:
    def test_is_read_back_with_its_leaf(self):
        leaf = Leaf(LogEvent.ISSUED, bytes(32), 1)
        text = notes.proof_text(3, [bytes(32), bytes(range(32))], NOTE, leaf.data)

        assert notes.parse_proof(text) == (3, [bytes(32), bytes(range(32))], NOTE)
        assert notes.proof_extra(text) == leaf.data

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "c2sp.org/tlog-proof@v1\nindex 01\n\n",
            "c2sp.org/tlog-proof@v2\nindex 1\n\nx",
            f"c2sp.org/tlog-proof@v1\nindex {'9' * 5000}\n\nx",
        ],
        ids=range(4),
    )
    def test_is_refused_in_any_other_form(self, text):
        with pytest.raises(BadNote):
            notes.parse_proof(text)

    def test_without_a_leaf_says_so(self):
        with pytest.raises(BadNote):
            notes.proof_extra("c2sp.org/tlog-proof@v1\nindex 1\n\nx")
