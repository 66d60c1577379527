from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import BigInt, Text, Timestamptz

ID = "2026-11-27T05:27:34:422426"
VERSION = "1.38.0"
DESCRIPTION = "a second person for changes of keys"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    manager.add_table(class_name="KeyProposal", tablename="certificate_key_proposal", columns=None)

    manager.add_column(
        table_class_name="KeyProposal",
        tablename="certificate_key_proposal",
        column_name="act",
        db_column_name="act",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="KeyProposal",
        tablename="certificate_key_proposal",
        column_name="kid",
        db_column_name="kid",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="KeyProposal",
        tablename="certificate_key_proposal",
        column_name="from_index",
        db_column_name="from_index",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="KeyProposal",
        tablename="certificate_key_proposal",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="KeyProposal",
        tablename="certificate_key_proposal",
        column_name="state",
        db_column_name="state",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="KeyProposal",
        tablename="certificate_key_proposal",
        column_name="proposed_by",
        db_column_name="proposed_by",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="KeyProposal",
        tablename="certificate_key_proposal",
        column_name="proposed_name",
        db_column_name="proposed_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="KeyProposal",
        tablename="certificate_key_proposal",
        column_name="proposed_at",
        db_column_name="proposed_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="KeyProposal",
        tablename="certificate_key_proposal",
        column_name="decided_by",
        db_column_name="decided_by",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="KeyProposal",
        tablename="certificate_key_proposal",
        column_name="decided_name",
        db_column_name="decided_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="KeyProposal",
        tablename="certificate_key_proposal",
        column_name="decided_at",
        db_column_name="decided_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    return manager
