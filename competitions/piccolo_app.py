"""Every table of this room, in an order in which they can be created."""

from pathlib import Path

from piccolo.conf.apps import AppConfig
from piccolo.table import Table

TABLES: list[type[Table]] = []

APP_CONFIG = AppConfig(
    app_name="competitions",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=TABLES,
    migration_dependencies=["app.piccolo_app"],
)
