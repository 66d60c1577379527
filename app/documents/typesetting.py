"""Typeset PDFs with typst, each in a worker process of its own.

A process that has compiled with typst must never be forked (its threads deadlock the child), and a
big book slows the small sheets after it; so compiling is done in spawned workers and not here.
"""

import json
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst
from anyio import CapacityLimiter, to_process

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
TEMPLATES = HERE / "templates"
NEEDED = ("NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf")
WORKERS: Final = 2
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
        compiled = _compiler(template).compile(
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)}
        )
    assert isinstance(compiled, bytes)
    return compiled


@cache
def _compiler(template: str) -> typst.Compiler:
    """Return a compiler that has read the fonts: that takes longer than a certificate."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )
    return typst.Compiler(str(TEMPLATES / template), root=str(HERE), font_paths=fonts)


async def rendered(template: str, data: dict[str, Any]) -> bytes:
    """Return the PDF of a template, compiled in a worker process."""
    return await to_process.run_sync(
        partial(render, template, data), limiter=_limiter(), cancellable=True
    )


async def rendered_many(template: str, data: Sequence[dict[str, Any]]) -> list[bytes]:
    """Return one PDF a datum, compiled in a worker process one after another."""
    return await to_process.run_sync(
        partial(render_many, template, list(data)), limiter=_limiter(), cancellable=True
    )


def render_many(template: str, data: Sequence[dict[str, Any]]) -> list[bytes]:
    """Return one PDF a datum, compiled in this process; the compiler keeps what they share."""
    return [render(template, item) for item in data]


_limiters: list[CapacityLimiter] = []


def _limiter() -> CapacityLimiter:
    if not _limiters:
        _limiters.append(CapacityLimiter(WORKERS))
    return _limiters[0]
