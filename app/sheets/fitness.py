"""Is a tablet fit for the day: what its browser found, and what of that is go or no-go.

The tablet measures (`tablet/fitness.js`); what counts as fit is decided here, in one table.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct

from app.errors import N_
from app.sheets.devices import TabletFacts
from app.sheets.tables import Tablet
from app.storage.engine import write_transaction

OLDEST_CHROME: Final = 91
LEAST_FREE_MB: Final = 200
SLOWEST_WRITE_MS: Final = 250
SLOWEST_ANSWER_MS: Final = 3_000
WRONG_CLOCK_S: Final = 120
LOWEST_BATTERY: Final = 50
SMALLEST_WIDTH: Final = 360


class Findings(Struct, frozen=True):
    """What a tablet measured; none where its browser cannot tell."""

    chrome: int = 0
    is_secure: bool = False
    has_worker: bool = False
    is_persisted: bool = False
    free_mb: int | None = None
    write_ms: int | None = None
    has_survived: bool | None = None
    clock_error_s: int | None = None
    battery: int | None = None
    is_charging: bool = False
    has_camera: bool | None = None
    has_touch: bool = False
    answer_ms: int | None = None
    width: int = 0


class Finding(Struct, frozen=True):
    """One line of the report: go, caution or no-go."""

    check: str
    verdict: str
    value: str


class Report(Struct, frozen=True):
    """A tablet's fitness: every finding, and the verdict over all."""

    findings: tuple[Finding, ...]

    @property
    def is_go(self) -> bool:
        """Tell whether nothing forbids judging on it."""
        return all(finding.verdict != "no_go" for finding in self.findings)

    @property
    def stops(self) -> tuple[str, ...]:
        """Return the checks that forbid judging on it."""
        return tuple(item.check for item in self.findings if item.verdict == "no_go")


CHECKS: Final = {
    "browser": N_("浏览器版本"),
    "secure": N_("安全连接"),
    "worker": N_("离线可用"),
    "persisted": N_("长期保存"),
    "space": N_("剩余空间"),
    "write": N_("落盘写入"),
    "survival": N_("重开后数据还在"),
    "clock": N_("时钟"),
    "battery": N_("电量"),
    "camera": N_("摄像头"),
    "touch": N_("触摸"),
    "server": N_("到服务器的网络"),
    "screen": N_("屏幕宽度"),
}
"""What is looked at, in the order of the report."""
VERDICTS: Final = {"go": N_("合格"), "caution": N_("注意"), "no_go": N_("不合格")}


def _at_most(value: int | None, most: int, otherwise: str) -> str:
    return "go" if value is not None and abs(value) <= most else otherwise


def _at_least(value: int | None, least: int, otherwise: str) -> str:
    return "go" if value is not None and value >= least else otherwise


def _or(is_good: bool | None, otherwise: str) -> str:  # noqa: FBT001 - a verdict from yes or no
    return "go" if is_good else otherwise


RULES: Final[dict[str, Callable[[Findings], tuple[str, object]]]] = {
    "browser": lambda f: (_at_least(f.chrome, OLDEST_CHROME, "no_go"), f.chrome or ""),
    "secure": lambda f: (_or(f.is_secure, "no_go"), ""),
    "worker": lambda f: (_or(f.has_worker, "no_go"), ""),
    "persisted": lambda f: (_or(f.is_persisted, "caution"), ""),
    "space": lambda f: (_at_least(f.free_mb, LEAST_FREE_MB, "no_go"), _with(f.free_mb, " MB")),
    "write": lambda f: (_at_most(f.write_ms, SLOWEST_WRITE_MS, _slow(f)), _with(f.write_ms, " ms")),
    "survival": lambda f: (_survived(f), ""),
    "clock": lambda f: (
        _at_most(f.clock_error_s, WRONG_CLOCK_S, "caution"),
        _with(f.clock_error_s, " s"),
    ),
    "battery": lambda f: (
        "go" if f.is_charging else _at_least(f.battery, LOWEST_BATTERY, "caution"),
        _with(f.battery, " %"),
    ),
    "camera": lambda f: (_or(f.has_camera, "caution"), ""),
    "touch": lambda f: (_or(f.has_touch, "caution"), ""),
    "server": lambda f: (
        _at_most(f.answer_ms, SLOWEST_ANSWER_MS, "no_go"),
        _with(f.answer_ms, " ms"),
    ),
    "screen": lambda f: (_at_least(f.width, SMALLEST_WIDTH, "caution"), _with(f.width, " px")),
}


def _with(value: int | None, unit: str) -> str:
    return "" if value is None else f"{value}{unit}"


def _slow(found: Findings) -> str:
    return "no_go" if found.write_ms is None else "caution"


def _survived(found: Findings) -> str:
    if found.has_survived is None:
        return "caution"
    return "go" if found.has_survived else "no_go"


def report_of(found: Findings) -> Report:
    """Return the report on what a tablet measured."""
    lines = {check: RULES[check](found) for check in CHECKS}
    return Report(
        tuple(Finding(check, verdict, str(value)) for check, (verdict, value) in lines.items())
    )


async def keep(found: Findings, *, tablet: TabletFacts, at: datetime) -> Report:
    """Keep a tablet's report for the desk and return it."""
    report = report_of(found)
    text = msgspec.json.encode(report).decode()
    async with write_transaction():
        await Tablet.update({Tablet.fitness: text, Tablet.fitness_at: at}).where(
            Tablet.id == tablet.id
        )
    return report
