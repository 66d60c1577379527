"""What is done, what comes next, what is blocked and who mends it, of an event."""

from app.certificates import register as certificates
from app.errors import N_
from app.sheets import queries as sheets
from app.sheets.counts import sheet_counts
from app.web.locale import gettext as _
from competitions.draw import queries as draw
from competitions.planning import queries as planning
from competitions.planning.queries import EventLine
from competitions.registration import queries as registration
from competitions.results import recounting
from competitions.results.checklist import AUTHORS, ORGANIZER, REGISTRAR, Step, state_of
from competitions.rules.duties import SeatKind
from competitions.rules.entries import STANDING, WAITING
from competitions.rules.lifecycle import EVENT_ORDER, CompetitionStatus, EventStatus
from competitions.scoring import actions as scoring_actions
from competitions.scoring import queries as scoring

CHIEF, JUDGES = N_("裁判长"), N_("裁判和裁判长")
CODING, KEYS = N_("加密裁判"), N_("加密裁判和监督")
OFFICER = N_("证书管理员")


async def event_checklist(line: EventLine) -> list[Step]:
    """Return the steps of an event; none of one that is called off."""
    if line.status is EventStatus.CALLED_OFF:
        return []
    is_drawn = _past(line, EventStatus.DRAWN)
    return [
        *await _before_marking(line, is_drawn=is_drawn),
        *await _marking(line, is_drawn=is_drawn, is_marking=_past(line, EventStatus.MARKING)),
        *await _after_marking(line),
    ]


async def _before_marking(line: EventLine, *, is_drawn: bool) -> list[Step]:
    base = f"/desk/events/{line.id}"
    scheme = await planning.scheme(line.id)
    entries = await registration.entries_of_event(line.id)
    standing = sum(item.status in STANDING for item in entries)
    waiting = sum(item.status in WAITING for item in entries)
    return [
        Step(
            N_("编写评分标准"),
            state_of(scheme is not None, is_next=True),
            _("第 {number} 版").format(number=scheme.version_number) if scheme else "",
            f"{base}/scheme",
            who=AUTHORS,
        ),
        Step(
            N_("审查报名"),
            state_of(standing > 0 and not waiting, is_next=standing > 0),
            f"{standing - waiting} / {standing}",
            f"/desk/competitions/{line.competition_id}/entries?event={line.id}",
            who=REGISTRAR,
        ),
        await _checked_in(line, standing, is_next=standing > 0 and not waiting and not is_drawn),
        await _drawn(line, waiting if not is_drawn else 0, is_next=standing > 0 and not waiting),
    ]


async def _checked_in(line: EventLine, standing: int, *, is_next: bool) -> Step:
    checked = len(await draw.check_ins(line.id))
    return Step(
        N_("检录"),
        state_of(standing > 0 and checked >= standing, is_next=is_next),
        _("{done} / {all}，小型比赛可以不检录").format(done=checked, all=standing),
        f"/desk/events/{line.id}/check-in",
        who=REGISTRAR,
    )


async def _drawn(line: EventLine, waiting: int, *, is_next: bool) -> Step:
    levels = len(await draw.code_books(line.id))
    state = state_of(levels >= line.code_levels, is_next=is_next)
    return Step(
        N_("抽签加密"),
        "blocked" if waiting else state,
        _("{count} 个报名待审查").format(count=waiting)
        if waiting
        else f"{levels} / {line.code_levels}",
        f"/desk/events/{line.id}/draw",
        who=REGISTRAR if waiting else CODING,
    )


async def _marking(line: EventLine, *, is_drawn: bool, is_marking: bool) -> list[Step]:
    base = f"/desk/events/{line.id}"
    scheme = await planning.scheme(line.id)
    seats = [item for item in await scoring.seats(line.id) if item.kind is SeatKind.MARKING]
    fewest = scoring_actions.fewest_judges(line, scheme.facts) if scheme else 1
    lacks = await _lacks(line, has_scheme=scheme is not None, has_judges=len(seats) >= fewest)
    is_blocked = is_drawn and not is_marking and bool(lacks)
    counts = await sheet_counts(line.ledger)
    signed, opened = counts.final, counts.counted
    return [
        Step(
            N_("安排裁判席位"),
            state_of(len(seats) >= fewest, is_next=True),
            _("{found} 名，至少 {fewest} 名").format(found=len(seats), fewest=fewest),
            f"{base}/seats",
            who=ORGANIZER,
        ),
        Step(
            N_("开始评分，生成评分表"),
            "blocked" if is_blocked else state_of(is_marking, is_next=is_drawn),
            "、".join(lacks) if is_blocked else "",
            f"{base}/marking",
            who=AUTHORS,
        ),
        Step(
            N_("裁判评分，裁判长签字锁定"),
            state_of(0 < opened == signed or await _is_locked(line), is_next=is_marking),
            f"{signed} / {opened}" if opened else "",
            f"{base}/marking",
            who=JUDGES,
        ),
    ]


async def _lacks(line: EventLine, *, has_scheme: bool, has_judges: bool) -> list[str]:
    levels = len(await draw.code_books(line.id))
    found = (
        (_("缺评分标准"), not has_scheme),
        (_("裁判不足"), not has_judges),
        (_("加密未抽完"), levels < line.code_levels),
    )
    return [word for word, is_lacking in found if is_lacking]


async def _after_marking(line: EventLine) -> list[Step]:
    base = f"/desk/events/{line.id}"
    is_computed = _past(line, EventStatus.LOCKED)
    is_overtaken = await recounting.is_overtaken(line)
    is_public = _past(line, EventStatus.PUBLISHED) and not is_overtaken
    book = await draw.code_book(line.id)
    first = book.first_key_name if book and line.status is EventStatus.LOCKED else None
    issued = len(await certificates.certificates_of(line.ledger))
    results = f"{base}/results"
    return [
        Step(
            N_("计算成绩，两套程序核对"),
            state_of(is_computed, is_next=await _is_locked(line)),
            "",
            results,
            who=CHIEF,
        ),
        Step(
            N_("两人解密"),
            state_of(_past(line, EventStatus.UNSEALED), is_next=is_computed),
            _("{name} 已确认，差另一人").format(name=first) if first else "",
            results,
            who=KEYS,
        ),
        await _published(line, is_overtaken=is_overtaken, is_public=is_public),
        Step(
            N_("签发获奖证书"),
            state_of(issued > 0, is_next=is_public),
            _("{count} 张").format(count=issued) if issued else "",
            f"{base}/certificates",
            who=OFFICER,
        ),
    ]


async def _published(line: EventLine, *, is_overtaken: bool, is_public: bool) -> Step:
    competition = await planning.competition(line.competition_id)
    is_hidden = competition.status is CompetitionStatus.PREPARING
    is_next = _past(line, EventStatus.UNSEALED)
    amended = _("评分记录有更正，待更正公布") if is_overtaken else ""
    return Step(
        N_("公布成绩"),
        "blocked" if is_hidden and is_next else state_of(is_public, is_next=is_next),
        _("大赛公告还没有发布") if is_hidden and is_next else amended,
        f"/desk/competitions/{competition.id}" if is_hidden else f"/desk/events/{line.id}/results",
        who=ORGANIZER,
    )


async def _is_locked(line: EventLine) -> bool:
    ledger = await sheets.ledger_row(line.ledger)
    return ledger is not None and ledger["locked_at"] is not None


def _past(line: EventLine, stage: EventStatus) -> bool:
    return EVENT_ORDER.index(line.status) >= EVENT_ORDER.index(stage)
