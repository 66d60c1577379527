"""Files that a crash must not tear: the old content or the new one is there, always whole."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def write_whole(path: Path, content: str | bytes, mode: int = 0o644) -> None:
    """Put content in a file's place, on the disk when this returns; `mode` as the umask allows.

    What is there is replaced.
    """
    with _fresh(path, content, mode) as fresh:
        fresh.replace(path)
    sync_folder(path.parent)


def write_new(path: Path, content: bytes) -> None:
    """As `write_whole`, for the owner only, and never over a file that is there: that one stays.

    Of two processes that make it at once, both read the same.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _fresh(path, content, 0o600) as fresh, suppress(FileExistsError):
        os.link(fresh, path)
    sync_folder(path.parent)


@contextmanager
def _fresh(path: Path, content: str | bytes, mode: int) -> Iterator[Path]:
    """Write a file beside the path, and take it away where it was not moved."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Put the new name itself on the disk; without this, a power cut may take it back."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
