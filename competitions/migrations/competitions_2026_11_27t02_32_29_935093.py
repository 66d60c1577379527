from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import Boolean, ForeignKey, Serial, Text, Timestamptz
from piccolo.table import Table


class Event(Table, tablename="event", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


ID = "2026-11-27T02:32:29:935093"
VERSION = "1.38.0"
DESCRIPTION = "comparisons of the two calculators"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="competitions", description=DESCRIPTION)

    manager.add_table(class_name="Comparison", tablename="comparison", columns=None)

    manager.add_column(
        table_class_name="Comparison",
        tablename="comparison",
        column_name="event",
        db_column_name="event",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Event,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Comparison",
        tablename="comparison",
        column_name="bundle_sha256",
        db_column_name="bundle_sha256",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Comparison",
        tablename="comparison",
        column_name="product_version",
        db_column_name="product_version",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Comparison",
        tablename="comparison",
        column_name="recount_version",
        db_column_name="recount_version",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Comparison",
        tablename="comparison",
        column_name="is_agreed",
        db_column_name="is_agreed",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Comparison",
        tablename="comparison",
        column_name="differences",
        db_column_name="differences",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Comparison",
        tablename="comparison",
        column_name="bundle",
        db_column_name="bundle",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Comparison",
        tablename="comparison",
        column_name="compared_by",
        db_column_name="compared_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Comparison",
        tablename="comparison",
        column_name="compared_at",
        db_column_name="compared_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    return manager
