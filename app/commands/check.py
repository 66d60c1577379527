"""`check`: recompute journal, ledgers and log, compare the schema; 1 with what is broken.

A signing process that does not answer is found, too.
"""

import argparse
import json
import sys
from collections.abc import Awaitable, Callable
from functools import partial

from app.audit.queries import journal_problems
from app.certificates.soundness import log_problems, signer_problems
from app.commands.running import in_house
from app.settings import Settings
from app.sheets.checking import verify_ledgers
from app.storage import schema

Verbs = argparse._SubParsersAction

Check = tuple[str, str, Callable[[], Awaitable[list[str]]]]


def checks(settings: Settings) -> list[Check]:
    """Return every check by its name, with its word and what does it."""
    found: list[Check] = [
        ("schema", "数据库结构", schema.problems),
        ("journal", "操作日志", journal_problems),
        ("ledgers", "评分账册", verify_ledgers),
        ("log", "证书日志", partial(log_problems, settings.witnesses)),
    ]
    return [*found, ("signer", "签名进程", signer_problems)] if settings.signer else found


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("check", help="核对数据库结构、操作日志、评分账册和证书日志")
    verb.add_argument("--json", action="store_true", help="以 JSON 输出")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Check everything."""
    return in_house(partial(_check, as_json=arguments.json), is_prepared=False)


async def _check(settings: Settings, *, as_json: bool) -> int:
    found: dict[str, list[str]] = {}
    for name, word, check in checks(settings):
        found[name] = await check()
        if not as_json:
            sys.stdout.write(f"{word}：{'有问题' if found[name] else '正常'}\n")
            for problem in found[name]:
                sys.stdout.write(f"  {problem}\n")
        if name == "schema" and found[name] and await schema.unreadable():
            break
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return int(any(found.values()))
