"""Every address of competitions, in reading order."""

from litestar.types import ControllerRouterHandler

from competitions.draw.pages import CheckInDesk, DrawDesk
from competitions.planning.event_desk import EventPlanDesk, NewEventDesk
from competitions.planning.pages import CompetitionDesk, PublicCompetitions
from competitions.planning.rule_set_binding import EventRuleSetDesk
from competitions.planning.rule_set_desk import RuleSetDesk, RuleSetsDesk
from competitions.planning.rule_set_intake import RuleSetIntake
from competitions.planning.scheme_desk import SchemeDesk
from competitions.planning.scheme_version_desk import SchemeVersionDesk
from competitions.registration.judge_desk import JudgeDesk, OneJudgeDesk
from competitions.registration.pages import EntryDesk, VettingDesk
from competitions.registration.party_desk import ContestantDesk, DelegationDesk, OneDelegationDesk
from competitions.results.book_pages import ResultBooks
from competitions.results.explanation_pages import ContestantSheet, ExplanationDesk
from competitions.results.pages import EventDesk, OverviewDesk, PublicResults
from competitions.results.proposal_desk import ProposalDesk, ProposalsDesk
from competitions.results.proposal_numbers import NumbersProposalDesk
from competitions.results.result_desk import ResultDesk
from competitions.results.review_desk import AnalysisDesk, ReviewDesk
from competitions.scoring.marking_desk import MarkingDesk
from competitions.scoring.pages import SeatsDesk
from competitions.scoring.paper_desk import PaperDesk
from competitions.scoring.scheme_preview import SchemePreview

HANDLERS: list[ControllerRouterHandler] = [
    PublicCompetitions,
    PublicResults,
    ResultBooks,
    ContestantSheet,
    CompetitionDesk,
    OverviewDesk,
    NewEventDesk,
    EventPlanDesk,
    RuleSetsDesk,
    RuleSetIntake,
    RuleSetDesk,
    EventRuleSetDesk,
    SchemeDesk,
    SchemeVersionDesk,
    SchemePreview,
    EntryDesk,
    VettingDesk,
    ContestantDesk,
    DelegationDesk,
    OneDelegationDesk,
    JudgeDesk,
    OneJudgeDesk,
    EventDesk,
    CheckInDesk,
    DrawDesk,
    SeatsDesk,
    MarkingDesk,
    PaperDesk,
    ProposalsDesk,
    NumbersProposalDesk,
    ProposalDesk,
    ResultDesk,
    ExplanationDesk,
    ReviewDesk,
    AnalysisDesk,
]
