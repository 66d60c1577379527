"""The hash that links one audit record to the one before it.

The bytes are the RFC 8785 form of the record's facts, so any program can recompute them.
"""

import hashlib
from collections.abc import Mapping

import rfc8785

GENESIS = bytes(32)


def link(previous: bytes, facts: Mapping[str, object]) -> bytes:
    """Return SHA-256(previous hash, canonical JSON of the facts), 32 bytes."""
    return hashlib.sha256(previous + rfc8785.dumps(dict(facts))).digest()  # type: ignore[arg-type]
