"""Figures as ratios to the barest code for the same work, measured in the same run, interleaved."""

import gc
import re
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One main job beside its bare baseline; both in seconds for the same work."""

    job: str
    own: float
    bare: float
    goal: float
    note: str = ""

    @property
    def ratio(self) -> float:
        """How near to the barest code: 1 is as fast."""
        return self.bare / self.own

    def line(self) -> str:
        """Write the figure for a terminal."""
        verdict = "goal met" if self.ratio >= self.goal else f"goal {self.goal:g}"
        return (
            f"{self.job:<46} {self.own:9.4f} s {self.bare:9.4f} s   "
            f"{self.ratio:6.3f}  {verdict:<10} {self.note}"
        )


@dataclass(frozen=True)
class Unmeasured:
    """A job that could not be measured here, and why."""

    job: str
    why: str

    def line(self) -> str:
        """Say so."""
        return f"{self.job:<46} {self.why}"


WHOSE = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
HEADING = f"{'job':<46} {'own':>11} {'bare':>11}   {'ratio':>6}"


def seconds(work: Callable[[], object]) -> float:
    """Time one call by the wall clock, with the collector's work counted where it falls."""
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def interleaved(
    own: Callable[[], object], bare: Callable[[], object], rounds: int = 5
) -> tuple[float, float]:
    """Time both in turn and return the medians, so that a noisy machine disturbs both alike."""
    times = [(seconds(own), seconds(bare)) for _ in range(rounds)]
    return statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)


def processor_seconds() -> float:
    """Return the processor time used so far, here and in the children that have ended."""
    here, below = (resource.getrusage(whose) for whose in WHOSE)
    return here.ru_utime + here.ru_stime + below.ru_utime + below.ru_stime


def peak_megabytes() -> int:
    """Return the most memory that this process has held since it began its program."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) // 1024
