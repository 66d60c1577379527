"""Small, valid, boring competitions: a county contest, its events, its entries, its judges."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import msgspec

from app.accounts import actions as accounts
from app.accounts import grants
from app.people.actions import GivenPerson, PersonFacts, checked_facts
from app.rules.actors import SYSTEM, Actor, Duty, Grant, Scope
from app.rules.identity import IdKind, check_character
from app.storage.engine import write_transaction
from competitions.planning import actions, events, schemes
from competitions.planning.actions import CompetitionPlan
from competitions.planning.events import EventPlan
from competitions.registration import actions as registration
from competitions.registration import vetting
from competitions.registration.admitting import EntryFacts
from competitions.rules.lifecycle import Division, Level
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule

AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
TODAY = date(2026, 11, 23)
_numbers = count(1)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "建国秀英志强桂兰海燕玉珍明辉春梅永福小芳"


def an_id_number(birth_on: date = date(1990, 1, 2), *, is_male: bool = True) -> str:
    """Return another resident number with a right check character each time."""
    sequence = next(_numbers) % 500 * 2 + (1 if is_male else 0)
    first = f"{522632 + next(_numbers) // 400:06d}{birth_on:%Y%m%d}{sequence % 1000:03d}"
    return first + check_character(first)


def a_name() -> str:
    """Return another name each time it matters little which."""
    number = next(_numbers)
    given = GIVEN[number % len(GIVEN)] + GIVEN[number * 7 % len(GIVEN)]
    return SURNAMES[number % len(SURNAMES)] + given


def a_person(name: str = "", birth_on: date = date(1990, 1, 2), number: str = "") -> PersonFacts:
    """Return a checked person, of working age unless told otherwise."""
    return checked_facts(
        GivenPerson(
            name=name or a_name(),
            kind=IdKind.RESIDENT,
            id_number=number or an_id_number(birth_on),
        ),
        TODAY,
    )


def a_plan(**changes: Any) -> CompetitionPlan:
    """Return the plan of a county contest that takes entries now."""
    plan = CompetitionPlan(
        name="榕江县技艺比赛",
        level=Level.COUNTY,
        host_region="522632",
        organizer="榕江县人社局",
        host="榕江县中等职业学校",
        venue="文化广场",
        starts_on=TODAY + timedelta(days=10),
        ends_on=TODAY + timedelta(days=11),
        entries_open_at=AT - timedelta(days=5),
        entries_close_at=AT + timedelta(days=5),
    )
    return msgspec.structs.replace(plan, **changes)


async def a_competition(**changes: Any) -> int:
    """Create a competition."""
    return await actions.create_competition(a_plan(**changes), by=SYSTEM, at=AT)


async def an_event(competition_id: int, name: str = "砌筑", **changes: Any) -> int:
    """Create an event of the workers' division, one entry a delegation."""
    plan = EventPlan(name=name, division=Division.WORKERS, rule_set="county-craft")
    return await events.create_event(
        competition_id, msgspec.structs.replace(plan, **changes), by=SYSTEM, at=AT
    )


def a_scheme(**changes: Any) -> SchemeFacts:
    """Return a scheme of one module with two aspects that sum to a hundred."""
    first = SchemeAspect("A1", "panel", "工艺技法", "60")
    aspects = (replace(first, **changes), SchemeAspect("A2", "points", "时间与整洁", "40"))
    return SchemeFacts((SchemeModule("A", "现场制作", "100", aspects),))


async def with_scheme(event_id: int) -> int:
    """Give an event a scheme."""
    await schemes.write_scheme(event_id, a_scheme(), by=SYSTEM, at=AT)
    return event_id


def entry_facts(event_id: int, delegation: str = "古州镇", **changes: Any) -> EntryFacts:
    """Return what registers one more contestant."""
    given = {"person": a_person()} | changes
    return EntryFacts(delegation=delegation, event_id=event_id, **given)


async def an_entry(
    competition_id: int, event_id: int, delegation: str = "古州镇", **changes: Any
) -> int:
    """Register one contestant."""
    return await registration.register(
        competition_id, entry_facts(event_id, delegation, **changes), by=SYSTEM, at=AT
    )


async def accepted_entries(competition_id: int, event_id: int, how_many: int = 3) -> list[int]:
    """Register entries of as many delegations and accept them all."""
    made = [
        await an_entry(competition_id, event_id, f"第{number}代表队")
        for number in range(1, how_many + 1)
    ]
    await vetting.accept_all(event_id, by=SYSTEM, at=AT)
    return made


async def somebody(*duties: Duty, scope: Scope, name: str = "何为") -> Actor:
    """Create an account that holds duties in a scope."""
    held = tuple(Grant(duty, scope, AT) for duty in duties)
    async with write_transaction():
        account_id = await accounts.create_account_within(
            sign_in_name=f"somebody-{next(_numbers)}", name=name, by=SYSTEM, at=AT
        )
        for grant in held:
            await grants.grant_within(account_id, grant, by=SYSTEM, at=AT)
    return Actor(account_id, name, held)
