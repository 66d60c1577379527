"""What is done, what comes next, what is blocked and who mends it, of a competition or an event."""

import msgspec

from app.certificates import register as certificates
from app.errors import N_
from app.sheets import queries as sheets
from app.web.locale import gettext as _
from competitions.draw import queries as draw
from competitions.planning import queries as planning
from competitions.planning.queries import CompetitionLine, EventLine
from competitions.registration import queries as registration
from competitions.rules.duties import SeatKind
from competitions.rules.entries import STANDING, WAITING, EntryStatus
from competitions.rules.lifecycle import EVENT_ORDER, CompetitionStatus, EventStatus
from competitions.scoring import actions as scoring_actions
from competitions.scoring import queries as scoring

ORGANIZER, REGISTRAR, CHIEF = N_("主办方"), N_("登记员"), N_("裁判长")
CODING, KEYS = N_("加密裁判"), N_("加密裁判和监督")
OFFICER, JUDGES = N_("证书管理员"), N_("裁判和裁判长")


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
    base = f"/desk/competitions/{line.id}"
    events = await planning.events(line.id)
    schemed = len(await planning.schemed(item.id for item in events))
    counts = await registration.status_counts(line.id)
    entered = _sum(counts, STANDING)
    waiting = _sum(counts, WAITING)
    judges = len(await registration.judges(line.id))
    published = sum(item.status is EventStatus.PUBLISHED for item in events)
    is_open = line.status is not CompetitionStatus.PREPARING
    under_way = line.status in {CompetitionStatus.UNDER_WAY, CompetitionStatus.CLOSED}
    all_published = bool(events) and published == len(events)
    return [
        Step(
            N_("设置赛项和组别"),
            _state(bool(events), is_next=True),
            _("{count} 个").format(count=len(events)) if events else "",
            f"{base}/events/new",
            who=ORGANIZER,
        ),
        Step(
            N_("编写评分标准"),
            _state(bool(events) and schemed == len(events), is_next=bool(events)),
            f"{schemed} / {len(events)}",
            f"{base}?stage=schemes",
            who=N_("主办方或裁判长"),
        ),
        Step(
            N_("发布公告"),
            _state(is_open, is_next=bool(events)),
            "" if is_open else _("发布后所有人可见"),
            base,
            CompetitionStatus.ANNOUNCED,
            N_("发布公告"),
            ORGANIZER,
        ),
        Step(
            N_("登记报名"),
            _state(entered > 0, is_next=is_open),
            _("{count} 个").format(count=entered) if entered else "",
            f"{base}/entries",
            who=REGISTRAR,
        ),
        Step(
            N_("审查报名"),
            _state(entered > 0 and not waiting, is_next=waiting > 0),
            _("{count} 个待办理").format(count=waiting) if waiting else "",
            f"{base}/entries?status=waiting",
            who=REGISTRAR,
        ),
        Step(
            N_("登记裁判"),
            _state(judges > 0, is_next=is_open),
            _("{count} 人").format(count=judges) if judges else "",
            f"{base}/judges",
            who=ORGANIZER,
        ),
        Step(
            N_("开赛"),
            _state(under_way, is_next=is_open and entered > 0),
            "",
            base,
            CompetitionStatus.UNDER_WAY,
            N_("开赛"),
            ORGANIZER,
        ),
        Step(
            N_("各赛项公布成绩"),
            _state(all_published, is_next=under_way),
            f"{published} / {len(events)}",
            f"{base}?stage=results",
            who=ORGANIZER,
        ),
        Step(
            N_("结束大赛"),
            _state(line.status is CompetitionStatus.CLOSED, is_next=under_way and all_published),
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


async def event_checklist(line: EventLine) -> list[Step]:
    """Return the steps of an event."""
    at = EVENT_ORDER.index(line.status)

    def past(stage: EventStatus) -> bool:
        return at >= EVENT_ORDER.index(stage)

    return [
        *await _before_marking(line, is_drawn=past(EventStatus.DRAWN)),
        *await _marking(line, past(EventStatus.DRAWN), past(EventStatus.MARKING)),
        *await _after_marking(line, at),
    ]


async def _before_marking(line: EventLine, *, is_drawn: bool) -> list[Step]:
    base = f"/desk/events/{line.id}"
    scheme = await planning.scheme(line.id)
    entries = await registration.entries_of_event(line.id)
    standing = [item for item in entries if item.status in STANDING]
    waiting = sum(item.status in WAITING for item in entries)
    checked = await draw.check_ins(line.id)
    levels = len(await draw.code_books(line.id))
    is_vetted = bool(standing) and not waiting
    note = _("{count} 个报名待审查").format(count=waiting) if waiting else ""
    return [
        Step(
            N_("编写评分标准"),
            _state(scheme is not None, is_next=True),
            _("第 {number} 版").format(number=scheme.version_number) if scheme else "",
            f"{base}/scheme",
            who=N_("主办方或裁判长"),
        ),
        Step(
            N_("审查报名"),
            _state(is_vetted, is_next=bool(standing)),
            f"{len(standing) - waiting} / {len(standing)}",
            f"/desk/competitions/{line.competition_id}/entries?event={line.id}",
            who=REGISTRAR,
        ),
        Step(
            N_("检录"),
            _state(is_vetted and len(checked) >= len(standing), is_next=is_vetted and not is_drawn),
            _("{done} / {all}，小型比赛可以不检录").format(done=len(checked), all=len(standing)),
            f"{base}/check-in",
            who=REGISTRAR,
        ),
        Step(
            N_("抽签加密"),
            "blocked"
            if waiting and not is_drawn
            else _state(levels >= line.code_levels, is_next=is_vetted),
            note or f"{levels} / {line.code_levels}",
            f"{base}/draw",
            who=REGISTRAR if waiting and not is_drawn else CODING,
        ),
    ]


async def _marking(line: EventLine, is_drawn: bool, is_marking: bool) -> list[Step]:  # noqa: FBT001
    base = f"/desk/events/{line.id}"
    scheme = await planning.scheme(line.id)
    seats = [item for item in await scoring.seats(line.id) if item.kind is SeatKind.MARKING]
    fewest = scoring_actions.fewest_judges(line, scheme.facts) if scheme else 1
    levels = len(await draw.code_books(line.id))
    opened = [item for item in await sheets.sheets_of(line.ledger) if item.status != "void"]
    signed = sum(item.status in {"signed", "locked"} for item in opened)
    lacks = [
        word
        for word, is_lacking in (
            (_("缺评分标准"), scheme is None),
            (_("裁判不足"), len(seats) < fewest),
            (_("加密未抽完"), levels < line.code_levels),
        )
        if is_lacking
    ]
    is_blocked = is_drawn and not is_marking and bool(lacks)
    return [
        Step(
            N_("安排裁判席位"),
            _state(len(seats) >= fewest, is_next=True),
            _("{found} 名，至少 {fewest} 名").format(found=len(seats), fewest=fewest),
            f"{base}/seats",
            who=ORGANIZER,
        ),
        Step(
            N_("开始评分，生成评分表"),
            "blocked" if is_blocked else _state(is_marking, is_next=is_drawn),
            "、".join(lacks) if is_blocked else "",
            f"{base}/marking",
            who=N_("主办方或裁判长"),
        ),
        Step(
            N_("裁判评分，裁判长签字锁定"),
            _state(bool(opened) and signed == len(opened), is_next=is_marking),
            f"{signed} / {len(opened)}" if opened else "",
            f"{base}/marking",
            who=JUDGES,
        ),
    ]


async def _after_marking(line: EventLine, at: int) -> list[Step]:
    base = f"/desk/events/{line.id}"
    marking, locked, unsealed, published = (
        EVENT_ORDER.index(stage)
        for stage in (
            EventStatus.MARKING,
            EventStatus.LOCKED,
            EventStatus.UNSEALED,
            EventStatus.PUBLISHED,
        )
    )
    ledger = await sheets.ledger_of(line.ledger) if at >= marking else None
    is_locked = ledger is not None and ledger.locked_at is not None
    book = await draw.code_book(line.id)
    first = book.first_key_name if book and at == locked else None
    issued = len(await certificates.certificates_of(line.ledger))
    return [
        Step(
            N_("计算成绩，两套程序核对"),
            _state(at >= locked, is_next=is_locked),
            "",
            f"{base}/results",
            who=CHIEF,
        ),
        Step(
            N_("两人解密"),
            _state(at >= unsealed, is_next=at >= locked),
            _("{name} 已确认，差另一人").format(name=first) if first else "",
            f"{base}/results",
            who=KEYS,
        ),
        Step(
            N_("公布成绩"),
            _state(at >= published, is_next=at >= unsealed),
            "",
            f"{base}/results",
            who=ORGANIZER,
        ),
        Step(
            N_("签发获奖证书"),
            _state(issued > 0, is_next=at >= published),
            _("{count} 张").format(count=issued) if issued else "",
            f"{base}/certificates",
            who=OFFICER,
        ),
    ]


def _state(done: bool, *, is_next: bool) -> str:  # noqa: FBT001 - one fact of the line
    return "done" if done else "next" if is_next else "later"
