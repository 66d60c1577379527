"""The register of organizations as a spreadsheet, both ways: known again by name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.audit import actions as audit
from app.audit.acts import Act
from app.documents import workbooks
from app.documents.layouts import Column, Layout, Row
from app.errors import N_
from app.imports.registry import Checked, Exporter, Importer, Outcome, Place, Tell
from app.people import organizations
from app.people.kinds import LABELS, OrganizationKind
from app.people.organizations import CreditCodeTaken, OrganizationFacts, is_credit_code
from app.people.queries import region_code_of, region_name
from app.people.rail import rail
from app.rules.actors import Actor, Duty, Scope, require
from app.storage.engine import write_transaction
from app.web.locale import gettext as _

DUTIES = (Duty.ORGANIZER, Duty.ADMINISTRATOR)
KINDS = {LABELS[kind]: kind for kind in OrganizationKind}
LONGEST = 80
BREATH = 200
LAYOUT = Layout(
    "organizations",
    N_("单位名册"),
    (
        Column("name", N_("单位名称"), is_required=True, hint=N_("全称，与公章一致。"), width=36),
        Column(
            "kind",
            N_("单位类型"),
            is_required=True,
            hint=N_("从下拉列表选择。"),
            choices=tuple(KINDS),
        ),
        Column("credit_code", N_("统一社会信用代码"), hint=N_("18 位；没有的留空。"), width=24),
        Column(
            "region",
            N_("所在地区"),
            hint=N_("地区全称或六位区划代码。"),
            width=24,
            example="520123",
        ),
        Column("contact", N_("联系人"), hint=N_("姓名和办公电话。"), width=24),
    ),
    longest=LONGEST,
)


async def _place(scope: Scope) -> Place:
    return Place(_("单位名册"), "/desk/organizations", rail=rail("organizations"))


async def _layout(scope: Scope) -> Layout:
    return LAYOUT


async def _check(scope: Scope, rows: Sequence[Row], at: datetime, tell: Tell) -> Checked:
    known = await organizations.organizations_by_name()
    seen: dict[str, int] = {}
    facts: list[OrganizationFacts | None] = []
    for place, row in enumerate(rows):
        facts.append(_read(row, seen))
        if place % BREATH == 0:
            await tell(place, len(rows))
    _refuse_taken_codes(rows, facts, known, await organizations.holders_of_credit_codes())
    facts = [None if row.problems else item for row, item in zip(rows, facts, strict=True)]
    found = [item for item in facts if item]
    there = [item for item in found if item.name in known]
    changed = sum(organizations.differs(known[item.name], item) for item in there)
    return Checked(facts, len(found) - len(there), changed, len(there) - changed)


def _read(row: Row, seen: dict[str, int]) -> OrganizationFacts | None:
    name, code = row.text("name"), row.text("credit_code").upper().replace(" ", "")
    if name and seen.setdefault(name, row.number) != row.number:
        row.wrong("name", _("与第 {number} 行是同一个单位。").format(number=seen[name]))
    if code and not is_credit_code(code):
        row.wrong("credit_code", _("不是有效的统一社会信用代码，请对照证照核对。"))
    region = region_code_of(row.text("region")) if row.text("region") else None
    if row.text("region") and region is None:
        word = _("没有这个地区，或有几个同名的。请写全称（含省市）或六位区划代码。")
        row.wrong("region", word)
    if row.problems:
        return None
    kind = KINDS[row.text("kind")]
    return OrganizationFacts(name, kind, code or None, region, row.text("contact") or None)


def _refuse_taken_codes(
    rows: Sequence[Row],
    facts: Sequence[OrganizationFacts | None],
    known: Mapping[str, OrganizationFacts],
    holders: Mapping[str, str],
) -> None:
    """Note the credit codes that would be new to an organization and belong to another."""
    first: dict[str, tuple[str, int]] = {}
    for row, item in zip(rows, facts, strict=True):
        if item is None or item.credit_code is None:
            continue
        code = item.credit_code
        name, number = first.setdefault(code, (item.name, row.number))
        if item.name in known and known[item.name].credit_code == code:
            continue
        if holders.get(code, item.name) != item.name:
            row.wrong("credit_code", _(CreditCodeTaken.says).format(name=holders[code]))
        elif name != item.name:
            word = _("与第 {number} 行的统一社会信用代码相同，请对照证照核对。")
            row.wrong("credit_code", word.format(number=number))


async def _apply(scope: Scope, good: Sequence[Any], by: Actor, at: datetime) -> Outcome:
    require(by, DUTIES)
    known = await organizations.organizations_by_name()
    added = changed = 0
    for item in good:
        if item.name not in known:
            await organizations.add_within(item, by=by, at=at)
            added += 1
        elif organizations.differs(known[item.name], item):
            await organizations.change_within(known[item.name], item, by=by, at=at)
            changed += 1
    return Outcome(added, changed)


async def _workbook(scope: Scope, by: Actor, at: datetime) -> bytes:
    require(by, DUTIES)
    known = await organizations.organizations_by_name()
    async with write_transaction():
        await audit.record(
            act=Act.WORKBOOK_EXPORTED,
            subject="people.organizations",
            by=by,
            at=at,
            after={"kind": LAYOUT.kind, "rows": len(known)},
        )
    rows = (
        {
            "name": item.name,
            "kind": LABELS[item.kind],
            "credit_code": item.credit_code,
            "region": region_name(item.region_code, is_long=True),
            "contact": item.contact,
        }
        for item in known.values()
    )
    return workbooks.export(LAYOUT, rows)


IMPORTER = Importer(
    kind="organizations",
    title=N_("单位名册"),
    duties=DUTIES,
    scope_kind="all",
    place=_place,
    layout=_layout,
    check=_check,
    apply=_apply,
)
EXPORTER = Exporter("organizations", N_("单位名册"), "all", _workbook)
