"""Seal document numbers and phones: AES-256-GCM at rest, a keyed digest to match by."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from app.rules.identity import IdNumber
from app.storage import secret_key

NONCE_BYTES = 12


def digest_of(number: IdNumber) -> str:
    """Return the keyed digest by which one person is found again (hex)."""
    keyed = _keyed(secret_key.derived("id-digest")).copy()
    keyed.update(f"{number.kind}:{number.text}".encode())
    return keyed.finalize().hex()


def is_ending_of(typed: str, number: str) -> bool:
    """Tell whether a number ends in what was typed; an empty number ends in nothing."""
    key = secret_key.derived("id-ending")
    ending = number[-len(typed) :] if typed else ""
    hashes = [hmac.digest(key, text.encode(), hashlib.sha256) for text in (typed, ending)]
    return hmac.compare_digest(*hashes) and bool(number and typed)


@lru_cache(1)
def _keyed(key: bytes) -> HMAC:
    return HMAC(key, SHA256())


def seal(text: str) -> bytes:
    """Encrypt a short text; each call gives other bytes."""
    return seal_many([text])[0]


def seal_many(texts: Sequence[str]) -> list[bytes]:
    """Encrypt many short texts, each with a nonce of its own."""
    encrypt = AESGCM(secret_key.derived("personal-data")).encrypt
    luck = secrets.token_bytes(NONCE_BYTES * len(texts))
    nonces = [luck[start : start + NONCE_BYTES] for start in range(0, len(luck), NONCE_BYTES)]
    return [
        nonce + encrypt(nonce, text.encode(), None)
        for nonce, text in zip(nonces, texts, strict=True)
    ]


def unseal(sealed: bytes) -> str:
    """Decrypt; raise `cryptography.exceptions.InvalidTag` where bytes or key are not ours."""
    cipher = AESGCM(secret_key.derived("personal-data"))
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None).decode()


def masked_phone(text: str) -> str:
    """Show the first three and last two digits of a phone."""
    return text[:3] + "*" * max(0, len(text) - 5) + text[-2:] if len(text) >= 7 else "*" * len(text)
