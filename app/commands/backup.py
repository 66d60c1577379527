"""`backup FILE`: everything in one archive, while the server runs."""

import argparse
import sys
from pathlib import Path

from app.commands.running import in_house
from app.settings import Settings
from app.storage import copies

Verbs = argparse._SubParsersAction


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("backup", help="备份数据库和密钥文件（可在运行中进行）")
    verb.add_argument("file", type=Path, metavar="FILE")
    verb.add_argument("--no-keys", action="store_true", help="不含密钥文件")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Back up."""
    return in_house(lambda settings: _back_up(settings, arguments))


async def _back_up(settings: Settings, arguments: argparse.Namespace) -> int:
    keys = () if arguments.no_keys else key_files(settings)
    count = await copies.back_up(arguments.file, keys)
    sys.stdout.write(f"已备份 {count} 行到 {arguments.file}。\n")
    if not arguments.no_keys:
        sys.stdout.write("备份中含有密钥文件，请像密钥一样保管。\n")
    return 0


def key_files(settings: Settings) -> tuple[Path, ...]:
    """Return the files without which the rows cannot be read or signed."""
    return (settings.secret_key_file, settings.signing_key_file, settings.log_key_file)
