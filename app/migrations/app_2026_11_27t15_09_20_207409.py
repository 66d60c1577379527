from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import ForeignKey, Serial, Text
from piccolo.table import Table


class MarkSheet(Table, tablename="mark_sheet", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


ID = "2026-11-27T15:09:20:207409"
VERSION = "1.38.0"
DESCRIPTION = "what an amendment saw, whose an entry was"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    manager.add_column(
        table_class_name="RejectedEntry",
        tablename="rejected_entry",
        column_name="sheet",
        db_column_name="sheet",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": MarkSheet,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": True,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
        column_name="seen",
        db_column_name="seen",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    return manager
