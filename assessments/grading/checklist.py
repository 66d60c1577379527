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
    base = f"/desk/assessments/{line.id}"
    group = await sittings.examiners(line.id)
    fewest = (await sittings.specification_of(line)).facts.fewest_examiners
    counts = await enrollment.counts(line.id)
    seated = sum(item.number is not None for item in await enrollment.candidates(line.id))
    opened = await sheets.sheets_of(line.ledger)
    signed = sum(sheet.status in {"signed", "locked", "void"} for sheet in opened)
    applied, issued = (
        counts.get(CandidateStatus.APPLIED, 0),
        len(await certificates.certificates_of(line.ledger)),
    )
    at = ORDER.index(line.status)

    def state(done: bool, stage: SittingStatus) -> str:  # noqa: FBT001 - one fact of the line
        return "done" if done else "next" if at == ORDER.index(stage) else "later"

    planned, enrolling, assessing = (
        SittingStatus.PLANNED,
        SittingStatus.ENROLLING,
        SittingStatus.ASSESSING,
    )
    return [
        Step(N_("开放报名"), state(at > 0, planned), "", base, enrolling, N_("开放报名")),
        Step(
            N_("派遣考评员"),
            "done" if len(group) >= fewest else "next" if at <= 1 else "blocked",
            f"{len(group)} / {fewest}",
            f"{base}/examiners",
        ),
        Step(
            N_("登记并审核考生"),
            state(sum(counts.values()) > 0 and applied == 0, enrolling),
            f"{sum(counts.values()) - applied} / {sum(counts.values())}",
            f"{base}/candidates",
        ),
        Step(
            N_("编排考号，打印准考证"),
            state(seated > 0, enrolling),
            str(seated),
            f"{base}/candidates",
        ),
        Step(
            N_("开始考核，生成评分表"),
            state(at > ORDER.index(enrolling), enrolling),
            "",
            base,
            assessing,
            N_("开始考核"),
        ),
        Step(
            N_("考评员评分并签字"),
            state(bool(opened) and signed == len(opened), assessing),
            f"{signed} / {len(opened)}",
            f"{base}/marking",
        ),
        Step(N_("评定成绩"), state(at > ORDER.index(assessing), assessing), "", f"{base}/results"),
        Step(
            N_("公布结果"),
            state(at > ORDER.index(SittingStatus.GRADED), SittingStatus.GRADED),
            "",
            f"{base}/results",
        ),
        Step(
            N_("签发证书"),
            state(issued > 0, SittingStatus.PUBLISHED),
            str(issued),
            f"{base}/certificates",
        ),
    ]
