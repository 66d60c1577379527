"""`restore FILE`: fill an empty database from a backup; over another only with --replace."""

import argparse
import sys
from pathlib import Path

from app.certificates import log, tiles
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
    return in_house(
        lambda settings: _restore(settings, arguments), is_prepared=False, may_be_new=True
    )


async def _restore(settings: Settings, arguments: argparse.Namespace) -> int:
    keys = {path.name: path for path in key_files(settings)}
    restored = await copies.restore(arguments.file, keys, may_replace=arguments.replace)
    sys.stdout.write(f"已恢复 {restored.rows} 行。")
    if restored.keys:
        sys.stdout.write(f"已放回密钥文件：{'、'.join(restored.keys)}。\n")
    else:
        sys.stdout.write(f"备份中没有密钥文件，请把原来的密钥文件放回 {settings.data_dir}。\n")
    sys.stdout.write("请重启网站，再运行 xiangjiang check 核对。\n")
    if await tiles.covered_size() and not log.remembered():
        sys.stdout.write(
            "这台机器不记得证书日志已公布到哪一条，在核对之前不会签发："
            "用 xiangjiang log remember 交回见证人保存的最近检查点。\n"
        )
    return 0
