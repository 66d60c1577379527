from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import BigInt, Boolean, Text, Timestamptz

ID = "2026-11-27T05:25:20:158977"
VERSION = "1.38.0"
DESCRIPTION = "a tie may be decided with names known"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="competitions", description=DESCRIPTION)

    manager.add_column(
        table_class_name="TieDecision",
        tablename="tie_decision",
        column_name="decided_by_id",
        db_column_name="decided_by_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="TieDecision",
        tablename="tie_decision",
        column_name="needs_second",
        db_column_name="needs_second",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="TieDecision",
        tablename="tie_decision",
        column_name="second_at",
        db_column_name="second_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="TieDecision",
        tablename="tie_decision",
        column_name="second_by",
        db_column_name="second_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    return manager
