"""`keys`: list the issuing keys, rotate, declare one compromised."""

import argparse
import json
import sys

import msgspec

from app.certificates import bundle, keyring, log, queries
from app.certificates.bundle import KeyFacts
from app.certificates.keyring import KeyChange
from app.commands.running import in_house
from app.rules.actors import SYSTEM
from app.settings import Settings
from app.web.clock import now

Verbs = argparse._SubParsersAction


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb and its parts."""
    verb = verbs.add_parser("keys", help="签发密钥：列出、更换、声明失密")
    verb.add_argument("--json", action="store_true", help="以 JSON 输出")
    verb.set_defaults(run=_list)
    parts = verb.add_subparsers(metavar="PART")
    rotate = parts.add_parser("rotate", help="停用现在的密钥，改用新的（之后请重启网站）")
    rotate.set_defaults(run=_rotate)
    lost = parts.add_parser("compromised", help="声明一个密钥从某个日志序号起失密")
    lost.add_argument("kid", metavar="KID")
    lost.add_argument(
        "--from-index", type=int, required=True, metavar="N", help="从这个日志序号起不再可信"
    )
    lost.add_argument("--reason", required=True, help="原因，记入日志")
    lost.set_defaults(run=_compromised)


def _list(arguments: argparse.Namespace) -> int:
    keys, vkey = in_house(_keys)
    if arguments.json:
        found = {
            "keys": {kid: msgspec.to_builtins(facts) for kid, facts in keys.items()},
            "log": vkey,
        }
        sys.stdout.write(json.dumps(found, indent=1) + "\n")
        return 0
    for kid, facts in keys.items():
        last = "" if facts.last_index is None else facts.last_index
        sys.stdout.write(f"{kid}  {facts.status}  {facts.first_index}–{last}  {facts.public_key}\n")
    sys.stdout.write(f"log  {vkey}\n")
    return 0


async def _keys(_: Settings) -> tuple[dict[str, KeyFacts], str]:
    return bundle.key_facts(await queries.keys()), await log.vkey()


def _rotate(_: argparse.Namespace) -> int:
    async def work(settings: Settings) -> str:
        return await keyring.rotate(
            settings.signing_key_file, settings.log_key_file, by=SYSTEM, at=now()
        )

    sys.stdout.write(f"{in_house(work)}\n")
    return 0


def _compromised(arguments: argparse.Namespace) -> int:
    change = KeyChange(kid=arguments.kid, reason=arguments.reason)
    in_house(
        lambda _: keyring.declare_compromised(change, arguments.from_index, by=SYSTEM, at=now())
    )
    return 0
