"""A code of the house is the HMAC that everybody knows, under the key of its purpose."""

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from app.storage import secret_key


class TestCode:
    @given(message=st.binary(max_size=300))
    def test_is_the_hmac_of_the_message_under_the_key_of_the_purpose(self, message):
        expected = hmac.digest(secret_key.derived("certificate-seal"), message, hashlib.sha256)

        assert secret_key.code("certificate-seal", message) == expected

    def test_differs_by_purpose(self):
        assert secret_key.code("certificate-seal", b"one") != secret_key.code("csrf", b"one")
