"""Regions as a spreadsheet, both ways: known again by code and first day (GB/T 2260)."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.audit import actions as audit
from app.audit.acts import Act
from app.documents import workbooks
from app.documents.layouts import Column, Layout, Row
from app.errors import N_
from app.imports.registry import Checked, Exporter, Importer, Outcome, Place, Tell
from app.people import region_table
from app.people.kinds import LABELS, RegionLevel
from app.people.rail import rail
from app.people.region_table import Key, RegionFacts
from app.rules.actors import Actor, Duty, Scope, require
from app.web.locale import gettext as _

DUTIES = (Duty.ADMINISTRATOR,)
CODE = re.compile(r"[0-9]{6}")
BY_WORD = {LABELS[level]: level for level in RegionLevel}
LAYOUT = Layout(
    "regions",
    N_("行政区划"),
    (
        Column(
            "code", N_("代码"), is_required=True, hint=N_("六位数字。"), width=12, example="520123"
        ),
        Column("name", N_("区划名称"), is_required=True, width=24),
        Column("level", N_("级别"), is_required=True, choices=tuple(BY_WORD), width=10),
        Column("parent", N_("上级代码"), hint=N_("省级留空。"), width=12),
        Column(
            "valid_from", N_("起用"), hint=N_("写成 2011-11-15；早于系统数据的留空。"), width=14
        ),
        Column("valid_to", N_("停用"), hint=N_("现行的留空。"), width=14),
        Column("source", N_("来源"), is_required=True, hint=N_("公告或网址。"), width=44),
    ),
)


async def _place(scope: Scope) -> Place:
    return Place(_("行政区划"), "/desk/regions", rail=rail("regions"))


async def _layout(scope: Scope) -> Layout:
    return LAYOUT


async def _check(scope: Scope, rows: Sequence[Row], at: datetime, tell: Tell) -> Checked:
    known = await region_table.by_key()
    codes = {code for code, _ in known} | {row.text("code") for row in rows}
    facts = [_read(row, codes) for row in rows]
    _refuse_doubles(rows, facts)
    _refuse_circles(rows, facts, known)
    facts = [None if row.problems else item for row, item in zip(rows, facts, strict=True)]
    await tell(len(rows), len(rows))
    good = [item for item in facts if item]
    old = [item for item in good if item.key in known]
    changed = sum(known[item.key] != item for item in old)
    return Checked(facts, len(good) - len(old), changed, len(old) - changed)


def _read(row: Row, codes: set[str]) -> RegionFacts | None:
    if row.text("code") and not CODE.fullmatch(row.text("code")):
        row.wrong("code", _("区划代码是六位数字。"))
    parent = row.text("parent")
    if parent and parent not in codes:
        row.wrong("parent", _("没有这个上级代码。"))
    opens, closes = row.day("valid_from"), row.day("valid_to")
    if opens and closes and closes < opens:
        row.wrong("valid_to", _("停用不能早于起用。"))
    if row.problems:
        return None
    return RegionFacts(
        code=row.text("code"),
        name=row.text("name"),
        level=BY_WORD[row.text("level")],
        parent=parent or None,
        valid_from=opens,
        valid_to=closes,
        source=row.text("source"),
    )


def _refuse_doubles(rows: Sequence[Row], facts: Sequence[RegionFacts | None]) -> None:
    seen: dict[object, int] = {}
    for row, item in zip(rows, facts, strict=True):
        if item and seen.setdefault(item.key, row.number) != row.number:
            row.wrong("code", _("与第 {number} 行是同一个区划。").format(number=seen[item.key]))


def _refuse_circles(
    rows: Sequence[Row],
    facts: Sequence[RegionFacts | None],
    known: Mapping[Key, RegionFacts],
) -> None:
    """Note the rows from which no way leads up, as the table would be with all of them."""
    every = {**known, **{item.key: item for item in facts if item}}
    rest: dict[str, set[str]] = {}
    for item in every.values():
        rest.setdefault(item.code, set()).update({item.parent} if item.parent else ())
    for _level in RegionLevel:
        rest = {code: above for code, above in rest.items() if above & rest.keys()}
    for row, given in zip(rows, facts, strict=True):
        if given and given.parent and given.code in rest:
            row.wrong("parent", _("从这个上级往上找不到省级：绕了回来，或多于三级。"))


async def _apply(scope: Scope, good: Sequence[Any], by: Actor, at: datetime) -> Outcome:
    require(by, DUTIES)
    added, changed = await region_table.write_within(good)
    await audit.record(
        act=Act.REGIONS_IMPORTED,
        subject="people.regions",
        by=by,
        at=at,
        after={"added": added, "changed": changed},
    )
    return Outcome(added, changed)


async def _workbook(scope: Scope, by: Actor, at: datetime) -> bytes:
    rows = (
        {
            "code": item.code,
            "name": item.name,
            "level": LABELS[item.level],
            "parent": item.parent or "",
            "valid_from": item.valid_from,
            "valid_to": item.valid_to,
            "source": item.source,
        }
        for item in (await region_table.by_key()).values()
    )
    return workbooks.export(LAYOUT, rows)


IMPORTER = Importer(
    kind="regions",
    title=N_("行政区划"),
    afterwards=N_("正在运行的网站要重启，才会用上新的区划名称。"),
    duties=DUTIES,
    scope_kind="all",
    place=_place,
    layout=_layout,
    check=_check,
    apply=_apply,
)
EXPORTER = Exporter("regions", N_("行政区划"), "all", _workbook)
