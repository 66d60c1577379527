"""The left rail of the registers that every room shares."""

from typing import Any

from app.errors import N_

REGISTERS = (
    ("people", N_("人员名册")),
    ("organizations", N_("单位名册")),
    ("regions", N_("行政区划")),
    ("holidays", N_("放假安排")),
)


def rail(current: str) -> list[dict[str, Any]]:
    """Return the registers; `current` is the one on screen."""
    return [
        {
            "label": label,
            "href": f"/desk/{name}",
            "is_current": name == current,
            "count": None,
            "blocked": False,
        }
        for name, label in REGISTERS
    ]
