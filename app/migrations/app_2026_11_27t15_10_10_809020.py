from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import BigInt, Text, Timestamptz

ID = "2026-11-27T15:10:10:809020"
VERSION = "1.38.0"
DESCRIPTION = "published results are published anew"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    manager.add_table(
        class_name="AmendedPublication", tablename="amended_publication", columns=None
    )

    manager.add_column(
        table_class_name="AmendedPublication",
        tablename="amended_publication",
        column_name="ledger",
        db_column_name="ledger",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="AmendedPublication",
        tablename="amended_publication",
        column_name="number",
        db_column_name="number",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AmendedPublication",
        tablename="amended_publication",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AmendedPublication",
        tablename="amended_publication",
        column_name="proposed_by_id",
        db_column_name="proposed_by_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="AmendedPublication",
        tablename="amended_publication",
        column_name="proposed_by",
        db_column_name="proposed_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AmendedPublication",
        tablename="amended_publication",
        column_name="proposed_at",
        db_column_name="proposed_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AmendedPublication",
        tablename="amended_publication",
        column_name="confirmed_by_id",
        db_column_name="confirmed_by_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="AmendedPublication",
        tablename="amended_publication",
        column_name="confirmed_by",
        db_column_name="confirmed_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="AmendedPublication",
        tablename="amended_publication",
        column_name="confirmed_at",
        db_column_name="confirmed_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    return manager
