"""`check`: recompute journal, ledgers and log, compare the schema; 1 with what is broken."""

import argparse
import json
import sys
from collections.abc import Awaitable, Callable

from app.audit.queries import journal_problems
from app.certificates.soundness import log_problems
from app.commands.running import in_house
from app.sheets.checking import verify_ledgers
from app.storage import engine

Verbs = argparse._SubParsersAction

CHECKS: tuple[tuple[str, Callable[[], Awaitable[list[str]]]], ...] = (
    ("schema", engine.schema_problems),
    ("journal", journal_problems),
    ("ledgers", verify_ledgers),
    ("log", log_problems),
)


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("check", help="核对日志、评分账册、证书日志和数据库结构")
    verb.add_argument("--json", action="store_true", help="以 JSON 输出")
    verb.set_defaults(run=lambda arguments: in_house(lambda _: _check(as_json=arguments.json)))


async def _check(*, as_json: bool) -> int:
    found = {name: await check() for name, check in CHECKS}
    is_broken = any(found.values())
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return int(is_broken)
    for name, problems in found.items():
        sys.stdout.write(f"{name}: {'正常' if not problems else '发现问题'}\n")
        for problem in problems:
            sys.stdout.write(f"  {problem}\n")
    return int(is_broken)
