"""Every address of competitions, in reading order."""

from litestar.types import ControllerRouterHandler

from competitions.planning.pages import CompetitionDesk, PublicCompetitions, SchemeDesk
from competitions.registration.pages import EntryDesk, JudgeDesk
from competitions.results.pages import EventDesk, OverviewDesk, PublicResults
from competitions.scoring.pages import MarkingDesk

HANDLERS: list[ControllerRouterHandler] = [
    PublicCompetitions,
    PublicResults,
    CompetitionDesk,
    OverviewDesk,
    EntryDesk,
    JudgeDesk,
    EventDesk,
    SchemeDesk,
    MarkingDesk,
]
