from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Timestamptz

ID = "2026-11-27T15:55:57:536825"
VERSION = "1.38.0"
DESCRIPTION = "a grading says since when the public reads it"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="assessments", description=DESCRIPTION)

    manager.add_column(
        table_class_name="SittingGrading",
        tablename="sitting_grading",
        column_name="published_at",
        db_column_name="published_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    return manager
