"""A marking scheme as a kind of import and export (see `app.imports`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.documents import workbooks as documents
from app.documents.layouts import Layout, Row
from app.errors import N_, NotFound
from app.imports.registry import Checked, Exporter, Importer, Outcome, Place, Tell
from app.rules.actors import Actor, Duty, Scope, require
from competitions.planning import queries, schemes, workbooks
from competitions.planning.rail import event_rail
from competitions.rules.scheme import SchemeFacts

READERS = (Duty.ORGANIZER, Duty.CHIEF_JUDGE, Duty.REGISTRAR, Duty.SUPERVISOR, Duty.AUDITOR)


async def _place(scope: Scope) -> Place:
    line = await queries.event(int(scope.key))
    base = f"/desk/events/{line.id}/scheme"
    return Place(line.name, base, line.scopes, await event_rail(line.id, "scheme"))


async def _layout(scope: Scope) -> Layout:
    return workbooks.SCHEME


async def _check(scope: Scope, rows: Sequence[Row], at: datetime, tell: Tell) -> Checked:
    scheme = workbooks.read_scheme(rows)
    await tell(len(rows), len(rows))
    if scheme is None:
        # A scheme is taken as a whole: one bad row keeps the others out.
        return Checked([None] * len(rows))
    old = await queries.scheme(int(scope.key))
    is_same = old is not None and old.facts == scheme
    return Checked([scheme] * len(rows), *((0, 0, len(rows)) if is_same else (len(rows), 0, 0)))


async def _apply(scope: Scope, good: Sequence[Any], by: Actor, at: datetime) -> Outcome:
    scheme: SchemeFacts = good[0]
    old = await queries.scheme(int(scope.key))
    if old is not None and old.facts == scheme:
        return Outcome(0, 0)
    await schemes.write_scheme(int(scope.key), scheme, by=by, at=at)
    return Outcome(sum(1 for _ in scheme.aspects()), 0)


async def _workbook(scope: Scope, by: Actor, at: datetime) -> bytes:
    line = await queries.event(int(scope.key))
    require(by, READERS, *line.scopes)
    known = await queries.scheme(line.id)
    if known is None:
        raise NotFound
    return documents.export(workbooks.SCHEME, workbooks.scheme_cells(known.facts))


IMPORTER = Importer(
    kind="scheme",
    title=N_("评分标准"),
    duties=schemes.AUTHORS,
    scope_kind="event",
    place=_place,
    layout=_layout,
    check=_check,
    apply=_apply,
)
EXPORTER = Exporter("scheme", N_("评分标准"), "event", _workbook)
