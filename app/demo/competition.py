"""The national edition and a county contest: entries, codes, judges, marks, one event certified."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, timedelta

import msgspec

from app.certificates import batches
from app.demo.accounts import ACCOUNTS
from app.demo.chance import Chance
from app.demo.persons import person
from app.demo.trades import TRADES, Trade, scheme_of
from app.people.queries import provinces
from app.rules.actors import SYSTEM, Actor, Duty
from app.sheets import actions as sheets
from app.sheets import queries as sheet_queries
from app.sheets import signing
from app.sheets.keying import MarkInput, record_marks_within
from app.storage.engine import write_transaction
from app.web.clock import SHANGHAI
from competitions.draw import actions as draw
from competitions.draw import queries as codes
from competitions.draw import unsealing
from competitions.planning import actions as planning
from competitions.planning import events as planned
from competitions.planning import rule_set_authoring as authoring
from competitions.planning import schemes
from competitions.planning.actions import CompetitionPlan
from competitions.planning.events import EventPlan
from competitions.planning.queries import events
from competitions.registration import bulk, judges, vetting
from competitions.registration import queries as register
from competitions.registration.admitting import EntryFacts
from competitions.registration.judge_matching import JudgeFacts
from competitions.results import actions as results
from competitions.results import certifying
from competitions.rules.duties import SeatKind
from competitions.rules.lifecycle import CompetitionStatus, Division, Level
from competitions.rules.rule_sets import PRESETS
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule
from competitions.scoring import actions as scoring
from competitions.scoring import seating

NAMES = {one.sign_in_name: one.name for one in ACCOUNTS}
JUDGES = ("judge1", "judge2", "judge3", "judge4", "judge5")
SCHOOLS = ("职业技术学院", "技师学院", "中等职业学校", "农业学校")
FIRMS = ("建设集团", "服务公司", "农机合作社", "餐饮管理公司", "家政服务中心")
SPECIAL_REGIONS = frozenset({"710000", "810000", "820000"})
PUBLISHED, LOCKED, HALF_MARKED, DRAWN = 1, 1, 3, 2
"""How many events of the national edition are published, locked but sealed, being marked, drawn;
the rest enroll."""
WHOLE = PUBLISHED + LOCKED
OWN_RULES = "rural-demo"


async def create_national(accounts: Mapping[str, int], at: datetime) -> int:
    """Create the national edition: 11 trades, two divisions, 32 delegations, about 700 contestants."""
    today = at.astimezone(SHANGHAI).date()
    plan = CompetitionPlan(
        name="第三届乡村振兴职业技能大赛（演示）", series="乡村振兴职业技能大赛", edition=3, level=Level.NATIONAL,
        host_region="520100", organizer="乡村振兴职业技能大赛组委会（演示）", host="黔州人力资源和社会保障厅（演示）",
        venue="黔州职业技能公共实训基地", starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=2),
        entries_open_at=at - timedelta(days=90), entries_close_at=at - timedelta(days=20),
        notice="大赛以“展技能风采、促乡村振兴”为主题，设 11 个赛项，分职工组和学生组。\n每个代表队每个赛项每组限报 1 人。",
    )  # fmt: skip
    async with write_transaction():
        competition_id = await planning.create_competition(plan, by=SYSTEM, at=at)
        await planning.step(
            competition_id, CompetitionStatus.ANNOUNCED, seen_version=1, by=SYSTEM, at=at
        )
        await planning.step(
            competition_id, CompetitionStatus.UNDER_WAY, seen_version=2, by=SYSTEM, at=at
        )
        rules = await _own_rules(accounts, at)
        for trade in TRADES:
            for division in (Division.WORKERS, Division.STUDENTS):
                event = EventPlan(name=trade[0], division=division, occupation_code=trade[1])
                if trade == TRADES[0] and division is Division.STUDENTS:
                    event = msgspec.structs.replace(event, rule_set=rules)
                event_id = await planned.create_event(competition_id, event, by=SYSTEM, at=at)
                await schemes.write_scheme(event_id, scheme_of(trade), by=SYSTEM, at=at)
    await _enter(competition_id, at)
    await _stage(competition_id, accounts, at)
    return competition_id


async def _own_rules(accounts: Mapping[str, int], at: datetime) -> str:
    """Copy the national preset into rules of the organizer's own: prizes for a third, not a half."""
    _, preset = PRESETS["rural-national"]
    document = deepcopy(preset) | {"id": OWN_RULES}
    document["awards"]["tiers"][-1]["to"] = "1/3"
    organizer = Actor(accounts["organizer"], NAMES["organizer"], SYSTEM.grants, "command line")
    return await authoring.create(
        document,
        name="第三届大赛评分规则（演示）",
        derived_from="rural-national/1",
        by=organizer,
        at=at,
    )


async def create_county(accounts: Mapping[str, int], at: datetime) -> int:
    """Create a county's craft contest that is taking entries."""
    today = at.astimezone(SHANGHAI).date()
    plan = CompetitionPlan(
        name="榕江县乡村工匠技艺比赛（演示）", series="榕江县技艺比赛", edition=5, level=Level.COUNTY,
        host_region="522632", organizer="榕江县人力资源和社会保障局（演示）", host="榕江县中等职业学校（演示）",
        venue="榕江县文化广场", starts_on=today + timedelta(days=12), ends_on=today + timedelta(days=12),
        entries_open_at=at - timedelta(days=10), entries_close_at=at + timedelta(days=7),
        notice="欢迎各乡镇和院校报名，现场制作，当场评分。",
    )  # fmt: skip
    async with write_transaction():
        competition_id = await planning.create_competition(plan, by=SYSTEM, at=at)
        await planning.step(
            competition_id, CompetitionStatus.ANNOUNCED, seen_version=1, by=SYSTEM, at=at
        )
        for name in ("苗绣", "竹编"):
            event = EventPlan(name=name, division=Division.OPEN, rule_set="county-craft", quota=6)
            event_id = await planned.create_event(competition_id, event, by=SYSTEM, at=at)
            await schemes.write_scheme(event_id, _craft(), by=SYSTEM, at=at)
    chance, lines = Chance("county"), await events(competition_id)
    facts = [
        EntryFacts(
            delegation=town,
            event_id=line.id,
            person=person(chance, region="522632", youngest=17, oldest=54, today=today),
            employer=f"{town}农民专业合作社",
            county_code="522632",
            delegation_region="522632",
        )
        for line in lines
        for town in ("古州镇", "忠诚镇", "寨蒿镇", "平永镇", "乐里镇", "朗洞镇")
        for _ in range(2)
    ]
    await bulk.register_many(competition_id, facts, by=SYSTEM, at=at)
    return competition_id


def _craft() -> SchemeFacts:
    aspects = tuple(
        SchemeAspect(f"A{number}", "panel", title, most, unit="分", decimals=1)
        for number, (title, most) in enumerate(
            (("工艺技法", "40"), ("造型纹样", "30"), ("传承与创新", "20"), ("时间与整洁", "10")),
            start=1,
        )
    )
    return SchemeFacts((SchemeModule("A", "现场制作", "100", aspects),))


async def _enter(competition_id: int, at: datetime) -> None:
    chance, today = Chance("national entries"), at.astimezone(SHANGHAI).date()
    hosts = [item for item in await provinces() if item.code not in SPECIAL_REGIONS]
    facts: list[EntryFacts] = []
    for region in hosts[:32]:
        for line in await events(competition_id):
            if chance.below(100) == 0:
                continue  # now and then a delegation leaves an event out
            is_student = line.division is Division.STUDENTS
            ages = (17, 23) if is_student else (20, 54)
            employer = region.name[:2] + chance.one_of(SCHOOLS if is_student else FIRMS)
            facts.append(
                EntryFacts(
                    delegation=f"{region.name}代表队",
                    event_id=line.id,
                    person=person(
                        chance,
                        region=f"{region.code[:2]}0102",
                        youngest=ages[0],
                        oldest=ages[1],
                        today=today,
                    ),
                    employer=employer,
                    county_code=None,
                    coach=person(chance, region="110101", youngest=30, oldest=55, today=today).name,
                    delegation_region=region.code,
                )
            )
    await bulk.register_many(competition_id, facts, by=SYSTEM, at=at)


async def _stage(competition_id: int, accounts: Mapping[str, int], at: datetime) -> None:
    facts = [
        JudgeFacts(
            sign_in_name=one.sign_in_name,
            name=one.name,
            employer="行业协会（演示）",
            qualification="高级技师",
        )
        for one in ACCOUNTS
        if one.sign_in_name in (*JUDGES, "chief")
    ]
    await judges.register_judges(competition_id, facts, by=SYSTEM, at=at)
    lines = await events(competition_id)
    for line in lines[: WHOLE + HALF_MARKED + DRAWN]:
        await vetting.accept_all(line.id, by=SYSTEM, at=at)
        await draw.draw(line.id, by=SYSTEM, at=at, seed=f"demo {line.id}")
    for place, line in enumerate(lines[: WHOLE + HALF_MARKED]):
        await _seat(line.id, competition_id, at)
        await scoring.start_marking(line.id, by=SYSTEM, at=at)
        is_whole = place < WHOLE
        await _mark(
            line.id,
            line.ledger,
            TRADES[place // 2],
            share=100 if is_whole else 35 + 20 * (place - LOCKED),
            at=at,
        )
    for line in lines[:WHOLE]:
        await _lock(line.id, line.ledger, accounts, at)
    for line in lines[:PUBLISHED]:
        await _publish(line.id, accounts, at)


async def _seat(event_id: int, competition_id: int, at: datetime) -> None:
    for judge in await register.judges(competition_id):
        kind = SeatKind.CHIEF if judge.sign_in_name == "chief" else SeatKind.MARKING
        await seating.seat(event_id, judge.id, kind=kind, by=SYSTEM, at=at)


async def _mark(event_id: int, ledger: str, trade: Trade, *, share: int, at: datetime) -> None:
    chance, aspects = (
        Chance(f"marks {event_id}"),
        {item.id: item for item in scheme_of(trade).aspects()},
    )
    opened = await sheet_queries.sheets_of(ledger)
    every = [item.code for item in await codes.sealed_codes(event_id)]
    marked = set(every[: len(every) * share // 100])
    level = {code: chance.around(78, 20) for code in every}
    marks = [
        MarkInput(
            code=sheet.code,
            seat=sheet.seat,
            aspect=aspect.id,
            value=_value(
                aspect, level[sheet.code] + _habit(sheet.seat, place, len(opened)), chance
            ),
        )
        for place, sheet in enumerate(opened)
        if sheet.code in marked
        for aspect in aspects.values()
        if sheet.seat == opened[0].seat or aspect.kind in {"judgement", "panel"}
    ]
    async with write_transaction():
        await record_marks_within(ledger=ledger, marks=marks, by=SYSTEM, at=at, reason="演示数据")
        await sheets.submit_sheets_within(ledger=ledger, codes=marked, by=SYSTEM, at=at)


def _habit(seat: str, place: int, count: int) -> int:
    """One judge is stricter than the others, one grows milder over the day."""
    return {"J3": -4, "J5": 8 * place // count - 4}.get(seat, 0)


def _value(aspect: SchemeAspect, level: int, chance: Chance) -> str:
    percent = min(100, max(25, level + chance.between(-5, 5)))
    if aspect.kind == "judgement":
        return "3" if level >= 84 else "2" if level >= 66 else "1"
    tenths = int(float(aspect.max) * percent / 10)
    return f"{tenths // 10}.{tenths % 10}"


async def _lock(event_id: int, ledger: str, accounts: Mapping[str, int], at: datetime) -> None:
    """Sign, lock and count; the codes stay sealed."""
    chief = Actor(accounts["chief"], "周裁判长", SYSTEM.grants, "command line")
    async with write_transaction():
        await signing.sign_sheets_within(ledger=ledger, by=chief, at=at)
        await sheets.lock_ledger_within(ledger=ledger, by=chief, at=at)
    await results.compute(event_id, by=chief, at=at)


async def _publish(event_id: int, accounts: Mapping[str, int], at: datetime) -> None:
    for name, duty in (("coding", Duty.CODING_JUDGE), ("supervisor", Duty.SUPERVISOR)):
        grants = tuple(grant for grant in SYSTEM.grants if grant.duty is duty)
        await unsealing.turn_key(
            event_id, by=Actor(accounts[name], NAMES[name], grants, "command line"), at=at
        )
    await results.publish(event_id, by=SYSTEM, at=at)
    await batches.run(await certifying.order(event_id, reason="演示数据", by=SYSTEM, at=at))
