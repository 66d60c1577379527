"""The operators' log on standard output: one line a request, and what went wrong.

A request's line holds its route with the ids in it, never a name, a code, a token or anything else
that somebody typed: so it tells no secret, and nobody can forge a line. Lines of a moment are
written together, at a fifth of what each alone would cost.
"""

import asyncio
import logging
import logging.config
from collections.abc import Mapping
from typing import Any, Final

from litestar.types import Scope

from app.web import clock

logger = logging.getLogger("xiangjiang.requests")
GATHER_SECONDS: Final = 0.2
UNKNOWN: Final = "-"
HIDDEN: Final = "…"
BEYOND_IDS: Final = 10**9
TO_STANDARD_OUTPUT: Final = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "written": {"format": "%(message)s"},
        "trouble": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {
        name: {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": name,
        }
        for name in ("written", "trouble")
    },
    "root": {"level": "WARNING", "handlers": ["trouble"]},
    "loggers": {logger.name: {"level": "INFO", "handlers": ["written"], "propagate": False}},
}
_lines: list[str] = []


def begin() -> None:
    """Write this process's log to standard output from now on."""
    logging.config.dictConfig(TO_STANDARD_OUTPUT)


def note(scope: Scope, status: int, seconds: float) -> None:
    """Note one answered request."""
    if not logger.isEnabledFor(logging.INFO):
        return
    if not _lines:
        asyncio.get_running_loop().call_later(GATHER_SECONDS, write)
    account = getattr(scope.get("user"), "account_id", None) or UNKNOWN
    _lines.append(
        f"{clock.now().isoformat(timespec='milliseconds')} {scope.get('method')} {_route(scope)}"
        f" {status} {seconds * 1000:.1f} ms"
        f" request={scope['state']['request_number']} account={account}"
    )


def write() -> None:
    """Write the lines that were gathered."""
    text = "\n".join(_lines)
    _lines.clear()
    if text:
        logger.info(text)


def _route(scope: Mapping[str, Any]) -> str:
    """Return an address as its route has it, with ids alone; an address of no route is unknown."""
    route: str = scope.get("path_template") or UNKNOWN
    given = scope.get("path_params")
    if not given:
        return route
    return route.format_map({name: _id(value) for name, value in given.items()})


def _id(value: object) -> object:
    """Return a number that can be an id; longer ones may be somebody's, as all texts may."""
    return value if isinstance(value, int) and value < BEYOND_IDS else HIDDEN
