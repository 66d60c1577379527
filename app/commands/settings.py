"""`settings`: every setting with its meaning, default and present value; secrets are masked."""

import argparse
import json
import re
import sys

from app.settings import PREFIX, SETTINGS, present

Verbs = argparse._SubParsersAction
PASSWORD = re.compile(r"(://[^:/@]*:).*(?=@)|(?<=[?&]password=)[^&]*")


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("settings", help="列出全部设置、默认值和当前值")
    verb.add_argument("--json", action="store_true", help="以 JSON 输出")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the settings."""
    values = present()
    lines = [
        {
            "name": PREFIX + item.name,
            "default": item.default,
            "value": _masked(values[item.name]) if item.is_secret else values[item.name],
            "meaning": item.meaning,
        }
        for item in SETTINGS
    ]
    if arguments.json:
        sys.stdout.write(json.dumps(lines, ensure_ascii=False, indent=1) + "\n")
        return 0
    for line in lines:
        default = f"（默认 {line['default']}）" if line["default"] else ""
        sys.stdout.write(f"{line['name']}={line['value']}\n    {line['meaning']}{default}\n")
    return 0


def _masked(address: str) -> str:
    """Return an address without the password in it."""
    return PASSWORD.sub(r"\g<1>********", address)
