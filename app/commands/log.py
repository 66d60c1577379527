"""`log`: where the certificate log stands, and what this machine remembers of it."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from app.certificates import keyring, log, resuming, sealing, tiles, witnesses
from app.commands.running import in_house
from app.people import vault_key
from app.rules.actors import SYSTEM
from app.settings import Settings
from app.web.clock import now

Verbs = argparse._SubParsersAction


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb and its parts."""
    verb = verbs.add_parser("log", help="证书日志：现状、见证人、恢复备份之后怎样接着写")
    verb.add_argument("--json", action="store_true", help="以 JSON 输出")
    verb.set_defaults(run=_show)
    parts = verb.add_subparsers(metavar="PART")
    remember = parts.add_parser("remember", help="交回别处保存的最近检查点，例如见证人的")
    remember.add_argument("file", metavar="FILE", type=Path)
    remember.set_defaults(run=_remember)
    go_on = parts.add_parser("continue", help="声明备份之后没有再发过证，从备份接着写")
    go_on.add_argument("--reason", required=True, help="根据，记入操作日志")
    go_on.add_argument(
        "--new-log-key",
        action="store_true",
        help="原来的 log.key 确已丢失：提出用现在的日志密钥接着写，由另一人批准",
    )
    go_on.set_defaults(run=_continue)
    seal = parts.add_parser("seal", help="重新给证书登记加封记，例如换了 secret.key 之后")
    seal.add_argument("--reason", required=True, help="根据，记入操作日志")
    seal.add_argument(
        "--new-secret-key",
        action="store_true",
        help="原来的 secret.key 确已丢失：改用现在的（没有就新造一把）。"
        "已登记的证件号从此解不开，同一个人再报名会成为另一个人",
    )
    seal.set_defaults(run=_seal)


def _show(arguments: argparse.Namespace) -> int:
    found = in_house(_state)
    if arguments.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return 0
    sys.stdout.write(f"{found['note']}\n" if found["note"] else "还没有检查点。\n")
    sys.stdout.write("".join(f"{line}\n" for line in found["witnesses"]))
    return 0


async def _state(settings: Settings) -> dict[str, Any]:
    try:
        checkpoint, note = await tiles.latest_checkpoint()
    except tiles.NotInLog:
        return {"size": 0, "root": "", "note": "", "remembered": log.remembered(), "witnesses": []}
    standing = await witnesses.standing(settings.witnesses)
    return {
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "note": note,
        "remembered": log.remembered(),
        "witnesses": [
            f"{line.name} {line.size if line.size is not None else '—'}" for line in standing
        ],
    }


def _remember(arguments: argparse.Namespace) -> int:
    note = arguments.file.read_text(encoding="utf-8", errors="replace")
    checkpoint = in_house(lambda _: resuming.remember(note))
    sys.stdout.write(f"已记住：已公布 {checkpoint.size} 条。\n")
    return 0


def _continue(arguments: argparse.Namespace) -> int:
    if arguments.new_log_key:
        number = in_house(lambda _: keyring.propose_log_key(arguments.reason, by=SYSTEM, at=now()))
        sys.stdout.write(f"已提出第 {number} 项密钥变更，请另一人在“证书 → 密钥与日志”中批准。\n")
        return 0
    size = in_house(lambda _: resuming.state_complete(arguments.reason, by=SYSTEM, at=now()))
    sys.stdout.write(f"已声明：已公布的就是数据库中的 {size} 条，可以继续签发。\n")
    return 0


def _seal(arguments: argparse.Namespace) -> int:
    is_new = arguments.new_secret_key

    async def work(_: Settings) -> sealing.Sealed:
        if is_new:
            await vault_key.replace(arguments.reason, by=SYSTEM, at=now())
        return await sealing.seal_all(arguments.reason, SYSTEM, now())

    found = in_house(work, open_key=vault_key.open_new_key if is_new else vault_key.open_key)
    sys.stdout.write(f"加上了 {found.sealed} 张的封记，另有 {found.left} 张不符，没有加。\n")
    return int(found.left > 0)
