"""`standings BUNDLE.json`: the product's own rules over a marks bundle."""

import argparse
import json
import sys
from pathlib import Path

from competitions.rules.standings import standings_of

Verbs = argparse._SubParsersAction  # noqa: SLF001 - argparse gives it no public name


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("standings", help="按产品的评分规则计算一份成绩数据包")
    verb.add_argument("bundle", type=Path, metavar="BUNDLE.json")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the result; 1 with any problem, 2 where there is no such file."""
    try:
        raw = arguments.bundle.read_bytes()
    except OSError as error:
        sys.stderr.write(f"{arguments.bundle}: {error.strerror}\n")
        return 2
    answer = standings_of(raw)
    text = json.dumps(answer, ensure_ascii=False, indent=1)
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    return 1 if answer["problems"] else 0
