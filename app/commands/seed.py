"""`seed`: the demonstration, made by code; nothing where it is there already."""

import argparse
import sys

from app.commands.running import in_house
from app.demo import story
from app.settings import Settings
from app.storage import engine
from app.web import clock

Verbs = argparse._SubParsersAction
HALF = """演示数据只写了一半：上一次被打断了（数据库 {place}）。
请删去数据目录 {folder}（用 PostgreSQL 的，换一个空库），再运行一次。
"""


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("seed", help="写入演示数据（人员和单位均为虚构）")
    verb.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Seed an empty house."""
    return in_house(_seed, may_be_new=True)


async def _seed(settings: Settings) -> int:
    if await story.is_told() and not await story.is_whole():
        sys.stdout.write(HALF.format(folder=settings.data_dir, place=engine.current().place))
        return 1
    if await story.is_told():
        sys.stdout.write("演示数据已在，保持不变。\n")
        return 0
    await story.tell(clock.now(), _say)
    return 0


def _say(what: str) -> None:
    sys.stdout.write(f"  {what}：已写入\n")
