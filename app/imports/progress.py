"""How far the imports of this process are; a page asks every second, nothing is written for it."""

import asyncio
from dataclasses import dataclass

from app.errors import N_
from app.imports.registry import Tell


@dataclass
class Progress:
    """What is being done, and how much of it is done."""

    words: str = N_("正在读取表格…")
    done: int = 0
    total: int = 0


WORDS_CHECKING = N_("正在逐行检查：第 {done} 行，共 {total} 行")
WORDS_WRITING = N_("正在写入，全部写完才算数：共 {total} 行")
_running: dict[int, Progress] = {}


def begin(import_id: int) -> Progress:
    """Show an import as one that is being worked on."""
    return _running.setdefault(import_id, Progress())


def end(import_id: int) -> None:
    """Show it no longer."""
    _running.pop(import_id, None)


def of(import_id: int) -> Progress:
    """Return how far an import is; a fresh one where this process is not at work on it."""
    return _running.get(import_id, Progress())


def teller(shown: Progress, words: str) -> Tell:
    """Return what a long loop tells its progress to; awaiting it lets other work go on."""

    async def tell(done: int, total: int) -> None:
        shown.words, shown.done, shown.total = words, done, total
        await asyncio.sleep(0)

    return tell


async def tell_nobody(done: int, total: int) -> None:
    """Let a loop breathe where nobody watches."""
    await asyncio.sleep(0)
