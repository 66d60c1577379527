"""`migrate`: bring the database to the present schema; `migrate new ROOM` proposes a step."""

import argparse
import asyncio
import sys

from app.certificates import sealing
from app.commands.running import in_house
from app.rules.actors import SYSTEM
from app.settings import Settings
from app.storage import column_checks, engine, migrations
from app.web.clock import now

Verbs = argparse._SubParsersAction


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("migrate", help="建立或更新数据库结构；再次运行不会改变什么")
    verb.set_defaults(run=run)
    parts = verb.add_subparsers(metavar="")
    new = parts.add_parser("new", help="按数据表的改动写一份新的迁移（开发用）")
    new.add_argument("room", choices=engine.ROOMS, help="所在目录")
    new.add_argument("description", help="这份迁移做什么")
    new.set_defaults(run=run_new)


def run(_: argparse.Namespace) -> int:
    """Migrate."""
    return in_house(_migrate, is_prepared=False, may_be_new=True)


async def _migrate(_: Settings) -> int:
    done = await migrations.migrate()
    for step in done:
        sys.stdout.write(f"{step.name}\n")
    if tables := await column_checks.complete():
        sys.stdout.write(f"为 {len(tables)} 个旧数据表补上了类型检查。\n")
    await _seal_earlier()
    sys.stdout.write("数据库结构已是最新。\n")
    return 0


async def _seal_earlier() -> None:
    """Seal the register of earlier releases; interrupted, the next run goes on."""
    found = await sealing.seal_once(SYSTEM, now())
    if found is not None and found.sealed:
        sys.stdout.write(f"为 {found.sealed} 张旧证书补上了封记。\n")
    if found is not None and found.left:
        sys.stdout.write(
            f"另有 {found.left} 张与签名、日志或操作日志不符，没有封，见 xiangjiang check。\n"
        )


def run_new(arguments: argparse.Namespace) -> int:
    """Propose a migration; read the file before it is committed."""
    written = asyncio.run(migrations.propose(arguments.room, arguments.description))
    sys.stdout.write(f"已写出 {written}，请阅读后提交。\n" if written else "数据表没有改动。\n")
    return 0
