"""The left rail of a sitting's pages, in the order of its days."""

from typing import Any

from app.errors import N_
from app.rules.actors import Duty
from assessments.sittings.queries import RUNNERS, SittingLine

STAGES = (
    ("overview", N_("概览"), "", ()),
    ("plan", N_("筹备"), "/edit", RUNNERS),
    ("examiners", N_("考评员"), "/examiners", RUNNERS),
    ("candidates", N_("考生"), "/candidates", (*RUNNERS, Duty.EXAMINER, Duty.QUALITY_SUPERVISOR)),
    ("marking", N_("评分"), "/marking", ()),
    ("results", N_("成绩"), "/results", ()),
    ("certificates", N_("证书"), "/certificates", ()),
)
"""Each with its address and the duties that find it open; none where everybody at the desk does."""


def rail(line: SittingLine, current: str) -> list[dict[str, Any]]:
    """Return the stages with their addresses; `current` is the one on screen."""
    return [
        {
            "label": label,
            "href": f"/desk/assessments/{line.id}{path}",
            "is_current": name == current,
            "duties": duties,
        }
        for name, label, path, duties in STAGES
    ]
