"""Every address of assessments, in reading order."""

from litestar.types import ControllerRouterHandler

from assessments.enrollment.candidate_desk import CandidateDesk
from assessments.enrollment.pages import CandidatePages
from assessments.grading.pages import PublicSittings, SittingDesk
from assessments.grading.result_desk import SittingResults
from assessments.sittings.pages import SittingPages
from assessments.specifications.pages import CataloguePages, SpecificationDesk

HANDLERS: list[ControllerRouterHandler] = [
    CataloguePages,
    PublicSittings,
    SpecificationDesk,
    SittingPages,
    SittingDesk,
    SittingResults,
    CandidatePages,
    CandidateDesk,
]
