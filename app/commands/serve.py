"""`serve`: the web server, granian with one process."""

import argparse
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from app.commands.greeting import greeting
from app.commands.running import in_house
from app.settings import load

Verbs = argparse._SubParsersAction
STOP_SECONDS = 3


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("serve", help="启动网站")
    verb.add_argument("--reload", action="store_true", help="代码改动后自动重启（开发用）")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    settings = load()
    sys.stdout.write(in_house(greeting, settings))
    sys.stdout.flush()
    Granian(
        "app.main:create_app",
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
    ).serve()
    return 0
