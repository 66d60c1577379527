from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import BigInt, ForeignKey, Serial, Text, Timestamptz
from piccolo.constraints import Unique
from piccolo.table import Table


class ChangeProposal(Table, tablename="change_proposal", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Event(Table, tablename="event", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


ID = "2026-11-27T02:19:43:710225"
VERSION = "1.38.0"
DESCRIPTION = "proposals to change what is locked"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="competitions", description=DESCRIPTION)

    manager.add_table(class_name="ProposalVote", tablename="proposal_vote", columns=None)

    manager.add_table(class_name="ChangeProposal", tablename="change_proposal", columns=None)

    manager.add_column(
        table_class_name="ProposalVote",
        tablename="proposal_vote",
        column_name="proposal",
        db_column_name="proposal",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": ChangeProposal,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="ProposalVote",
        tablename="proposal_vote",
        column_name="account_id",
        db_column_name="account_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ProposalVote",
        tablename="proposal_vote",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ProposalVote",
        tablename="proposal_vote",
        column_name="duty",
        db_column_name="duty",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ProposalVote",
        tablename="proposal_vote",
        column_name="vote",
        db_column_name="vote",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ProposalVote",
        tablename="proposal_vote",
        column_name="remark",
        db_column_name="remark",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ProposalVote",
        tablename="proposal_vote",
        column_name="voted_at",
        db_column_name="voted_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
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
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="number",
        db_column_name="number",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="kind",
        db_column_name="kind",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="before",
        db_column_name="before",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="after",
        db_column_name="after",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="after_sha256",
        db_column_name="after_sha256",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="scheme_sha256",
        db_column_name="scheme_sha256",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="rule_set_sha256",
        db_column_name="rule_set_sha256",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="proposed_by",
        db_column_name="proposed_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="proposed_by_id",
        db_column_name="proposed_by_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="proposed_at",
        db_column_name="proposed_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="status",
        db_column_name="status",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="first_by",
        db_column_name="first_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="first_by_id",
        db_column_name="first_by_id",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="first_duty",
        db_column_name="first_duty",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="first_at",
        db_column_name="first_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="decided_by",
        db_column_name="decided_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="decided_at",
        db_column_name="decided_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="decision_reason",
        db_column_name="decision_reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="entitled",
        db_column_name="entitled",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="effect",
        db_column_name="effect",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="result_before",
        db_column_name="result_before",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        column_name="result_after",
        db_column_name="result_after",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_constraint(
        table_class_name="ChangeProposal",
        tablename="change_proposal",
        constraint_name="change_proposal_number_unique",
        constraint_class=Unique,
        params={"columns": ["event", "number"], "nulls_distinct": True},
    )

    return manager
