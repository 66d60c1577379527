"""Read what strangers hand us in a child process that may die of it; the house goes on.

A file of two kilobytes can abort the library that reads it, or make it read for ever. The child is
bounded in memory and processor time (`bounded`); here it is bounded by the clock.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL
from typing import Final

from anyio import BrokenResourceError, ClosedResourceError, EndOfStream, fail_after, open_process
from anyio.abc import Process

from app.documents import bounded

HERE: Final = Path(__file__).parent
RECEIVED_AT_ONCE: Final = 1024 * 1024
Take = Callable[[bytes], None]


@dataclass(frozen=True)
class LimitedChild:
    """A script beside this file, and what it may use up: bytes, seconds of a processor, seconds."""

    script: str
    memory_bytes: int
    cpu_seconds: int
    wall_seconds: float

    async def read(self, content: bytes, argument: str, take: Take) -> int:
        """Give the script a content, take what it answers as it comes, and return its exit code.

        Raise `TimeoutError` where it lasts too long. Then, or where `take` raises, it is killed.
        """
        bounds = (str(self.memory_bytes), str(self.cpu_seconds))
        script = str(HERE / self.script)
        command = [sys.executable, "-I", "-X", "utf8", str(bounded.__file__), *bounds, script]
        with fail_after(self.wall_seconds):
            async with await open_process([*command, argument], stderr=DEVNULL, env={}) as child:
                try:
                    await _converse(child, content, take)
                    return await child.wait()
                finally:
                    if child.returncode is None:
                        child.kill()


async def _converse(child: Process, content: bytes, take: Take) -> None:
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        await child.stdin.send(content)
        await child.stdin.aclose()
        while True:
            take(await child.stdout.receive(RECEIVED_AT_ONCE))
    except (EndOfStream, BrokenResourceError, ClosedResourceError, ConnectionError):
        return  # It is over, or died; its exit code says which.
