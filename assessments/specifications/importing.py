"""Ability specifications as a kind of import and export (see `app.imports`): drafts, by name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from anyio import to_thread

from app.documents import workbooks as documents
from app.documents.layouts import Layout, Row
from app.errors import N_
from app.imports.registry import Checked, Exporter, Importer, Outcome, Place, Tell
from app.rules.actors import EVERYWHERE, Actor, Duty, Scope, require
from app.web.locale import gettext as _
from assessments.rules.lifecycle import SpecificationStatus
from assessments.specifications import actions, queries, workbooks
from assessments.specifications.queries import Specification, SpecificationFilter


async def _place(scope: Scope) -> Place:
    return Place(_("能力规范"), "/desk/specifications", (EVERYWHERE,))


async def _layout(scope: Scope) -> Layout:
    return workbooks.LAYOUT


async def _known() -> dict[str, Specification]:
    """Return the newest version of each specification by name."""
    lines = await queries.specifications(SpecificationFilter())
    newest = {line.name: line.id for line in sorted(lines, key=lambda line: line.version_number)}
    return {name: await queries.specification(id_) for name, id_ in newest.items()}


async def _check(scope: Scope, rows: Sequence[Row], at: datetime, tell: Tell) -> Checked:
    facts = workbooks.read_specifications(rows)
    known = await _known()
    counts = {"new": 0, "changed": 0, "unchanged": 0}
    for place, (row, item) in enumerate(zip(rows, facts, strict=True)):
        if item is None:
            continue
        old = known.get(item[0].name)
        if old is None:
            counts["new"] += 1
        elif (old.facts, old.trade) == item:
            counts["unchanged"] += 1
        elif old.status is SpecificationStatus.DRAFT:
            counts["changed"] += 1
        else:
            row.wrong("name", _("这份规范已不是草稿。请先在规范页面另立新版本，再导入。"))
            facts[place] = None
    await tell(len(rows), len(rows))
    return Checked(facts, counts["new"], counts["changed"], counts["unchanged"])


async def _apply(scope: Scope, good: Sequence[Any], by: Actor, at: datetime) -> Outcome:
    known = await _known()
    added = changed = 0
    for facts, trade in {item[0].name: item for item in good}.values():
        old = known.get(facts.name)
        if old is None:
            await actions.create(facts, trade=trade, by=by, at=at, provenance=_("从表格导入"))
            added += 1
        elif (old.facts, old.trade) != (facts, trade):
            await actions.revise(old.id, facts, trade=trade, seen_version=old.version, by=by, at=at)
            changed += 1
    return Outcome(added, changed)


async def _workbook(scope: Scope, by: Actor, at: datetime) -> bytes:
    require(by, (Duty.ORGANIZER, Duty.AUDITOR), EVERYWHERE)
    rows = [cells for item in (await _known()).values() for cells in workbooks.cells_of(item)]
    return await to_thread.run_sync(lambda: documents.export(workbooks.LAYOUT, rows))


IMPORTER = Importer(
    kind="specifications",
    title=N_("能力规范"),
    duties=(Duty.ORGANIZER,),
    scope_kind="all",
    place=_place,
    layout=_layout,
    check=_check,
    apply=_apply,
)
EXPORTER = Exporter("specifications", N_("能力规范"), "all", _workbook)
