"""The marks of an event as a kind of import and export (see `app.imports`): paper keyed in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.documents import workbooks
from app.documents.layouts import Column, Layout, Row
from app.errors import N_, RuleBroken
from app.imports.registry import Checked, Exporter, Importer, Outcome, Place, Tell
from app.rules.actors import Actor, Duty, Scope, require
from app.rules.mark_sheet import MarkState
from app.rules.points import shown
from app.rules.widths import narrowed
from app.sheets import keying
from app.sheets import queries as sheets
from app.sheets.keying import MarkInput
from app.web import locale
from app.web.locale import gettext as _
from competitions.planning import queries as planning
from competitions.planning.rail import event_rail

READERS = (Duty.CHIEF_JUDGE, Duty.ORGANIZER, Duty.SUPERVISOR, Duty.AUDITOR)
STATES = {N_("未给分"): MarkState.MISSING, N_("未做"): MarkState.NOT_ATTEMPTED}
WORDS = {state: word for word, state in STATES.items()}
LAYOUT = Layout(
    "marks",
    N_("评分记录"),
    (
        Column("code", N_("加密号"), is_required=True, hint=N_("只写加密号，不写姓名。"), width=12),
        Column("seat", N_("席位"), is_required=True, hint=N_("裁判席位，例如 J1。"), width=10),
        Column("aspect", N_("评分点"), is_required=True, hint=N_("评分标准中的编号。"), width=12),
        Column("value", N_("分值"), hint=N_("数字；没有分值的填“情况”。"), width=12),
        Column("state", N_("情况"), hint=N_("有分值时留空。"), choices=tuple(STATES), width=12),
    ),
)


async def _place(scope: Scope) -> Place:
    line = await planning.event(int(scope.key))
    href = f"/desk/events/{line.id}/marking"
    return Place(line.full_name, href, line.scopes, await event_rail(line.id, "marking"))


async def _layout(scope: Scope) -> Layout:
    return LAYOUT


async def _check(scope: Scope, rows: Sequence[Row], at: datetime, tell: Tell) -> Checked:
    line = await planning.event(int(scope.key))
    seen: dict[tuple[str, str, str], int] = {}
    codes = _by_figure(await keying.codes_of(line.ledger))
    facts = [_read(row, seen, codes) for row in rows]
    outcomes = await keying.outcomes_of(line.ledger, [item for item in facts if item])
    found = iter(outcomes)
    for place, (row, item) in enumerate(zip(rows, facts, strict=True)):
        outcome = next(found) if item else None
        if isinstance(outcome, RuleBroken):
            row.wrong("value", locale.sentence(outcome))
            facts[place] = None
    await tell(len(rows), len(rows))
    new = sum(outcome is True for outcome in outcomes)
    return Checked(facts, new, 0, sum(outcome is False for outcome in outcomes))


def _by_figure(codes: Iterable[str]) -> dict[str, str]:
    """Return codes by what a spreadsheet leaves of them as figures: 17 of 017."""
    figures = Counter(code.lstrip("0") for code in codes)
    return {figure: code for code in codes if figures[figure := code.lstrip("0")] == 1}


def _read(
    row: Row, seen: dict[tuple[str, str, str], int], codes: Mapping[str, str]
) -> MarkInput | None:
    code = row.text("code")
    key = (codes.get(code, code), row.text("seat").upper(), row.text("aspect"))
    if all(key) and seen.setdefault(key, row.number) != row.number:
        row.wrong("code", _("与第 {number} 行是同一个分数。").format(number=seen[key]))
    state = STATES.get(row.text("state"), MarkState.MARKED)
    if state is MarkState.MARKED and not row.text("value"):
        row.wrong("value", _("必须填写。"))
    if state is not MarkState.MARKED and row.text("value"):
        row.wrong("state", _("有分值时，情况应留空。"))
    if row.problems:
        return None
    value = narrowed(row.text("value")) if state is MarkState.MARKED else None
    return MarkInput(*key, value=value, state=state)


async def _apply(scope: Scope, good: Sequence[Any], by: Actor, at: datetime) -> Outcome:
    line = await planning.event(int(scope.key))
    outcomes = await keying.outcomes_of(line.ledger, good)
    marks = [mark for mark, outcome in zip(good, outcomes, strict=True) if outcome is not False]
    if marks:
        reason = _("从表格录入")
        await keying.record_marks_within(
            ledger=line.ledger, marks=marks, by=by, at=at, reason=reason
        )
    return Outcome(len(marks), 0)


async def _workbook(scope: Scope, by: Actor, at: datetime) -> bytes:
    line = await planning.event(int(scope.key))
    require(by, READERS, *line.scopes)
    return workbooks.export(
        LAYOUT,
        (
            {
                "code": mark.code,
                "seat": mark.seat,
                "aspect": mark.aspect,
                "value": "" if mark.value is None else shown(mark.value, "exact"),
                "state": WORDS.get(mark.state, ""),
            }
            for mark in await sheets.marks_of(line.ledger)
        ),
    )


IMPORTER = Importer(
    kind="marks",
    title=N_("评分记录"),
    duties=(Duty.CHIEF_JUDGE,),
    scope_kind="event",
    place=_place,
    layout=_layout,
    check=_check,
    apply=_apply,
)
EXPORTER = Exporter("marks", N_("评分记录"), "event", _workbook)
