"""Seal document numbers and phones: AES-256-GCM at rest, a keyed digest to match by."""

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.rules.identity import IdNumber
from app.storage import secret_key

NONCE_BYTES = 12


def digest_of(number: IdNumber) -> str:
    """Return the keyed digest by which one person is found again (hex)."""
    text = f"{number.kind.value}:{number.text}".encode()
    return hmac.digest(secret_key.derived("id-digest"), text, hashlib.sha256).hex()


def seal(text: str) -> bytes:
    """Encrypt a short text; each call gives other bytes."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(secret_key.derived("personal-data")).encrypt(nonce, text.encode(), None)


def unseal(sealed: bytes) -> str:
    """Decrypt; raise `cryptography.exceptions.InvalidTag` where bytes or key are not ours."""
    cipher = AESGCM(secret_key.derived("personal-data"))
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None).decode()


def masked_phone(text: str) -> str:
    """Show the first three and last two digits of a phone."""
    return text[:3] + "*" * max(0, len(text) - 5) + text[-2:] if len(text) >= 7 else "*" * len(text)
