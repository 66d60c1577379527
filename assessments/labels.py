"""Chinese words for the enumerations of assessments."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.errors import N_
from assessments.rules.grading import Outcome
from assessments.rules.lifecycle import CandidateStatus, SittingStatus, SpecificationStatus

LABELS: Mapping[StrEnum, str] = MappingProxyType(
    {
        SpecificationStatus.DRAFT: N_("起草"),
        SpecificationStatus.UNDER_REVIEW: N_("评审"),
        SpecificationStatus.FILED: N_("已备案"),
        SpecificationStatus.IN_FORCE: N_("施行"),
        SpecificationStatus.SUPERSEDED: N_("已替代"),
        SpecificationStatus.ABOLISHED: N_("已废止"),
        SittingStatus.PLANNED: N_("筹备"),
        SittingStatus.ENROLLING: N_("报名"),
        SittingStatus.ASSESSING: N_("考核中"),
        SittingStatus.GRADED: N_("已评定"),
        SittingStatus.PUBLISHED: N_("已公布"),
        SittingStatus.ARCHIVED: N_("已归档"),
        SittingStatus.CANCELED: N_("已取消"),
        CandidateStatus.APPLIED: N_("待审核"),
        CandidateStatus.ACCEPTED: N_("审核通过"),
        CandidateStatus.RETURNED: N_("退回补正"),
        CandidateStatus.REFUSED: N_("不予通过"),
        CandidateStatus.PRESENT: N_("已到考"),
        CandidateStatus.ABSENT: N_("缺考"),
        CandidateStatus.DISQUALIFIED: N_("取消资格"),
        Outcome.PASSED: N_("合格"),
        Outcome.FAILED: N_("不合格"),
        Outcome.ABSENT: N_("缺考"),
        Outcome.DISQUALIFIED: N_("取消资格"),
    }
)
