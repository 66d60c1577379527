"""Imports and what was wrong in their rows. A workbook lies here sealed until it is decided."""

from piccolo.columns import Serial
from piccolo.table import Table

from app.storage.columns import Blob, Flag, Instant, Text, Unique, Whole, belongs_to


class WorkbookImport(Table, tablename="workbook_import"):
    """One uploaded workbook: whose, of what kind, for what, and where it stands."""

    id: Serial
    kind = Text()  # of app.imports.registry
    scope = Text(index=True)  # as rules.actors.Scope writes itself
    title = Text()  # of the place where the rows go
    state = Text(index=True)  # app.imports.kinds.ImportState
    language = Text()  # in which the problems are worded
    file_name = Text()
    file_bytes = Whole()
    file_sha256 = Text()
    worksheet = Text()
    row_count = Whole()
    good_count = Whole()
    problem_count = Whole()
    new_count = Whole()
    changed_count = Whole()
    unchanged_count = Whole()
    ignored = Text()  # JSON list of the titles of columns that were passed over
    problem = Text()  # what stopped it, as a sentence; empty for nothing
    is_partial = Flag()  # only the good rows, by an explicit choice
    account_id = Whole(optional=True, index=True)
    account_name = Text()
    address = Text()
    uploaded_at = Instant()
    checked_at = Instant(optional=True)
    finished_at = Instant(optional=True)
    version = Whole()


class ImportFile(Table, tablename="import_file"):
    """The workbook itself: AES-256-GCM, 12 bytes of nonce before; None when it is decided."""

    id: Serial
    import_id = belongs_to(WorkbookImport, unique=True)
    sealed = Blob(optional=True)


class ImportProblem(Table, tablename="import_problem"):
    """One bad cell, with its value shortened or masked."""

    id: Serial
    import_id = belongs_to(WorkbookImport)
    position = Whole()
    worksheet = Text()
    cell = Text()
    column_title = Text()
    reason = Text()
    value = Text()

    one_a_position = Unique([import_id, position])


TABLES: list[type[Table]] = [WorkbookImport, ImportFile, ImportProblem]
