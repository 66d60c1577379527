from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Text

ID = "2026-11-27T18:55:58:196115"
VERSION = "1.38.0"
DESCRIPTION = "the log keeps its keys"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    manager.add_column(
        table_class_name="LogHead",
        tablename="certificate_log_head",
        column_name="vkeys",
        db_column_name="vkeys",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    return manager
