"""The left rail of a sitting's pages, in the order of its days."""

from typing import Any

from app.errors import N_
from assessments.sittings.queries import SittingLine

STAGES = (
    ("overview", N_("概览"), ""),
    ("plan", N_("筹备"), "/edit"),
    ("examiners", N_("考评员"), "/examiners"),
    ("candidates", N_("考生"), "/candidates"),
    ("marking", N_("评分"), "/marking"),
    ("results", N_("成绩"), "/results"),
    ("certificates", N_("证书"), "/certificates"),
)


def rail(line: SittingLine, current: str) -> list[dict[str, Any]]:
    """Return the stages with their addresses; `current` is the one on screen."""
    return [
        {
            "label": label,
            "href": f"/desk/assessments/{line.id}{path}",
            "is_current": name == current,
        }
        for name, label, path in STAGES
    ]
