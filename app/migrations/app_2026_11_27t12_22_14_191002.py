from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Text

ID = "2026-11-27T12:22:14:191002"
VERSION = "1.38.0"
DESCRIPTION = "fingerprint of the secret key"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    manager.add_table(class_name="VaultKey", tablename="vault_key", columns=None)

    manager.add_column(
        table_class_name="VaultKey",
        tablename="vault_key",
        column_name="fingerprint",
        db_column_name="fingerprint",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    return manager
