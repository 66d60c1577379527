from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import BigInt, Bytea, ForeignKey, Serial, Text, Timestamptz
from piccolo.table import Table


class Account(Table, tablename="account", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class MarkSheet(Table, tablename="mark_sheet", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


ID = "2026-11-27T05:34:08:605554"
VERSION = "1.38.0"
DESCRIPTION = "shared tablets, badges, fitness, photos and signatures"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    manager.add_table(class_name="SheetFile", tablename="sheet_file", columns=None)

    manager.add_table(class_name="TabletPairing", tablename="tablet_pairing", columns=None)

    manager.add_table(class_name="JudgeBadge", tablename="judge_badge", columns=None)

    manager.add_column(
        table_class_name="SheetFile",
        tablename="sheet_file",
        column_name="digest",
        db_column_name="digest",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="SheetFile",
        tablename="sheet_file",
        column_name="media_type",
        db_column_name="media_type",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SheetFile",
        tablename="sheet_file",
        column_name="content",
        db_column_name="content",
        column_class_name="Bytea",
        column_class=Bytea,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SheetFile",
        tablename="sheet_file",
        column_name="sheet",
        db_column_name="sheet",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": MarkSheet,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="SheetFile",
        tablename="sheet_file",
        column_name="device",
        db_column_name="device",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SheetFile",
        tablename="sheet_file",
        column_name="server_at",
        db_column_name="server_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="TabletPairing",
        tablename="tablet_pairing",
        column_name="digest",
        db_column_name="digest",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="TabletPairing",
        tablename="tablet_pairing",
        column_name="prefix",
        db_column_name="prefix",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="TabletPairing",
        tablename="tablet_pairing",
        column_name="most",
        db_column_name="most",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="TabletPairing",
        tablename="tablet_pairing",
        column_name="taken",
        db_column_name="taken",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="TabletPairing",
        tablename="tablet_pairing",
        column_name="made_by",
        db_column_name="made_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="TabletPairing",
        tablename="tablet_pairing",
        column_name="made_at",
        db_column_name="made_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="TabletPairing",
        tablename="tablet_pairing",
        column_name="expires_at",
        db_column_name="expires_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="JudgeBadge",
        tablename="judge_badge",
        column_name="account",
        db_column_name="account",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Account,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="JudgeBadge",
        tablename="judge_badge",
        column_name="digest",
        db_column_name="digest",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="JudgeBadge",
        tablename="judge_badge",
        column_name="made_by",
        db_column_name="made_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="JudgeBadge",
        tablename="judge_badge",
        column_name="made_at",
        db_column_name="made_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="JudgeBadge",
        tablename="judge_badge",
        column_name="ended_at",
        db_column_name="ended_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="MarkLedger",
        tablename="mark_ledger",
        column_name="settings",
        db_column_name="settings",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="battery",
        db_column_name="battery",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="fitness",
        db_column_name="fitness",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="fitness_at",
        db_column_name="fitness_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="returned_at",
        db_column_name="returned_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    return manager
