"""What is done, what comes next, what is blocked and who mends it, of a competition."""

from collections.abc import Sequence

import msgspec

from app.errors import N_
from app.web.locale import gettext as _
from competitions.planning import queries as planning
from competitions.planning.queries import CompetitionLine, EventLine
from competitions.registration import queries as registration
from competitions.rules.entries import STANDING, WAITING, EntryStatus
from competitions.rules.lifecycle import CompetitionStatus, EventStatus

ORGANIZER, REGISTRAR, AUTHORS = N_("组织者"), N_("报名管理员"), N_("组织者或裁判长")


class Step(msgspec.Struct, frozen=True):
    """A line of a checklist; `state` is done, next, later or blocked; `who` acts on it."""

    title: str
    state: str
    note: str
    href: str
    wanted: CompetitionStatus | None = None
    button: str = ""
    who: str = ""


async def competition_checklist(line: CompetitionLine) -> list[Step]:
    """Return the steps of a competition."""
    events = [
        event
        for event in await planning.events(line.id)
        if event.status is not EventStatus.CALLED_OFF
    ]
    counts = await registration.status_counts(line.id)
    entered, waiting = _sum(counts, STANDING), _sum(counts, WAITING)
    return [
        *await _planned(line, events),
        *await _entered(line, entered, waiting),
        *_held(line, events, has_entries=entered > 0),
    ]


async def _planned(line: CompetitionLine, events: Sequence[EventLine]) -> list[Step]:
    base = f"/desk/competitions/{line.id}"
    schemed = len(await planning.schemed(item.id for item in events))
    is_public = line.status is not CompetitionStatus.PREPARING
    return [
        Step(
            N_("设置赛项和组别"),
            state_of(bool(events), is_next=True),
            _("{count} 个").format(count=len(events)) if events else "",
            f"{base}/events/new",
            who=ORGANIZER,
        ),
        Step(
            N_("编写评分标准"),
            state_of(bool(events) and schemed == len(events), is_next=bool(events)),
            f"{schemed} / {len(events)}",
            f"{base}?stage=schemes",
            who=AUTHORS,
        ),
        Step(
            N_("发布公告"),
            state_of(is_public, is_next=bool(events)),
            "" if is_public else _("发布后所有人可见"),
            base,
            CompetitionStatus.ANNOUNCED,
            N_("发布公告"),
            ORGANIZER,
        ),
    ]


async def _entered(line: CompetitionLine, entered: int, waiting: int) -> list[Step]:
    base = f"/desk/competitions/{line.id}"
    judges = len(await registration.judges(line.id))
    is_public = line.status is not CompetitionStatus.PREPARING
    return [
        Step(
            N_("登记报名"),
            state_of(entered > 0, is_next=is_public),
            _("{count} 个").format(count=entered) if entered else "",
            f"{base}/entries",
            who=REGISTRAR,
        ),
        Step(
            N_("审查报名"),
            state_of(entered > 0 and not waiting, is_next=waiting > 0),
            _("{count} 个待办理").format(count=waiting) if waiting else "",
            f"{base}/entries?status=waiting",
            who=REGISTRAR,
        ),
        Step(
            N_("登记裁判"),
            state_of(judges > 0, is_next=is_public),
            _("{count} 人").format(count=judges) if judges else "",
            f"{base}/judges",
            who=ORGANIZER,
        ),
    ]


def _held(line: CompetitionLine, events: Sequence[EventLine], *, has_entries: bool) -> list[Step]:
    base = f"/desk/competitions/{line.id}"
    published = sum(item.status is EventStatus.PUBLISHED for item in events)
    all_published = bool(events) and published == len(events)
    is_announced = line.status is CompetitionStatus.ANNOUNCED
    under_way = line.status in {CompetitionStatus.UNDER_WAY, CompetitionStatus.CLOSED}
    return [
        Step(
            N_("开赛"),
            state_of(under_way, is_next=is_announced and has_entries),
            "",
            base,
            CompetitionStatus.UNDER_WAY,
            N_("开赛"),
            ORGANIZER,
        ),
        Step(
            N_("各赛项公布成绩"),
            state_of(all_published, is_next=under_way),
            f"{published} / {len(events)}",
            f"{base}?stage=results",
            who=ORGANIZER,
        ),
        Step(
            N_("结束大赛"),
            state_of(line.status is CompetitionStatus.CLOSED, is_next=under_way and all_published),
            "",
            base,
            CompetitionStatus.CLOSED,
            N_("结束大赛"),
            ORGANIZER,
        ),
    ]


def _sum(counts: dict[int, dict[EntryStatus, int]], wanted: frozenset[EntryStatus]) -> int:
    return sum(
        count for found in counts.values() for status, count in found.items() if status in wanted
    )


def state_of(done: bool, *, is_next: bool) -> str:  # noqa: FBT001 - one fact of the line
    """Return the state of a line from whether it is done, and whether it could be."""
    return "done" if done else "next" if is_next else "later"
