"""Small, valid, boring specifications and sittings."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.accounts import queries as accounts
from app.rules.actors import SYSTEM, Actor, Duty, Scope
from app.rules.mark_sheet import MarkState
from app.sheets import actions as sheets
from app.sheets import amendments, signing
from app.sheets import queries as sheet_queries
from app.sheets.deciding import Decision
from app.sheets.keying import MarkInput, record_marks_within
from app.storage.engine import write_transaction
from app.web import clock
from assessments.enrollment import actions as enrollment
from assessments.enrollment import queries as candidates
from assessments.enrollment.actions import Application
from assessments.grading import actions as grading
from assessments.grading import starting
from assessments.rules.lifecycle import SittingStatus, SpecificationStatus
from assessments.rules.specification import SpecificationFacts, TaskFacts
from assessments.sittings import actions as sittings
from assessments.sittings import dispatching, planning, queries
from assessments.sittings.dispatching import ExaminerPlan
from assessments.sittings.planning import SittingPlan
from assessments.sittings.queries import SittingLine
from assessments.specifications import actions as specifications
from tests.builders.competitions import somebody
from tests.builders.events import AT, a_person
from tests.builders.sheets import shown

FACTS = SpecificationFacts(
    name="刺梨初加工",
    occupation_field="果树栽培工",
    definition="运用园艺工具，在刺梨园中，进行采收和初加工的能力。",
    applicability="运用本项能力就业的人员。",
    tasks=(
        TaskFacts("采收", ("能判断成熟度。",), ("成熟度的标准。",), 40),
        TaskFacts("烘干", ("能控制温度。",), ("烘干的温度。",), 60),
    ),
    admission="达到法定劳动年龄。",
    examiners="相关专业中级以上职称。",
    method="现场操作，120 分钟。",
    minutes=120,
    site="刺梨园一亩。",
    fewest_examiners=3,
    pass_mark=60,
)


async def a_specification(at: datetime, **changes: Any) -> int:
    """Put a specification in force."""
    facts = replace(FACTS, **changes)
    found = await specifications.create(facts, trade="农林牧渔", by=SYSTEM, at=at)
    await put_in_force(found, at)
    return found


async def supersede(specification_id: int) -> int:
    """Put a next version in force and return it."""
    newer = await specifications.new_version(specification_id, by=SYSTEM, at=AT)
    await put_in_force(newer, AT)
    return newer


async def put_in_force(found: int, at: datetime) -> None:
    """Lead a draft through its review."""
    steps = (
        SpecificationStatus.UNDER_REVIEW,
        SpecificationStatus.FILED,
        SpecificationStatus.IN_FORCE,
    )
    for version, wanted in enumerate(steps, start=1):
        await specifications.step(
            found, wanted, seen_version=version, by=SYSTEM, at=at, on=at.date()
        )


async def a_sitting(
    at: datetime, *, status: SittingStatus = SittingStatus.ENROLLING, **changes: Any
) -> int:
    """Plan a sitting a week ahead, and open it for candidates unless it stays planned."""
    begins = changes.get("starts_at") or max(at, clock.now()) + timedelta(days=7)
    plain: dict[str, Any] = {
        "code": "CL01",
        "name": "刺梨初加工第一批次",
        "specification_id": changes.get("specification_id") or await a_specification(at),
        "institution": "榕江县职业技能考核站",
        "issuer": "榕江县技能鉴定中心",
        "site": "榕江县中等职业学校",
        "region_code": "522632",
        "address": "学府路 1 号",
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=8),
        "enrollment_closes_at": begins,
        "rooms": (("第一考场", 10),),
    }
    sitting_id = await planning.plan(SittingPlan(**plain | changes), by=SYSTEM, at=at)
    if status is not SittingStatus.PLANNED:
        await sittings.step(sitting_id, status, seen_version=1, by=SYSTEM, at=at)
    return sitting_id


async def send(sitting_id: int, **changes: Any) -> Actor:
    """Send somebody to a sitting, an examiner unless said otherwise; return who it is."""
    plain: dict[str, Any] = {"account_id": 0, "duty": Duty.EXAMINER}
    plan = ExaminerPlan(**plain | changes)
    if not plan.account_id:
        nowhere = Scope("sitting", "99")
        sent = await somebody(
            scope=nowhere, name=f"考评{len(await queries.dispatches(sitting_id))}"
        )
        plan = ExaminerPlan(**plain | changes | {"account_id": sent.account_id})
    await dispatching.dispatch(sitting_id, plan, by=SYSTEM, at=AT)
    account = await accounts.account(plan.account_id)
    return Actor(account.id, account.name, account.grants)


async def a_group(sitting_id: int, examiners: int = 3) -> list[Actor]:
    """Send a lead, other examiners and a quality supervisor; return them in this order."""
    group = [await send(sitting_id, is_lead=place == 0) for place in range(examiners)]
    return [*group, await send(sitting_id, duty=Duty.QUALITY_SUPERVISOR)]


async def enroll(sitting_id: int, *people: int) -> list[int]:
    """Enroll persons and return the candidates' ids."""
    return [
        await enrollment.enroll(sitting_id, Application(person=a_person(at)), by=SYSTEM, at=AT)
        for at in people
    ]


async def seated(*, people: int = 2, **changes: Any) -> tuple[SittingLine, list[Actor]]:
    """A sitting with its group, and with candidates who have numbers."""
    sitting_id = await a_sitting(AT, **changes)
    group = await a_group(sitting_id)
    await enroll(sitting_id, *range(1, people + 1))
    await enrollment.accept_all(sitting_id, by=SYSTEM, at=AT)
    await enrollment.seat(sitting_id, by=SYSTEM, at=AT)
    return await queries.sitting(sitting_id), group


async def assessing(**changes: Any) -> tuple[SittingLine, list[Actor]]:
    """A sitting that has begun."""
    line, group = await seated(**changes)
    await starting.start(line.id, seen_version=line.version, by=SYSTEM, at=AT)
    return await queries.sitting(line.id), group


async def mark_and_lock(line: SittingLine, group: list[Actor], value: str = "30") -> None:
    """Give every task of every open sheet the same mark; the lead signs and locks."""
    opened = [
        sheet for sheet in await sheet_queries.sheets_of(line.ledger) if sheet.status == "open"
    ]
    marks = [
        MarkInput(code=sheet.code, seat=sheet.seat, aspect=aspect, value=value)
        for sheet in opened
        for aspect in ("T1", "T2")
    ]
    async with write_transaction():
        await record_marks_within(ledger=line.ledger, marks=marks, by=SYSTEM, at=AT, reason="试")
        await sheets.submit_sheets_within(ledger=line.ledger, by=SYSTEM, at=AT)
        await signing.sign_sheets_within(ledger=line.ledger, by=group[0], at=AT)
        await sheets.lock_ledger_within(ledger=line.ledger, by=group[0], at=AT)


async def graded(line: SittingLine) -> SittingLine:
    """Grade a locked sitting."""
    await grading.grade_sitting(line.id, seen_version=line.version, reason="", by=SYSTEM, at=AT)
    return await queries.sitting(line.id)


async def published(**changes: Any) -> tuple[SittingLine, list[Actor]]:
    """A published sitting in which everybody has just passed."""
    line, group = await assessing(**changes)
    await mark_and_lock(line, group)
    line = await graded(line)
    await grading.publish(line.id, seen_version=line.version, by=SYSTEM, at=AT)
    return await queries.sitting(line.id), group


async def amend(line: SittingLine, group: list[Actor], value: str) -> None:
    """Change one mark after the lock: the lead proposes, the quality supervisor confirms."""
    number = await propose_amendment(line, group, value)
    await amendments.confirm(line.ledger, number, by=group[-1], at=AT)


async def propose_amendment(line: SittingLine, group: list[Actor], value: str) -> int:
    """Let the lead propose to change one mark of the first candidate."""
    [first, *_] = await candidates.candidates(line.id)
    sheet = next(
        item for item in await sheet_queries.sheets_of(line.ledger) if item.code == first.number
    )
    decision = Decision(
        sheet=sheet.key,
        aspect="T1",
        state=MarkState.MARKED,
        value=value,
        reason="抄录有误",
        seen=await shown(sheet.key, "T1"),
    )
    return await amendments.propose(line.ledger, decision, by=group[0], at=AT)
