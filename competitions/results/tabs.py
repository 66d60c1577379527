"""The pages about an event's results, side by side, for whoever may see each."""

from app.errors import N_
from app.rules.actors import Actor
from app.web.locale import gettext as _
from competitions.planning.queries import EventLine
from competitions.rules.duties import READING, WEIGHING

PAGES = (
    ("results", N_("成绩和公布"), READING),
    ("robustness", N_("奖项稳健性"), WEIGHING),
    ("fairness", N_("裁判公平"), WEIGHING),
    ("analysis", N_("成绩分析"), READING),
)


def result_tabs(line: EventLine, actor: Actor, current: str) -> list[tuple[str, str, None, bool]]:
    """Return the tabs that the actor may open; none where there is only one."""
    found: list[tuple[str, str, None, bool]] = [
        (f"/desk/events/{line.id}/{name}", _(word), None, name == current)
        for name, word, duties in PAGES
        if actor.holds(duties, *line.scopes)
    ]
    return found if len(found) > 1 else []
