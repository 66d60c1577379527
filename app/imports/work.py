"""The work behind the pages: check an uploaded workbook, write a confirmed one; safe to repeat.

Both read the sealed workbook anew, so that a restart takes up where the last process stopped, and
what is written was checked against the house as it is then. Rows, result and journal are one
transaction: an import is either written whole or not at all, and never twice.
"""

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.accounts import queries as accounts
from app.audit import actions as audit
from app.audit.acts import Act
from app.documents import workbooks
from app.documents.layouts import CellProblem, Table
from app.errors import N_, Refusal, RuleBroken, refusal
from app.imports import progress, queries
from app.imports.kinds import ImportState
from app.imports.queries import ImportLine
from app.imports.registry import Checked, Outcome, Tell, importer_of
from app.imports.tables import ImportFile, ImportProblem, WorkbookImport
from app.rules.actors import Actor, Scope
from app.storage.engine import write_transaction
from app.web import background, locale
from app.web.clock import now

logger = logging.getLogger(__name__)
MOST_PROBLEMS = 2000
KEPT_FOR = timedelta(days=7)
MOST_BEGINNINGS = 3
"""Of one check: a workbook that ended the process each time would end the next one, too."""
CHUNK = 200
WRITING_SECONDS = 300.0
"""A whole workbook is one transaction."""
BROKEN = N_("系统出了问题，没有写入任何内容。请重新上传；如果一直这样，请联系管理员。")
OTHER_NOW = N_("确认之后情况有了变化，没有写入任何内容。请看下面新的检查结果，再确认一次。")
W = WorkbookImport


@refusal
class NothingGood(RuleBroken):
    """No row can be imported."""

    says = N_("表格中没有可以导入的行，请按提示改正后重新上传。")


async def examine(
    kind: str, scope: Scope, content: bytes, at: datetime, tell: Tell
) -> tuple[Table, Checked]:
    """Read a workbook and check its rows; raise the refusals of reading. Nothing is written."""
    importer = importer_of(kind)
    table = await importer.read(content) if importer.read else None
    if table is None:
        table = await workbooks.read_table(content, await importer.layout(scope))
    await tell(0, len(table.rows))
    checked = await importer.check(scope, table.rows, at, tell)
    return table, checked


async def write_within(
    kind: str, scope: Scope, checked: Checked, *, by: Actor, at: datetime
) -> Outcome:
    """Write the good rows inside the caller's transaction; raise `NothingGood` for none."""
    good = checked.good
    if not good:
        raise NothingGood
    return await importer_of(kind).apply(scope, good, by, at)


async def check(import_id: int) -> None:
    """Read and check an uploaded workbook, and note what was found."""
    line = await queries.one_import(import_id)
    if line.state is not ImportState.READING:
        return
    locale.use(line.language)
    shown = progress.begin(import_id)
    try:
        content = await queries.file_of(import_id)
        tell = progress.teller(shown, progress.WORDS_CHECKING)
        table, checked = await examine(line.kind, line.scope, content, now(), tell)
        await _note(line, table, checked, problem="")
    except Refusal as refusal_:
        await _end(line, ImportState.REFUSED, locale.sentence(refusal_))
    except Exception:
        await _end(line, ImportState.REFUSED, locale.gettext(BROKEN))
        raise
    finally:
        progress.end(import_id)


async def write(import_id: int, by: Actor) -> None:
    """Check a confirmed workbook once more and write its good rows, all or none."""
    line = await queries.one_import(import_id)
    if line.state is not ImportState.WRITING:
        return
    locale.use(line.language)
    shown = progress.begin(import_id)
    try:
        content = await queries.file_of(import_id)
        tell = progress.teller(shown, progress.WORDS_CHECKING)
        table, checked = await examine(line.kind, line.scope, content, now(), tell)
        shown.words, shown.done = progress.WORDS_WRITING, 0
        await _write_checked(line, table, checked, by)
    except Refusal as refusal_:
        await _end(line, ImportState.REFUSED, locale.sentence(refusal_))
    except Exception:
        await _end(line, ImportState.REFUSED, locale.gettext(BROKEN))
        raise
    finally:
        progress.end(import_id)


async def _write_checked(line: ImportLine, table: Table, checked: Checked, by: Actor) -> None:
    """Write what is as it was confirmed; otherwise wait for another decision, and say why."""
    if len(table.problems) != line.problem_count or len(checked.good) != line.good_count:
        await _note(line, table, checked, problem=locale.gettext(OTHER_NOW))
        return
    at = now()
    try:
        async with write_transaction(WRITING_SECONDS):
            if await _end(line, ImportState.DONE, ""):
                outcome = await write_within(line.kind, line.scope, checked, by=by, at=at)
                await record_within(line, outcome, len(checked.good), by=by, at=at)
    except Refusal as refusal_:
        await _note(line, table, checked, problem=locale.sentence(refusal_))


async def record_within(
    line: ImportLine, outcome: Outcome, rows: int, *, by: Actor, at: datetime
) -> None:
    """Note the result and write it into the journal, inside the caller's transaction."""
    await W.update({W.new_count: outcome.added, W.changed_count: outcome.changed}).where(
        W.id == line.id
    )
    await audit.record(
        act=Act.WORKBOOK_IMPORTED,
        subject=subject(line.id),
        by=by,
        at=at,
        after={
            "kind": line.kind,
            "scope": str(line.scope),
            "file_sha256": line.file_sha256,
            "rows": rows,
            "left_out": line.row_count - rows,
            "added": outcome.added,
            "changed": outcome.changed,
        },
    )


def subject(import_id: int) -> str:
    """Return how the journal names an import."""
    return f"imports.import:{import_id}"


async def _note(line: ImportLine, table: Table, checked: Checked, *, problem: str) -> None:
    """Write down what a check found and wait for the decision."""
    problems = table.problems
    async with write_transaction():
        changed = (
            await W.update(
                {
                    W.state: ImportState.CHECKED.value,
                    W.worksheet: table.worksheet,
                    W.row_count: len(table.rows),
                    W.good_count: len(checked.good),
                    W.problem_count: len(problems),
                    W.new_count: checked.new,
                    W.changed_count: checked.changed,
                    W.unchanged_count: checked.unchanged,
                    W.ignored: json.dumps(table.ignored, ensure_ascii=False),
                    W.problem: problem,
                    W.checked_at: now(),
                    W.version: line.version + 1,
                }
            )
            .where(W.id == line.id, W.version == line.version)
            .returning(W.id)
        )
        if changed:
            await _replace_problems_within(line.id, problems[:MOST_PROBLEMS])


async def _replace_problems_within(import_id: int, problems: Sequence[CellProblem]) -> None:
    # What was found is no record: it is found anew at each check.
    await ImportProblem.delete().where(ImportProblem.import_id == import_id)
    rows = [
        ImportProblem(
            import_id=import_id,
            position=position,
            worksheet=item.worksheet,
            cell=item.cell,
            column_title=item.column,
            reason=item.reason,
            value=item.value,
        )
        for position, item in enumerate(problems)
    ]
    for start in range(0, len(rows), CHUNK):
        await ImportProblem.insert(*rows[start : start + CHUNK])


async def _end(line: ImportLine, state: ImportState, problem: str) -> bool:
    """End an import that nobody ended meanwhile, and put its workbook away; tell whether."""
    async with write_transaction():
        ended = (
            await W.update(
                {
                    W.state: state.value,
                    W.problem: problem,
                    W.finished_at: now(),
                    W.version: line.version + 1,
                }
            )
            .where(W.id == line.id, W.version == line.version)
            .returning(W.id)
        )
        if ended:
            await drop_file_within(line.id)
        return bool(ended)


async def drop_file_within(import_id: int) -> None:
    """Forget an uploaded workbook."""
    await ImportFile.update({ImportFile.sealed: None}).where(ImportFile.import_id == import_id)


async def resume() -> None:
    """Take up the imports that the last process left, and forget what nobody decided in a week."""
    for import_id in await queries.undecided_before(now() - KEPT_FOR):
        await _end(await queries.one_import(import_id), ImportState.EXPIRED, "")
    for line in await queries.under_way():
        if line.state is ImportState.READING:
            await _begin_again(line)
        else:
            background.start(write, line.id, await _actor(line))


async def _begin_again(line: ImportLine) -> None:
    """Check anew a workbook that was being checked; its version counts the beginnings."""
    if line.version >= MOST_BEGINNINGS:
        locale.use(line.language)
        await _end(line, ImportState.REFUSED, locale.gettext(BROKEN))
        return
    await W.update({W.version: line.version + 1}).where(W.id == line.id, W.version == line.version)
    background.start(check, line.id)


async def _actor(line: ImportLine) -> Actor:
    """Return who confirmed, with the duties that are open now."""
    if line.account_id is None:
        return Actor(None, line.account_name, address=line.address)
    at = now()
    held = [item for item in await accounts.grants_of(line.account_id) if item.is_open(at)]
    return Actor(line.account_id, line.account_name, tuple(held), line.address)
