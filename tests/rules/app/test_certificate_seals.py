"""A seal stands for one comparison, of exactly what was compared."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from app.certificates import cose, seals, verdicts
from app.certificates.kinds import CertificateStatus, KeyStatus
from app.certificates.verdicts import KnownKey
from app.rules.certificate_claim import CertificateKind
from app.storage import secret_key
from tests.builders.certificates import ISSUING, OTHER, a_claim, a_row

CLAIM = a_claim()
COSE, COMMIT = cose.sign(CLAIM, ISSUING)
KEY = KnownKey(ISSUING.public_key, 0, None, KeyStatus.ACTIVE)
ROW = a_row(CLAIM, COMMIT)


@pytest.fixture
def sealed() -> bytes:
    return seals.seal(CLAIM, ROW.unsigned, commit=COMMIT, cose=COSE, public_key=ISSUING.public_key)


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
        ],
    )
    def test_is_broken_by_every_edit(self, sealed, part: str, value: Any):
        assert seals.comparison(sealed, replace(ROW, **{part: value}), COSE, KEY) is None

    def test_is_broken_by_another_signature_or_key(self, sealed):
        other = KnownKey(OTHER.public_key, 0, None, KeyStatus.ACTIVE)

        assert seals.comparison(sealed, ROW, COSE[:-1] + b"x", KEY) is None
        assert seals.comparison(sealed, ROW, COSE, other) is None

    @pytest.mark.parametrize("place", range(40))
    def test_cannot_be_altered(self, sealed, place: int):
        altered = bytearray(sealed)
        altered[place] ^= 1

        assert seals.comparison(bytes(altered), ROW, COSE, KEY) is None

    @pytest.mark.parametrize("given", [None, b"", b"short"])
    def test_is_asked_for_nothing_where_there_is_none(self, given):
        assert seals.comparison(given, ROW, COSE, KEY) is None

    def test_is_asked_for_nothing_where_the_key_is_not_known(self, sealed):
        assert seals.comparison(sealed, ROW, COSE, None) is None

    def test_is_nothing_to_another_house(self, sealed):
        secret_key.use(b"another house's key, of 32 bytes")

        assert seals.comparison(sealed, ROW, COSE, KEY) is None
