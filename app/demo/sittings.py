"""Three sittings: one certified, one being marked, one enrolling."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from app.certificates import batches
from app.demo.chance import Chance
from app.demo.persons import person
from app.rules.actors import SYSTEM, Actor, Duty
from app.sheets import actions as sheets
from app.sheets import queries as sheet_queries
from app.sheets import signing
from app.sheets.keying import MarkInput, record_marks_within
from app.storage.engine import write_transaction
from app.web.clock import SHANGHAI
from assessments.enrollment import actions as enrollment
from assessments.enrollment import attendance, bulk
from assessments.enrollment import queries as candidates
from assessments.enrollment.actions import Application
from assessments.grading import actions as grading
from assessments.grading import certifying, starting
from assessments.rules.lifecycle import CandidateStatus, SittingStatus
from assessments.sittings import actions, dispatching, planning, queries
from assessments.sittings.dispatching import ExaminerPlan
from assessments.sittings.forms import INSTRUCTIONS
from assessments.sittings.planning import SittingPlan

CATEGORIES = (
    "农村转移就业劳动者",
    "防止返贫监测对象",
    "城镇登记失业人员",
    "毕业年度高校毕业生",
    "",
)
EMPLOYERS = ("", "", "青竹合作社", "河湾村股份经济合作社", "县职业技术学校")
SUPERVISOR = "quality"
EXAMINERS = ("examiner1", "examiner2", "examiner3")


async def create(
    accounts: Mapping[str, int], specifications: Mapping[str, int], at: datetime
) -> dict[str, int]:
    """Create the three sittings and return their ids by code."""
    day = at.astimezone(SHANGHAI).replace(hour=9, minute=0, second=0, microsecond=0)
    plans = (
        _plan(
            "2611A",
            "兰州牛肉拉面制作",
            specifications,
            ("520525", "纳雍县"),
            day - timedelta(days=12),
        ),
        _plan("2611B", "苗绣制作(平绣类)", specifications, ("522632", "榕江县"), day),
        _plan(
            "2612C", "老年人照护", specifications, ("520525", "纳雍县"), day + timedelta(days=16)
        ),
    )
    ids = {}
    for plan, count in zip(plans, (42, 24, 31), strict=True):
        in_time = min(at, plan.enrollment_closes_at - timedelta(hours=1))
        ids[plan.code] = await _enroll(plan, count, accounts, in_time)
    await _assess(ids["2611A"], at)
    await _mark(ids["2611A"], share=100, at=at)
    await _certify(ids["2611A"], accounts, at)
    await _assess(ids["2611B"], at)
    await _mark(ids["2611B"], share=55, at=at)
    return ids


def _plan(
    code: str,
    ability: str,
    specifications: Mapping[str, int],
    county: tuple[str, str],
    starts_at: datetime,
) -> SittingPlan:
    region, name = county
    return SittingPlan(
        code=code,
        name=f"{name}{ability}专项职业能力考核（第 {code[:4]} 批）",
        specification_id=specifications[ability],
        institution=f"{name}职业技能考核中心（演示）",
        issuer="乌蒙职业技能鉴定指导中心（演示）",
        site=f"{name}中等职业学校考点（演示）",
        region_code=region,
        address=f"{name}城关镇学府路 8 号实训楼",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=8),
        enrollment_closes_at=starts_at - timedelta(days=3),
        rooms=(("第一考场", 12), ("第二考场", 12)),
        filing_number=f"黔人社考备〔2026〕{code}",
        instructions=INSTRUCTIONS,
    )


async def _enroll(plan: SittingPlan, count: int, accounts: Mapping[str, int], at: datetime) -> int:
    chance, today = Chance(f"sitting {plan.code}"), at.astimezone(SHANGHAI).date()
    async with write_transaction():
        sitting_id = await planning.plan(plan, by=SYSTEM, at=at)
        await actions.step(sitting_id, SittingStatus.ENROLLING, seen_version=1, by=SYSTEM, at=at)
        for place, name in enumerate(EXAMINERS):
            examiner = ExaminerPlan(
                account_id=accounts[name],
                employer="州职业技能鉴定指导中心",
                card_number=f"KP52{place + 1:04d}",
                is_lead=place == 0,
            )
            await dispatching.dispatch(sitting_id, examiner, by=SYSTEM, at=at)
        await bulk.enroll_many(
            sitting_id,
            [
                Application(
                    person=person(
                        chance, region=plan.region_code, youngest=17, oldest=57, today=today
                    ),
                    employer=chance.one_of(EMPLOYERS),
                    category=chance.one_of(CATEGORIES) or None,
                )
                for _ in range(count)
            ],
            by=SYSTEM,
            at=at,
        )
        supervisor = ExaminerPlan(
            account_id=accounts[SUPERVISOR], duty=Duty.QUALITY_SUPERVISOR, employer="州人社局"
        )
        await dispatching.dispatch(sitting_id, supervisor, by=SYSTEM, at=at)
        if plan.starts_at <= at + timedelta(days=4):
            await enrollment.accept_all(sitting_id, by=SYSTEM, at=at)
            await enrollment.seat(sitting_id, by=SYSTEM, at=at)
    return sitting_id


async def _assess(sitting_id: int, at: datetime) -> None:
    line = await queries.sitting(sitting_id)
    await starting.start(sitting_id, seen_version=line.version, by=SYSTEM, at=at)
    for item in (await candidates.candidates(sitting_id))[5:40:17]:
        await attendance.record_attendance(
            item.id, CandidateStatus.ABSENT, note="", seen_version=item.version, by=SYSTEM, at=at
        )


async def _mark(sitting_id: int, *, share: int, at: datetime) -> None:
    line = await queries.sitting(sitting_id)
    form = starting.form_of(await queries.specification_of(line))
    chance, opened = Chance(f"marks {line.code}"), await sheet_queries.sheets_of(line.ledger)
    codes = sorted({sheet.code for sheet in opened if sheet.status == "open"})
    marked = codes[: len(codes) * share // 100]
    level = {code: chance.around(74, 26) for code in marked}
    marks = [
        MarkInput(
            code=sheet.code,
            seat=sheet.seat,
            aspect=aspect.id,
            value=_value(
                int(aspect.max or 0), min(100, max(20, level[sheet.code] + chance.between(-6, 6)))
            ),
        )
        for sheet in opened
        if sheet.code in level and sheet.status == "open"
        for aspect in form.aspects
    ]
    async with write_transaction():
        await record_marks_within(
            ledger=line.ledger, marks=marks, by=SYSTEM, at=at, reason="演示数据"
        )
        await sheets.submit_sheets_within(ledger=line.ledger, codes=set(marked), by=SYSTEM, at=at)


def _value(most: int, percent: int) -> str:
    halves = most * percent * 2 // 100
    return f"{halves // 2}.5" if halves % 2 else str(halves // 2)


async def _certify(sitting_id: int, accounts: Mapping[str, int], at: datetime) -> None:
    line = await queries.sitting(sitting_id)
    lead = Actor(accounts[EXAMINERS[0]], "韩考评", SYSTEM.grants, "command line")
    async with write_transaction():
        await signing.sign_sheets_within(ledger=line.ledger, by=lead, at=at)
        await sheets.lock_ledger_within(ledger=line.ledger, by=lead, at=at)
        await grading.grade_sitting(
            sitting_id, seen_version=line.version, reason="", by=SYSTEM, at=at
        )
        await grading.publish(sitting_id, seen_version=line.version + 1, by=SYSTEM, at=at)
    await batches.run(await certifying.order(sitting_id, reason="演示数据", by=SYSTEM, at=at))
