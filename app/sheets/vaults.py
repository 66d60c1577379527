"""What a shared tablet keeps is sealed with a key that only this house can make again.

The key follows from the secret key of the house, the tablet and the judge; the tablet holds it
while its judge is signed on. What waits there can be sent by anyone, and read by nobody else.
AES-256 in counter mode under a nonce of 12 bytes; the first 32 bytes of its stream are the key of
a Poly1305 tag over what was sealed: nonce, tag, text.
"""

import base64
import binascii
import hmac
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.poly1305 import Poly1305

from app.storage import secret_key

PURPOSE: Final = "tablet-vault"
NONCE: Final = 12
TAG: Final = 16
ONE_TIME_KEY: Final = 32


class NotOurSeal(Exception):
    """What was sealed was changed, or sealed with another key."""


def key_of(device: str, account_id: int) -> bytes:
    """Return the key of a judge's vault on a tablet."""
    subject = f"{device}/{account_id}".encode()
    return hmac.digest(secret_key.derived(PURPOSE), subject, "sha256")


def opened(text: str, key: bytes) -> bytes:
    """Return what a tablet sealed; raise `NotOurSeal`."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotOurSeal from error
    return opened_bytes(raw, key)


def opened_bytes(raw: bytes, key: bytes) -> bytes:
    """Return the bytes that a tablet sealed; raise `NotOurSeal`."""
    nonce, tag, sealed = raw[:NONCE], raw[NONCE : NONCE + TAG], raw[NONCE + TAG :]
    if len(tag) < TAG:
        raise NotOurSeal
    stream = Cipher(algorithms.AES(key), modes.CTR(nonce + bytes(4))).encryptor()
    try:
        Poly1305.verify_tag(stream.update(bytes(ONE_TIME_KEY)), sealed, tag)
    except InvalidSignature as error:
        raise NotOurSeal from error
    return stream.update(sealed)


def sealed(plain: bytes, key: bytes, nonce: bytes) -> str:
    """Seal as a tablet does (tests, and what the house itself gives out)."""
    stream = Cipher(algorithms.AES(key), modes.CTR(nonce + bytes(4))).encryptor()
    one_time = stream.update(bytes(ONE_TIME_KEY))
    text = stream.update(plain)
    return base64.b64encode(nonce + Poly1305.generate_tag(one_time, text) + text).decode()
