"""Every table of this room, in an order in which they can be created."""

from pathlib import Path

from piccolo.conf.apps import AppConfig
from piccolo.table import Table

from competitions.draw.tables import BlindCode, CheckIn, CodeBook
from competitions.planning.tables import (
    Competition,
    CompetitionSeries,
    Event,
    MarkingScheme,
    RuleSetVersion,
)
from competitions.registration.tables import Contestant, Delegation, Entry, Judge
from competitions.results.tables import (
    ChangeProposal,
    Comparison,
    ProposalVote,
    ResultVersion,
    TieDecision,
)
from competitions.scoring.tables import (
    CodeStanding,
    DeclaredConflict,
    Deduction,
    JudgeAssignment,
    ModuleTime,
    StandIn,
)

TABLES: list[type[Table]] = [
    CompetitionSeries,
    Competition,
    RuleSetVersion,
    Event,
    MarkingScheme,
    Delegation,
    Entry,
    Contestant,
    Judge,
    CheckIn,
    CodeBook,
    BlindCode,
    JudgeAssignment,
    DeclaredConflict,
    StandIn,
    CodeStanding,
    Deduction,
    ModuleTime,
    ResultVersion,
    TieDecision,
    Comparison,
    ChangeProposal,
    ProposalVote,
]

APP_CONFIG = AppConfig(
    app_name="competitions",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=TABLES,
    migration_dependencies=["app.piccolo_app"],
)
