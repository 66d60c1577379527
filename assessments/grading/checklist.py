"""What is done, what comes next, what is blocked and who can mend it."""

import msgspec

from app.certificates import register as certificates
from app.errors import N_
from app.sheets import queries as sheets
from assessments.enrollment import queries as enrollment
from assessments.rules.lifecycle import CandidateStatus, SittingStatus
from assessments.sittings import queries as sittings
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


async def checklist(line: SittingLine) -> list[Step]:
    """Return the steps of a sitting in the order of its days."""
    enrolling = await _enrolling(line)
    _, dispatched, _, seated = enrolling
    is_ready = dispatched.state == seated.state == "done"
    return [*enrolling, *await _assessing(line, is_ready=is_ready), *await _closing(line)]


async def _enrolling(line: SittingLine) -> list[Step]:
    base = f"/desk/assessments/{line.id}"
    group = len(await sittings.examiners(line.id))
    fewest = (await sittings.specification_of(line)).facts.fewest_examiners
    counts = await enrollment.counts(line.id)
    every, applied = sum(counts.values()), counts.get(CandidateStatus.APPLIED, 0)
    seated = sum(item.number is not None for item in await enrollment.candidates(line.id))
    is_early = _place(line.status) <= _place(SittingStatus.ENROLLING)
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
            N_("派遣考评员"),
            "done" if group >= fewest else "next" if is_early else "blocked",
            f"{group} / {fewest}",
            f"{base}/examiners",
        ),
        Step(
            N_("登记并审核考生"),
            _state(line, every > 0 and applied == 0, SittingStatus.ENROLLING),
            f"{every - applied} / {every}",
            f"{base}/candidates",
        ),
        Step(
            N_("编排考号，打印准考证"),
            _state(line, seated > 0, SittingStatus.ENROLLING)
            if seated or (every and not applied)
            else "later",
            str(seated),
            f"{base}/candidates",
        ),
    ]


async def _assessing(line: SittingLine, *, is_ready: bool) -> list[Step]:
    base = f"/desk/assessments/{line.id}"
    opened = await sheets.sheets_of(line.ledger)
    signed = sum(sheet.status in {"signed", "locked", "void"} for sheet in opened)
    is_begun = _is_past(line, SittingStatus.ENROLLING)
    return [
        Step(
            N_("开始考核，生成评分表"),
            _state(line, is_begun, SittingStatus.ENROLLING) if is_begun or is_ready else "later",
            "",
            base,
            SittingStatus.ASSESSING,
            N_("开始考核"),
        ),
        Step(
            N_("考评员评分并签字"),
            _state(line, bool(opened) and signed == len(opened), SittingStatus.ASSESSING),
            f"{signed} / {len(opened)}",
            f"{base}/marking",
        ),
    ]


async def _closing(line: SittingLine) -> list[Step]:
    base = f"/desk/assessments/{line.id}"
    issued = len(await certificates.certificates_of(line.ledger))
    return [
        Step(
            N_("评定成绩"),
            _state(line, _is_past(line, SittingStatus.ASSESSING), SittingStatus.ASSESSING),
            "",
            f"{base}/results",
        ),
        Step(
            N_("公布结果"),
            _state(line, _is_past(line, SittingStatus.GRADED), SittingStatus.GRADED),
            "",
            f"{base}/results",
        ),
        Step(
            N_("签发证书"),
            _state(line, issued > 0, SittingStatus.PUBLISHED),
            str(issued),
            f"{base}/certificates",
        ),
    ]


def _place(status: SittingStatus) -> int:
    return ORDER.index(status)


def _is_past(line: SittingLine, stage: SittingStatus) -> bool:
    return _place(line.status) > _place(stage)


def _state(line: SittingLine, done: bool, stage: SittingStatus) -> str:  # noqa: FBT001 - one fact
    return "done" if done else "next" if line.status is stage else "later"
