"""`settings`: every setting with its meaning, default and present value; secrets are masked."""

import argparse
import json
import os
import sys

from app.settings import PREFIX, SETTINGS

Verbs = argparse._SubParsersAction


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("settings", help="列出全部设置、默认值和当前值")
    verb.add_argument("--json", action="store_true", help="以 JSON 输出")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the settings."""
    lines = [
        {
            "name": PREFIX + item.name,
            "default": item.default,
            "value": _shown(os.environ.get(PREFIX + item.name, ""), is_secret=item.is_secret),  # noqa: TID251
            "meaning": item.meaning,
        }
        for item in SETTINGS
    ]
    if arguments.json:
        sys.stdout.write(json.dumps(lines, ensure_ascii=False, indent=1) + "\n")
        return 0
    for line in lines:
        shown = line["value"] or line["default"] or "—"
        sys.stdout.write(f"{line['name']}={shown}\n    {line['meaning']}\n")
    return 0


def _shown(value: str, *, is_secret: bool) -> str:
    return "********" if value and is_secret else value
