"""The signature: verified by other people's libraries, and no byte of it may change."""

import json
from typing import Any

import cwt
import pytest
from cwt import COSEKey
from pycose.keys.okp import OKPKey
from pycose.messages.cosemessage import CoseMessage

from app.certificates import cose
from app.certificates.cose import NotOurSignature
from app.rules import certificate_claim as claims_rules
from app.rules import check_characters
from tests.builders.certificates import HOST, ISSUING, OTHER, a_claim

SIGNED, COMMIT = cose.sign(a_claim(), ISSUING)


def accepted(data: bytes) -> bool:
    try:
        return cose.is_signed_by(cose.parse(data), ISSUING.public_key)
    except NotOurSignature:
        return False


class TestSignature:
    def test_is_the_one_that_outsiders_hold(self, golden):
        facts = {"cose": SIGNED.hex(), "commit": COMMIT.hex(), "key": ISSUING.public_key.hex()}

        golden(
            "claim-v1.json",
            json.dumps(facts | {"qr": cose.qr_text(HOST, "0123456789ABCDEF", SIGNED)}, indent=1),
        )

    def test_holds_for_pycose(self):
        message: Any = CoseMessage.decode(SIGNED)
        message.key = OKPKey(crv="ED25519", x=ISSUING.public_key)

        assert message.verify_signature()
        assert message.payload == claims_rules.payload_bytes(a_claim())

    def test_holds_for_cwt(self):
        jwk = {
            "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "key_ops": ["verify"],
            "kid": cose.kid_of(ISSUING.public_key), "x": ISSUING.public_key,
        }  # fmt: skip
        key = COSEKey.new({1: 1, 3: -8, -1: 6, -2: jwk["x"], 2: jwk["kid"], 4: [2]})

        claims: Any = cwt.decode(SIGNED, key)

        assert claims[7] == check_characters.id_bytes("0123456789ABCDEF")
        assert claims[-65537][2] == a_claim().name

    def test_is_refused_with_any_byte_changed(self):
        wrong = [
            (place, bit)
            for place in range(len(SIGNED))
            for bit in range(8)
            if accepted(SIGNED[:place] + bytes([SIGNED[place] ^ 1 << bit]) + SIGNED[place + 1 :])
        ]

        assert accepted(SIGNED)
        assert wrong == []

    @pytest.mark.parametrize("length", [0, 1, 100, len(SIGNED) - 1])
    def test_is_refused_cut_short(self, length):
        assert not accepted(SIGNED[:length])

    def test_is_refused_under_another_key(self):
        assert not cose.is_signed_by(cose.parse(SIGNED), OTHER.public_key)

    def test_is_refused_with_its_malleable_twin(self):
        order = 2**252 + 27742317777372353535851937790883648493
        twin = int.from_bytes(SIGNED[-32:], "little") + order

        assert not accepted(SIGNED[:-32] + twin.to_bytes(32, "little"))


class TestFragment:
    def test_gives_the_bytes_back(self):
        assert cose.from_fragment(cose.fragment(SIGNED)) == SIGNED

    @pytest.mark.parametrize(
        "text", ["", "0", "01", "-1", "1a", "１２", "2" * 30, "9" * 5000, " 12"]
    )
    def test_is_refused_in_any_other_form(self, text):
        with pytest.raises(NotOurSignature):
            cose.parse(cose.from_fragment(text))
