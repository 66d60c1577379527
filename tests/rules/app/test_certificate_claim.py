"""The claim: its one form, what it refuses, and whether paper can hold it."""

from datetime import UTC, date, datetime, timedelta
from itertools import cycle

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import certificate_claim as claims
from app.rules.certificate_claim import (
    BadPayload,
    CertificateKind,
    ClaimPart,
    IssuedInFuture,
    MissingText,
    TooLongForPaper,
    WrongText,
)
from app.rules.identity import normalized_name
from app.rules.strict_cbor import BadCbor, loads
from tests.builders.certificates import AT, HOST, TITLE, a_claim

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PREFIX = len(f"https://{HOST}/v/") + 17


class TestClaim:
    def test_has_the_bytes_that_outsiders_hold(self, golden):
        golden("claim-v1.bytes", claims.payload_bytes(a_claim()))

    @given(st.sampled_from(CertificateKind), TEXT, TEXT, TEXT, TEXT, st.integers(0, 2**37 - 1))
    def test_is_read_back_from_its_bytes(self, kind, number, name, title, result, issued_at):
        claim = a_claim(
            kind=kind, number=number, name=name, title=title, result=result, issued_at=issued_at
        )

        assert claims.parse_payload(claims.payload_bytes(claim)) == claim

    @pytest.mark.parametrize(
        "change",
        [
            {"number": "x"},
            {"name": "x"},
            {"title": "x"},
            {"result": "x"},
            {"issued_at": 1},
            {"kind": 2},
        ],
    )
    def test_has_other_bytes_for_other_facts(self, change):
        assert claims.payload_bytes(a_claim(**change)) != claims.payload_bytes(a_claim())

    @pytest.mark.parametrize(
        "payload",
        [
            cbor2.dumps([]),
            cbor2.dumps({6: 1}),
            cbor2.dumps({6: -1, 7: bytes(10), -65537: [1, "", "", "", ""]}),
            cbor2.dumps({6: "1", 7: bytes(10), -65537: [1, "", "", "", ""]}),
            cbor2.dumps({6: 1, 7: bytes(9), -65537: [1, "", "", "", ""]}),
            cbor2.dumps({6: 1, 7: bytes(10), -65537: [4, "", "", "", ""]}),
            cbor2.dumps({6: 1, 7: bytes(10), -65537: [[], "", "", "", ""]}),
            cbor2.dumps({6: 1, 7: bytes(10), -65537: [1, "", "", ""]}),
            cbor2.dumps({6: 1, 7: bytes(10), -65537: [1, "", "", "", 1]}),
            cbor2.dumps({7: bytes(10), 6: 1, -65537: [1, "", "", "", ""]}),
            cbor2.dumps({6: 1, 7: bytes(10), -65537: [1, "", "", "", ""]}) + b"\x00",
        ],
        ids=range(11),
    )
    def test_is_not_read_from_any_other_form(self, payload):
        with pytest.raises(BadPayload):
            claims.parse_payload(payload)

    def test_prints_the_day_of_china(self):
        midnight_in_china = datetime(2026, 11, 22, 16, tzinfo=UTC)

        assert a_claim(issued_at=int(midnight_in_china.timestamp())).issued_on == date(2026, 11, 23)


class TestStrictCbor:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x18\x01",
            b"\x19\x00\xff",
            b"\x9f\xff",
            b"\xf5",
            b"\xf9\x00\x00",
            b"\x61\xff",
            b"\x43ab",
            b"\xa2\x02\x00\x01\x00",
            b"\xa2\x01\x00\x01\x00",
            b"\xa1\x80\x00",
            b"\x81" * 9 + b"\x00",
            b"\x19\x01",
        ],
    )
    def test_refuses_every_other_encoding(self, data):
        with pytest.raises(BadCbor):
            loads(data)

    @given(
        st.lists(st.integers(-(2**64), 2**64 - 1) | st.binary(max_size=300) | TEXT, max_size=9)
        | st.dictionaries(st.integers(0, 300), TEXT | st.binary(max_size=9), max_size=9)
    )
    def test_reads_what_is_deterministic(self, value):
        assert loads(cbor2.dumps(value, canonical=True)) == value


class TestIssueDate:
    def test_is_midnight_of_its_day_in_utc(self):
        assert claims.issued_at(date(2026, 11, 20), AT) == int(
            datetime(2026, 11, 20, tzinfo=UTC).timestamp()
        )

    def test_is_never_after_the_signing(self):
        early = datetime(2026, 11, 22, 17, tzinfo=UTC)

        assert claims.issued_at(date(2026, 11, 23), early) == int(early.timestamp())

    def test_is_refused_in_the_future(self):
        with pytest.raises(IssuedInFuture):
            claims.issued_at(AT.date() + timedelta(days=1), AT)


class TestText:
    def test_has_one_kind_of_dot_in_names(self):
        assert claims.clean_name(" 阿依古丽•买买提 ") == "阿依古丽·买买提"

    @pytest.mark.parametrize("name", ["\U00031350明", "\U0002ebf0明"])  # extensions H and I
    def test_may_be_a_name_that_people_registers(self, name):
        assert claims.clean_name(normalized_name(name)) == name

    def test_is_composed(self):
        assert claims.clean_text("e\u0301", ClaimPart.TITLE) == "é"

    @pytest.mark.parametrize("text", ["a\u200bb", "a\u202eb", "a\ud800", "a\x07"])
    def test_is_refused_where_it_cannot_be_printed(self, text):
        with pytest.raises(WrongText) as refused:
            claims.clean_text(text, ClaimPart.TITLE)

        assert (refused.value.place, refused.value.code) == (2, f"U+{ord(text[1]):04X}")

    @pytest.mark.parametrize("text", ["", "  ", "\u3000"])
    def test_is_refused_where_there_is_none(self, text):
        with pytest.raises(MissingText):
            claims.clean_text(text, ClaimPart.TITLE)

    @given(
        st.lists(st.text("刺梨乡村aé1·（）", min_size=1), min_size=1),
        st.lists(st.text(" \u3000\u00a0\t\n\u2003", min_size=1), min_size=1),
    )
    def test_has_plain_single_blanks_whatever_was_typed(self, words, blanks):
        between = cycle(blanks)
        typed = next(between) + "".join(word + next(between) for word in words)

        clean = claims.clean_text(typed, ClaimPart.TITLE)

        assert clean == " ".join(words)
        assert claims.clean_text(clean, ClaimPart.TITLE) == clean
        assert claims.clean_name(typed) == claims.clean_name(clean)

    def test_may_be_empty_where_that_means_something(self):
        assert claims.clean_text("", ClaimPart.RESULT, may_be_empty=True) == ""


class TestPaper:
    @given(TEXT, TEXT)
    def test_foresees_the_length_of_the_signature_around_it(self, name, title):
        payload = claims.payload_bytes(a_claim(name=name, title=title))
        envelope = cbor2.CBORTag(18, [bytes(9), {}, payload, bytes(64)])

        assert claims.cose_length(len(payload)) == len(cbor2.dumps(envelope))

    def test_keeps_the_full_title_where_it_fits(self):
        assert claims.fitted(a_claim(), "短", PREFIX).title == TITLE

    def test_takes_the_short_title_where_that_helps(self):
        assert claims.fitted(a_claim(title="长" * 200), "短\u3000e\u0301 ", PREFIX).title == "短 é"

    def test_refuses_what_stays_too_long_and_says_by_how_much(self):
        with pytest.raises(TooLongForPaper) as refused:
            claims.fitted(a_claim(title="长" * 200), "", PREFIX)

        assert 100 < refused.value.over < 200

    def test_stays_within_the_reserved_square(self):
        assert claims.symbol_mm(15) + 2 * claims.QUIET_MODULES * claims.MODULE_MM < 46
