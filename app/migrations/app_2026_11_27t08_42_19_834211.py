from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import BigInt

ID = "2026-11-27T08:42:19:834211"
VERSION = "1.38.0"
DESCRIPTION = "notes of sheets"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="noted",
        db_column_name="noted",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    return manager
