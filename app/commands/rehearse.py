"""`rehearse`: play a whole contest through real browsers while everything fails; pass or fail."""

import argparse
import subprocess
import sys
from pathlib import Path

Verbs = argparse._SubParsersAction
ROOT = Path(__file__).resolve().parent.parent.parent


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser(
        "rehearse", help="用真的浏览器演练一整场评分：断网、断电、坏钟、满盘；通过为 0"
    )
    verb.add_argument("seed", nargs="?", type=int, help="重演这个种子的演练")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Rehearse on a house of its own; the rehearsal leaves the settings of this one out."""
    if not (ROOT / "tests" / "rehearsal.py").is_file():
        sys.stdout.write("演练要在源代码目录中运行：取得源代码后执行 make rehearse。\n")
        return 1
    seed = [] if arguments.seed is None else [str(arguments.seed)]
    command = [sys.executable, "-m", "tests.rehearsal", *seed]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - our own program
