"""The same mark in Django and in FastAPI with SQLAlchemy: how many times as fast is ours?

Each takes a session's cookie, looks whether the sheet is the judge's, and writes the mark, the
sheet's total and a record of who did what, durable on SQLite in WAL with FULL and IMMEDIATE; 32
judges mark at once, without a network. Ours writes a hash chain besides, theirs do not.
"""

import asyncio
import statistics
import subprocess
import tempfile
from pathlib import Path

from app.settings import load
from tests.bench import marks
from tests.bench.measuring import Figure, Unmeasured

ROUNDS, TIMES = 3, 8
ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".setup" / "rivals" / "bin" / "python"
NAMES = {"django": "Django", "fastapi": "FastAPI and SQLAlchemy"}


def own() -> float:
    """Let our tablets mark; return the seconds."""
    with tempfile.TemporaryDirectory() as text:
        return asyncio.run(marks.own(load({"XIANGJIANG_DATA_DIR": text})))[0]


def theirs(name: str) -> float:
    """Let the judges of a rival mark as many, in its own environment; return the seconds."""
    with tempfile.TemporaryDirectory() as text:
        sizes = (str(marks.TABLETS), str(marks.MARKS_EACH))
        done = subprocess.run(
            [str(PYTHON), "-m", "tests.bench.rivals.drive", name, *sizes],
            cwd=text,
            env={"PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            text=True,
        )
        return float(done.stdout)


def figures() -> list[Figure | Unmeasured]:
    """Measure in turn; the bare column holds the rival, the ratio says how many times as fast."""
    jobs = {name: f"a mark, as in {words}" for name, words in NAMES.items()}
    if not PYTHON.exists():
        why = "not measured: the rivals of requirements-rivals.txt could not be installed"
        return [Unmeasured(job, why) for job in jobs.values()]
    count = marks.TABLETS * marks.MARKS_EACH
    rounds = [(own(), {name: theirs(name) for name in NAMES}) for _ in range(ROUNDS)]
    ours = statistics.median(took for took, _ in rounds)
    found: list[Figure | Unmeasured] = []
    for name, job in jobs.items():
        rival = statistics.median(others[name] for _, others in rounds)
        note = f"times as fast: {count / ours:,.0f} marks/s, the rival {count / rival:,.0f}"
        found.append(Figure(job, ours, rival, TIMES, note))
    return found
