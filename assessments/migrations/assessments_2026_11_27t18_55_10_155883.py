from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import BigInt, Text

ID = "2026-11-27T18:55:10:155883"
VERSION = "1.38.0"
DESCRIPTION = "working days of a notice, and years of which no holidays were known"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="assessments", description=DESCRIPTION)

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="notice_days",
        db_column_name="notice_days",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="notice_missing_years",
        db_column_name="notice_missing_years",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    return manager
