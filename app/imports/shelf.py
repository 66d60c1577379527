"""Uploaded workbooks hold document numbers: they lie in the database sealed, never in clear."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.storage import secret_key

NONCE_BYTES = 12
PURPOSE = "uploaded-workbooks"


def seal(content: bytes) -> bytes:
    """Encrypt a workbook; each call gives other bytes."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(secret_key.derived(PURPOSE)).encrypt(nonce, content, None)


def unseal(sealed: bytes) -> bytes:
    """Decrypt; raise `cryptography.exceptions.InvalidTag` where bytes or key are not ours."""
    cipher = AESGCM(secret_key.derived(PURPOSE))
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
