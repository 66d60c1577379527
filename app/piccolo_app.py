"""Every table of this room, in an order in which they can be created."""

from pathlib import Path

from piccolo.conf.apps import AppConfig
from piccolo.table import Table

from app.accounts.tables import Account, DutyGrant, Invitation, SignInSession
from app.audit.tables import AuditRecord, JournalHead
from app.certificates.tables import TABLES as CERTIFICATES
from app.holidays.tables import Holiday
from app.imports.tables import TABLES as IMPORTS
from app.people.tables import Organization, Person, PersonPhoto, Region, RegionListing, VaultKey
from app.sheets.tables import TABLES as SHEETS

TABLES: list[type[Table]] = [
    AuditRecord,
    JournalHead,
    Region,
    RegionListing,
    Organization,
    Person,
    PersonPhoto,
    VaultKey,
    Account,
    DutyGrant,
    SignInSession,
    Invitation,
    *CERTIFICATES,
    *SHEETS,
    *IMPORTS,
    Holiday,
]

APP_CONFIG = AppConfig(
    app_name="app",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=TABLES,
    migration_dependencies=[],
)
