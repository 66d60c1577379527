"""Ability specifications as a spreadsheet: one row a task, the rest beside the first of them."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from app.documents.layouts import Column, Layout, Row
from app.errors import N_
from app.web.locale import gettext as _
from assessments.rules.specification import (
    BOUNDS,
    FEWEST_EXAMINERS,
    USUAL_MARK,
    WHOLE_WEIGHT,
    SpecificationFacts,
    TaskFacts,
)
from assessments.specifications.queries import Specification

TEXTS = (
    "occupation_field",
    "definition",
    "applicability",
    "admission",
    "examiners",
    "method",
    "site",
)
SEPARATOR = re.compile("[；;]")
NUMBERS = {name: (least, most) for name, _word, least, most in BOUNDS}
LINES = N_("一行写一条（单元格内按 Alt+Enter 换行）；写在一行里的几条用“；”隔开。")
LAYOUT = Layout(
    "specifications",
    N_("能力规范"),
    (
        Column(
            "name",
            N_("能力名称"),
            is_required=True,
            hint=N_("每行都写；同名的行是同一份规范。"),
            width=22,
        ),
        Column("trade", N_("行业类别"), hint=N_("写在第一行即可，下同。"), width=16),
        Column("occupation_field", N_("职业领域"), width=18),
        Column("definition", N_("定义"), width=40, has_lines=True),
        Column("applicability", N_("适用对象"), width=30, has_lines=True),
        Column("admission", N_("申报条件"), width=30, has_lines=True),
        Column("examiners", N_("考评员构成"), width=30, has_lines=True),
        Column("method", N_("考核方式与考核时间"), width=30, has_lines=True),
        Column("minutes", N_("考核时间（分钟）"), hint=N_("整数。"), width=12),
        Column("site", N_("考核场地设备要求"), width=30, has_lines=True),
        Column("fewest_examiners", N_("每组考评员人数下限"), hint=N_("留空为 3。"), width=12),
        Column("pass_mark", N_("合格分数线"), hint=N_("留空为 60。"), width=12),
        Column("task", N_("工作任务"), hint=N_("草稿可以先不写任务。"), width=22),
        Column("weight", N_("考核比重"), hint=N_("整数，各项合计 100。"), width=10),
        Column("norms", N_("操作规范"), hint=LINES, width=44, has_lines=True),
        Column("knowledge", N_("相关知识"), hint=LINES, width=44, has_lines=True),
    ),
)


def read_specifications(rows: Sequence[Row]) -> list[tuple[SpecificationFacts, str] | None]:
    """Read rows into specifications, the whole one beside each of its rows.

    A specification is taken as a whole: a problem in one of its rows keeps the others out.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.text("name"), []).append(row)
    found = {name: _read(name, group) for name, group in groups.items() if name}
    return [found.get(row.text("name")) for row in rows]


def _read(name: str, rows: Sequence[Row]) -> tuple[SpecificationFacts, str] | None:
    tasks = tuple(_task(row) for row in rows if row.text("task"))
    first = rows[0]
    numbers = {key: _number(first, key, *bounds) for key, bounds in NUMBERS.items()}
    if any(row.problems for row in rows):
        for row in rows:
            if not row.problems:
                row.wrong("name", _("这份规范的其他行有问题，改正后一起导入。"))
        return None
    facts = SpecificationFacts(
        name=name,
        tasks=tasks,
        minutes=numbers["minutes"],
        fewest_examiners=numbers["fewest_examiners"] or FEWEST_EXAMINERS,
        pass_mark=numbers["pass_mark"] or USUAL_MARK,
        **{key: first.text(key).strip() for key in TEXTS},
    )
    return facts, first.text("trade")


def _task(row: Row) -> TaskFacts:
    weight = _number(row, "weight", 0, WHOLE_WEIGHT)
    return TaskFacts(row.text("task"), _lines(row, "norms"), _lines(row, "knowledge"), weight or 0)


def _number(row: Row, key: str, least: int, most: int) -> int | None:
    """Read a number; note a problem where it is out of bounds."""
    found = row.whole(key)
    if found is None or least <= found <= most:
        return found
    row.wrong(key, _("应是 {least} 到 {most} 的整数。").format(least=least, most=most))
    return None


def _lines(row: Row, key: str) -> tuple[str, ...]:
    """Read items, one a line; where there is no line break at all, between semicolons."""
    text = row.text(key)
    parts = text.splitlines() if "\n" in text else SEPARATOR.split(text)
    return tuple(part.strip() for part in parts if part.strip())


def _cell(items: Sequence[str]) -> str:
    """Write items so that `_lines` reads them: a break after a single one guards its semicolons."""
    return "\n".join(items) + ("\n" if len(items) == 1 and SEPARATOR.search(items[0]) else "")


def cells_of(specification: Specification) -> Iterator[dict[str, Any]]:
    """Yield the rows of a specification; taking them in again changes nothing."""
    facts = specification.facts
    head: dict[str, Any] = {"trade": specification.trade}
    head |= {key: getattr(facts, key) for key in (*TEXTS, *NUMBERS)}
    for task in facts.tasks or (TaskFacts("", (), (), 0),):
        yield head | {
            "name": facts.name,
            "task": task.name,
            "weight": task.weight or None,
            "norms": _cell(task.norms),
            "knowledge": _cell(task.knowledge),
        }
        head = {}
