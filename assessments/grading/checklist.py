"""What is done, what comes next, what is blocked and who can mend it."""

from datetime import datetime

import msgspec

from app.certificates import register as certificates
from app.certificates.early import is_early
from app.errors import N_, RuleBroken
from app.sheets import queries as sheets
from app.web import locale
from assessments.enrollment import queries as enrollment
from assessments.grading import certifying, counting, starting
from assessments.grading.queries import TO_MARK
from assessments.rules.lifecycle import SittingStatus
from assessments.sittings.actions import refuse_unfit_group
from assessments.sittings.queries import SittingLine

ORDER = tuple(SittingStatus)


class Step(msgspec.Struct, frozen=True):
    """A line of the checklist; `state` is done, next, later or blocked."""

    title: str
    state: str
    note: str
    href: str
    wanted: SittingStatus | None = None
    button: str = ""
    confirm: str = ""


async def checklist(line: SittingLine, at: datetime) -> list[Step]:
    """Return the steps of a sitting in the order of its days, as they stand now."""
    enrolling = await _enrolling(line)
    _, dispatched, _, seated = enrolling
    is_ready = dispatched.state == seated.state == "done"
    return [*enrolling, *await _assessing(line, is_ready=is_ready), *await _closing(line, at)]


async def _enrolling(line: SittingLine) -> list[Step]:
    base = f"/desk/assessments/{line.id}"
    lack = "" if _is_past(line, SittingStatus.ENROLLING) else await _lack_of_group(line)
    counts = await enrollment.counts(line.id)
    every, waiting = sum(counts.values()), sum(counts.get(status, 0) for status in starting.WAITING)
    seated, expected = await _seated(line)
    return [
        Step(
            N_("开放报名"),
            _state(line, _is_past(line, SittingStatus.PLANNED), SittingStatus.PLANNED),
            "",
            base,
            SittingStatus.ENROLLING,
            N_("开放报名"),
        ),
        Step(
            N_("派遣考评员和质量督导员"),
            "next" if lack else "done",
            lack,
            f"{base}/examiners",
        ),
        Step(
            N_("登记并审核考生"),
            _state(line, every > 0 and waiting == 0, SittingStatus.ENROLLING),
            f"{every - waiting} / {every}",
            f"{base}/candidates",
        ),
        Step(
            N_("编排考号，打印准考证"),
            _state(line, 0 < seated == expected, SittingStatus.ENROLLING)
            if seated or (every and not waiting)
            else "later",
            f"{seated} / {expected}",
            f"{base}/candidates",
        ),
    ]


async def _assessing(line: SittingLine, *, is_ready: bool) -> list[Step]:
    base = f"/desk/assessments/{line.id}"
    ledger = await sheets.ledger_of(line.ledger)
    signed, opened = (ledger.signed_count, ledger.sheet_count) if ledger else (0, 0)
    is_begun = _is_past(line, SittingStatus.ENROLLING)
    return [
        Step(
            N_("开始考核，生成评分表"),
            _state(line, is_begun, SittingStatus.ENROLLING) if is_begun or is_ready else "later",
            "",
            base,
            SittingStatus.ASSESSING,
            N_("开始考核"),
            N_("开始以后生成评分表，不能再登记、审核考生，也不能再改考号。确定开始吗？"),
        ),
        Step(
            N_("考评员评分并签字"),
            _state(line, 0 < signed == opened, SittingStatus.ASSESSING),
            f"{signed} / {opened}",
            f"{base}/marking",
        ),
    ]


async def _closing(line: SittingLine, at: datetime) -> list[Step]:
    base = f"/desk/assessments/{line.id}"
    issued = len(await certificates.certificates_of(line.ledger))
    is_public = _is_past(line, SittingStatus.GRADED)
    is_overtaken = await counting.is_overtaken(line)
    waiting = len(await certifying.waiting(line)) if is_public else 0
    certified = _state(line, is_public and not waiting, SittingStatus.PUBLISHED)
    return [
        Step(
            N_("评定成绩"),
            _state(line, _is_past(line, SittingStatus.ASSESSING), SittingStatus.ASSESSING),
            "",
            f"{base}/results",
        ),
        Step(
            N_("公布结果"),
            "next" if is_overtaken else _state(line, is_public, SittingStatus.GRADED),
            N_("评分记录有更正，待更正公布") if is_overtaken else "",
            f"{base}/results",
        ),
        Step(
            N_("签发证书"),
            "later" if is_overtaken and waiting else certified,
            f"{issued} / {issued + waiting}",
            f"{base}/certificates",
        ),
        _archiving(
            line, is_held_up=waiting > 0 or is_overtaken or is_early(line.notice_ends_at, at)
        ),
    ]


def _archiving(line: SittingLine, *, is_held_up: bool) -> Step:
    is_archived = line.status is SittingStatus.ARCHIVED
    state = "later" if is_held_up else _state(line, is_archived, SittingStatus.PUBLISHED)
    return Step(
        N_("归档"),
        "done" if is_archived else state,
        "",
        f"/desk/assessments/{line.id}",
        SittingStatus.ARCHIVED,
        N_("归档"),
        N_("归档以后，批次不能再恢复到其他状态；结果仍然公开，证书仍可查验。确定归档吗？"),
    )


async def _seated(line: SittingLine) -> tuple[int, int]:
    """Return how many candidates have a number, and how many should."""
    numbers = [
        item.number
        for item in await enrollment.candidates(line.id)
        if item.number or item.status in TO_MARK
    ]
    return sum(number is not None for number in numbers), len(numbers)


async def _lack_of_group(line: SittingLine) -> str:
    """Return what those who were sent lack to assess together, empty for nothing."""
    try:
        await refuse_unfit_group(line)
    except RuleBroken as refusal:
        return locale.sentence(refusal)
    return ""


def _place(status: SittingStatus) -> int:
    """Return how far a sitting came; one that was canceled is nowhere."""
    return -1 if status is SittingStatus.CANCELED else ORDER.index(status)


def _is_past(line: SittingLine, stage: SittingStatus) -> bool:
    return _place(line.status) > _place(stage)


def _state(line: SittingLine, done: bool, stage: SittingStatus) -> str:  # noqa: FBT001 - one fact
    return "done" if done else "next" if line.status is stage else "later"
