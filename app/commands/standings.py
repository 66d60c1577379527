"""`standings BUNDLE.json`: the product's own rules over a marks bundle."""

import argparse
import json
import sys
from pathlib import Path

from competitions.rules.reading import unreadable
from competitions.rules.standings import answer, standings_of

Verbs = argparse._SubParsersAction


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("standings", help="按产品的评分规则计算一份成绩数据包")
    verb.add_argument("bundle", type=Path, metavar="BUNDLE.json")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the result, always as `standings/1`; 1 with any problem."""
    try:
        found = standings_of(arguments.bundle.read_bytes())
    except OSError as error:
        found = answer({}, None, [unreadable(f"{arguments.bundle.name!a}: {error.strerror}")])
    sys.stdout.buffer.write(json.dumps(found, ensure_ascii=False, indent=1).encode() + b"\n")
    return 1 if found["problems"] else 0
