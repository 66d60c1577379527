"""Hand out the registers as spreadsheets; whoever takes personal data out is recorded."""

from datetime import datetime

from anyio import to_thread

from app.audit import actions as audit
from app.audit.acts import Act
from app.documents import workbooks as documents
from app.people import vault
from app.rules.actors import Actor, Duty, require
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import competition_subject
from competitions.planning.queries import RUNNERS
from competitions.registration import queries, standing, workbooks


async def entries_workbook(competition_id: int, *, by: Actor, at: datetime) -> bytes:
    """Return all entries with full document numbers and phones, in the layout of the import.

    Who was refused or withdrew is no part of it, so that it comes back unchanged.
    """
    line = await planning.competition(competition_id)
    require(by, RUNNERS, *line.scopes)
    rows = await standing.full(competition_id)
    await _record("entries", competition_id, len(rows), by=by, at=at)
    return await to_thread.run_sync(
        lambda: documents.export(
            workbooks.ENTRIES_EXPORT, (workbooks.entry_cells(row) for row in rows)
        )
    )


async def delegations_workbook(competition_id: int, *, by: Actor, at: datetime) -> bytes:
    """Return all delegations with their phones, in the layout of the import."""
    line = await planning.competition(competition_id)
    require(by, RUNNERS, *line.scopes)
    rows = await queries.delegations(competition_id)
    sealed = await standing.sealed_phones(competition_id)
    await _record("delegations", competition_id, len(rows), by=by, at=at)
    cells = [workbooks.delegation_cells(row, _opened(*sealed[row.id])) for row in rows]
    return await to_thread.run_sync(lambda: documents.export(workbooks.DELEGATIONS, cells))


async def judges_workbook(competition_id: int, *, by: Actor, at: datetime) -> bytes:
    """Return the register of judges, in the layout of the import."""
    line = await planning.competition(competition_id)
    require(by, Duty.ORGANIZER, *line.scopes)
    rows = await queries.judges(competition_id)
    await _record("judges", competition_id, len(rows), by=by, at=at)
    cells = [workbooks.judge_cells(row) for row in rows]
    return await to_thread.run_sync(lambda: documents.export(workbooks.JUDGES, cells))


def _opened(leader: bytes | None, contact: bytes | None) -> tuple[str, str]:
    return (vault.unseal(leader) if leader else "", vault.unseal(contact) if contact else "")


async def _record(what: str, competition_id: int, rows: int, *, by: Actor, at: datetime) -> None:
    async with write_transaction():
        await audit.record(
            act=Act.ENTRIES_EXPORTED,
            subject=competition_subject(competition_id),
            by=by,
            at=at,
            after={"what": what, "rows": rows},
        )
