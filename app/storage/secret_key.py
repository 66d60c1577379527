"""The house's secret key: a file outside the database, from which every other key is derived."""

import hashlib
import secrets
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import N_, Refusal, refusal
from app.storage.whole_files import write_new

KEY_BYTES = 32
HASH_BLOCK = 64
INNER, OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))


class NoSecretKey(Exception):
    """No key is in use in this process."""


@refusal
class BadSecretKey(Refusal):
    """The file is no key."""

    says = N_(
        "{path} 不是密钥文件：应为 {wanted} 字节，现为 {length} 字节。请放回原来的（备份里有）。"
    )
    path: str
    length: int
    wanted: int = KEY_BYTES


def load_or_create(path: Path) -> bytes:
    """Return the 32 bytes of the key file, made with mode 0600 where there is none yet."""
    if not path.exists():
        write_new(path, secrets.token_bytes(KEY_BYTES))
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise BadSecretKey(str(path), len(key))
    return key


_master: list[bytes] = []


def use(key: bytes) -> None:
    """Set the key of this process; derived keys follow it."""
    _master[:] = [key]
    derived.cache_clear()
    _keyed.cache_clear()


@cache
def derived(purpose: str) -> bytes:
    """Return the 32-byte key for one purpose, so that no key serves two."""
    if not _master:
        raise NoSecretKey
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"xiangjiang/{purpose}".encode()).derive(
        _master[0]
    )


def code(purpose: str, message: bytes) -> bytes:
    """Return the HMAC-SHA-256 of a message under the key for one purpose.

    `hmac.digest` finds the hash and takes up the key anew each time, which costs more than the
    hashing of what is short.
    """
    inner, outer = (hashed.copy() for hashed in _keyed(purpose))
    inner.update(message)
    outer.update(inner.digest())
    return outer.digest()


@cache
def _keyed(purpose: str) -> tuple["hashlib._Hash", "hashlib._Hash"]:
    """Return both hashes of RFC 2104 as they are when they have taken up the key."""
    block = derived(purpose).ljust(HASH_BLOCK, b"\0")
    return hashlib.sha256(block.translate(INNER)), hashlib.sha256(block.translate(OUTER))
