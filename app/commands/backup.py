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
    keys = {} if arguments.no_keys else key_files(settings)
    done = await copies.back_up(arguments.file, keys)
    sys.stdout.write(f"已备份 {done.rows} 行到 {arguments.file}。\n")
    if done.keys:
        names = "、".join(done.keys)
        sys.stdout.write(f"备份中含有密钥文件 {names}，请像密钥一样保管。\n")
    else:
        sys.stdout.write("备份中没有密钥文件，请另存一份。\n")
    if settings.signer:
        sys.stdout.write("签名进程的密钥不在备份中，请在它那里另存。\n")
    return 0


def key_files(settings: Settings) -> dict[str, Path]:
    """Return by their purposes the files without which the rows cannot be read or signed.

    Where a process of its own signs, its keys are not the website's to carry.
    """
    files = {"secret.key": settings.secret_key_file}
    if settings.signer is None:
        files |= {"signing.key": settings.signing_key_file, "log.key": settings.log_key_file}
    return files
