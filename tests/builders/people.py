"""Persons with numbers of every kind, and accounts that look them up."""

from datetime import UTC, date, datetime

from msgspec.structs import replace

from app.accounts import actions as accounts
from app.accounts import grants
from app.people import actions as people
from app.people.actions import GivenPerson, PersonFacts, checked_facts
from app.rules.actors import EVERYWHERE, SYSTEM, Actor, Duty, Grant, Scope
from app.rules.identity import IdKind, check_character
from app.storage.engine import write_transaction

AT = datetime(2026, 9, 16, 1, 30, tzinfo=UTC)
TODAY = date(2026, 9, 16)


def a_number(serial: int = 1, born: str = "19850312") -> str:
    """A resident number whose check character is right."""
    seventeen = f"522632{born}{serial:03d}"
    return seventeen + check_character(seventeen)


def facts_of(
    name: str, number: str, kind: IdKind = IdKind.RESIDENT, phone: str | None = None
) -> PersonFacts:
    """What a form says of a person, checked."""
    given = GivenPerson(name=name, kind=kind, id_number=number)
    return replace(checked_facts(given, TODAY), phone=phone)


async def a_person(
    name: str = "杨秀英",
    number: str = "",
    kind: IdKind = IdKind.RESIDENT,
    phone: str | None = "13812345678",
) -> int:
    """Register a person and return the id."""
    facts = facts_of(name, number or a_number(), kind, phone)
    async with write_transaction():
        return await people.find_or_add_within(facts, by=SYSTEM, at=AT)


async def someone(*duties: Duty, scope: Scope = EVERYWHERE, name: str = "") -> Actor:
    """An account with these duties in a scope."""
    held = tuple(Grant(duty, scope, AT) for duty in duties)
    async with write_transaction():
        account_id = await accounts.create_account_within(
            sign_in_name=name or f"someone-{scope.kind}{scope.key}", name="办事员", by=SYSTEM, at=AT
        )
        for grant in held:
            await grants.grant_within(account_id, grant, by=SYSTEM, at=AT)
    return Actor(account_id, "办事员", held)
