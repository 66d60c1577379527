"""Candidates as a kind of import (see `app.imports`): known again by the number of the document."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from anyio import to_thread

from app.audit import actions as audit
from app.audit.acts import Act
from app.documents import workbooks as documents
from app.documents.layouts import Layout, Row
from app.errors import N_, RuleBroken
from app.imports.registry import Checked, Exporter, Importer, Outcome, Place, Tell
from app.people import filling
from app.people.actions import refuse_other_name
from app.people.queries import known_persons
from app.rules.actors import Actor, Scope, require
from app.storage.engine import write_transaction
from app.web import locale
from app.web.clock import SHANGHAI
from app.web.locale import gettext as _
from assessments.enrollment import actions, bulk, queries, workbooks
from assessments.enrollment.actions import Application
from assessments.sittings import queries as sittings
from assessments.sittings.actions import subject
from assessments.sittings.rail import rail

BREATH = 200


async def _place(scope: Scope) -> Place:
    line = await sittings.sitting(int(scope.key))
    href = f"/desk/assessments/{line.id}/candidates"
    return Place(line.name, href, line.scopes, rail(line, "candidates"))


async def _layout(scope: Scope) -> Layout:
    return workbooks.CANDIDATES


async def _check(scope: Scope, rows: Sequence[Row], at: datetime, tell: Tell) -> Checked:
    line = await sittings.sitting(int(scope.key))
    actions.refuse_closed(line)
    actions.refuse_past(line, at)
    today = at.astimezone(SHANGHAI).date()
    sits_on = line.day
    facts: list[Application | None] = []
    for place, row in enumerate(rows):
        facts.append(workbooks.read_candidate(row, today, sits_on))
        if place % BREATH == 0:
            await tell(place, len(rows))
    digests = [item.person.digest if item else "" for item in facts]
    known = await known_persons([digest for digest in dict.fromkeys(digests) if digest])
    _refuse_doubles(rows, digests)
    details = await filling.details_of(list(known))
    _refuse_other_names(rows, facts, digests, known)
    good = [item if not row.problems else None for item, row in zip(facts, rows, strict=True)]
    there = await queries.by_person(line.id)
    old = [
        (there[known[digest][0]], item)
        for digest, item in zip(digests, good, strict=True)
        if item and digest in known and known[digest][0] in there
    ]
    changed = sum(
        bool(bulk.differing(line_, item) or filling.news(details[item.person.digest], item.person))
        for line_, item in old
    )
    new = sum(item is not None for item in good) - len(old)
    return Checked(good, new, changed, len(old) - changed)


def _refuse_doubles(rows: Sequence[Row], digests: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    for row, digest in zip(rows, digests, strict=True):
        if digest and seen.setdefault(digest, row.number) != row.number:
            word = _("与第 {number} 行是同一个人。")
            row.wrong("id_number", word.format(number=seen[digest]))


def _refuse_other_names(
    rows: Sequence[Row],
    facts: Sequence[Application | None],
    digests: Sequence[str],
    known: Mapping[str, tuple[int, str]],
) -> None:
    for row, item, digest in zip(rows, facts, digests, strict=True):
        if item is None or digest not in known:
            continue
        try:
            refuse_other_name(item.person, known[digest][1])
        except RuleBroken as refusal:
            row.wrong(refusal.field, locale.sentence(refusal))


async def _apply(scope: Scope, good: Sequence[Any], by: Actor, at: datetime) -> Outcome:
    return Outcome(*await bulk.enroll_many(int(scope.key), good, by=by, at=at))


async def _workbook(scope: Scope, by: Actor, at: datetime) -> bytes:
    line = await sittings.sitting(int(scope.key))
    require(by, sittings.RUNNERS, *line.scopes)
    rows = await queries.full(line.id)
    async with write_transaction():
        await audit.record(
            act=Act.WORKBOOK_EXPORTED,
            subject=subject(line.id),
            by=by,
            at=at,
            after={"kind": workbooks.CANDIDATES.kind, "rows": len(rows)},
        )
    cells = [workbooks.candidate_cells(row) for row in rows]
    return await to_thread.run_sync(lambda: documents.export(workbooks.CANDIDATES_EXPORT, cells))


IMPORTER = Importer(
    kind="candidates",
    title=N_("考生名册"),
    duties=sittings.RUNNERS,
    scope_kind="sitting",
    place=_place,
    layout=_layout,
    check=_check,
    apply=_apply,
)
EXPORTER = Exporter("candidates", N_("考生名册"), "sitting", _workbook)
