from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.base import OnDelete, OnUpdate
from piccolo.columns.column_types import (
    BigInt,
    Boolean,
    Date,
    ForeignKey,
    Serial,
    Text,
    Timestamptz,
)
from piccolo.constraints import Unique
from piccolo.table import Table


class AbilitySpecification(Table, tablename="ability_specification", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Account(Table, tablename="account", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Candidate(Table, tablename="candidate", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Organization(Table, tablename="organization", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Person(Table, tablename="person", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class Sitting(Table, tablename="sitting", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


class SittingGrading(Table, tablename="sitting_grading", schema=None):
    id = Serial(null=False, primary_key=True, db_column_name="id")


ID = "2026-11-23T16:17:26:569911"
VERSION = "1.38.0"
DESCRIPTION = "the tables as the house opens"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="assessments", description=DESCRIPTION)

    manager.add_table(
        class_name="AbilitySpecification", tablename="ability_specification", columns=None
    )

    manager.add_table(class_name="CandidateGrade", tablename="candidate_grade", columns=None)

    manager.add_table(class_name="SpecificationTask", tablename="specification_task", columns=None)

    manager.add_table(class_name="Candidate", tablename="candidate", columns=None)

    manager.add_table(class_name="Sitting", tablename="sitting", columns=None)

    manager.add_table(class_name="AssessmentRoom", tablename="assessment_room", columns=None)

    manager.add_table(class_name="Dispatch", tablename="dispatch", columns=None)

    manager.add_table(class_name="SittingGrading", tablename="sitting_grading", columns=None)

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="code",
        db_column_name="code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="version_number",
        db_column_name="version_number",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="trade",
        db_column_name="trade",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="status",
        db_column_name="status",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="provenance",
        db_column_name="provenance",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="is_official",
        db_column_name="is_official",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="source_channel",
        db_column_name="source_channel",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="national_number",
        db_column_name="national_number",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="provincial_number",
        db_column_name="provincial_number",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="occupation_field",
        db_column_name="occupation_field",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="definition",
        db_column_name="definition",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="applicability",
        db_column_name="applicability",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="admission",
        db_column_name="admission",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="examiners",
        db_column_name="examiners",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="method",
        db_column_name="method",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="minutes",
        db_column_name="minutes",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="site",
        db_column_name="site",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="fewest_examiners",
        db_column_name="fewest_examiners",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="pass_mark",
        db_column_name="pass_mark",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="pass_policy",
        db_column_name="pass_policy",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="in_force_on",
        db_column_name="in_force_on",
        column_class_name="Date",
        column_class=Date,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CandidateGrade",
        tablename="candidate_grade",
        column_name="grading",
        db_column_name="grading",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": SittingGrading,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="CandidateGrade",
        tablename="candidate_grade",
        column_name="candidate",
        db_column_name="candidate",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Candidate,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="CandidateGrade",
        tablename="candidate_grade",
        column_name="candidate_number",
        db_column_name="candidate_number",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CandidateGrade",
        tablename="candidate_grade",
        column_name="outcome",
        db_column_name="outcome",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="CandidateGrade",
        tablename="candidate_grade",
        column_name="score_e4",
        db_column_name="score_e4",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="CandidateGrade",
        tablename="candidate_grade",
        column_name="detail",
        db_column_name="detail",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SpecificationTask",
        tablename="specification_task",
        column_name="specification",
        db_column_name="specification",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": AbilitySpecification,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="SpecificationTask",
        tablename="specification_task",
        column_name="position",
        db_column_name="position",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SpecificationTask",
        tablename="specification_task",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SpecificationTask",
        tablename="specification_task",
        column_name="norms",
        db_column_name="norms",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SpecificationTask",
        tablename="specification_task",
        column_name="knowledge",
        db_column_name="knowledge",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SpecificationTask",
        tablename="specification_task",
        column_name="weight",
        db_column_name="weight",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Candidate",
        tablename="candidate",
        column_name="sitting",
        db_column_name="sitting",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Sitting,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Candidate",
        tablename="candidate",
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
        table_class_name="Candidate",
        tablename="candidate",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Candidate",
        tablename="candidate",
        column_name="employer",
        db_column_name="employer",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Candidate",
        tablename="candidate",
        column_name="category",
        db_column_name="category",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Candidate",
        tablename="candidate",
        column_name="region_code",
        db_column_name="region_code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Candidate",
        tablename="candidate",
        column_name="number",
        db_column_name="number",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True, "index": True},
    )

    manager.add_column(
        table_class_name="Candidate",
        tablename="candidate",
        column_name="room",
        db_column_name="room",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Candidate",
        tablename="candidate",
        column_name="station",
        db_column_name="station",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Candidate",
        tablename="candidate",
        column_name="status",
        db_column_name="status",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Candidate",
        tablename="candidate",
        column_name="note",
        db_column_name="note",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Candidate",
        tablename="candidate",
        column_name="applied_at",
        db_column_name="applied_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Candidate",
        tablename="candidate",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="code",
        db_column_name="code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "unique": True},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="specification",
        db_column_name="specification",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": AbilitySpecification,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="institution",
        db_column_name="institution",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Organization,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="issuer",
        db_column_name="issuer",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Organization,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="site",
        db_column_name="site",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Organization,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="region_code",
        db_column_name="region_code",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="address",
        db_column_name="address",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="starts_at",
        db_column_name="starts_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="ends_at",
        db_column_name="ends_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="enrollment_closes_at",
        db_column_name="enrollment_closes_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="status",
        db_column_name="status",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False, "index": True},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="filing_number",
        db_column_name="filing_number",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="instructions",
        db_column_name="instructions",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="published_at",
        db_column_name="published_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="notice_ends_at",
        db_column_name="notice_ends_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="created_at",
        db_column_name="created_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Sitting",
        tablename="sitting",
        column_name="version",
        db_column_name="version",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AssessmentRoom",
        tablename="assessment_room",
        column_name="sitting",
        db_column_name="sitting",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Sitting,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="AssessmentRoom",
        tablename="assessment_room",
        column_name="name",
        db_column_name="name",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="AssessmentRoom",
        tablename="assessment_room",
        column_name="stations",
        db_column_name="stations",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Dispatch",
        tablename="dispatch",
        column_name="sitting",
        db_column_name="sitting",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Sitting,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="Dispatch",
        tablename="dispatch",
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
        table_class_name="Dispatch",
        tablename="dispatch",
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
        table_class_name="Dispatch",
        tablename="dispatch",
        column_name="duty",
        db_column_name="duty",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Dispatch",
        tablename="dispatch",
        column_name="seat",
        db_column_name="seat",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Dispatch",
        tablename="dispatch",
        column_name="is_lead",
        db_column_name="is_lead",
        column_class_name="Boolean",
        column_class=Boolean,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Dispatch",
        tablename="dispatch",
        column_name="employer",
        db_column_name="employer",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Dispatch",
        tablename="dispatch",
        column_name="card_number",
        db_column_name="card_number",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Dispatch",
        tablename="dispatch",
        column_name="card_valid_until",
        db_column_name="card_valid_until",
        column_class_name="Date",
        column_class=Date,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="Dispatch",
        tablename="dispatch",
        column_name="dispatched_at",
        db_column_name="dispatched_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="Dispatch",
        tablename="dispatch",
        column_name="withdrawn_at",
        db_column_name="withdrawn_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": True},
    )

    manager.add_column(
        table_class_name="SittingGrading",
        tablename="sitting_grading",
        column_name="sitting",
        db_column_name="sitting",
        column_class_name="ForeignKey",
        column_class=ForeignKey,
        params={
            "references": Sitting,
            "on_delete": OnDelete.restrict,
            "on_update": OnUpdate.restrict,
            "null": False,
            "index": True,
        },
    )

    manager.add_column(
        table_class_name="SittingGrading",
        tablename="sitting_grading",
        column_name="number",
        db_column_name="number",
        column_class_name="BigInt",
        column_class=BigInt,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SittingGrading",
        tablename="sitting_grading",
        column_name="ledger_root",
        db_column_name="ledger_root",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SittingGrading",
        tablename="sitting_grading",
        column_name="graded_by",
        db_column_name="graded_by",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SittingGrading",
        tablename="sitting_grading",
        column_name="graded_at",
        db_column_name="graded_at",
        column_class_name="Timestamptz",
        column_class=Timestamptz,
        params={"default": None, "null": False},
    )

    manager.add_column(
        table_class_name="SittingGrading",
        tablename="sitting_grading",
        column_name="reason",
        db_column_name="reason",
        column_class_name="Text",
        column_class=Text,
        params={"default": None, "null": False},
    )

    manager.add_constraint(
        table_class_name="AbilitySpecification",
        tablename="ability_specification",
        constraint_name="one_version",
        constraint_class=Unique,
        params={"columns": ["code", "version_number"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="CandidateGrade",
        tablename="candidate_grade",
        constraint_name="one_candidate",
        constraint_class=Unique,
        params={"columns": ["grading", "candidate"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="SpecificationTask",
        tablename="specification_task",
        constraint_name="one_position",
        constraint_class=Unique,
        params={"columns": ["specification", "position"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="Candidate",
        tablename="candidate",
        constraint_name="one_person",
        constraint_class=Unique,
        params={"columns": ["sitting", "person"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="Candidate",
        tablename="candidate",
        constraint_name="one_number",
        constraint_class=Unique,
        params={"columns": ["sitting", "number"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="AssessmentRoom",
        tablename="assessment_room",
        constraint_name="one_name",
        constraint_class=Unique,
        params={"columns": ["sitting", "name"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="Dispatch",
        tablename="dispatch",
        constraint_name="one_account",
        constraint_class=Unique,
        params={"columns": ["sitting", "account", "duty"], "nulls_distinct": True},
    )

    manager.add_constraint(
        table_class_name="SittingGrading",
        tablename="sitting_grading",
        constraint_name="one_number",
        constraint_class=Unique,
        params={"columns": ["sitting", "number"], "nulls_distinct": True},
    )

    return manager
