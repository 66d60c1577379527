"""What is done, what comes next, what is blocked: for a competition and for an event."""

import msgspec

from app.certificates import register as certificates
from app.errors import N_
from app.sheets import queries as sheets
from competitions.planning import queries as planning
from competitions.planning.queries import CompetitionLine, EventLine
from competitions.registration import queries as registration
from competitions.rules.entries import EntryStatus
from competitions.rules.lifecycle import EVENT_ORDER, CompetitionStatus, EventStatus
from competitions.scoring import actions as scoring_actions
from competitions.scoring import queries as scoring


class Step(msgspec.Struct, frozen=True):
    """A line of a checklist; `state` is done, next, later or blocked."""

    title: str
    state: str
    note: str
    href: str
    wanted: CompetitionStatus | None = None
    button: str = ""


async def competition_checklist(line: CompetitionLine) -> list[Step]:
    """Return the steps of a competition."""
    base = f"/desk/competitions/{line.id}"
    events = await planning.events(line.id)
    schemed = len(await planning.schemed(item.id for item in events))
    entered = sum(
        sum(found.values()) for found in (await registration.status_counts(line.id)).values()
    )
    judges = len(await registration.judges(line.id))
    published = sum(item.status is EventStatus.PUBLISHED for item in events)
    is_open = line.status is not CompetitionStatus.PREPARING
    under_way = line.status in {CompetitionStatus.UNDER_WAY, CompetitionStatus.CLOSED}
    return [
        Step(
            N_("设置赛项和组别"),
            _state(bool(events), is_next=True),
            str(len(events)),
            f"{base}/events/new",
        ),
        Step(
            N_("编写评分标准"),
            _state(bool(events) and schemed == len(events), is_next=bool(events)),
            f"{schemed} / {len(events)}",
            base,
        ),
        Step(
            N_("发布公告"),
            _state(is_open, is_next=bool(events)),
            "",
            base,
            CompetitionStatus.ANNOUNCED,
            N_("发布公告"),
        ),
        Step(N_("登记报名"), _state(entered > 0, is_next=is_open), str(entered), f"{base}/entries"),
        Step(N_("登记裁判"), _state(judges > 0, is_next=is_open), str(judges), f"{base}/judges"),
        Step(
            N_("开赛"),
            _state(under_way, is_next=is_open and entered > 0),
            "",
            base,
            CompetitionStatus.UNDER_WAY,
            N_("开赛"),
        ),
        Step(
            N_("各赛项公布成绩"),
            _state(bool(events) and published == len(events), is_next=under_way),
            f"{published} / {len(events)}",
            base,
        ),
    ]


async def event_checklist(line: EventLine) -> list[Step]:
    """Return the steps of an event."""
    base = f"/desk/events/{line.id}"
    scheme = await planning.scheme(line.id)
    entries = await registration.entries_of_event(line.id)
    waiting = sum(item.status is EntryStatus.REGISTERED for item in entries)
    seats = [item for item in await scoring.seats(line.id) if not item.is_chief]
    fewest = scoring_actions.fewest_judges(line, scheme.facts) if scheme else 1
    opened = [item for item in await sheets.sheets_of(line.ledger) if item.status != "void"]
    signed = sum(item.status in {"signed", "locked"} for item in opened)
    issued = len(await certificates.certificates_of(line.ledger))
    at = EVENT_ORDER.index(line.status)

    def past(stage: EventStatus) -> bool:
        return at >= EVENT_ORDER.index(stage)

    is_vetted = bool(entries) and waiting == 0
    return [
        Step(N_("编写评分标准"), _state(scheme is not None, is_next=True), "", f"{base}/scheme"),
        Step(
            N_("审查报名"),
            _state(is_vetted, is_next=True),
            f"{len(entries) - waiting} / {len(entries)}",
            f"/desk/competitions/{line.competition_id}/entries?event={line.id}",
        ),
        Step(
            N_("抽签加密"), _state(past(EventStatus.DRAWN), is_next=is_vetted), "", f"{base}/draw"
        ),
        Step(
            N_("安排裁判席位"),
            _state(len(seats) >= fewest, is_next=True),
            f"{len(seats)} / {fewest}",
            f"{base}/seats",
        ),
        Step(
            N_("开始评分，生成评分表"),
            _state(past(EventStatus.MARKING), is_next=past(EventStatus.DRAWN)),
            "",
            f"{base}/marking",
        ),
        Step(
            N_("裁判评分，裁判长签字锁定"),
            _state(bool(opened) and signed == len(opened), is_next=past(EventStatus.MARKING)),
            f"{signed} / {len(opened)}",
            f"{base}/marking",
        ),
        Step(
            N_("计算成绩，两套程序核对"),
            _state(past(EventStatus.LOCKED), is_next=bool(opened) and signed == len(opened)),
            "",
            f"{base}/results",
        ),
        Step(
            N_("两人解密"),
            _state(past(EventStatus.UNSEALED), is_next=past(EventStatus.LOCKED)),
            "",
            f"{base}/results",
        ),
        Step(
            N_("公布成绩"),
            _state(past(EventStatus.PUBLISHED), is_next=past(EventStatus.UNSEALED)),
            "",
            f"{base}/results",
        ),
        Step(
            N_("签发获奖证书"),
            _state(issued > 0, is_next=past(EventStatus.PUBLISHED)),
            str(issued),
            f"{base}/certificates",
        ),
    ]


def _state(done: bool, *, is_next: bool) -> str:  # noqa: FBT001 - one fact of the line
    return "done" if done else "next" if is_next else "later"
