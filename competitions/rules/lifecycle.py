"""The states of a competition and of an event, and the steps between them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.errors import N_, RuleBroken, refusal


class Level(StrEnum):
    """Who holds the competition."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class Division(StrEnum):
    """组别: honours depend on it (domain.md section 0, line 5)."""

    WORKERS = "workers"
    STUDENTS = "students"
    OPEN = "open"


class CompetitionStatus(StrEnum):
    """筹备 → 报名 → 比赛 → 结束; only what is announced is public."""

    PREPARING = "preparing"
    ANNOUNCED = "announced"
    UNDER_WAY = "under_way"
    CLOSED = "closed"


class EventStatus(StrEnum):
    """筹备 → 已抽签 → 评分中 → 已锁定 → 已解密 → 已公布 (domain.md section 7); or 停办.

    An event with too few entries is not held (marking.md section 5), nor one set up by mistake.
    """

    PREPARING = "preparing"
    DRAWN = "drawn"
    MARKING = "marking"
    LOCKED = "locked"
    UNSEALED = "unsealed"
    PUBLISHED = "published"
    CALLED_OFF = "called_off"


COMPETITION_STEPS: Mapping[CompetitionStatus, frozenset[CompetitionStatus]] = MappingProxyType(
    {
        CompetitionStatus.PREPARING: frozenset({CompetitionStatus.ANNOUNCED}),
        CompetitionStatus.ANNOUNCED: frozenset({CompetitionStatus.UNDER_WAY}),
        CompetitionStatus.UNDER_WAY: frozenset({CompetitionStatus.CLOSED}),
        CompetitionStatus.CLOSED: frozenset(),
    }
)
EVENT_ORDER = tuple(status for status in EventStatus if status is not EventStatus.CALLED_OFF)


@refusal
class WrongCompetitionStep(RuleBroken):
    """The state does not lead there."""

    says = N_("大赛现在是“{now}”，不能直接变为“{wanted}”。")
    now: CompetitionStatus
    wanted: CompetitionStatus


@refusal
class WrongEventStage(RuleBroken):
    """The act belongs to another stage of the event."""

    says = N_("本赛项现在是“{now}”，要在“{wanted}”阶段才能办理。")
    now: EventStatus
    wanted: EventStatus


def step_competition(now: CompetitionStatus, wanted: CompetitionStatus) -> CompetitionStatus:
    """Return the wanted state; raise `WrongCompetitionStep` where this one does not lead there."""
    if wanted not in COMPETITION_STEPS[now]:
        raise WrongCompetitionStep(now, wanted)
    return wanted


def require_stage(now: EventStatus, *wanted: EventStatus) -> None:
    """Raise `WrongEventStage` unless the event is in one of the stages."""
    if now not in wanted:
        raise WrongEventStage(now, wanted[0])
