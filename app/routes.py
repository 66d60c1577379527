"""Every address of the shared floor, in reading order."""

from litestar.types import ControllerRouterHandler

from app.accounts.desk import AccountsPages
from app.accounts.pages import InvitationPages, OwnAccountPages, SignInPages
from app.audit.pages import JournalPages
from app.certificates.batch_desk import BatchDesk
from app.certificates.desk import CertificateDesk
from app.certificates.files import LogFiles, TrustFiles, WitnessSurface
from app.certificates.holder_check import HolderCheck
from app.certificates.inquiry import VerifyPages
from app.certificates.key_desk import KeyPages
from app.certificates.list_pages import ListPages
from app.certificates.office import IssuerPages, NumberPages
from app.certificates.pages import CertificatePages
from app.certificates.programs import Programs
from app.certificates.verify_app import VerifyApp
from app.certificates.wallet_files import WalletFiles
from app.holidays.pages import HolidayPages
from app.imports.pages import ImportKindPages, ImportPages
from app.people.organization_desk import OrganizationPages
from app.people.pages import PeoplePages
from app.people.photo_desk import PersonPhotoDesk, PhotosDesk
from app.people.region_desk import RegionPages
from app.sheets.badge_desk import BadgePages
from app.sheets.desk import LedgerPages
from app.sheets.doors import TabletDoors
from app.sheets.file_doors import TabletFiles
from app.sheets.pages import TabletPages
from app.sheets.settings_desk import LedgerSettingsPages
from app.sheets.sheet_desk import SheetPages
from app.sheets.tablet import TabletSurface
from app.sheets.tablets import TabletsPages
from app.web.health import healthz, metrics, readyz

HANDLERS: list[ControllerRouterHandler] = [
    healthz,
    readyz,
    metrics,
    SignInPages,
    InvitationPages,
    OwnAccountPages,
    AccountsPages,
    JournalPages,
    PeoplePages,
    PersonPhotoDesk,
    PhotosDesk,
    OrganizationPages,
    RegionPages,
    HolidayPages,
    CertificatePages,
    HolderCheck,
    VerifyPages,
    VerifyApp,
    ListPages,
    Programs,
    LogFiles,
    TrustFiles,
    WitnessSurface,
    WalletFiles,
    CertificateDesk,
    BatchDesk,
    IssuerPages,
    NumberPages,
    KeyPages,
    TabletPages,
    LedgerPages,
    SheetPages,
    LedgerSettingsPages,
    TabletsPages,
    BadgePages,
    TabletSurface,
    TabletDoors,
    TabletFiles,
    ImportKindPages,
    ImportPages,
]
