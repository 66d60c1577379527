"""What a house that was just set up still needs before anybody can hold a contest in it."""

from collections.abc import Iterable

import msgspec

from app.accounts import queries as accounts
from app.certificates import offices
from app.errors import N_
from app.rules.actors import Actor, Duty
from app.web.locale import gettext as _


class Step(msgspec.Struct, frozen=True):
    """A line of the checklist; `state` is done, next or later."""

    title: str
    note: str
    href: str
    state: str


async def first_steps(actor: Actor) -> list[Step]:
    """Return the steps of who sets the house up; none once all are done."""
    if not actor.holds((Duty.ADMINISTRATOR, Duty.CERTIFICATE_OFFICER)):
        return []
    issuing = (
        N_("设置发证机构和证书编号"),
        _("发证之前设好即可"),
        "/desk/certificates/issuers",
        bool(await offices.issuers()),
    )
    if not actor.holds(Duty.ADMINISTRATOR):
        return _in_order([issuing])
    lines = [line for line in await accounts.accounts() if not line.is_closed]
    held = {grant.duty for line in lines for grant in line.grants}
    return _in_order(
        [
            (
                N_("为办事的人建立账号"),
                _("每人一个，本人凭一次性链接设置密码"),
                "/desk/accounts/new",
                len(lines) > 1,
            ),
            (
                N_("授予组织者职责"),
                _("由组织者建立大赛和考核批次"),
                "/desk/accounts",
                Duty.ORGANIZER in held,
            ),
            issuing,
        ]
    )


def _in_order(steps: Iterable[tuple[str, str, str, bool]]) -> list[Step]:
    """Mark the first step that is not done as the next one."""
    found: list[Step] = []
    for title, note, href, is_done in steps:
        is_next = all(step.state == "done" for step in found)
        state = "done" if is_done else "next" if is_next else "later"
        found.append(Step(title, note, href, state))
    return [] if all(step.state == "done" for step in found) else found
