"""Entries, delegations and judges as kinds of import and export (see `app.imports`)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from app.documents.layouts import Layout, Row
from app.errors import N_, RuleBroken
from app.imports.registry import Checked, Exporter, Importer, Outcome, Place, Tell
from app.people import queries as people
from app.people.actions import refuse_other_name
from app.rules.actors import Actor, Duty, Scope
from app.web import locale
from app.web.clock import SHANGHAI
from app.web.locale import gettext as _
from competitions.planning import queries as planning
from competitions.planning.queries import RUNNERS
from competitions.planning.rail import competition_rail
from competitions.registration import (
    actions,
    bulk,
    checking,
    delegations,
    exporting,
    judge_matching,
    judges,
    queries,
    workbooks,
)
from competitions.registration.delegations import DelegationFacts
from competitions.registration.judge_matching import JudgeFacts, known_again
from competitions.rules.lifecycle import EventStatus

BREATH = 200
DOUBLES = {
    "id_number": N_("与第 {number} 行是同一个人。"),
    "sign_in_name": N_("登录名与第 {number} 行相同。"),
    "name": N_("姓名和工作单位与第 {number} 行相同。是两个人的，请填写各自的证件号码或登录名。"),
}
"""What is said at a row that means the same judge as one before, by what they share."""


def _competition(scope: Scope) -> int:
    return int(scope.key)


async def _place(scope: Scope, stage: str) -> Place:
    line = await planning.competition(_competition(scope))
    return Place(
        line.name,
        f"/desk/competitions/{line.id}/{stage}",
        line.scopes,
        await competition_rail(line.id, stage),
    )


async def _entries_place(scope: Scope) -> Place:
    return await _place(scope, "entries")


async def _entries_layout(scope: Scope) -> Layout:
    events = await planning.events(_competition(scope))
    return workbooks.entries_layout(
        event for event in events if event.status is not EventStatus.CALLED_OFF
    )


async def _check_entries(scope: Scope, rows: Sequence[Row], at: datetime, tell: Tell) -> Checked:
    return await checking.checked_entries(_competition(scope), rows, at=at, tell=tell)


async def _admit_entries(scope: Scope, by: Actor, at: datetime) -> None:
    line = await planning.competition(_competition(scope))
    actions.refuse_outside_window(line, by=by, at=at)


async def _apply_entries(scope: Scope, good: Sequence[Any], by: Actor, at: datetime) -> Outcome:
    added, changed = await bulk.register_many(_competition(scope), good, by=by, at=at)
    return Outcome(added, changed)


async def _entries_workbook(scope: Scope, by: Actor, at: datetime) -> bytes:
    return await exporting.entries_workbook(_competition(scope), by=by, at=at)


async def _delegations_place(scope: Scope) -> Place:
    return await _place(scope, "delegations")


async def _delegations_layout(scope: Scope) -> Layout:
    return workbooks.DELEGATIONS


async def _check_delegations(
    scope: Scope, rows: Sequence[Row], at: datetime, tell: Tell
) -> Checked:
    known = {item.name: item for item in await queries.delegations(_competition(scope))}
    seen: dict[str, int] = {}
    facts: list[DelegationFacts | None] = []
    for place, row in enumerate(rows):
        name = row.text("name")
        if name and seen.setdefault(name, row.number) != row.number:
            row.wrong("name", _("与第 {number} 行是同一个代表队。").format(number=seen[name]))
        facts.append(workbooks.read_delegation(row))
        if place % BREATH == 0:
            await tell(place, len(rows))
    good = [item for item in facts if item]
    there = [item for item in good if item.name in known]
    changed = sum(delegations.differs(known[item.name], item) for item in there)
    return Checked(facts, len(good) - len(there), changed, len(there) - changed)


async def _apply_delegations(scope: Scope, good: Sequence[Any], by: Actor, at: datetime) -> Outcome:
    return Outcome(*await delegations.register_delegations(_competition(scope), good, by=by, at=at))


async def _delegations_workbook(scope: Scope, by: Actor, at: datetime) -> bytes:
    return await exporting.delegations_workbook(_competition(scope), by=by, at=at)


async def _judges_place(scope: Scope) -> Place:
    return await _place(scope, "judges")


async def _judges_layout(scope: Scope) -> Layout:
    return workbooks.JUDGES


async def _check_judges(scope: Scope, rows: Sequence[Row], at: datetime, tell: Tell) -> Checked:
    competition_id, today = _competition(scope), at.astimezone(SHANGHAI).date()
    names = {item.name for item in await queries.delegations(competition_id)}
    there = await queries.judges(competition_id)
    facts: list[JudgeFacts | None] = []
    for place, row in enumerate(rows):
        if row.text("delegation") and row.text("delegation") not in names:
            row.wrong("delegation", _("名册中没有这个代表队，请先登记代表队，或留空。"))
        facts.append(await _read_judge(row, there, today=today))
        if place % BREATH == 0:
            await tell(place, len(rows))
    for place, first, field in judge_matching.doubles(facts):
        rows[place].wrong(field, _(DOUBLES[field]).format(number=rows[first].number))
        facts[place] = None
    good = [item for item in facts if item]
    known = [(old, item) for item in good if (old := known_again(there, item))]
    changed = sum(judge_matching.differs(old, item) for old, item in known)
    return Checked(facts, len(good) - len(known), changed, len(known) - changed)


async def _read_judge(
    row: Row, there: Sequence[queries.JudgeLine], *, today: date
) -> JudgeFacts | None:
    item = workbooks.read_judge(row, today)
    if item is None:
        return None
    try:
        await judges.refuse_account(there, known_again(there, item), item)
        if item.person:
            for _id, name in (await people.known_persons([item.digest])).values():
                refuse_other_name(item.person, name)
    except RuleBroken as refused:
        row.wrong(refused.field or "name", locale.sentence(refused))
        return None
    return item


async def _apply_judges(scope: Scope, good: Sequence[Any], by: Actor, at: datetime) -> Outcome:
    return Outcome(*await judges.register_judges(_competition(scope), good, by=by, at=at))


async def _judges_workbook(scope: Scope, by: Actor, at: datetime) -> bytes:
    return await exporting.judges_workbook(_competition(scope), by=by, at=at)


IMPORTERS = (
    Importer(
        kind="delegations",
        title=N_("代表队名册"),
        duties=RUNNERS,
        scope_kind="competition",
        place=_delegations_place,
        layout=_delegations_layout,
        check=_check_delegations,
        apply=_apply_delegations,
    ),
    Importer(
        kind="entries",
        title=N_("报名表"),
        duties=RUNNERS,
        scope_kind="competition",
        place=_entries_place,
        layout=_entries_layout,
        check=_check_entries,
        apply=_apply_entries,
        admit=_admit_entries,
    ),
    Importer(
        kind="judges",
        title=N_("裁判名册"),
        duties=(Duty.ORGANIZER,),
        scope_kind="competition",
        place=_judges_place,
        layout=_judges_layout,
        check=_check_judges,
        apply=_apply_judges,
    ),
)
EXPORTERS = (
    Exporter("delegations", N_("代表队名册"), "competition", _delegations_workbook),
    Exporter("entries", N_("报名表"), "competition", _entries_workbook),
    Exporter("judges", N_("裁判名册"), "competition", _judges_workbook),
)
