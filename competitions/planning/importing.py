"""A marking scheme as a kind of import and export (see `app.imports`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.documents import workbooks as documents
from app.documents.layouts import CellProblem, Layout, Row
from app.errors import N_, NotFound
from app.imports.registry import (
    Checked,
    Effect,
    Exporter,
    Importer,
    Outcome,
    Place,
    Tell,
)
from app.rules.actors import Actor, Duty, Scope, require
from competitions.planning import (
    queries,
    scheme_versions,
    schemes,
    workbooks,
    worldskills,
    worldskills_book,
    worldskills_scheme,
)
from competitions.planning.rail import event_rail
from competitions.planning.scheme_words import sentences
from competitions.rules.scheme import SchemeFacts
from competitions.rules.scheme_changes import changes
from competitions.rules.scheme_matching import matched

READERS = (Duty.ORGANIZER, Duty.CHIEF_JUDGE, Duty.REGISTRAR, Duty.SUPERVISOR, Duty.AUDITOR)


async def _place(scope: Scope) -> Place:
    line = await queries.event(int(scope.key))
    base = f"/desk/events/{line.id}/scheme"
    return Place(line.name, base, line.scopes, await event_rail(line.id, "scheme"))


async def _layout(scope: Scope) -> Layout:
    return workbooks.SCHEME


async def _check(scope: Scope, rows: Sequence[Row], at: datetime, tell: Tell) -> Checked:
    event_id = int(scope.key)
    old, taken = await queries.scheme(event_id), await scheme_versions.aspect_ids(event_id)
    notes: Sequence[CellProblem] = ()
    if rows[0].layout.kind == worldskills.KIND:
        scheme, notes = worldskills_scheme.read_scheme(rows)
    else:
        scheme = workbooks.read_scheme(rows, taken=taken)
    await tell(len(rows), len(rows))
    if scheme is None:
        # A scheme is taken as a whole: one bad row keeps the others out.
        return Checked([None] * len(rows), notes=notes)
    if rows[0].layout.kind == worldskills.KIND and old is not None:
        scheme = matched(old.facts, scheme, taken=taken)
    return _compared(old.facts if old else SchemeFacts(), scheme, [scheme] * len(rows), notes)


def _compared(
    old: SchemeFacts, scheme: SchemeFacts, facts: Sequence[Any], notes: Sequence[CellProblem]
) -> Checked:
    """Count what becomes of the aspects, and say it where there was a scheme before."""
    found = changes(old, scheme)
    touched = {(item.what, item.id) for item in found if item.part == "aspect"}
    new = sum(what == "added" for what, _key in touched)
    changed = len({key for what, key in touched if what in {"changed", "moved"}})
    unchanged = sum(1 for _aspect in scheme.aspects()) - new - changed
    effects = [Effect(*line) for line in sentences(found)] if old.modules else []
    return Checked(facts, new, changed, unchanged, notes, effects)


async def _apply(scope: Scope, good: Sequence[Any], by: Actor, at: datetime) -> Outcome:
    scheme: SchemeFacts = good[0]
    old = await queries.scheme(int(scope.key))
    if old is not None and old.facts == scheme:
        return Outcome(0, 0, sum(1 for _aspect in scheme.aspects()))
    await schemes.write_scheme(int(scope.key), scheme, by=by, at=at)
    counted = _compared(old.facts if old else SchemeFacts(), scheme, good, ())
    return Outcome(counted.new, counted.changed, counted.unchanged)


async def _workbook(scope: Scope, by: Actor, at: datetime) -> bytes:
    line = await queries.event(int(scope.key))
    require(by, READERS, *line.scopes)
    known = await queries.scheme(line.id)
    if known is None:
        raise NotFound
    return documents.export(workbooks.SCHEME, workbooks.scheme_cells(known.facts))


async def _worldskills(scope: Scope, by: Actor, at: datetime) -> bytes:
    line = await queries.event(int(scope.key))
    require(by, READERS, *line.scopes)
    known = await queries.scheme(line.id)
    if known is None:
        raise NotFound
    return worldskills_book.workbook(known.facts, line.full_name)


IMPORTER = Importer(
    kind="scheme",
    title=N_("评分标准"),
    duties=schemes.AUTHORS,
    scope_kind="event",
    place=_place,
    layout=_layout,
    check=_check,
    apply=_apply,
    read=worldskills.read_workbook,
    also=N_(
        "也可以直接上传世界技能大赛的评分标准工作簿（含工作表 CIS Marking Scheme Import）："
        "列的位置不限，合计一律重新计算，评分点按内容与现行标准对应，编号不变。"
    ),
)
WORLDSKILLS_EXPORTER = Exporter(
    "scheme-worldskills", N_("世界技能大赛评分标准"), "event", _worldskills
)
EXPORTER = Exporter("scheme", N_("评分标准"), "event", _workbook)
