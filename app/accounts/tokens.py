"""Secrets given to a browser: random, and kept here only as their SHA-256."""

import hashlib
import secrets


def new_token() -> str:
    """Return 256 random bits, safe in an address or a cookie."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return the hex digest under which a token is found again."""
    return hashlib.sha256(token.encode()).hexdigest()
