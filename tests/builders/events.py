"""An event as far as a test needs it: planned, entered, drawn, seated, marked, locked."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from app.accounts import actions as accounts
from app.accounts import grants
from app.accounts import queries as account_queries
from app.demo.chance import Chance
from app.demo.persons import person
from app.people.actions import PersonFacts
from app.rules.actors import SYSTEM, Actor, Duty, Grant, Scope
from app.rules.mark_sheet import MarkState
from app.sheets import actions as sheets
from app.sheets import amendments, signing
from app.sheets import queries as sheet_queries
from app.sheets.deciding import Decision
from app.sheets.keying import MarkInput, record_marks_within
from app.storage.engine import write_transaction
from competitions.draw import actions as draw
from competitions.draw import queries as codes
from competitions.draw import unsealing
from competitions.planning import actions as planning
from competitions.planning import events as planned
from competitions.planning import queries as planning_queries
from competitions.planning import schemes
from competitions.planning.actions import CompetitionPlan
from competitions.planning.events import EventPlan
from competitions.planning.queries import EventLine
from competitions.registration import bulk, judges, vetting
from competitions.registration import queries as register
from competitions.registration.admitting import EntryFacts
from competitions.registration.judge_matching import JudgeFacts
from competitions.rules.duties import SeatKind
from competitions.rules.lifecycle import CompetitionStatus, Division, Level
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule
from competitions.scoring import actions as scoring
from competitions.scoring import queries as scoring_queries
from competitions.scoring import seating
from tests.builders.sheets import shown

AT = datetime(2026, 9, 16, 1, 30, tzinfo=UTC)
POINTS = SchemeAspect("A1", "points", "成品得分", "100")
_officials = count(1)
PANEL = SchemeAspect("P1", "panel", "外观", "10")


def a_scheme(*aspects: SchemeAspect) -> SchemeFacts:
    """One module of aspects; a hundred points by one judge unless others are given."""
    return SchemeFacts((SchemeModule("A", "实操", "", aspects or (POINTS,)),))


async def an_event(
    *,
    entries: int = 3,
    rule_set: str = "rural-national",
    scheme: SchemeFacts | None = None,
    members: int = 1,
) -> EventLine:
    """An event with accepted entries of delegations 甲, 乙, 丙 …: one contestant, or a team."""
    today = AT.date()
    plan = CompetitionPlan(
        name="测试大赛",
        series="",
        edition=None,
        level=Level.COUNTY,
        host_region="522632",
        organizer="县人社局",
        host="县职校",
        venue="县职校",
        starts_on=today,
        ends_on=today + timedelta(days=1),
        entries_open_at=AT - timedelta(days=9),
        entries_close_at=AT + timedelta(days=1),
        notice="",
    )
    async with write_transaction():
        competition_id = await planning.create_competition(plan, by=SYSTEM, at=AT)
        await planning.step(
            competition_id, CompetitionStatus.ANNOUNCED, seen_version=1, by=SYSTEM, at=AT
        )
        event = EventPlan(name="砌筑", division=Division.OPEN, rule_set=rule_set, members=members)
        event_id = await planned.create_event(competition_id, event, by=SYSTEM, at=AT)
        await schemes.write_scheme(event_id, scheme or a_scheme(), by=SYSTEM, at=AT)
    facts = [
        an_entry(event_id, at, member=member if members > 1 else None)
        for at in range(entries)
        for member in range(members)
    ]
    await bulk.register_many(competition_id, facts, by=SYSTEM, at=AT)
    await vetting.accept_all(event_id, by=SYSTEM, at=AT)
    return await planning_queries.event(event_id)


def an_entry(event_id: int, at: int, member: int | None = None) -> EntryFacts:
    """The entry of one delegation, or a member of its team."""
    name = "甲乙丙丁戊己庚辛壬癸"[at]
    return EntryFacts(
        delegation=f"{name}镇代表队",
        event_id=event_id,
        team="" if member is None else f"{name}队",
        person=a_person(at + 100 * (member or 0)),
        employer=f"{name}镇合作社",
        county_code=None,
        coach=f"{name}师傅",
        delegation_region="522632",
    )


def a_person(at: int) -> PersonFacts:
    """A person of whom no test minds anything."""
    chance = Chance(f"person {at}")
    return person(chance, region="522632", youngest=20, oldest=50, today=AT.date())


async def judges_of(line: EventLine, *facts: JudgeFacts) -> dict[str, int]:
    """Register judges and return their ids by name."""
    await judges.register_judges(line.competition_id, facts, by=SYSTEM, at=AT)
    return {item.name: item.id for item in await register.judges(line.competition_id)}


async def seat(line: EventLine, *, marking: int = 1, reserves: Sequence[JudgeFacts] = ()) -> None:
    """Seat judges 一, 二, 三 …, a chief and reserves."""
    names = [f"裁判{name}" for name in "一二三四五六七"[:marking]]
    facts = [JudgeFacts(name=name, sign_in_name=f"j{at}") for at, name in enumerate(names)]
    chief = JudgeFacts(name="裁判长", sign_in_name="chief")
    ids = await judges_of(line, *facts, chief, *reserves)
    kinds = dict.fromkeys(names, SeatKind.MARKING) | {"裁判长": SeatKind.CHIEF}
    kinds |= {item.name: SeatKind.RESERVE for item in reserves}
    for name, kind in kinds.items():
        await seating.seat(line.id, ids[name], kind=kind, by=SYSTEM, at=AT)


async def drawn(line: EventLine) -> list[str]:
    """Draw the codes and return them."""
    await draw.draw(line.id, by=SYSTEM, at=AT, seed="0123456789abcdef" * 4)
    return [item.code for item in await codes.sealed_codes(line.id)]


async def marking(line: EventLine, *, seats: int = 1) -> list[str]:
    """Seat judges, draw, open the sheets; return the codes."""
    await seat(line, marking=seats)
    found = await drawn(line)
    await scoring.start_marking(line.id, by=SYSTEM, at=AT)
    return found


async def mark(line: EventLine, values: Mapping[str, str], aspect: str = "A1") -> None:
    """Mark one aspect by code, for every seat that has it."""
    opened = await sheet_queries.sheets_of(line.ledger)
    marks = [
        MarkInput(code=sheet.code, seat=sheet.seat, aspect=aspect, value=values[sheet.code])
        for sheet in opened
        if sheet.code in values and sheet.status != "void"
    ]
    async with write_transaction():
        await record_marks_within(ledger=line.ledger, marks=marks, by=SYSTEM, at=AT, reason="试")


async def lock(line: EventLine) -> None:
    """Submit, sign and lock every sheet."""
    async with write_transaction():
        await sheets.submit_sheets_within(ledger=line.ledger, by=SYSTEM, at=AT)
        await signing.sign_sheets_within(ledger=line.ledger, by=SYSTEM, at=AT)
        await sheets.lock_ledger_within(ledger=line.ledger, by=SYSTEM, at=AT)


async def unseal(line: EventLine) -> None:
    """Turn both keys until every level is open."""
    for duty in (Duty.CODING_JUDGE, Duty.SUPERVISOR):
        await unsealing.turn_key(line.id, by=await an_official(line, duty), at=AT)


async def an_official(line: EventLine, *duties: Duty) -> Actor:
    """An account with these duties over the event."""
    held = tuple(Grant(duty, Scope("event", str(line.id)), AT) for duty in duties)
    name = "-".join(sorted(duty.value for duty in duties))
    async with write_transaction():
        account_id = await accounts.create_account_within(
            sign_in_name=f"official-{name}-{next(_officials)}", name=f"官员{name}", by=SYSTEM, at=AT
        )
        for grant in held:
            await grants.grant_within(account_id, grant, by=SYSTEM, at=AT)
    return Actor(account_id, f"官员{name}", held)


async def judges_on(line: EventLine) -> dict[str, Actor]:
    """The judges of an event as they sign in, by seat."""
    found = {}
    for item in await scoring_queries.seats(line.id):
        account = await account_queries.account(item.account_id)
        found[item.seat] = Actor(account.id, account.name, account.grants)
    return found


async def amend(line: EventLine, code: str, value: str, aspect: str = "A1") -> None:
    """Change a mark after the lock: one proposes, another confirms."""
    [sheet] = [item for item in await sheet_queries.sheets_of(line.ledger) if item.code == code]
    decision = Decision(
        sheet=sheet.key,
        aspect=aspect,
        state=MarkState.MARKED,
        value=value,
        reason="抄录有误",
        seen=await shown(sheet.key, aspect),
    )
    chief = await an_official(line, Duty.CHIEF_JUDGE)
    second = await an_official(line, Duty.ORGANIZER, Duty.SUPERVISOR)
    number = await amendments.propose(line.ledger, decision, by=chief, at=AT)
    await amendments.confirm(line.ledger, number, by=second, at=AT)
