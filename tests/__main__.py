"""The gate: `python -m tests`. Its parts: `check`, `rules`, `bench`, `rehearse`, `screenshots`.

`bundles` compares the two calculators on ten thousand random events and on a million marks.

`make test` and CI run the whole gate. The checks that read the tree run first, two at a time, and
all of them report; the tests run only when those pass, so that the last lines are pytest's.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("app", "competitions", "assessments")
RULES = tuple(f"{room}.rules" for room in ROOMS)
FLOOR_PERCENT = 95  # branch coverage of everything; the rules have a floor of their own, 100

Command = Sequence[str]


def python(*arguments: str) -> list[str]:
    """Name a program of this environment."""
    return [sys.executable, *arguments]


def pytest(*arguments: str) -> list[str]:
    """Name a run of tests."""
    return python("-m", "pytest", *arguments)


LINT_IMPORTS = str(Path(sys.executable).parent / "lint-imports")
TREE: dict[str, Command] = {
    "format": python("-m", "ruff", "format", "--check", "."),
    "lint": python("-m", "ruff", "check", "."),
    "types": python("-m", "mypy", *ROOMS, "tests", "vendor_files.py", "hatch_build.py"),
    "imports": python(LINT_IMPORTS, "--no-logo"),
}
# The rules are covered by their own tests alone: no database, no page may help them out.
RULES_ALONE = pytest(
    "tests/rules",
    "--quiet",
    "--numprocesses=2",
    *(f"--cov={name}" for name in RULES),
    "--cov-branch",
    "--cov-report=term-missing:skip-covered",
    "--cov-fail-under=100",
)
# They have run by then, so the rest does not repeat them and adds to what they covered.
EVERYTHING = pytest(
    "--ignore=tests/rules",
    "-p",
    "tests.no_skips",
    "--numprocesses=3",
    "--dist=loadgroup",
    "--durations=20",
    *(f"--cov={name}" for name in ROOMS),
    "--cov-branch",
    "--cov-append",
    "--cov-report=term:skip-covered",
    f"--cov-fail-under={FLOOR_PERCENT}",
)


def gate() -> int:
    """Run everything."""
    if read_the_tree({**TREE, "rules alone": RULES_ALONE}):
        return 1
    return run(EVERYTHING)


def check() -> int:
    """Run what takes less than a minute: the tree, the rules and the house's own tests."""
    if read_the_tree(TREE):
        return 1
    quick = ("--quiet", "--numprocesses=2", "--hypothesis-profile=quick")
    return run(pytest("tests/rules", "tests/architecture", *quick))


def rules() -> int:
    """Run the tests of the rules."""
    return run(pytest("tests/rules", "--quiet"))


def bundles() -> int:
    """Compare the two calculators on ten thousand random events and on a million marks."""
    command = pytest(
        "tests/rules/competitions/test_calculators_agree.py",
        "tests/rules/competitions/test_large_bundles.py",
        "--quiet",
        "--timeout=3600",
    )
    wanted = {"XIANGJIANG_TEST_BUNDLES": "10000", "XIANGJIANG_TEST_ENTRIES": "3000"}
    return subprocess.run(command, cwd=ROOT, env=environment() | wanted, check=False).returncode


def bench() -> int:
    """Run the benchmarks; each prints its ratio to its own bare baseline."""
    return run(python("-m", "tests.bench"))


def rehearse() -> int:
    """Run the long rehearsal with faults."""
    return run(python("-m", "tests.rehearsal"))


def screenshots() -> int:
    """Take the main pages at three widths."""
    return run(python("-m", "tests.screenshots"))


def lock() -> int:
    """Choose versions anew and write the hashed requirements; the longer list decides."""
    uv = str(ROOT / ".setup" / "uv" / "bin" / "uv")
    base = [uv, "pip", "compile", "-q", "--universal", "--python-version", "3.11"]
    base += ["--upgrade", "--generate-hashes", "--no-header", "--no-annotate"]
    base += ["--no-strip-extras"]  # pip takes no hash of a package for the package with an extra
    whole = [*base, "pyproject.toml"]
    return (
        run([*whole, "--group", "dev", "-o", "requirements-dev.txt"])
        or run([*whole, "-c", "requirements-dev.txt", "-o", "requirements.txt"])
        or run([*base, "--group", "rivals", "-o", "requirements-rivals.txt"])
        or run([*base, "--group", "node", "-o", "requirements-node.txt"])
        or run([*base, "--group", "uv", "-o", "requirements-uv.txt"])
    )


def read_the_tree(commands: dict[str, Command]) -> int:
    """Run checks two at a time, print what each found, and count those that failed."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(one_check, commands.items()))
    failed = [name for name, exit_code in outcomes if exit_code]
    if failed:
        print(f"\nThe gate is closed: {', '.join(failed)}", flush=True)
    return len(failed)


def one_check(named: tuple[str, Command]) -> tuple[str, int]:
    """Run one check; print its output only when it fails."""
    name, command = named
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    seconds = time.monotonic() - started
    said = f"\n{done.stdout}{done.stderr}".rstrip() if done.returncode else ""
    print(f"{name:<12} {verdict:<7} {seconds:6.1f} s{said}", flush=True)
    return name, done.returncode


def run(command: Command) -> int:
    """Run one program in the open and return its exit code."""
    return subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode


def environment() -> dict[str, str]:
    """Return a plain environment: no setting of the machine bends a test, nor slows it down.

    Without kept bytecode each of the hundred servers would compile a thousand modules anew.
    """
    bent = ("XIANGJIANG_", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(bent)}
    return kept | {"PYTHONUTF8": "1"}


PARTS: dict[str, Callable[[], int]] = {
    "gate": gate,
    "check": check,
    "rules": rules,
    "bundles": bundles,
    "bench": bench,
    "rehearse": rehearse,
    "screenshots": screenshots,
    "lock": lock,
}

if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else "gate"
    if wanted not in PARTS or len(sys.argv) > 2:
        sys.exit(f"usage: python -m tests [{' | '.join(PARTS)}]")
    sys.exit(PARTS[wanted]())
