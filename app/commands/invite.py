"""`invite`: a one-time link for an account, for whoever can reach the machine but no page."""

import argparse
import sys

from app.accounts import rescuing
from app.accounts.actions import INVITATION_LIFE
from app.commands.running import in_house
from app.rules.actors import SYSTEM
from app.settings import Settings
from app.web.clock import now

Verbs = argparse._SubParsersAction
LINK = """
  请打开这个一次性链接，为登录名 {name} 设置新密码：

    {origin}/invitations/{token}

  链接用过一次即失效，{days} 天内有效；以前发的链接不再有效。已记入操作日志。
"""


def add(verbs: "Verbs[argparse.ArgumentParser]") -> None:
    """Register the verb."""
    verb = verbs.add_parser("invite", help="忘记密码、登不上去时，给一个账号发一次性链接")
    verb.add_argument("name", metavar="NAME", help="登录名")
    verb.add_argument("--reason", required=True, help="原因，记入操作日志")
    verb.add_argument(
        "--administrator",
        action="store_true",
        help="再没有系统管理员能登录时：恢复这个账号，并授予范围为全部的系统管理员",
    )
    verb.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    act = rescuing.link_for_administrator if arguments.administrator else rescuing.link_for

    async def work(settings: Settings) -> str:
        token = await act(arguments.name, reason=arguments.reason, by=SYSTEM, at=now())
        return LINK.format(
            name=arguments.name,
            origin=settings.public_origin,
            token=token,
            days=INVITATION_LIFE.days,
        )

    sys.stdout.write(in_house(work))
    return 0
