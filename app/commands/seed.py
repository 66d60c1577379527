"""`seed`: the demonstration, made by code; nothing where it is there already."""

import argparse
import sys

from app.commands.running import in_house
from app.demo import story
from app.settings import Settings
from app.web import clock

Verbs = argparse._SubParsersAction


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("seed", help="写入演示数据（人员和单位均为虚构）")
    verb.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Seed an empty house."""
    return in_house(_seed, may_be_new=True)


async def _seed(_: Settings) -> int:
    if await story.is_told():
        sys.stdout.write("演示数据已在，保持不变。\n")
        return 0
    await story.tell(clock.now(), _say)
    return 0


def _say(what: str) -> None:
    sys.stdout.write(f"  {what}：已写入\n")
