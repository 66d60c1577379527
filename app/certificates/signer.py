"""The one module that reads private keys: the issuing key and the log key, apart from each other.

Everyone else sees a `Signer`, so that an HSM, an SM2 service or a process of its own
(`signing_service`) can take the file's place.
"""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

import anyio.to_thread
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.errors import N_, RuleBroken, Unavailable, refusal
from app.settings import BadSetting
from app.storage.whole_files import sync_folder, write_new

OPEN_TO_OTHERS = 0o077
P = ParamSpec("P")
T = TypeVar("T")
_apart = anyio.CapacityLimiter(8)
"""Those who wait for a signer leave threads for everybody else."""


class BadKeyFile(BadSetting):
    """A key file or a signing process cannot be used; the message says which and why."""


@refusal
class SignerSilent(Unavailable):
    """The signing process does not answer; it is asked again the next time.

    Where its socket lies is for the operator only.
    """

    heading = N_("签名进程没有应答")
    says = N_(
        "签名进程没有应答，这一次没有签名。请管理员在服务器上启动签名进程（xiangjiang signer），"
        "启动后再办一次；正在签发的批次会自己接着签。证书查验不受影响。"
    )
    socket: str


@refusal
class SignerRefuses(RuleBroken):
    """The signing process answers, and will not sign this."""

    says = N_("签名进程没有签名：{why}。请管理员查看服务器上的签名进程。")
    why: str


@refusal
class SignerChanged(Unavailable):
    """The signing process has other keys than a moment ago; what it signed was thrown away."""

    says = N_("签名进程刚换了密钥，这一次没有签名。请再办一次；正在签发的批次会自己接着签。")


class Signer(Protocol):
    """Something that holds a private key and signs with it."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes of the Ed25519 public key; asks nobody."""

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature; may wait, so it is called `apart`."""


class FileSigner:
    """An Ed25519 key in a PEM file that only its owner may read."""

    def __init__(self, path: Path) -> None:
        self._key = _read(path)
        self.public_key = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def _cannot_renew() -> "Signers":
    raise BadKeyFile("这个签名者不能更换密钥")


def _answers() -> None:
    """Do nothing: a key in this process can always sign."""


@dataclass(frozen=True)
class Signers:
    """The two keys of this house; `renew` puts a new issuing key in the old one's place.

    `probe` raises `SignerSilent` or `SignerRefuses` where nobody would sign now.
    """

    issuing: Signer
    log: Signer
    renew: Callable[[], "Signers"] = _cannot_renew
    probe: Callable[[], None] = _answers


_open: list[Signers] = []


def open_files(signing_key_file: Path, log_key_file: Path) -> Signers:
    """Open both keys for this process, making a file with mode 0600 where there is none."""
    for path in (signing_key_file, log_key_file):
        if not path.exists():
            create(path)
    keys = Signers(
        FileSigner(signing_key_file),
        FileSigner(log_key_file),
        partial(_renewed, signing_key_file, log_key_file),
    )
    refuse_same(keys.issuing.public_key, keys.log.public_key)
    return use(keys)


def _renewed(signing_key_file: Path, log_key_file: Path) -> Signers:
    """Make a new issuing key; the old file stays beside it under its name, as evidence."""
    old = FileSigner(signing_key_file).public_key
    fresh = signing_key_file.with_name(f"{signing_key_file.name}.next")
    create(fresh)
    kept = f"{signing_key_file.name}.{hashlib.sha256(old).digest()[:4].hex()}"
    with suppress(FileExistsError):  # A crash came before the next line, the last time.
        os.link(signing_key_file, signing_key_file.with_name(kept))
    fresh.replace(signing_key_file)
    sync_folder(signing_key_file.parent)
    return open_files(signing_key_file, log_key_file)


def use(signers: Signers) -> Signers:
    """Let this process sign with these keys."""
    _open[:] = [signers]
    return signers


def refuse_same(issuing: bytes, log: bytes) -> None:
    """Raise `BadKeyFile` where one key would serve for both."""
    if issuing == log:
        raise BadKeyFile("签发密钥与日志密钥不能是同一个")


def signers() -> Signers:
    """Return this process's keys; raise `BadKeyFile` where none were opened."""
    if not _open:
        raise BadKeyFile("签发密钥尚未载入")
    return _open[0]


async def apart(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do work that signs in a thread: where the signer keeps it waiting, nobody else waits."""
    return await anyio.to_thread.run_sync(partial(work, *args, **kwargs), limiter=_apart)


async def known() -> Signers:
    """Return the keys, asking for their public halves where nobody told them yet.

    Whoever reads them in a transaction calls this before it.
    """
    keys = signers()
    with suppress(SignerSilent):
        if keys.log.public_key and keys.issuing.public_key:
            return keys
    return await ready()


async def ready() -> Signers:
    """Return the keys where they would sign now; raise `SignerSilent` or `SignerRefuses`."""
    await apart(signers().probe)
    return signers()


def create(path: Path) -> None:
    """Write a new key, readable by its owner only; leave a file that is already there."""
    key = Ed25519PrivateKey.generate()
    write_new(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether an Ed25519 signature holds."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _read(path: Path) -> Ed25519PrivateKey:
    if path.stat().st_mode & OPEN_TO_OTHERS:
        raise BadKeyFile(f"{path}: 其他用户可以读取这个私钥文件，请先执行 chmod 600")
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise BadKeyFile(f"{path}: 不是 PEM 格式的私钥") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKeyFile(f"{path}: 不是 Ed25519 私钥")
    return key
