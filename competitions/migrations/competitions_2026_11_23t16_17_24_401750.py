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


class Competition(Table, tablename="competition", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class CompetitionSeries(Table, tablename="series", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Delegation(Table, tablename="delegation", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Entry(Table, tablename="entry", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Event(Table, tablename="event", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Judge(Table, tablename="judge", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Person(Table, tablename="person", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class RuleSetVersion(Table, tablename="rule_set_version", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


ID = "2026-11-23T16:17:24:401750"
VERSION = "1.38.0"
DESCRIPTION = "the tables as the house opens"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="competitions", description=DESCRIPTION)

    manager.add_table(class_name="Competition", tablename="competition", columns=None)

    manager.add_table(class_name="JudgeAssignment", tablename="judge_assignment", columns=None)

    manager.add_table(class_name="RuleSetVersion", tablename="rule_set_version", columns=None)

    manager.add_table(class_name="MarkingScheme", tablename="marking_scheme", columns=None)

    manager.add_table(class_name="Judge", tablename="judge", columns=None)

    manager.add_table(class_name="ModuleTime", tablename="module_time", columns=None)

    manager.add_table(class_name="Event", tablename="event", columns=None)

    manager.add_table(class_name="CodeStanding", tablename="code_standing", columns=None)

    manager.add_table(class_name="Entry", tablename="entry", columns=None)

    manager.add_table(class_name="StandIn", tablename="stand_in", columns=None)

    manager.add_table(class_name="Delegation", tablename="delegation", columns=None)

    manager.add_table(class_name="ResultVersion", tablename="result_version", columns=None)

    manager.add_table(class_name="Deduction", tablename="deduction", columns=None)

    manager.add_table(class_name="BlindCode", tablename="blind_code", columns=None)

    manager.add_table(class_name="CompetitionSeries", tablename="series", columns=None)

    manager.add_table(class_name="Contestant", tablename="contestant", columns=None)

    manager.add_table(class_name="CodeBook", tablename="code_book", columns=None)

    manager.add_table(class_name="CheckIn", tablename="check_in", columns=None)

    manager.add_table(class_name="TieDecision", tablename="tie_decision", columns=None)

    manager.add_table(class_name="DeclaredConflict", tablename="declared_conflict", columns=None)

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="series",
        db_column_name="series",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": CompetitionSeries,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": True,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="edition",
        db_column_name="edition",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="level",
        db_column_name="level",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="host_region",
        db_column_name="host_region",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="organizer",
        db_column_name="organizer",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="host",
        db_column_name="host",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="venue",
        db_column_name="venue",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="starts_on",
        db_column_name="starts_on",
        column_class_name="Date",
        column_class=Date,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="ends_on",
        db_column_name="ends_on",
        column_class_name="Date",
        column_class=Date,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="entries_open_at",
        db_column_name="entries_open_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="entries_close_at",
        db_column_name="entries_close_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="youngest",
        db_column_name="youngest",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="oldest",
        db_column_name="oldest",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="ages_on",
        db_column_name="ages_on",
        column_class_name="Date",
        column_class=Date,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="notice",
        db_column_name="notice",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="status",
        db_column_name="status",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Competition",
        tablename="competition",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="JudgeAssignment",
        tablename="judge_assignment",
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
        table_class_name="JudgeAssignment",
        tablename="judge_assignment",
        column_name="judge",
        db_column_name="judge",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Judge,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="JudgeAssignment",
        tablename="judge_assignment",
        column_name="seat",
        db_column_name="seat",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="JudgeAssignment",
        tablename="judge_assignment",
        column_name="kind",
        db_column_name="kind",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="JudgeAssignment",
        tablename="judge_assignment",
        column_name="assigned_at",
        db_column_name="assigned_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="JudgeAssignment",
        tablename="judge_assignment",
        column_name="withdrawn_at",
        db_column_name="withdrawn_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="RuleSetVersion",
        tablename="rule_set_version",
        column_name="code",
        db_column_name="code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="RuleSetVersion",
        tablename="rule_set_version",
        column_name="version_number",
        db_column_name="version_number",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="RuleSetVersion",
        tablename="rule_set_version",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="RuleSetVersion",
        tablename="rule_set_version",
        column_name="document",
        db_column_name="document",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="RuleSetVersion",
        tablename="rule_set_version",
        column_name="sha256",
        db_column_name="sha256",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="RuleSetVersion",
        tablename="rule_set_version",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkingScheme",
        tablename="marking_scheme",
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
        table_class_name="MarkingScheme",
        tablename="marking_scheme",
        column_name="version_number",
        db_column_name="version_number",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkingScheme",
        tablename="marking_scheme",
        column_name="definition",
        db_column_name="definition",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkingScheme",
        tablename="marking_scheme",
        column_name="sha256",
        db_column_name="sha256",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkingScheme",
        tablename="marking_scheme",
        column_name="created_by",
        db_column_name="created_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkingScheme",
        tablename="marking_scheme",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="MarkingScheme",
        tablename="marking_scheme",
        column_name="locked_at",
        db_column_name="locked_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Judge",
        tablename="judge",
        column_name="competition",
        db_column_name="competition",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Competition,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Judge",
        tablename="judge",
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
        table_class_name="Judge",
        tablename="judge",
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
        table_class_name="Judge",
        tablename="judge",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Judge",
        tablename="judge",
        column_name="employer",
        db_column_name="employer",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Judge",
        tablename="judge",
        column_name="qualification",
        db_column_name="qualification",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Judge",
        tablename="judge",
        column_name="delegation",
        db_column_name="delegation",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Delegation,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": True,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Judge",
        tablename="judge",
        column_name="registered_at",
        db_column_name="registered_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Judge",
        tablename="judge",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ModuleTime",
        tablename="module_time",
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
        table_class_name="ModuleTime",
        tablename="module_time",
        column_name="code",
        db_column_name="code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ModuleTime",
        tablename="module_time",
        column_name="module",
        db_column_name="module",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ModuleTime",
        tablename="module_time",
        column_name="seconds",
        db_column_name="seconds",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ModuleTime",
        tablename="module_time",
        column_name="recorded_by",
        db_column_name="recorded_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ModuleTime",
        tablename="module_time",
        column_name="recorded_at",
        db_column_name="recorded_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="competition",
        db_column_name="competition",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Competition,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="position",
        db_column_name="position",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="division",
        db_column_name="division",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="occupation_code",
        db_column_name="occupation_code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="quota",
        db_column_name="quota",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="members",
        db_column_name="members",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="code_levels",
        db_column_name="code_levels",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="rule_set",
        db_column_name="rule_set",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": RuleSetVersion,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="status",
        db_column_name="status",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Event",
        tablename="event",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CodeStanding",
        tablename="code_standing",
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
        table_class_name="CodeStanding",
        tablename="code_standing",
        column_name="code",
        db_column_name="code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CodeStanding",
        tablename="code_standing",
        column_name="status",
        db_column_name="status",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CodeStanding",
        tablename="code_standing",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CodeStanding",
        tablename="code_standing",
        column_name="recorded_by",
        db_column_name="recorded_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CodeStanding",
        tablename="code_standing",
        column_name="recorded_at",
        db_column_name="recorded_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Entry",
        tablename="entry",
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
        table_class_name="Entry",
        tablename="entry",
        column_name="delegation",
        db_column_name="delegation",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Delegation,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Entry",
        tablename="entry",
        column_name="team",
        db_column_name="team",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Entry",
        tablename="entry",
        column_name="status",
        db_column_name="status",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Entry",
        tablename="entry",
        column_name="coach",
        db_column_name="coach",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Entry",
        tablename="entry",
        column_name="note",
        db_column_name="note",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Entry",
        tablename="entry",
        column_name="registered_at",
        db_column_name="registered_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Entry",
        tablename="entry",
        column_name="registered_by",
        db_column_name="registered_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Entry",
        tablename="entry",
        column_name="vetted_at",
        db_column_name="vetted_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Entry",
        tablename="entry",
        column_name="vetted_by",
        db_column_name="vetted_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Entry",
        tablename="entry",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="StandIn",
        tablename="stand_in",
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
        table_class_name="StandIn",
        tablename="stand_in",
        column_name="code",
        db_column_name="code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="StandIn",
        tablename="stand_in",
        column_name="seat",
        db_column_name="seat",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="StandIn",
        tablename="stand_in",
        column_name="judge",
        db_column_name="judge",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Judge,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="StandIn",
        tablename="stand_in",
        column_name="instead_of",
        db_column_name="instead_of",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Judge,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="StandIn",
        tablename="stand_in",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="StandIn",
        tablename="stand_in",
        column_name="recorded_at",
        db_column_name="recorded_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Delegation",
        tablename="delegation",
        column_name="competition",
        db_column_name="competition",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Competition,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Delegation",
        tablename="delegation",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Delegation",
        tablename="delegation",
        column_name="region_code",
        db_column_name="region_code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Delegation",
        tablename="delegation",
        column_name="organization",
        db_column_name="organization",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Delegation",
        tablename="delegation",
        column_name="leader",
        db_column_name="leader",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Delegation",
        tablename="delegation",
        column_name="leader_phone_sealed",
        db_column_name="leader_phone_sealed",
        column_class_name="Bytea",
        column_class=Bytea,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Delegation",
        tablename="delegation",
        column_name="leader_phone_masked",
        db_column_name="leader_phone_masked",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Delegation",
        tablename="delegation",
        column_name="contact",
        db_column_name="contact",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Delegation",
        tablename="delegation",
        column_name="contact_phone_sealed",
        db_column_name="contact_phone_sealed",
        column_class_name="Bytea",
        column_class=Bytea,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Delegation",
        tablename="delegation",
        column_name="contact_phone_masked",
        db_column_name="contact_phone_masked",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Delegation",
        tablename="delegation",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Delegation",
        tablename="delegation",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ResultVersion",
        tablename="result_version",
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
        table_class_name="ResultVersion",
        tablename="result_version",
        column_name="number",
        db_column_name="number",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ResultVersion",
        tablename="result_version",
        column_name="bundle",
        db_column_name="bundle",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ResultVersion",
        tablename="result_version",
        column_name="standings",
        db_column_name="standings",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ResultVersion",
        tablename="result_version",
        column_name="ledger_root",
        db_column_name="ledger_root",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ResultVersion",
        tablename="result_version",
        column_name="rule_set_sha256",
        db_column_name="rule_set_sha256",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ResultVersion",
        tablename="result_version",
        column_name="is_agreed",
        db_column_name="is_agreed",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ResultVersion",
        tablename="result_version",
        column_name="computed_by",
        db_column_name="computed_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ResultVersion",
        tablename="result_version",
        column_name="computed_at",
        db_column_name="computed_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="ResultVersion",
        tablename="result_version",
        column_name="published_at",
        db_column_name="published_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="ResultVersion",
        tablename="result_version",
        column_name="notice_ends_at",
        db_column_name="notice_ends_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Deduction",
        tablename="deduction",
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
        table_class_name="Deduction",
        tablename="deduction",
        column_name="code",
        db_column_name="code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Deduction",
        tablename="deduction",
        column_name="module",
        db_column_name="module",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Deduction",
        tablename="deduction",
        column_name="points_e4",
        db_column_name="points_e4",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Deduction",
        tablename="deduction",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Deduction",
        tablename="deduction",
        column_name="recorded_by",
        db_column_name="recorded_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Deduction",
        tablename="deduction",
        column_name="recorded_at",
        db_column_name="recorded_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Deduction",
        tablename="deduction",
        column_name="taken_back_at",
        db_column_name="taken_back_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Deduction",
        tablename="deduction",
        column_name="taken_back_by",
        db_column_name="taken_back_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Deduction",
        tablename="deduction",
        column_name="taken_back_reason",
        db_column_name="taken_back_reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="BlindCode",
        tablename="blind_code",
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
        table_class_name="BlindCode",
        tablename="blind_code",
        column_name="level",
        db_column_name="level",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="BlindCode",
        tablename="blind_code",
        column_name="entry",
        db_column_name="entry",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Entry,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": True,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="BlindCode",
        tablename="blind_code",
        column_name="original",
        db_column_name="original",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="BlindCode",
        tablename="blind_code",
        column_name="code",
        db_column_name="code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CompetitionSeries",
        tablename="series",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="CompetitionSeries",
        tablename="series",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Contestant",
        tablename="contestant",
        column_name="entry",
        db_column_name="entry",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Entry,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Contestant",
        tablename="contestant",
        column_name="competition",
        db_column_name="competition",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Competition,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Contestant",
        tablename="contestant",
        column_name="person",
        db_column_name="person",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Person,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Contestant",
        tablename="contestant",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Contestant",
        tablename="contestant",
        column_name="employer",
        db_column_name="employer",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Contestant",
        tablename="contestant",
        column_name="position",
        db_column_name="position",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Contestant",
        tablename="contestant",
        column_name="skill_level",
        db_column_name="skill_level",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Contestant",
        tablename="contestant",
        column_name="skill_certificate",
        db_column_name="skill_certificate",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Contestant",
        tablename="contestant",
        column_name="household",
        db_column_name="household",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Contestant",
        tablename="contestant",
        column_name="clothes_size",
        db_column_name="clothes_size",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Contestant",
        tablename="contestant",
        column_name="diet",
        db_column_name="diet",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Contestant",
        tablename="contestant",
        column_name="county_code",
        db_column_name="county_code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True, "index": True},
    )

    manager.add_column(
        table_class_name="Contestant",
        tablename="contestant",
        column_name="retired_entry",
        db_column_name="retired_entry",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
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
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="level",
        db_column_name="level",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="list_hash",
        db_column_name="list_hash",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="seed",
        db_column_name="seed",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="witness",
        db_column_name="witness",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="drawn_by",
        db_column_name="drawn_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="drawn_by_account",
        db_column_name="drawn_by_account",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="drawn_at",
        db_column_name="drawn_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="keeper_account",
        db_column_name="keeper_account",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="keeper_name",
        db_column_name="keeper_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="first_key_by",
        db_column_name="first_key_by",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="first_key_name",
        db_column_name="first_key_name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="first_key_duty",
        db_column_name="first_key_duty",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="first_key_at",
        db_column_name="first_key_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="unsealed_by",
        db_column_name="unsealed_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="CodeBook",
        tablename="code_book",
        column_name="unsealed_at",
        db_column_name="unsealed_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="CheckIn",
        tablename="check_in",
        column_name="entry",
        db_column_name="entry",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Entry,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "unique": True,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="CheckIn",
        tablename="check_in",
        column_name="is_present",
        db_column_name="is_present",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CheckIn",
        tablename="check_in",
        column_name="is_document_right",
        db_column_name="is_document_right",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CheckIn",
        tablename="check_in",
        column_name="are_tools_right",
        db_column_name="are_tools_right",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CheckIn",
        tablename="check_in",
        column_name="note",
        db_column_name="note",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CheckIn",
        tablename="check_in",
        column_name="checked_by",
        db_column_name="checked_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CheckIn",
        tablename="check_in",
        column_name="checked_at",
        db_column_name="checked_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CheckIn",
        tablename="check_in",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="TieDecision",
        tablename="tie_decision",
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
        table_class_name="TieDecision",
        tablename="tie_decision",
        column_name="codes",
        db_column_name="codes",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="TieDecision",
        tablename="tie_decision",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="TieDecision",
        tablename="tie_decision",
        column_name="decided_by",
        db_column_name="decided_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="TieDecision",
        tablename="tie_decision",
        column_name="decided_at",
        db_column_name="decided_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="DeclaredConflict",
        tablename="declared_conflict",
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
        table_class_name="DeclaredConflict",
        tablename="declared_conflict",
        column_name="judge",
        db_column_name="judge",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Judge,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="DeclaredConflict",
        tablename="declared_conflict",
        column_name="entry",
        db_column_name="entry",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Entry,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="DeclaredConflict",
        tablename="declared_conflict",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="DeclaredConflict",
        tablename="declared_conflict",
        column_name="declared_by",
        db_column_name="declared_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="DeclaredConflict",
        tablename="declared_conflict",
        column_name="declared_at",
        db_column_name="declared_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_constraint(
        table_class_name="JudgeAssignment",
        tablename="judge_assignment",
        constraint_name="judge_assignment_unique",
        constraint_class=Unique,
        params={"columns": ["event", "judge"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="MarkingScheme",
        tablename="marking_scheme",
        constraint_name="marking_scheme_version_unique",
        constraint_class=Unique,
        params={"columns": ["event", "version_number"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="Judge",
        tablename="judge",
        constraint_name="judge_account_unique",
        constraint_class=Unique,
        params={"columns": ["competition", "account"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="ModuleTime",
        tablename="module_time",
        constraint_name="module_time_unique",
        constraint_class=Unique,
        params={"columns": ["event", "code", "module"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="Event",
        tablename="event",
        constraint_name="event_name_unique",
        constraint_class=Unique,
        params={"columns": ["competition", "name", "division"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="CodeStanding",
        tablename="code_standing",
        constraint_name="code_standing_unique",
        constraint_class=Unique,
        params={"columns": ["event", "code"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="Delegation",
        tablename="delegation",
        constraint_name="delegation_name_unique",
        constraint_class=Unique,
        params={"columns": ["competition", "name"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="ResultVersion",
        tablename="result_version",
        constraint_name="result_version_unique",
        constraint_class=Unique,
        params={"columns": ["event", "number"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="BlindCode",
        tablename="blind_code",
        constraint_name="blind_code_unique",
        constraint_class=Unique,
        params={"columns": ["event", "level", "code"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="BlindCode",
        tablename="blind_code",
        constraint_name="blind_code_original_unique",
        constraint_class=Unique,
        params={"columns": ["event", "level", "original"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="Contestant",
        tablename="contestant",
        constraint_name="contestant_person_unique",
        constraint_class=Unique,
        params={"columns": ["competition", "person", "retired_entry"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="CodeBook",
        tablename="code_book",
        constraint_name="code_book_level_unique",
        constraint_class=Unique,
        params={"columns": ["event", "level"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="DeclaredConflict",
        tablename="declared_conflict",
        constraint_name="declared_conflict_unique",
        constraint_class=Unique,
        params={"columns": ["judge", "entry"], "nulls_distinct": True},
    )

    return manager
