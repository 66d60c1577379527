"""Read imports."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from app.documents.layouts import CellProblem
from app.errors import NotFound
from app.imports import shelf
from app.imports.kinds import OVER, UNDER_WAY, ImportState
from app.imports.tables import ImportFile, ImportProblem, WorkbookImport
from app.rules.actors import Scope


class ImportLine(msgspec.Struct, frozen=True):
    """An import and where it stands."""

    id: int
    kind: str
    scope: Scope
    title: str
    state: ImportState
    language: str
    file_name: str
    file_sha256: str
    worksheet: str
    row_count: int
    good_count: int
    problem_count: int
    new_count: int
    changed_count: int
    unchanged_count: int
    ignored: list[str]
    problem: str
    is_partial: bool
    account_id: int | None
    account_name: str
    address: str
    uploaded_at: datetime
    checked_at: datetime | None
    finished_at: datetime | None
    version: int

    @property
    def wrong_count(self) -> int:
        """How many rows have a problem."""
        return self.row_count - self.good_count

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_over(self) -> bool:
        return self.state in OVER


async def one_import(import_id: int) -> ImportLine:
    """Return one import; raise `NotFound`."""
    row = await WorkbookImport.select().where(WorkbookImport.id == import_id).first()
    if row is None:
        raise NotFound
    return _line(row)


async def imports_of(kind: str, scope: Scope, limit: int = 10) -> list[ImportLine]:
    """Return the latest imports of a kind into a scope, the latest first."""
    rows = (
        await WorkbookImport.select()
        .where(WorkbookImport.kind == kind, WorkbookImport.scope == str(scope))
        .order_by(WorkbookImport.id, ascending=False)
        .limit(limit)
    )
    return [_line(row) for row in rows]


async def under_way() -> list[ImportLine]:
    """Return the imports that a process was at work on."""
    rows = await WorkbookImport.select().where(
        WorkbookImport.state.is_in([state.value for state in UNDER_WAY])
    )
    return [_line(row) for row in rows]


async def undecided_before(at: datetime) -> list[int]:
    """Return the ids of imports that have waited for a decision since before an instant."""
    rows = await WorkbookImport.select(WorkbookImport.id).where(
        WorkbookImport.state == ImportState.CHECKED.value, WorkbookImport.uploaded_at < at
    )
    return [row["id"] for row in rows]


async def problems_of(import_id: int, first: int, limit: int) -> list[CellProblem]:
    """Return some of the problems of an import, in reading order."""
    rows = (
        await ImportProblem.select()
        .where(ImportProblem.import_id == import_id, ImportProblem.position >= first)
        .order_by(ImportProblem.position)
        .limit(limit)
    )
    return [
        CellProblem(row["worksheet"], row["cell"], row["column_title"], row["reason"], row["value"])
        for row in rows
    ]


async def file_of(import_id: int) -> bytes:
    """Return the workbook as it was uploaded; raise `NotFound` where it is no longer kept."""
    row = (
        await ImportFile.select(ImportFile.sealed).where(ImportFile.import_id == import_id).first()
    )
    if row is None or row["sealed"] is None:
        raise NotFound
    return shelf.unseal(bytes(row["sealed"]))


def _line(row: Mapping[str, Any]) -> ImportLine:
    facts = dict(row) | {"ignored": json.loads(row["ignored"]), "scope": Scope.parse(row["scope"])}
    facts["state"] = ImportState(row["state"])
    return ImportLine(**{name: facts[name] for name in ImportLine.__struct_fields__})
