"""`serve`: the web server, granian with one process."""

import argparse
import ctypes
import signal
import socket
import sys
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from app.commands.greeting import greeting
from app.commands.running import in_house
from app.errors import N_, Refusal, refusal
from app.main import create_app
from app.settings import BadSetting, Settings, load
from app.venue import authority, checking
from app.web import operators_log

Verbs = argparse._SubParsersAction
STOP_SECONDS = 3
PR_SET_PDEATHSIG = 1
"""Of prctl(2): which signal a process gets when its parent dies."""


@refusal
class CannotListen(Refusal):
    """Another program serves there; the server itself would share the port with it in silence."""

    says = N_(
        "不能在 {host}:{port} 提供服务：{why}。"
        "端口若已被占用，请停掉那个程序，或用 XIANGJIANG_PORT 换一个端口。"
    )
    host: str
    port: int
    why: str


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("serve", help="启动网站")
    verb.add_argument("--reload", action="store_true", help="代码改动后自动重启（开发用）")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    settings = load()
    _refuse_taken(settings)
    _refuse_bad_tls(settings)
    sys.stdout.write(in_house(greeting, settings, may_be_new=True))
    sys.stdout.flush()
    Granian(
        "app.commands.serve:in_worker",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=1,
        backlog=8192,
        backpressure=8192,
        log_level=LogLevels.warning,
        workers_kill_timeout=STOP_SECONDS,
        reload=bool(arguments.reload),
        websockets=False,
        ssl_cert=settings.tls_certificate_file,
        ssl_key=settings.tls_key_file,
    ).serve()
    return 0


def _refuse_bad_tls(settings: Settings) -> None:
    """Raise `BadSetting` where the files of https cannot be used."""
    path, key = settings.tls_certificate_file, settings.tls_key_file
    if path is None or key is None:
        return
    try:
        problem = checking.key_problem(key, authority.read(path))
    except (OSError, ValueError) as error:
        problem = f"{path} 读不出证书：{error}"
    if problem:
        raise BadSetting(problem)


def in_worker() -> Any:
    """Compose the application in the server's worker, which ends when the server is killed.

    Left alone, it would go on serving the same port beside the next server.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    operators_log.begin()
    return create_app()


def _refuse_taken(settings: Settings) -> None:
    """Raise `CannotListen` where somebody listens there already, or the address is not ours."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise CannotListen(settings.host, settings.port, str(error.strerror)) from error
