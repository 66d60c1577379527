"""`keys`: list the issuing keys; propose to rotate, retire or declare one compromised."""

import argparse
import json
import sys

import msgspec

from app.certificates import bundle, keyring, known_keys, log, queries, signer
from app.certificates.bundle import KeyFacts
from app.certificates.key_proposals import KeyWish
from app.certificates.kinds import KeyAct
from app.commands.running import in_house
from app.rules.actors import SYSTEM
from app.settings import Settings
from app.web.clock import now

Verbs = argparse._SubParsersAction


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb and its parts."""
    verb = verbs.add_parser("keys", help="签发密钥：列出；提出更换、停用或声明失密")
    verb.add_argument("--json", action="store_true", help="以 JSON 输出")
    verb.set_defaults(run=_list)
    parts = verb.add_subparsers(metavar="PART")
    for act, words in (
        (KeyAct.ROTATE, "提出：停用现在的密钥，改用新的"),
        (KeyAct.RETIRE, "提出：停用一个密钥"),
        (KeyAct.COMPROMISED, "提出：声明一个密钥从某个日志序号起失密"),
    ):
        part = parts.add_parser(act.value, help=words)
        part.add_argument("--reason", required=True, help="原因，记入操作日志")
        if act is not KeyAct.ROTATE:
            part.add_argument("kid", metavar="KID")
        if act is KeyAct.COMPROMISED:
            part.add_argument(
                "--from-index",
                type=int,
                required=True,
                metavar="N",
                help="从这个日志序号起不再可信",
            )
        part.set_defaults(run=_propose, act=act)


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


def _propose(arguments: argparse.Namespace) -> int:
    """Propose: another person approves it at the desk, where it takes effect."""

    async def work(_: Settings) -> int:
        await signer.known()
        wish = KeyWish(
            act=arguments.act,
            kid=getattr(arguments, "kid", "") or await known_keys.present(),
            reason=arguments.reason,
            from_index=getattr(arguments, "from_index", None),
        )
        return await keyring.propose(wish, by=SYSTEM, at=now())

    number = in_house(work)
    sys.stdout.write(f"已提出第 {number} 项密钥变更，请另一人在“证书 → 密钥与日志”中批准。\n")
    return 0
