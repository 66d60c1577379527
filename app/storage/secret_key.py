"""The house's secret key: a file outside the database, from which every other key is derived."""

import os
import secrets
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


class BadSecretKey(Exception):
    """The key file cannot be used; the message says what is wrong with it."""


def load_or_create(path: Path) -> bytes:
    """Return the 32 bytes of the key file, made with mode 0600 where there is none yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _create(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise BadSecretKey(f"{path}: 密钥文件应为 {KEY_BYTES} 字节，现为 {len(key)} 字节")
    return key


def _create(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return  # Another process made it first; both read the same file.
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())


_master: list[bytes] = []


def use(key: bytes) -> None:
    """Set the key of this process; derived keys follow it."""
    _master[:] = [key]
    derived.cache_clear()


@cache
def derived(purpose: str) -> bytes:
    """Return the 32-byte key for one purpose, so that no key serves two."""
    if not _master:
        raise BadSecretKey("密钥尚未载入")
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"xiangjiang/{purpose}".encode()).derive(
        _master[0]
    )
