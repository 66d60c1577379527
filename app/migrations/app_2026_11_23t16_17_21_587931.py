from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import (
    BigInt,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Serial,
    Text,
    Timestamptz,
)
from piccolo.constraints import Unique
from piccolo.table import Table


class Account(Table, tablename="account", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Certificate(Table, tablename="certificate", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class CertificateBatch(Table, tablename="certificate_batch", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class CertificateIssuer(Table, tablename="issuer", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class MarkLedger(Table, tablename="mark_ledger", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class MarkSheet(Table, tablename="mark_sheet", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Organization(Table, tablename="organization", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Person(Table, tablename="person", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class SheetDefinition(Table, tablename="sheet_definition", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class WorkbookImport(Table, tablename="workbook_import", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


ID = "2026-11-23T16:17:21:587931"
VERSION = "1.38.0"
DESCRIPTION = "the tables as the house opens"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="app", description=DESCRIPTION)

    manager.add_table(class_name="MarkHead", tablename="mark_head", columns=None)

    manager.add_table(
        class_name="LogCheckpoint", tablename="certificate_log_checkpoint", columns=None
    )

    manager.add_table(
        class_name="LogCosignature", tablename="certificate_log_cosignature", columns=None
    )

    manager.add_table(class_name="MarkSheet", tablename="mark_sheet", columns=None)

    manager.add_table(class_name="Account", tablename="account", columns=None)

    manager.add_table(class_name="CertificateIssuer", tablename="issuer", columns=None)

    manager.add_table(class_name="Organization", tablename="organization", columns=None)

    manager.add_table(class_name="IssuingKey", tablename="certificate_issuing_key", columns=None)

    manager.add_table(class_name="LedgerRecord", tablename="ledger_record", columns=None)

    manager.add_table(class_name="LogHead", tablename="certificate_log_head", columns=None)

    manager.add_table(class_name="Invitation", tablename="invitation", columns=None)

    manager.add_table(class_name="HeldMark", tablename="held_mark", columns=None)

    manager.add_table(
        class_name="NumberTemplate", tablename="certificate_number_template", columns=None
    )

    manager.add_table(class_name="LogTile", tablename="certificate_log_tile", columns=None)

    manager.add_table(class_name="RegionListing", tablename="region_listing", columns=None)

    manager.add_table(class_name="ImportFile", tablename="import_file", columns=None)

    manager.add_table(
        class_name="NumberCounter", tablename="certificate_number_counter", columns=None
    )

    manager.add_table(class_name="MarkLedger", tablename="mark_ledger", columns=None)

    manager.add_table(class_name="SheetDefinition", tablename="sheet_definition", columns=None)

    manager.add_table(class_name="LogLeaf", tablename="certificate_log_leaf", columns=None)

    manager.add_table(class_name="Region", tablename="region", columns=None)

    manager.add_table(class_name="Tablet", tablename="tablet", columns=None)

    manager.add_table(class_name="AuditRecord", tablename="audit_record", columns=None)

    manager.add_table(class_name="DutyGrant", tablename="duty_grant", columns=None)

    manager.add_table(class_name="ImportProblem", tablename="import_problem", columns=None)

    manager.add_table(class_name="Person", tablename="person", columns=None)

    manager.add_table(class_name="WorkbookImport", tablename="workbook_import", columns=None)

    manager.add_table(class_name="RejectedEntry", tablename="rejected_entry", columns=None)

    manager.add_table(class_name="Amendment", tablename="amendment", columns=None)

    manager.add_table(class_name="Certificate", tablename="certificate", columns=None)

    manager.add_table(class_name="JournalHead", tablename="journal_head", columns=None)

    manager.add_table(class_name="SignInSession", tablename="sign_in_session", columns=None)

    manager.add_table(class_name="CertificateBatch", tablename="certificate_batch", columns=None)

    manager.add_table(class_name="CertificateTask", tablename="certificate_task", columns=None)

    manager.add_table(class_name="CertificatePhoto", tablename="certificate_photo", columns=None)

    manager.add_column(
        table_class_name="MarkHead",
        tablename="mark_head",
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
        table_class_name="MarkHead",
        tablename="mark_head",
        column_name="aspect",
        db_column_name="aspect",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkHead",
        tablename="mark_head",
        column_name="record_id",
        db_column_name="record_id",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="MarkHead",
        tablename="mark_head",
        column_name="state",
        db_column_name="state",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkHead",
        tablename="mark_head",
        column_name="value_e4",
        db_column_name="value_e4",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="MarkHead",
        tablename="mark_head",
        column_name="by_name",
        db_column_name="by_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkHead",
        tablename="mark_head",
        column_name="device",
        db_column_name="device",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkHead",
        tablename="mark_head",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogCheckpoint",
        tablename="certificate_log_checkpoint",
        column_name="size",
        db_column_name="size",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="LogCheckpoint",
        tablename="certificate_log_checkpoint",
        column_name="root",
        db_column_name="root",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogCheckpoint",
        tablename="certificate_log_checkpoint",
        column_name="note",
        db_column_name="note",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogCheckpoint",
        tablename="certificate_log_checkpoint",
        column_name="at",
        db_column_name="at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogCosignature",
        tablename="certificate_log_cosignature",
        column_name="size",
        db_column_name="size",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="LogCosignature",
        tablename="certificate_log_cosignature",
        column_name="witness",
        db_column_name="witness",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogCosignature",
        tablename="certificate_log_cosignature",
        column_name="line",
        db_column_name="line",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogCosignature",
        tablename="certificate_log_cosignature",
        column_name="at",
        db_column_name="at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="key",
        db_column_name="key",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="ledger",
        db_column_name="ledger",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": MarkLedger,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="form",
        db_column_name="form",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": SheetDefinition,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="subject_code",
        db_column_name="subject_code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="station",
        db_column_name="station",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="seat",
        db_column_name="seat",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="account",
        db_column_name="account",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Account,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": True,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="status",
        db_column_name="status",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="returned_reason",
        db_column_name="returned_reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="submitted_at",
        db_column_name="submitted_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="signed_at",
        db_column_name="signed_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="signed_by",
        db_column_name="signed_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        column_name="signed_root",
        db_column_name="signed_root",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Account",
        tablename="account",
        column_name="sign_in_name",
        db_column_name="sign_in_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="Account",
        tablename="account",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Account",
        tablename="account",
        column_name="person",
        db_column_name="person",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Person,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": True,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Account",
        tablename="account",
        column_name="password_hash",
        db_column_name="password_hash",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Account",
        tablename="account",
        column_name="is_closed",
        db_column_name="is_closed",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Account",
        tablename="account",
        column_name="failures",
        db_column_name="failures",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Account",
        tablename="account",
        column_name="locked_until_at",
        db_column_name="locked_until_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Account",
        tablename="account",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Account",
        tablename="account",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateIssuer",
        tablename="issuer",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="CertificateIssuer",
        tablename="issuer",
        column_name="region_code",
        db_column_name="region_code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateIssuer",
        tablename="issuer",
        column_name="body_code",
        db_column_name="body_code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateIssuer",
        tablename="issuer",
        column_name="authorized_words",
        db_column_name="authorized_words",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateIssuer",
        tablename="issuer",
        column_name="authority",
        db_column_name="authority",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateIssuer",
        tablename="issuer",
        column_name="is_closed",
        db_column_name="is_closed",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateIssuer",
        tablename="issuer",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateIssuer",
        tablename="issuer",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Organization",
        tablename="organization",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="Organization",
        tablename="organization",
        column_name="kind",
        db_column_name="kind",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Organization",
        tablename="organization",
        column_name="credit_code",
        db_column_name="credit_code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Organization",
        tablename="organization",
        column_name="region_code",
        db_column_name="region_code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True, "index": True},
    )

    manager.add_column(
        table_class_name="Organization",
        tablename="organization",
        column_name="contact",
        db_column_name="contact",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Organization",
        tablename="organization",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Organization",
        tablename="organization",
        column_name="is_closed",
        db_column_name="is_closed",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Organization",
        tablename="organization",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="IssuingKey",
        tablename="certificate_issuing_key",
        column_name="kid",
        db_column_name="kid",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="IssuingKey",
        tablename="certificate_issuing_key",
        column_name="public_key",
        db_column_name="public_key",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="IssuingKey",
        tablename="certificate_issuing_key",
        column_name="first_index",
        db_column_name="first_index",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="IssuingKey",
        tablename="certificate_issuing_key",
        column_name="last_index",
        db_column_name="last_index",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="IssuingKey",
        tablename="certificate_issuing_key",
        column_name="status",
        db_column_name="status",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="IssuingKey",
        tablename="certificate_issuing_key",
        column_name="added_at",
        db_column_name="added_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="ledger",
        db_column_name="ledger",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": MarkLedger,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="seq",
        db_column_name="seq",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="hash",
        db_column_name="hash",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="kind",
        db_column_name="kind",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="outcome",
        db_column_name="outcome",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="why",
        db_column_name="why",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="record_id",
        db_column_name="record_id",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="sheet",
        db_column_name="sheet",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": MarkSheet,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": True,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="aspect",
        db_column_name="aspect",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="state",
        db_column_name="state",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="value_e4",
        db_column_name="value_e4",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="parents",
        db_column_name="parents",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="account_id",
        db_column_name="account_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="account_name",
        db_column_name="account_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="second_id",
        db_column_name="second_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="second_name",
        db_column_name="second_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="device",
        db_column_name="device",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="device_seq",
        db_column_name="device_seq",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="device_at",
        db_column_name="device_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="server_at",
        db_column_name="server_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="scheme",
        db_column_name="scheme",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        column_name="digest",
        db_column_name="digest",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogHead",
        tablename="certificate_log_head",
        column_name="host",
        db_column_name="host",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogHead",
        tablename="certificate_log_head",
        column_name="size",
        db_column_name="size",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogHead",
        tablename="certificate_log_head",
        column_name="edges",
        db_column_name="edges",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogHead",
        tablename="certificate_log_head",
        column_name="serial",
        db_column_name="serial",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogHead",
        tablename="certificate_log_head",
        column_name="changes",
        db_column_name="changes",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Invitation",
        tablename="invitation",
        column_name="digest",
        db_column_name="digest",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="Invitation",
        tablename="invitation",
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
        table_class_name="Invitation",
        tablename="invitation",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Invitation",
        tablename="invitation",
        column_name="expires_at",
        db_column_name="expires_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Invitation",
        tablename="invitation",
        column_name="taken_at",
        db_column_name="taken_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="HeldMark",
        tablename="held_mark",
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
        table_class_name="HeldMark",
        tablename="held_mark",
        column_name="aspect",
        db_column_name="aspect",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="HeldMark",
        tablename="held_mark",
        column_name="record_id",
        db_column_name="record_id",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="HeldMark",
        tablename="held_mark",
        column_name="settled_by",
        db_column_name="settled_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="NumberTemplate",
        tablename="certificate_number_template",
        column_name="kind",
        db_column_name="kind",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="NumberTemplate",
        tablename="certificate_number_template",
        column_name="issuer",
        db_column_name="issuer",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": CertificateIssuer,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": True,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="NumberTemplate",
        tablename="certificate_number_template",
        column_name="effective_on",
        db_column_name="effective_on",
        column_class_name="Date",
        column_class=Date,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="NumberTemplate",
        tablename="certificate_number_template",
        column_name="pattern",
        db_column_name="pattern",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="NumberTemplate",
        tablename="certificate_number_template",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogTile",
        tablename="certificate_log_tile",
        column_name="level",
        db_column_name="level",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogTile",
        tablename="certificate_log_tile",
        column_name="number",
        db_column_name="number",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogTile",
        tablename="certificate_log_tile",
        column_name="hashes",
        db_column_name="hashes",
        column_class_name="Bytea",
        column_class=Bytea,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="RegionListing",
        tablename="region_listing",
        column_name="list_name",
        db_column_name="list_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="RegionListing",
        tablename="region_listing",
        column_name="code",
        db_column_name="code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="RegionListing",
        tablename="region_listing",
        column_name="valid_from",
        db_column_name="valid_from",
        column_class_name="Date",
        column_class=Date,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="RegionListing",
        tablename="region_listing",
        column_name="valid_to",
        db_column_name="valid_to",
        column_class_name="Date",
        column_class=Date,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="RegionListing",
        tablename="region_listing",
        column_name="provenance",
        db_column_name="provenance",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ImportFile",
        tablename="import_file",
        column_name="import_id",
        db_column_name="import_id",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": WorkbookImport,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "unique": True,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="ImportFile",
        tablename="import_file",
        column_name="sealed",
        db_column_name="sealed",
        column_class_name="Bytea",
        column_class=Bytea,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="NumberCounter",
        tablename="certificate_number_counter",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="NumberCounter",
        tablename="certificate_number_counter",
        column_name="last",
        db_column_name="last",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkLedger",
        tablename="mark_ledger",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="MarkLedger",
        tablename="mark_ledger",
        column_name="title",
        db_column_name="title",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkLedger",
        tablename="mark_ledger",
        column_name="subject_word",
        db_column_name="subject_word",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkLedger",
        tablename="mark_ledger",
        column_name="scopes",
        db_column_name="scopes",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkLedger",
        tablename="mark_ledger",
        column_name="lead_ids",
        db_column_name="lead_ids",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkLedger",
        tablename="mark_ledger",
        column_name="seq",
        db_column_name="seq",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkLedger",
        tablename="mark_ledger",
        column_name="root",
        db_column_name="root",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkLedger",
        tablename="mark_ledger",
        column_name="opened_at",
        db_column_name="opened_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkLedger",
        tablename="mark_ledger",
        column_name="locked_at",
        db_column_name="locked_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="MarkLedger",
        tablename="mark_ledger",
        column_name="locked_by",
        db_column_name="locked_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="SheetDefinition",
        tablename="sheet_definition",
        column_name="digest",
        db_column_name="digest",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="SheetDefinition",
        tablename="sheet_definition",
        column_name="title",
        db_column_name="title",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SheetDefinition",
        tablename="sheet_definition",
        column_name="scheme_sha256",
        db_column_name="scheme_sha256",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SheetDefinition",
        tablename="sheet_definition",
        column_name="aspect_count",
        db_column_name="aspect_count",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SheetDefinition",
        tablename="sheet_definition",
        column_name="definition",
        db_column_name="definition",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogLeaf",
        tablename="certificate_log_leaf",
        column_name="number",
        db_column_name="number",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="LogLeaf",
        tablename="certificate_log_leaf",
        column_name="event",
        db_column_name="event",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="LogLeaf",
        tablename="certificate_log_leaf",
        column_name="commit",
        db_column_name="commit",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="LogLeaf",
        tablename="certificate_log_leaf",
        column_name="at",
        db_column_name="at",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Region",
        tablename="region",
        column_name="code",
        db_column_name="code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Region",
        tablename="region",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Region",
        tablename="region",
        column_name="level",
        db_column_name="level",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Region",
        tablename="region",
        column_name="parent",
        db_column_name="parent",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True, "index": True},
    )

    manager.add_column(
        table_class_name="Region",
        tablename="region",
        column_name="valid_from",
        db_column_name="valid_from",
        column_class_name="Date",
        column_class=Date,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Region",
        tablename="region",
        column_name="valid_to",
        db_column_name="valid_to",
        column_class_name="Date",
        column_class=Date,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Region",
        tablename="region",
        column_name="source",
        db_column_name="source",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="key",
        db_column_name="key",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="token_digest",
        db_column_name="token_digest",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="label",
        db_column_name="label",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="browser",
        db_column_name="browser",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="build",
        db_column_name="build",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="account",
        db_column_name="account",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Account,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": True,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="paired_at",
        db_column_name="paired_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="seen_at",
        db_column_name="seen_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="pending",
        db_column_name="pending",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="last_seq",
        db_column_name="last_seq",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="clock_error_ms",
        db_column_name="clock_error_ms",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Tablet",
        tablename="tablet",
        column_name="revoked_at",
        db_column_name="revoked_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="AuditRecord",
        tablename="audit_record",
        column_name="number",
        db_column_name="number",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="AuditRecord",
        tablename="audit_record",
        column_name="act",
        db_column_name="act",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="AuditRecord",
        tablename="audit_record",
        column_name="subject",
        db_column_name="subject",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="AuditRecord",
        tablename="audit_record",
        column_name="account_id",
        db_column_name="account_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="AuditRecord",
        tablename="audit_record",
        column_name="account_name",
        db_column_name="account_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AuditRecord",
        tablename="audit_record",
        column_name="address",
        db_column_name="address",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AuditRecord",
        tablename="audit_record",
        column_name="at",
        db_column_name="at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="AuditRecord",
        tablename="audit_record",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AuditRecord",
        tablename="audit_record",
        column_name="before",
        db_column_name="before",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AuditRecord",
        tablename="audit_record",
        column_name="after",
        db_column_name="after",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AuditRecord",
        tablename="audit_record",
        column_name="hash",
        db_column_name="hash",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="DutyGrant",
        tablename="duty_grant",
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
        table_class_name="DutyGrant",
        tablename="duty_grant",
        column_name="duty",
        db_column_name="duty",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="DutyGrant",
        tablename="duty_grant",
        column_name="scope",
        db_column_name="scope",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="DutyGrant",
        tablename="duty_grant",
        column_name="opens_at",
        db_column_name="opens_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="DutyGrant",
        tablename="duty_grant",
        column_name="closes_at",
        db_column_name="closes_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="DutyGrant",
        tablename="duty_grant",
        column_name="granted_by",
        db_column_name="granted_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="DutyGrant",
        tablename="duty_grant",
        column_name="granted_at",
        db_column_name="granted_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ImportProblem",
        tablename="import_problem",
        column_name="import_id",
        db_column_name="import_id",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": WorkbookImport,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="ImportProblem",
        tablename="import_problem",
        column_name="position",
        db_column_name="position",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ImportProblem",
        tablename="import_problem",
        column_name="worksheet",
        db_column_name="worksheet",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ImportProblem",
        tablename="import_problem",
        column_name="cell",
        db_column_name="cell",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ImportProblem",
        tablename="import_problem",
        column_name="column_title",
        db_column_name="column_title",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ImportProblem",
        tablename="import_problem",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ImportProblem",
        tablename="import_problem",
        column_name="value",
        db_column_name="value",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="name_key",
        db_column_name="name_key",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="id_kind",
        db_column_name="id_kind",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="id_digest",
        db_column_name="id_digest",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="id_sealed",
        db_column_name="id_sealed",
        column_class_name="Bytea",
        column_class=Bytea,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="id_masked",
        db_column_name="id_masked",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="birth_on",
        db_column_name="birth_on",
        column_class_name="Date",
        column_class=Date,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="sex",
        db_column_name="sex",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="ethnic_group",
        db_column_name="ethnic_group",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="education",
        db_column_name="education",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="region_code",
        db_column_name="region_code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True, "index": True},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="phone_sealed",
        db_column_name="phone_sealed",
        column_class_name="Bytea",
        column_class=Bytea,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="phone_masked",
        db_column_name="phone_masked",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="employer",
        db_column_name="employer",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Organization,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": True,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Person",
        tablename="person",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="kind",
        db_column_name="kind",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="scope",
        db_column_name="scope",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="title",
        db_column_name="title",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="state",
        db_column_name="state",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="language",
        db_column_name="language",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="file_name",
        db_column_name="file_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="file_bytes",
        db_column_name="file_bytes",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="file_sha256",
        db_column_name="file_sha256",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="worksheet",
        db_column_name="worksheet",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="row_count",
        db_column_name="row_count",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="good_count",
        db_column_name="good_count",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="problem_count",
        db_column_name="problem_count",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="new_count",
        db_column_name="new_count",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="changed_count",
        db_column_name="changed_count",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="unchanged_count",
        db_column_name="unchanged_count",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="ignored",
        db_column_name="ignored",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="problem",
        db_column_name="problem",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="is_partial",
        db_column_name="is_partial",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="account_id",
        db_column_name="account_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True, "index": True},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="account_name",
        db_column_name="account_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="address",
        db_column_name="address",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="uploaded_at",
        db_column_name="uploaded_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="checked_at",
        db_column_name="checked_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="finished_at",
        db_column_name="finished_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="WorkbookImport",
        tablename="workbook_import",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="RejectedEntry",
        tablename="rejected_entry",
        column_name="digest",
        db_column_name="digest",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="RejectedEntry",
        tablename="rejected_entry",
        column_name="device",
        db_column_name="device",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="RejectedEntry",
        tablename="rejected_entry",
        column_name="device_seq",
        db_column_name="device_seq",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="RejectedEntry",
        tablename="rejected_entry",
        column_name="code",
        db_column_name="code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="RejectedEntry",
        tablename="rejected_entry",
        column_name="sent",
        db_column_name="sent",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="RejectedEntry",
        tablename="rejected_entry",
        column_name="server_at",
        db_column_name="server_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
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
        table_class_name="Amendment",
        tablename="amendment",
        column_name="aspect",
        db_column_name="aspect",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
        column_name="state",
        db_column_name="state",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
        column_name="value_e4",
        db_column_name="value_e4",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
        column_name="proposed_by_id",
        db_column_name="proposed_by_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
        column_name="proposed_by",
        db_column_name="proposed_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
        column_name="proposed_at",
        db_column_name="proposed_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
        column_name="decided_by_id",
        db_column_name="decided_by_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
        column_name="decided_by",
        db_column_name="decided_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
        column_name="decided_at",
        db_column_name="decided_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
        column_name="outcome",
        db_column_name="outcome",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
        column_name="decision_reason",
        db_column_name="decision_reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Amendment",
        tablename="amendment",
        column_name="record_id",
        db_column_name="record_id",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="verification_id",
        db_column_name="verification_id",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="serial",
        db_column_name="serial",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="number",
        db_column_name="number",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="kind",
        db_column_name="kind",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="basis",
        db_column_name="basis",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="claim_key",
        db_column_name="claim_key",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="generation",
        db_column_name="generation",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="batch_id",
        db_column_name="batch_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True, "index": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="person_id",
        db_column_name="person_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True, "index": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="name_key",
        db_column_name="name_key",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="title",
        db_column_name="title",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="claim_title",
        db_column_name="claim_title",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="result",
        db_column_name="result",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="issuer",
        db_column_name="issuer",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": CertificateIssuer,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="issuer_name",
        db_column_name="issuer_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="issued_on",
        db_column_name="issued_on",
        column_class_name="Date",
        column_class=Date,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="prints",
        db_column_name="prints",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="has_photo",
        db_column_name="has_photo",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="cose",
        db_column_name="cose",
        column_class_name="Bytea",
        column_class=Bytea,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="commit",
        db_column_name="commit",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="kid",
        db_column_name="kid",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="leaf_index",
        db_column_name="leaf_index",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="status",
        db_column_name="status",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="status_at",
        db_column_name="status_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="reason_code",
        db_column_name="reason_code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="successor_id",
        db_column_name="successor_id",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="predecessor_id",
        db_column_name="predecessor_id",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="reissues",
        db_column_name="reissues",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="status_list",
        db_column_name="status_list",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="status_index",
        db_column_name="status_index",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Certificate",
        tablename="certificate",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="JournalHead",
        tablename="journal_head",
        column_name="number",
        db_column_name="number",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="JournalHead",
        tablename="journal_head",
        column_name="hash",
        db_column_name="hash",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SignInSession",
        tablename="sign_in_session",
        column_name="digest",
        db_column_name="digest",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="SignInSession",
        tablename="sign_in_session",
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
        table_class_name="SignInSession",
        tablename="sign_in_session",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SignInSession",
        tablename="sign_in_session",
        column_name="seen_at",
        db_column_name="seen_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SignInSession",
        tablename="sign_in_session",
        column_name="expires_at",
        db_column_name="expires_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SignInSession",
        tablename="sign_in_session",
        column_name="ended_at",
        db_column_name="ended_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="SignInSession",
        tablename="sign_in_session",
        column_name="address",
        db_column_name="address",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SignInSession",
        tablename="sign_in_session",
        column_name="browser",
        db_column_name="browser",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateBatch",
        tablename="certificate_batch",
        column_name="basis",
        db_column_name="basis",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="CertificateBatch",
        tablename="certificate_batch",
        column_name="kind",
        db_column_name="kind",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateBatch",
        tablename="certificate_batch",
        column_name="issuer",
        db_column_name="issuer",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": CertificateIssuer,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="CertificateBatch",
        tablename="certificate_batch",
        column_name="title",
        db_column_name="title",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateBatch",
        tablename="certificate_batch",
        column_name="state",
        db_column_name="state",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="CertificateBatch",
        tablename="certificate_batch",
        column_name="problem",
        db_column_name="problem",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateBatch",
        tablename="certificate_batch",
        column_name="total",
        db_column_name="total",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateBatch",
        tablename="certificate_batch",
        column_name="account_id",
        db_column_name="account_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="CertificateBatch",
        tablename="certificate_batch",
        column_name="account_name",
        db_column_name="account_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateBatch",
        tablename="certificate_batch",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateBatch",
        tablename="certificate_batch",
        column_name="finished_at",
        db_column_name="finished_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="CertificateTask",
        tablename="certificate_task",
        column_name="batch",
        db_column_name="batch",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": CertificateBatch,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="CertificateTask",
        tablename="certificate_task",
        column_name="position",
        db_column_name="position",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateTask",
        tablename="certificate_task",
        column_name="facts",
        db_column_name="facts",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CertificateTask",
        tablename="certificate_task",
        column_name="certificate_id",
        db_column_name="certificate_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="CertificatePhoto",
        tablename="certificate_photo",
        column_name="certificate",
        db_column_name="certificate",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Certificate,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "unique": True,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="CertificatePhoto",
        tablename="certificate_photo",
        column_name="content",
        db_column_name="content",
        column_class_name="Bytea",
        column_class=Bytea,
        params={"default": None, "null": False},
    )

    manager.add_constraint(
        table_class_name="MarkHead",
        tablename="mark_head",
        constraint_name="mark_head_cell_unique",
        constraint_class=Unique,
        params={"columns": ["sheet", "aspect", "record_id"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="LogCosignature",
        tablename="certificate_log_cosignature",
        constraint_name="certificate_log_cosignature_once",
        constraint_class=Unique,
        params={"columns": ["size", "witness"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="MarkSheet",
        tablename="mark_sheet",
        constraint_name="mark_sheet_place_unique",
        constraint_class=Unique,
        params={"columns": ["ledger", "form", "subject_code", "seat"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="LedgerRecord",
        tablename="ledger_record",
        constraint_name="ledger_record_seq_unique",
        constraint_class=Unique,
        params={"columns": ["ledger", "seq"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="LogTile",
        tablename="certificate_log_tile",
        constraint_name="certificate_log_tile_place",
        constraint_class=Unique,
        params={"columns": ["level", "number"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="ImportProblem",
        tablename="import_problem",
        constraint_name="one_a_position",
        constraint_class=Unique,
        params={"columns": ["import_id", "position"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="Certificate",
        tablename="certificate",
        constraint_name="certificate_claim_once",
        constraint_class=Unique,
        params={"columns": ["basis", "kind", "claim_key", "generation"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="Certificate",
        tablename="certificate",
        constraint_name="certificate_status_place",
        constraint_class=Unique,
        params={"columns": ["status_list", "status_index"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="CertificateTask",
        tablename="certificate_task",
        constraint_name="certificate_task_place",
        constraint_class=Unique,
        params={"columns": ["batch", "position"], "nulls_distinct": True},
    )

    return manager
