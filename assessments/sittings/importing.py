"""The examiners of a sitting as a kind of import and export (see `app.imports`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.accounts import queries as accounts
from app.accounts.holders import AccountOfAnother
from app.accounts.queries import AccountLine
from app.audit import actions as audit
from app.audit.acts import Act
from app.documents import workbooks
from app.documents.layouts import Column, Layout, Row
from app.errors import N_, RuleBroken
from app.imports.registry import Checked, Exporter, Importer, Outcome, Place, Tell
from app.labels import DUTIES
from app.people import vault
from app.people.actions import PersonFacts, refuse_other_name, resident
from app.people.queries import known_persons, sealed_numbers
from app.rules.actors import Actor, Duty, Scope, require
from app.storage.engine import write_transaction
from app.web import locale
from app.web.locale import gettext as _
from assessments.sittings import dispatching, queries
from assessments.sittings.actions import subject
from assessments.sittings.dispatching import ExaminerPlan
from assessments.sittings.forms import NoSuchExaminer
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
            "id_number",
            N_("证件号码"),
            hint=N_("身份证号，可以留空；用于本人回避。"),
            width=22,
            is_sensitive=True,
        ),
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
    facts = [_read(row, known, seen, at) for row in rows]
    await _refuse_others(rows, facts, known)
    good = [item if not row.problems else None for item, row in zip(facts, rows, strict=True)]
    await tell(len(rows), len(rows))
    old = [
        bool(dispatching.differing(there[_key(item)], item))
        for item in good
        if item and _key(item) in there
    ]
    new = sum(item is not None for item in good) - len(old)
    return Checked(good, new, sum(old), len(old) - sum(old))


async def _there(sitting_id: int) -> dict[tuple[int, Duty], DispatchLine]:
    sent = await queries.dispatches(sitting_id)
    return {(item.account_id, item.duty): item for item in sent}


def _key(item: ExaminerPlan) -> tuple[int, Duty]:
    return item.account_id, item.duty


def _read(
    row: Row, known: Mapping[str, AccountLine], seen: dict[str, int], at: datetime
) -> ExaminerPlan | None:
    name = row.text("sign_in_name").lower()
    account = known.get(name)
    if name and account is None:
        row.wrong("sign_in_name", locale.sentence(NoSuchExaminer()))
    if account and row.text("name") and row.text("name") != account.name:
        row.wrong("name", _("与账号的姓名“{name}”不一致。").format(name=account.name))
    if name and seen.setdefault(name, row.number) != row.number:
        row.wrong("sign_in_name", _("登录名与第 {number} 行相同。").format(number=seen[name]))
    until = row.day("card_valid_until")
    person = _person(row, account, at) if account else None
    if row.problems or account is None:
        return None
    return ExaminerPlan(
        account_id=account.id,
        duty=DUTIES_BY_WORD.get(row.text("duty"), Duty.EXAMINER),
        employer=row.text("employer"),
        card_number=row.text("card_number") or None,
        card_valid_until=until,
        is_lead=row.text("is_lead") == LEAD,
        person=person,
    )


def _person(row: Row, account: AccountLine, at: datetime) -> PersonFacts | None:
    try:
        return resident(account.name, row.text("id_number"), at)
    except RuleBroken as refusal:
        row.wrong("id_number", locale.sentence(refusal))
        return None


async def _refuse_others(
    rows: Sequence[Row],
    facts: Sequence[ExaminerPlan | None],
    known: Mapping[str, AccountLine],
) -> None:
    """Note where a number is that of somebody else than whose account it is."""
    persons = {item.account_id: item.person for item in facts if item and item.person}
    there = await known_persons([person.digest for person in persons.values()])
    owners = {account.id: account.person_id for account in known.values()}
    for row, item in zip(rows, facts, strict=True):
        if item is None or item.person is None:
            continue
        person_id, name = there.get(item.person.digest, (None, item.person.name))
        try:
            refuse_other_name(item.person, name)
            if owners[item.account_id] not in {None, person_id}:
                raise AccountOfAnother
        except RuleBroken as refusal:
            row.wrong("id_number", locale.sentence(refusal))


async def _apply(scope: Scope, good: Sequence[Any], by: Actor, at: datetime) -> Outcome:
    sitting_id = int(scope.key)
    added = changed = 0
    async with write_transaction():
        there = await _there(sitting_id)
        for item in good:
            if _key(item) not in there:
                await dispatching.dispatch(sitting_id, item, by=by, at=at)
                added += 1
            elif dispatching.differing(there[_key(item)], item):
                await dispatching.change(sitting_id, item, by=by, at=at)
                changed += 1
    return Outcome(added, changed)


async def _workbook(scope: Scope, by: Actor, at: datetime) -> bytes:
    line = await queries.sitting(int(scope.key))
    require(by, queries.RUNNERS, *line.scopes)
    sent = await queries.dispatches(line.id, with_withdrawn=False)
    numbers = await sealed_numbers([item.person_id for item in sent if item.person_id])
    async with write_transaction():
        await audit.record(
            act=Act.WORKBOOK_EXPORTED,
            subject=subject(line.id),
            by=by,
            at=at,
            after={"kind": LAYOUT.kind, "rows": len(sent)},
        )
    return workbooks.export(
        LAYOUT,
        (
            {
                "sign_in_name": item.sign_in_name,
                "name": item.name,
                "id_number": _unsealed(numbers.get(item.person_id or 0)),
                "duty": DUTIES[item.duty],
                "employer": item.employer,
                "card_number": item.card_number or "",
                "card_valid_until": item.card_valid_until,
                "is_lead": LEAD if item.is_lead else "",
            }
            for item in sent
        ),
    )


def _unsealed(sealed: bytes | None) -> str:
    return vault.unseal(sealed) if sealed else ""


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
