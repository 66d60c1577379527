"""`restore FILE`: fill an empty database from a backup; over another only with --replace."""

import argparse
import sys
from pathlib import Path

from app.certificates import log, tiles
from app.certificates.actions import published_file
from app.commands.backup import key_files
from app.commands.running import run as run_with_database
from app.settings import Settings, load
from app.storage import copies, engine
from app.web.clock import now

Verbs = argparse._SubParsersAction


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("restore", help="从备份恢复")
    verb.add_argument("file", type=Path, metavar="FILE")
    verb.add_argument("--replace", action="store_true", help="替换现有数据")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Restore."""
    return run_with_database(_opened(load(), arguments))


async def _opened(settings: Settings, arguments: argparse.Namespace) -> int:
    """Open the database alone: keys come back with it, and none is made before."""
    await engine.open_database(settings.database_url)
    try:
        log.use(settings.public_host, published_file(settings))
        return await _restore(settings, arguments)
    finally:
        await engine.close_database()


async def _restore(settings: Settings, arguments: argparse.Namespace) -> int:
    restored = await copies.restore(
        arguments.file, key_files(settings), may_replace=arguments.replace, at=now()
    )
    sys.stdout.write(f"已恢复 {restored.rows} 行。")
    if restored.keys:
        sys.stdout.write(f"已放回密钥文件：{'、'.join(restored.keys)}。\n")
    else:
        places = "、".join(map(str, key_files(settings).values()))
        sys.stdout.write(f"备份中没有密钥文件，请把原来的密钥文件放回 {places}。\n")
    for path in restored.kept:
        sys.stdout.write(f"原有的密钥文件与备份中的不同，另存为 {path}。\n")
    if restored.left:
        sys.stdout.write(f"没有放回备份中的 {'、'.join(restored.left)}：这里没有它的位置。\n")
    sys.stdout.write("请重启网站，再运行 xiangjiang check 核对。\n")
    if await tiles.covered_size() and not log.remembered():
        sys.stdout.write(
            "这台机器不记得证书日志已公布到哪一条，在核对之前不会签发："
            "用 xiangjiang log remember 交回见证人保存的最近检查点。\n"
        )
    return 0
