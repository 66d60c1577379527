"""Chinese words for the enumerations of assessments."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from app.errors import N_
from assessments.rules.grading import Outcome
from assessments.rules.lifecycle import CandidateStatus, SittingStatus, SpecificationStatus

SPECIFICATION_STATUSES: Mapping[SpecificationStatus, str] = MappingProxyType(
    {
        SpecificationStatus.DRAFT: N_("起草"),
        SpecificationStatus.UNDER_REVIEW: N_("评审"),
        SpecificationStatus.FILED: N_("已备案"),
        SpecificationStatus.IN_FORCE: N_("施行"),
        SpecificationStatus.SUPERSEDED: N_("已替代"),
        SpecificationStatus.ABOLISHED: N_("已废止"),
    }
)
SITTING_STATUSES: Mapping[SittingStatus, str] = MappingProxyType(
    {
        SittingStatus.PLANNED: N_("筹备"),
        SittingStatus.ENROLLING: N_("报名中"),
        SittingStatus.ASSESSING: N_("考核中"),
        SittingStatus.GRADED: N_("已评定"),
        SittingStatus.PUBLISHED: N_("已公布"),
        SittingStatus.ARCHIVED: N_("已归档"),
        SittingStatus.CANCELED: N_("已取消"),
    }
)
CANDIDATE_STATUSES: Mapping[CandidateStatus, str] = MappingProxyType(
    {
        CandidateStatus.APPLIED: N_("待审核"),
        CandidateStatus.ACCEPTED: N_("审核通过"),
        CandidateStatus.RETURNED: N_("退回补正"),
        CandidateStatus.REFUSED: N_("不予通过"),
        CandidateStatus.PRESENT: N_("已到考"),
        CandidateStatus.ABSENT: N_("缺考"),
        CandidateStatus.DISQUALIFIED: N_("取消资格"),
    }
)
OUTCOMES: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.PASSED: N_("合格"),
        Outcome.FAILED: N_("不合格"),
        Outcome.ABSENT: N_("缺考"),
        Outcome.DISQUALIFIED: N_("取消资格"),
    }
)
LABELS: tuple[Mapping[Any, str], ...] = (
    SPECIFICATION_STATUSES,
    SITTING_STATUSES,
    CANDIDATE_STATUSES,
    OUTCOMES,
)
