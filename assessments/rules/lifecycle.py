"""The states of a specification, of a sitting and of a candidate, and the steps between them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.errors import N_, RuleBroken, refusal


class SpecificationStatus(StrEnum):
    """起草 → 评审 → 备案 → 施行 → 替代 / 废止 (domain.md A4)."""

    DRAFT = "draft"
    UNDER_REVIEW = "under_review"
    FILED = "filed"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    ABOLISHED = "abolished"


class SittingStatus(StrEnum):
    """筹备 → 报名 → 考核 → 评定 → 公示 → 归档 (domain.md B2)."""

    PLANNED = "planned"
    ENROLLING = "enrolling"
    ASSESSING = "assessing"
    GRADED = "graded"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    CANCELED = "canceled"


class CandidateStatus(StrEnum):
    """The states of one application; absent and disqualified are never a score of 0 (B5)."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REFUSED = "refused"
    PRESENT = "present"
    ABSENT = "absent"
    DISQUALIFIED = "disqualified"


SPECIFICATION_STEPS: Mapping[SpecificationStatus, frozenset[SpecificationStatus]] = (
    MappingProxyType(
        {
            SpecificationStatus.DRAFT: frozenset({SpecificationStatus.UNDER_REVIEW}),
            SpecificationStatus.UNDER_REVIEW: frozenset(
                {SpecificationStatus.DRAFT, SpecificationStatus.FILED}
            ),
            SpecificationStatus.FILED: frozenset({SpecificationStatus.IN_FORCE}),
            SpecificationStatus.IN_FORCE: frozenset(
                {SpecificationStatus.SUPERSEDED, SpecificationStatus.ABOLISHED}
            ),
            SpecificationStatus.SUPERSEDED: frozenset(),
            SpecificationStatus.ABOLISHED: frozenset(),
        }
    )
)
SITTING_STEPS: Mapping[SittingStatus, frozenset[SittingStatus]] = MappingProxyType(
    {
        SittingStatus.PLANNED: frozenset({SittingStatus.ENROLLING, SittingStatus.CANCELED}),
        SittingStatus.ENROLLING: frozenset({SittingStatus.ASSESSING, SittingStatus.CANCELED}),
        SittingStatus.ASSESSING: frozenset({SittingStatus.GRADED, SittingStatus.CANCELED}),
        SittingStatus.GRADED: frozenset({SittingStatus.PUBLISHED, SittingStatus.ASSESSING}),
        SittingStatus.PUBLISHED: frozenset({SittingStatus.ARCHIVED}),
        SittingStatus.ARCHIVED: frozenset(),
        SittingStatus.CANCELED: frozenset(),
    }
)


@refusal
class WrongStep(RuleBroken):
    """The state does not lead there."""

    says = N_("现在是“{now}”，不能直接变为“{wanted}”。")
    now: SpecificationStatus | SittingStatus
    wanted: SpecificationStatus | SittingStatus


def step_specification(
    now: SpecificationStatus, wanted: SpecificationStatus
) -> SpecificationStatus:
    """Return the wanted state; raise `WrongStep` where this one does not lead there."""
    if wanted not in SPECIFICATION_STEPS[now]:
        raise WrongStep(now, wanted)
    return wanted


def step_sitting(now: SittingStatus, wanted: SittingStatus) -> SittingStatus:
    """Return the wanted state; raise `WrongStep` where this one does not lead there."""
    if wanted not in SITTING_STEPS[now]:
        raise WrongStep(now, wanted)
    return wanted
