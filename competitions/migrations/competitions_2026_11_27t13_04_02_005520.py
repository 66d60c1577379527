from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Text

ID = "2026-11-27T13:04:02:005520"
VERSION = "1.38.0"
DESCRIPTION = "judges tell their county"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="competitions", description=DESCRIPTION)

    manager.add_column(
        table_class_name="Judge",
        tablename="judge",
        column_name="county_code",
        db_column_name="county_code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    return manager
