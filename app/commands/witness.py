"""`witness`: follow a certificate log from another machine, check that it only grows, cosign."""

import argparse
import http.client
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from app.certificates import cosignatures, following, notes, signer
from app.certificates.following import LogMisbehaves, NoLogHere
from app.certificates.notes import BadNote
from app.certificates.signer import BadKeyFile, FileSigner
from app.commands import fetching
from app.commands.fetching import NotThere
from app.storage.whole_files import write_whole
from app.web.clock import now

Verbs = argparse._SubParsersAction
SUBMIT = "/api/v1/log/cosignatures"
DONE, REFUSED, USAGE = 0, 1, 2
AWAY = (OSError, http.client.HTTPException, NoLogHere)
"""What a website says, or does not, that may be asked again: it is away, or has no log yet."""


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser(
        "witness", help="见证人：跟随一个证书日志，核对它只增不改，并联署检查点"
    )
    verb.add_argument(
        "origin", metavar="URL", help="网站的地址，例如 https://jineng.example.gov.cn"
    )
    verb.add_argument("--name", required=True, help="见证人的名称，例如 witness.example.cn/w1")
    verb.add_argument("--key", type=Path, default=Path("witness.key"), help="见证人的私钥文件")
    verb.add_argument(
        "--state", type=Path, default=Path("witness.checkpoint"), help="记住最近检查点的文件"
    )
    verb.add_argument(
        "--vkey",
        action="append",
        default=[],
        help="日志的公钥；不给则第一次采用 /log/vkey 并记住。日志启用了新密钥的，旧的新的各给一次",
    )
    verb.add_argument(
        "--every", type=int, metavar="SECONDS", help="每隔几秒再看一次；不给则只看一次"
    )
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Follow the log; 1 as soon as it misbehaves."""
    parts = urlsplit(arguments.origin)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        sys.stdout.write(f"{arguments.origin}: 应是 https://主机名\n")
        return USAGE
    if not notes.is_key_name(arguments.name):
        sys.stdout.write(f"名称“{arguments.name}”不能用：不能为空，不能有空格和加号\n")
        return USAGE
    try:
        if not arguments.key.exists():
            signer.create(arguments.key)
        key = FileSigner(arguments.key)
        sys.stdout.write(f"{cosignatures.vkey(arguments.name, key.public_key)}\n")
        return _follow(arguments, key)
    except (LogMisbehaves, BadNote, BadKeyFile) as problem:
        sys.stdout.write(f"{problem}\n")
        return REFUSED


def _follow(arguments: argparse.Namespace, key: FileSigner) -> int:
    while True:
        try:
            sys.stdout.write(f"{_step(arguments, key)}\n")
            sys.stdout.flush()
        except AWAY as problem:
            sys.stdout.write(f"{arguments.origin}: 连不上（{problem}）\n")
            if not arguments.every:
                return REFUSED
        if not arguments.every:
            return DONE
        time.sleep(arguments.every)


def _step(arguments: argparse.Namespace, key: FileSigner) -> str:
    """Look once: check, remember, cosign; hand our own memory back to a log that shrank."""
    vkeys = _pinned(arguments)
    kept = arguments.state.read_text(encoding="utf-8") if arguments.state.exists() else ""
    old = notes.parse_checkpoint(notes.open_note(kept, *vkeys)) if kept else None

    def fetch(path: str) -> bytes:
        return fetching.ask(arguments.origin, "GET", f"/log/{path}")

    def fetch_tile(path: str) -> bytes:
        try:
            return fetch(path)
        except NotThere as problem:
            raise LogMisbehaves(f"the log does not serve what it signed, {problem}") from problem

    new, note = following.latest(fetch, *vkeys)
    try:
        following.check_growth(fetch_tile, old, new)
    except LogMisbehaves:
        write_whole(
            arguments.state.with_name(f"{arguments.state.name}.evidence"), kept + "\n" + note
        )
        if kept:
            with suppress(*AWAY):  # Whether or not it listens, what was found is found.
                _submit(arguments.origin, kept)
        raise
    text, _ = notes.note_parts(note)
    at = int(now().timestamp())
    cosigned = note + cosignatures.cosigned(text, arguments.name, key, at)
    write_whole(arguments.state, cosigned)
    said = _submit(arguments.origin, cosigned)
    return f"{new.size} {new.root.hex()} {said}"


def _pinned(arguments: argparse.Namespace) -> list[str]:
    """Return the log's key as it was first seen, or the keys as they were named."""
    path: Path = arguments.state.with_name(f"{arguments.state.name}.vkey")
    if arguments.vkey:
        return [str(vkey).strip() for vkey in arguments.vkey]
    if not path.exists():
        vkey = fetching.ask(arguments.origin, "GET", "/log/vkey").decode("utf-8", "replace").strip()
        try:
            notes.parse_vkey(vkey)
        except BadNote as problem:
            raise NoLogHere(f"/log/vkey: {problem}") from problem
        write_whole(path, vkey)
    return [path.read_text(encoding="utf-8").strip()]


def _submit(origin: str, note: str) -> str:
    """Hand in a cosigned checkpoint and return what the website said of it."""
    said = fetching.ask(origin, "POST", SUBMIT, note.encode(), may_refuse=True)
    return said.decode("utf-8", "replace")
