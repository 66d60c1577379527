"""Photos beside notes, and signatures: kept by their SHA-256, which the records name.

A record that names a file says in the chain which bytes it means; the file itself may come later,
from a tablet or out of a backup, and is taken once.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from app.errors import N_, NotFound, RuleBroken, refusal
from app.sheets import vaults
from app.sheets.tables import SheetFile
from app.storage.engine import write_transaction

MOST_BYTES: Final = 600_000
NAMED: Final = re.compile(r"^sha256:([0-9a-f]{64})$", re.MULTILINE)
STARTS: Final[Mapping[str, bytes]] = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}


class StoredFile(Struct, frozen=True):
    """A file as it is shown."""

    media_type: str
    content: bytes
    sheet_id: int


@refusal
class FileUnfit(RuleBroken):
    """The bytes are no picture, or too many, or not those that were announced."""

    says = N_("这个文件不是照片或签名，或者太大，没有收下。")


def named(digest: str) -> str:
    """Return how a record names a file."""
    return f"sha256:{digest}"


def names_in(reason: str) -> list[str]:
    """Return the files that a record names."""
    return NAMED.findall(reason)


def words_of(reason: str) -> str:
    """Return what a record says in words, without its files."""
    return NAMED.sub("", reason).strip()


def media_type_of(content: bytes) -> str:
    """Return what a picture is by its first bytes; raise `FileUnfit`."""
    for media_type, start in STARTS.items():
        if content.startswith(start) and len(content) <= MOST_BYTES:
            return media_type
    raise FileUnfit


def unsealed(content: bytes, key: bytes) -> bytes:
    """Return a file that a tablet sealed; raise `FileUnfit`."""
    try:
        return vaults.opened_bytes(content, key)
    except vaults.NotOurSeal as error:
        raise FileUnfit from error


async def keep(content: bytes, *, digest: str, sheet_id: int, device: str, at: datetime) -> None:
    """Keep a file under its digest, once; raise `FileUnfit`."""
    async with write_transaction():
        await keep_within(content, digest=digest, sheet_id=sheet_id, device=device, at=at)


async def keep_within(
    content: bytes, *, digest: str, sheet_id: int, device: str, at: datetime
) -> None:
    """Keep a file inside the caller's transaction; raise `FileUnfit`."""
    media_type = media_type_of(content)
    if hashlib.sha256(content).hexdigest() != digest:
        raise FileUnfit
    if await SheetFile.exists().where(SheetFile.digest == digest):
        return
    facts: dict[str, Any] = {
        "digest": digest,
        "media_type": media_type,
        "content": content,
        "sheet": sheet_id,
        "device": device,
        "server_at": at,
    }
    await SheetFile(**facts).save()


async def file_of(digest: str) -> StoredFile:
    """Return a file; raise `NotFound`."""
    row = await SheetFile.select().where(SheetFile.digest == digest).first()
    if row is None:
        raise NotFound
    return StoredFile(row["media_type"], bytes(row["content"]), row["sheet"])
