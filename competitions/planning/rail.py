"""The left rails of a competition's and of an event's pages, in the order of the day."""

from typing import Any

from app.errors import N_

COMPETITION_STAGES = (
    ("overview", N_("概览"), ""),
    ("plan", N_("筹备"), "/edit"),
    ("entries", N_("报名"), "/entries"),
    ("judges", N_("裁判"), "/judges"),
)
EVENT_STAGES = (
    ("overview", N_("概览"), ""),
    ("scheme", N_("评分标准"), "/scheme"),
    ("draw", N_("抽签加密"), "/draw"),
    ("judges", N_("裁判席位"), "/seats"),
    ("marking", N_("评分"), "/marking"),
    ("results", N_("成绩"), "/results"),
    ("certificates", N_("证书"), "/certificates"),
)


def competition_rail(competition_id: int, current: str) -> list[dict[str, Any]]:
    """Return the stages of a competition; `current` is the one on screen."""
    return _rail(COMPETITION_STAGES, f"/desk/competitions/{competition_id}", current)


def event_rail(event_id: int, current: str) -> list[dict[str, Any]]:
    """Return the stages of an event; `current` is the one on screen."""
    return _rail(EVENT_STAGES, f"/desk/events/{event_id}", current)


def _rail(
    stages: tuple[tuple[str, str, str], ...], base: str, current: str
) -> list[dict[str, Any]]:
    return [
        {"label": label, "href": base + path, "is_current": name == current}
        for name, label, path in stages
    ]
