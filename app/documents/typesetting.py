"""Typeset PDFs with typst, each in a worker process of its own.

A process that has compiled with typst must never be forked (its threads deadlock the child), and a
big book slows the small sheets after it; so compiling is done in spawned workers and not here.
"""

import json
import os
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from anyio import CapacityLimiter, create_task_group, fail_after, run_process, to_process

from app.documents import press

if TYPE_CHECKING:
    from typst import Compiler

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
NEEDED = ("NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf")
WORKERS: Final = 2
BOOK_SECONDS: Final = 120
P = ParamSpec("P")
T = TypeVar("T")
_lock = Lock()


class FontsMissing(Exception):
    """Set-up has not fetched the fonts; the message says what to run."""


def require_fonts() -> None:
    """Raise `FontsMissing` where set-up did not run."""
    missing = [name for name in NEEDED if not (FONTS / name).exists()]
    if missing:
        raise FontsMissing(
            f"缺少字体 {'、'.join(missing)}，请先运行 make run 或 make test 完成安装"
        )


def render(template: str, data: dict[str, Any]) -> bytes:
    """Return the PDF of a template in `templates/` over data, compiled in this process."""
    require_fonts()
    with _lock:
        compiled = _compiler().compile(
            input=press.document(template, json.dumps(data, ensure_ascii=False))
        )
    assert isinstance(compiled, bytes)
    return compiled


@cache
def _compiler() -> "Compiler":
    """Return a compiler that has read the fonts: that takes longer than a certificate.

    It uses one thread: on small sheets more only stand in each other's way, and there is a worker
    for each core.
    """
    import typst  # The server, which only hands work on, would hold its 7 MB for nothing.

    os.putenv("RAYON_NUM_THREADS", "1")
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    return typst.Compiler(root=str(HERE), font_paths=fonts)


async def rendered(template: str, data: dict[str, Any]) -> bytes:
    """Return the PDF of a template, compiled in a worker process."""
    return await in_worker(render, template, data)


async def in_worker(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run work that calls `render` in a worker process; two are kept, others wait."""
    return await to_process.run_sync(
        partial(work, *args, **kwargs), limiter=_limiter(), cancellable=True
    )


async def prepare() -> None:
    """Start the workers, so that what is printed next need not wait for them."""
    async with create_task_group() as group:
        for _ in range(WORKERS):
            group.start_soon(in_worker, _begin)


def _begin() -> None:
    require_fonts()
    with _lock:
        _compiler()


async def printed_book(template: str, data: dict[str, Any]) -> bytes:
    """Return the PDF of a long document, compiled in a process of its own, one after another."""
    require_fonts()
    command = [sys.executable, "-I", "-X", "utf8", str(Path(press.__file__)), template]
    async with _press():
        with fail_after(BOOK_SECONDS):
            done = await run_process(command, input=json.dumps(data, ensure_ascii=False).encode())
    return done.stdout


_limiters: list[CapacityLimiter] = []
_presses: list[CapacityLimiter] = []


def _press() -> CapacityLimiter:
    if not _presses:
        _presses.append(CapacityLimiter(1))
    return _presses[0]


def _limiter() -> CapacityLimiter:
    if not _limiters:
        _limiters.append(CapacityLimiter(WORKERS))
    return _limiters[0]
