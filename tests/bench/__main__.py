"""`python -m tests.bench [NAME[=COUNT] …]`: each in a process of its own, one line a figure.

A count is for `certificates` (how many are issued) and `verification` (how many there are).
"""

import importlib
import subprocess
import sys

from tests.bench.measuring import HEADING

NAMES = (
    "marks",
    "frameworks",
    "verification",
    "certificates",
    "workbooks",
    "books",
    "standings",
    "day",
    "tablet",
)


def main(wanted: list[str]) -> int:
    """Run the benchmarks; 1 when one could not run."""
    if wanted[:1] == ["--one"]:
        name, _, count = wanted[1].partition("=")
        figures = importlib.import_module(f"tests.bench.{name}").figures
        for figure in figures(*([int(count)] if count else [])):
            print(figure.line(), flush=True)
        return 0
    if unknown := sorted({name.partition("=")[0] for name in wanted} - set(NAMES)):
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(NAMES)}")
        return 2
    print("ratio = time of the barest code for the same work / our time; 1 is as fast as it gets")
    print(HEADING, flush=True)
    return max(
        subprocess.run([sys.executable, "-m", "tests.bench", "--one", name], check=False).returncode
        for name in wanted or NAMES
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
