"""`restore FILE`: fill an empty database from a backup; over another only with --replace."""

import argparse
import sys
from pathlib import Path

from app.commands.backup import key_files
from app.commands.running import in_house
from app.settings import Settings
from app.storage import copies

Verbs = argparse._SubParsersAction


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("restore", help="从备份恢复")
    verb.add_argument("file", type=Path, metavar="FILE")
    verb.add_argument("--replace", action="store_true", help="替换现有数据")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Restore."""
    return in_house(lambda settings: _restore(settings, arguments))


async def _restore(settings: Settings, arguments: argparse.Namespace) -> int:
    keys = {path.name: path for path in key_files(settings)}
    try:
        count = await copies.restore(arguments.file, keys, may_replace=arguments.replace)
    except copies.NotEmpty:
        sys.stdout.write("数据库中已有数据，没有恢复。确要替换，请加 --replace。\n")
        return 1
    except copies.NotABackup as problem:
        sys.stdout.write(f"{problem}\n")
        return 1
    sys.stdout.write(f"已恢复 {count} 行。请重启网站，再运行 check 核对。\n")
    return 0
