"""Upload a workbook, confirm what was found in it, or let it be."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anyio import to_thread

from app.audit import actions as audit
from app.audit.acts import Act
from app.documents import workbook_reader, workbooks
from app.documents.layouts import CellProblem
from app.errors import N_, RuleBroken, Stale, refusal
from app.imports import progress, queries, shelf, work
from app.imports.kinds import ImportState
from app.imports.registry import Checked, Importer, importer_of, open_place, refuse_now
from app.imports.tables import ImportFile, WorkbookImport
from app.rules.actors import Actor, Scope
from app.storage.engine import write_transaction
from app.web import background, locale

LONGEST_NAME = 120
W = WorkbookImport


@dataclass(frozen=True)
class Upload:
    """What was sent: the workbook, under the name that it had."""

    file_name: str
    content: bytes


@refusal
class GoodRowsNotChosen(RuleBroken):
    """Leaving bad rows out is said, not assumed."""

    says = N_("有 {wrong} 行有问题。请先勾选“只导入其余 {good} 行”，或改正后重新上传。")
    field = "is_partial"
    wrong: int
    good: int


async def upload(importer: Importer, scope: Scope, sent: Upload, *, by: Actor, at: datetime) -> int:
    """Take a workbook in, begin to check it, and return the import's id.

    Raise what the importer refuses now and the refusals of `workbook_reader.look_inside` at once;
    then nothing is kept.
    """
    place = await open_place(importer, scope, by)
    await refuse_now(importer, scope, by, at)
    await to_thread.run_sync(workbook_reader.look_inside, sent.content)
    sealed = await to_thread.run_sync(shelf.seal, sent.content)
    async with write_transaction():
        facts = {"kind": importer.kind, "scope": str(scope), "title": place.title}
        row = _row(facts, sent, by=by, at=at)
        await row.save()
        await ImportFile(import_id=row.id, sealed=sealed).save()
        await audit.record(
            act=Act.WORKBOOK_UPLOADED,
            subject=work.subject(row.id),
            by=by,
            at=at,
            after={"kind": importer.kind, "scope": str(scope), "file_sha256": row.file_sha256},
        )
    background.start(work.check, row.id)
    return int(row.id)


def _row(facts: Mapping[str, Any], sent: Upload, *, by: Actor, at: datetime) -> W:
    """Return the row of a workbook that nobody has looked into yet."""
    return W(
        state=ImportState.READING.value,
        language=locale.current(),
        file_name=sent.file_name[-LONGEST_NAME:],
        file_bytes=len(sent.content),
        file_sha256=hashlib.sha256(sent.content).hexdigest(),
        worksheet="",
        row_count=0,
        good_count=0,
        problem_count=0,
        new_count=0,
        changed_count=0,
        unchanged_count=0,
        ignored="[]",
        problem="",
        is_partial=False,
        account_id=by.account_id,
        account_name=by.name,
        address=by.address,
        uploaded_at=at,
        checked_at=None,
        finished_at=None,
        version=1,
        **facts,
    )


async def confirm(
    import_id: int, *, seen_version: int, is_partial: bool, by: Actor, at: datetime
) -> None:
    """Let the good rows be written; raise `GoodRowsNotChosen` where there are others unsaid.

    To confirm once more, by a second click or from another tab, changes nothing.
    """
    line = await queries.one_import(import_id)
    await open_place(importer_of(line.kind), line.scope, by)
    if line.state in {ImportState.WRITING, ImportState.DONE}:
        return
    await refuse_now(importer_of(line.kind), line.scope, by, at)
    if line.state is not ImportState.CHECKED or line.version != seen_version:
        raise Stale
    if not line.good_count:
        raise work.NothingGood
    if line.wrong_count and not is_partial:
        raise GoodRowsNotChosen(line.wrong_count, line.good_count)
    async with write_transaction():
        await _step_within(line, ImportState.WRITING, is_partial=is_partial, by=by)
        await audit.record(
            act=Act.WORKBOOK_CONFIRMED,
            subject=work.subject(import_id),
            by=by,
            at=at,
            after={"good": line.good_count, "left_out": line.wrong_count},
        )
    shown = progress.begin(import_id)
    shown.total = line.good_count
    background.start(work.write, import_id, by)


async def withdraw(import_id: int, *, seen_version: int, by: Actor, at: datetime) -> None:
    """Let an import be: nothing is written, the workbook is forgotten."""
    line = await queries.one_import(import_id)
    await open_place(importer_of(line.kind), line.scope, by)
    if line.state is not ImportState.CHECKED or line.version != seen_version:
        raise Stale
    async with write_transaction():
        await _step_within(line, ImportState.WITHDRAWN, is_partial=False, by=by)
        await W.update({W.finished_at: at}).where(W.id == import_id)
        await work.drop_file_within(import_id)
        await audit.record(
            act=Act.WORKBOOK_WITHDRAWN, subject=work.subject(import_id), by=by, at=at
        )


async def _step_within(
    line: queries.ImportLine, state: ImportState, *, is_partial: bool, by: Actor
) -> None:
    stepped = (
        await W.update(
            {
                W.state: state.value,
                W.is_partial: is_partial,
                W.problem: "",
                W.account_id: by.account_id,
                W.account_name: by.name,
                W.address: by.address,
                W.version: line.version + 1,
            }
        )
        .where(W.id == line.id, W.version == line.version)
        .returning(W.id)
    )
    if not stepped:
        raise Stale


async def effects(line: queries.ImportLine, *, by: Actor, at: datetime) -> Checked | None:
    """Return what a kind with a layout of its own says of a checked workbook; None for others."""
    importer = importer_of(line.kind)
    await open_place(importer, line.scope, by)
    if importer.read is None or line.state is not ImportState.CHECKED:
        return None
    content = await queries.file_of(line.id)
    _table, checked = await work.examine(line.kind, line.scope, content, at, progress.tell_nobody)
    return checked


async def marked_copy(import_id: int, *, by: Actor, at: datetime) -> bytes:
    """Return the uploaded workbook with the bad cells red and a column that says why."""
    line = await queries.one_import(import_id)
    importer = importer_of(line.kind)
    await open_place(importer, line.scope, by)
    content = await queries.file_of(import_id)
    layout = await importer.layout(line.scope)
    table, _checked = await work.examine(line.kind, line.scope, content, at, progress.tell_nobody)
    problems: list[CellProblem] = table.problems
    if table.cells:
        return await to_thread.run_sync(
            workbooks.marked_grid, table.worksheet, table.cells, problems
        )
    _name, cells = await workbooks.grid(content)
    return await to_thread.run_sync(workbooks.marked, layout, cells, problems)
