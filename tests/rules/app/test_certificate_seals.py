"""A seal stands for one comparison, of exactly what was compared."""

from datetime import timedelta, timezone
from typing import Any

import pytest
from msgspec.structs import replace

from app.certificates import cose, seals, verdicts
from app.certificates.kinds import CertificateStatus, KeyStatus
from app.certificates.verdicts import KnownKey
from app.rules.certificate_claim import CertificateKind
from app.storage import secret_key
from tests.builders.certificates import AT, ISSUER, ISSUING, OTHER, a_claim, a_row

CLAIM = a_claim()
COSE, COMMIT = cose.sign(CLAIM, ISSUING)
KEY = KnownKey(ISSUING.public_key, 0, None, KeyStatus.ACTIVE)
ROW = a_row(CLAIM, COMMIT)
COLUMNS: dict[str, Any] = {
    "verification_id": CLAIM.verification_id,
    "kind": int(CLAIM.kind),
    "number": CLAIM.number,
    "name": CLAIM.name,
    "title": CLAIM.title,
    "claim_title": CLAIM.title,
    "result": CLAIM.result,
    "issued_on": CLAIM.issued_on,
    "issuer_name": ISSUER,
    "status": "valid",
    "reason_code": "",
    "successor_id": None,
    "predecessor_id": None,
    "reissues": 0,
    "leaf_index": 5,
    "commit": COMMIT.hex(),
    "cose": COSE,
    "status_index": 7,
    "created_at": AT,
    "has_photo": False,
}
EARLIER = bytes.fromhex(
    "000000006aff8d80ca7b6986d02427101595add07586639927af995517ba24fd3c79b6d585cb8aa5"
)
"""A seal of the first form, as the release that made them wrote it."""


@pytest.fixture
def sealed() -> bytes:
    return seals.seal(COLUMNS, ISSUING.public_key, issued_at=CLAIM.issued_at, photo=b"photo")


class TestSeal:
    def test_stands_for_what_a_comparison_would_come_to(self, sealed):
        found = seals.comparison(sealed, ROW, COSE, KEY)

        assert found == verdicts.compare(ROW, cose.parse(COSE), KEY)
        assert found is not None
        assert (found.is_signed, found.differs) == (True, ())

    def test_is_not_broken_by_what_the_log_tells(self, sealed):
        revoked = replace(ROW, status=CertificateStatus.REVOKED, leaf_index=6)

        assert seals.comparison(sealed, revoked, COSE, KEY) is not None

    @pytest.mark.parametrize(
        ("part", "value"),
        [
            ("verification_id", "F" * 16),
            ("kind", CertificateKind.AWARD),
            ("number", "X1"),
            ("name", "李四"),
            ("title", "别的"),
            ("result", "优秀"),
            ("issued_on", CLAIM.issued_on + timedelta(1)),
            ("commit", bytes(32)),
            ("unsigned", ROW.unsigned._replace(title="一级证书")),
            ("unsigned", ROW.unsigned._replace(issuer="别的机构")),
            ("unsigned", ROW.unsigned._replace(reason_code="fraud")),
            ("unsigned", ROW.unsigned._replace(successor_id="F" * 16)),
            ("unsigned", ROW.unsigned._replace(predecessor_id="F" * 16)),
            ("unsigned", ROW.unsigned._replace(reissues=1)),
        ],
    )
    def test_is_broken_by_every_edit(self, sealed, part: str, value: Any):
        assert seals.comparison(sealed, replace(ROW, **{part: value}), COSE, KEY) is None

    def test_is_broken_by_another_signature_or_key(self, sealed):
        other = KnownKey(OTHER.public_key, 0, None, KeyStatus.ACTIVE)

        assert seals.comparison(sealed, ROW, COSE[:-1] + b"x", KEY) is None
        assert seals.comparison(sealed, ROW, COSE, other) is None

    @pytest.mark.parametrize("place", range(seals.LENGTH))
    def test_cannot_be_altered(self, sealed, place: int):
        altered = bytearray(sealed)
        altered[place] ^= 1

        assert not seals.is_whole(COLUMNS | {"seal": bytes(altered)}, KEY, b"photo")

    def test_carries_the_moment_that_was_signed(self, sealed):
        assert seals.moment_of(sealed) == CLAIM.issued_at

    @pytest.mark.parametrize("given", [None, b"", b"short"])
    def test_is_asked_for_nothing_where_there_is_none(self, given):
        assert seals.comparison(given, ROW, COSE, KEY) is None

    def test_is_asked_for_nothing_where_the_key_is_not_known(self, sealed):
        assert seals.comparison(sealed, ROW, COSE, None) is None

    def test_is_nothing_to_another_house(self, sealed):
        secret_key.use(b"another house's key, of 32 bytes")

        assert seals.comparison(sealed, ROW, COSE, KEY) is None


class TestTheWholeRow:
    def test_is_whole_as_it_was_sealed_on_either_engine(self, sealed):
        there = COLUMNS | {"seal": memoryview(sealed), "cose": memoryview(COSE)}
        moved = {"created_at": AT.astimezone(timezone(timedelta(hours=8)))}

        assert seals.is_whole(there | moved, KEY, b"photo")

    @pytest.mark.parametrize(
        "edit",
        [{"status_index": 8}, {"status": "revoked"}, {"created_at": AT + timedelta(seconds=1)}],
    )
    def test_is_not_whole_once_edited_though_the_page_still_is(self, sealed, edit):
        assert not seals.is_whole(COLUMNS | {"seal": sealed} | edit, KEY, b"photo")
        assert seals.comparison(sealed, ROW, COSE, KEY) is not None

    @pytest.mark.parametrize("photo", [None, b"", b"another"])
    def test_is_not_whole_with_another_photo(self, sealed, photo):
        assert not seals.is_whole(COLUMNS | {"seal": sealed}, KEY, photo)

    @pytest.mark.parametrize("given", [None, b"", EARLIER])
    def test_needs_a_seal_of_the_present_form(self, given):
        assert not seals.is_whole(COLUMNS | {"seal": given}, KEY, b"photo")


class TestTheFirstForm:
    def test_still_stands_for_its_comparison(self):
        found = seals.comparison(EARLIER, ROW, COSE, KEY)

        assert found == verdicts.compare(ROW, cose.parse(COSE), KEY)

    def test_vouches_for_title_and_issuer_and_no_more(self):
        other = replace(ROW, unsigned=ROW.unsigned._replace(reason_code="fraud"))
        issuer = replace(ROW, unsigned=ROW.unsigned._replace(issuer="别的机构"))

        assert seals.comparison(EARLIER, other, COSE, KEY) is not None
        assert seals.comparison(EARLIER, issuer, COSE, KEY) is None

    def test_cannot_be_cut_out_of_the_present_one(self, sealed):
        assert seals.comparison(sealed[1:41], ROW, COSE, KEY) is None
