"""The examiners of a sitting as a kind of import and export (see `app.imports`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.accounts import queries as accounts
from app.accounts.queries import AccountLine
from app.documents import workbooks
from app.documents.layouts import Column, Layout, Row
from app.errors import N_
from app.imports.registry import Checked, Exporter, Importer, Outcome, Place, Tell
from app.labels import DUTIES
from app.rules.actors import Actor, Duty, Scope, require
from app.web.locale import gettext as _
from assessments.sittings import dispatching, queries
from assessments.sittings.dispatching import ExaminerPlan
from assessments.sittings.queries import DispatchLine
from assessments.sittings.rail import rail

DUTIES_BY_WORD = {DUTIES[duty]: duty for duty in dispatching.SENT}
LEAD = N_("是")
LAYOUT = Layout(
    "examiners",
    N_("考评员名单"),
    (
        Column("sign_in_name", N_("登录名"), is_required=True, hint=N_("已建立的账号。"), width=18),
        Column("name", N_("姓名"), hint=N_("可以留空；填写的须与账号一致。"), width=14),
        Column(
            "duty", N_("职责"), hint=N_("留空为考评员。"), choices=tuple(DUTIES_BY_WORD), width=14
        ),
        Column("employer", N_("工作单位"), hint=N_("用于回避：不评本单位的考生。"), width=28),
        Column("card_number", N_("考评员证号"), width=20),
        Column("card_valid_until", N_("证件有效期至"), hint=N_("写成 2027-12-31。"), width=16),
        Column("is_lead", N_("考评组长"), hint=N_("每批一名。"), choices=(LEAD,), width=10),
    ),
)


async def _place(scope: Scope) -> Place:
    line = await queries.sitting(int(scope.key))
    href = f"/desk/assessments/{line.id}/examiners"
    return Place(line.name, href, line.scopes, rail(line, "examiners"))


async def _layout(scope: Scope) -> Layout:
    return LAYOUT


async def _check(scope: Scope, rows: Sequence[Row], at: datetime, tell: Tell) -> Checked:
    known = {item.sign_in_name: item for item in await accounts.accounts() if not item.is_closed}
    there = await _there(int(scope.key))
    seen: dict[str, int] = {}
    facts = [_read(row, known, seen) for row in rows]
    await tell(len(rows), len(rows))
    good = [item for item in facts if item]
    old = sum((item.account_id, item.duty) in there for item in good)
    return Checked(facts, len(good) - old, 0, old)


async def _there(sitting_id: int) -> dict[tuple[int, Duty], DispatchLine]:
    sent = await queries.dispatches(sitting_id)
    return {(item.account_id, item.duty): item for item in sent}


def _read(row: Row, known: Mapping[str, AccountLine], seen: dict[str, int]) -> ExaminerPlan | None:
    name = row.text("sign_in_name").lower()
    account = known.get(name)
    if name and account is None:
        row.wrong("sign_in_name", _("没有这个账号，或已停用。请先由管理员建立账号。"))
    if account and row.text("name") and row.text("name") != account.name:
        row.wrong("name", _("与账号的姓名“{name}”不一致。").format(name=account.name))
    if name and seen.setdefault(name, row.number) != row.number:
        row.wrong("sign_in_name", _("登录名与第 {number} 行相同。").format(number=seen[name]))
    until = row.day("card_valid_until")
    if row.problems or account is None:
        return None
    return ExaminerPlan(
        account_id=account.id,
        duty=DUTIES_BY_WORD.get(row.text("duty"), Duty.EXAMINER),
        employer=row.text("employer"),
        card_number=row.text("card_number") or None,
        card_valid_until=until,
        is_lead=row.text("is_lead") == LEAD,
    )


async def _apply(scope: Scope, good: Sequence[Any], by: Actor, at: datetime) -> Outcome:
    there = await _there(int(scope.key))
    new = [item for item in good if (item.account_id, item.duty) not in there]
    for item in new:
        await dispatching.dispatch(int(scope.key), item, by=by, at=at)
    return Outcome(len(new), 0)


async def _workbook(scope: Scope, by: Actor, at: datetime) -> bytes:
    line = await queries.sitting(int(scope.key))
    require(by, queries.RUNNERS, *line.scopes)
    return workbooks.export(
        LAYOUT,
        (
            {
                "sign_in_name": item.sign_in_name,
                "name": item.name,
                "duty": DUTIES[item.duty],
                "employer": item.employer,
                "card_number": item.card_number or "",
                "card_valid_until": item.card_valid_until,
                "is_lead": LEAD if item.is_lead else "",
            }
            for item in await queries.dispatches(line.id, with_withdrawn=False)
        ),
    )


IMPORTER = Importer(
    kind="examiners",
    title=N_("考评员名单"),
    duties=queries.RUNNERS,
    scope_kind="sitting",
    place=_place,
    layout=_layout,
    check=_check,
    apply=_apply,
)
EXPORTER = Exporter("examiners", N_("考评员名单"), "sitting", _workbook)
