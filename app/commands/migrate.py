"""`migrate`: bring the database to the present schema; running it again changes nothing."""

import argparse
import sys

from app.commands.running import in_house
from app.settings import Settings
from app.storage import engine

Verbs = argparse._SubParsersAction


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("migrate", help="建立或更新数据库结构")
    verb.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Migrate."""
    return in_house(_migrate)


async def _migrate(_: Settings) -> int:
    made = await engine.create_missing_tables()
    sys.stdout.write(
        f"数据库结构已是最新（新建 {made} 张表）。\n" if made else "数据库结构已是最新。\n"
    )
    return 0
