"""Every table of this room, in an order in which they can be created."""

from pathlib import Path

from piccolo.conf.apps import AppConfig
from piccolo.table import Table

from assessments.enrollment.tables import Candidate
from assessments.grading.tables import CandidateGrade, SittingGrading
from assessments.sittings.tables import AssessmentRoom, Dispatch, Sitting
from assessments.specifications.tables import AbilitySpecification, SpecificationTask

TABLES: list[type[Table]] = [
    AbilitySpecification,
    SpecificationTask,
    Sitting,
    AssessmentRoom,
    Dispatch,
    Candidate,
    SittingGrading,
    CandidateGrade,
]

APP_CONFIG = AppConfig(
    app_name="assessments",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=TABLES,
    migration_dependencies=["app.piccolo_app"],
)
