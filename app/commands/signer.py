"""`signer`: hold the private keys in a process of its own, which signs for the website."""

import argparse
import sys
from pathlib import Path

from app.certificates import signer
from app.certificates.signing_service import SigningServer
from app.settings import load

Verbs = argparse._SubParsersAction


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("signer", help="单独的签名进程：只有它读私钥，网站经套接字请它签名")
    verb.add_argument(
        "socket", metavar="SOCKET", type=Path, help="套接字；与网站的 SIGNER 设置相同"
    )
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Sign until stopped."""
    settings = load()
    keys = signer.open_files(settings.signing_key_file, settings.log_key_file)
    memory = settings.log_key_file.with_name(f"{settings.log_key_file.name}.signed")
    with SigningServer(arguments.socket.absolute(), keys, memory) as server:
        sys.stdout.write(f"签名进程已就绪：{arguments.socket.absolute()}\n")
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0
