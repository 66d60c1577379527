"""Changes that are tried on an event, and whose award each would change."""

from dataclasses import dataclass
from enum import StrEnum

from app.rules.points import Round


class TrialKind(StrEnum):
    """What is changed in a trial."""

    JUDGE = "judge"
    ROUNDING = "rounding"
    STEP = "step"


@dataclass(frozen=True)
class AwardMove:
    """Who has another award than before; None for none."""

    code: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Moved:
    """One mark that was moved, as it was and as it was tried."""

    aspect: str
    judge: str
    before_e4: int
    after_e4: int


@dataclass(frozen=True)
class Trial:
    """A change that would change awards. Steps of one entry with the same effect stand together."""

    kind: TrialKind
    moves: tuple[AwardMove, ...]
    judge: str = ""
    place: str = ""
    rounding: Round = "exact"
    code: str = ""
    is_up: bool = False
    examples: tuple[Moved, ...] = ()
    count: int = 1


REFUSED = (AwardMove("", None, None),)
"""Stands for the moves of a trial that the rules refuse."""
