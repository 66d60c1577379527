from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import ForeignKey
from piccolo.constraints import Unique

ID = "2026-11-27T03:14:24:148186"
VERSION = "1.38.0"
DESCRIPTION = "marks of a cell are found by the cell"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    manager.alter_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="ledger",
        db_column_name="ledger",
        params={"index": False},
        old_params={"index": True},
        column_class=ForeignKey,
        old_column_class=ForeignKey,
    )

    manager.alter_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="sheet",
        db_column_name="sheet",
        params={"index": False},
        old_params={"index": True},
        column_class=ForeignKey,
        old_column_class=ForeignKey,
    )

    manager.alter_column(
        table_class_name="MarkHead",
        tablename="mark_head",
        column_name="sheet",
        db_column_name="sheet",
        params={"index": False},
        old_params={"index": True},
        column_class=ForeignKey,
        old_column_class=ForeignKey,
    )

    manager.add_constraint(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        constraint_name="ledger_record_cell_unique",
        constraint_class=Unique,
        params={"columns": ["sheet", "aspect", "record_id"], "nulls_distinct": True},
    )

    return manager
