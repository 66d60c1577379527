"""What `serve` says before it serves: where to look and what to try, or the first one-time link."""

from app.accounts import actions, grants, queries
from app.certificates.soundness import signer_problems
from app.demo import accounts as demo
from app.labels import DUTIES
from app.rules.actors import EVERYWHERE, SYSTEM, Duty, Grant
from app.settings import Settings
from app.storage.engine import write_transaction
from app.web import clock

ADMINISTRATOR = "admin"

FIRST_RUN = """
  系统刚刚装好，还没有人能登录。请打开这个一次性链接，为管理员（登录名 admin）设置密码：

    {origin}/invitations/{token}

  链接用过一次即失效；没用上就重新启动，会得到新的链接。
"""

OPEN_TO_ALL = """
  危险：这是演示数据，却不是演示模式。演示账号的密码（{password}）人人知道，谁都能以任何职责登录。
  正式使用：停下来，用 XIANGJIANG_DATA_DIR 指定一个空的数据目录（现在是 {folder}）。
  只是演示：设 XIANGJIANG_DEMO=1，或用 make run 启动。
"""

DEMO = """
  演示账号（密码都是 {password}；人员、单位、成绩均为虚构）：

{accounts}

  先试什么：
    1. 打开首页看已公布的成绩；点“查验证书”，再用 certificates 登录，打开一张证书，扫它的二维码。
    2. 用 organizer 登录：打开一个赛项，看它的清单；下载报名模板，填错一格再导入。
    3. 用 judge1 登录，打开 {origin}/j/ ：在平板上打分，断网也能接着打。
    4. 用 chief 登录：看谁还没打完，签字、锁定，再到“成绩”页计算，名次就出来了。
    5. 用 auditor 登录：在“操作日志”里看刚才的每一步。
"""


async def greeting(settings: Settings) -> str:
    """Return the words for the terminal; on the first run, make the administrator's link."""
    head = f"\n乡匠：{settings.public_origin}\n"
    head += "".join(f"\n  注意：{problem}\n" for problem in await signer_problems())
    if settings.is_demo and await demo.exist():
        return head + _demo(settings)
    if await demo.are_open_to_all():
        head += OPEN_TO_ALL.format(password=demo.PASSWORD, folder=settings.data_dir)
    if await queries.is_first_run():
        token = await _first_link()
        return head + FIRST_RUN.format(origin=settings.public_origin, token=token)
    return head


def _demo(settings: Settings) -> str:
    lines = [
        f"    {one.sign_in_name:<14}{one.name}{'　' * max(1, 5 - len(one.name))}{DUTIES[one.duty]}"
        for one in demo.ACCOUNTS
    ]
    return DEMO.format(
        password=demo.PASSWORD, accounts="\n".join(lines), origin=settings.public_origin
    )


async def _first_link() -> str:
    at = clock.now()
    async with write_transaction():
        account_id = await actions.account_id_of(ADMINISTRATOR)
        if account_id is None:
            account_id = await actions.create_account_within(
                sign_in_name=ADMINISTRATOR, name="系统管理员", by=SYSTEM, at=at
            )
            grant = Grant(Duty.ADMINISTRATOR, EVERYWHERE, at)
            await grants.grant_within(account_id, grant, by=SYSTEM, at=at)
        return await actions.invite_within(account_id, by=SYSTEM, at=at)
