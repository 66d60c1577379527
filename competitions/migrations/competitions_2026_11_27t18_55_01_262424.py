from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import BigInt, Text

ID = "2026-11-27T18:55:01:262424"
VERSION = "1.38.0"
DESCRIPTION = "working days of a notice, and years of which no holidays were known"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="competitions", description=DESCRIPTION)

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="notice_days",
        db_column_name="notice_days",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="ResultVersion",
        tablename="result_version",
        column_name="notice_missing_years",
        db_column_name="notice_missing_years",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    return manager
