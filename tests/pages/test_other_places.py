"""Duties elsewhere open nothing here: every address of the desk that names a place is tried."""

import re
from collections import defaultdict

import pytest

from app.accounts import grants
from app.rules.actors import SYSTEM, Duty, Grant, Scope
from app.sheets import queries as sheets
from app.storage.engine import write_transaction
from assessments.enrollment import actions as enrollment
from assessments.enrollment.actions import Application
from competitions.registration import queries as register
from tests.builders.addresses import addresses
from tests.builders.assessments import a_sitting
from tests.builders.competitions import somebody
from tests.builders.events import AT, a_person, an_event, lock, mark, marking
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
REGISTERS = re.compile(
    "^/desk/(accounts|organizations|people|rule-sets|specifications|certificates|imports)"
)
"""What belongs to no one place, or to whom an address does not tell."""
ELSEWHERE = {"competition": "77", "event": "77", "sitting": "77", "region": "11"}


def places(method: str = "GET") -> list[str]:
    """Return every address of the desk that is read, or sent to, and that names a place."""
    return [
        path
        for path in addresses(method)
        if path.startswith("/desk/") and "{" in path and not REGISTERS.match(path)
    ]


async def a_place() -> dict[str, object]:
    """Make an event with marks and a sitting with a candidate; return what fills addresses."""
    line = await an_event()
    [code, *_] = codes = await marking(line)
    await mark(line, dict.fromkeys(codes, "80"))
    await lock(line)
    entry = (await register.entries_of_event(line.id))[0]
    [sheet, *_] = await sheets.sheets_of(line.ledger)
    sitting_id = await a_sitting(AT)
    application = Application(person=a_person(55))
    candidate_id = await enrollment.enroll(sitting_id, application, by=SYSTEM, at=AT)
    return {
        "competition_id": line.competition_id,
        "event_id": line.id,
        "entry_id": entry.id,
        "contestant_id": entry.contestants[0].id,
        "judge_id": (await register.judges(line.competition_id))[0].id,
        "delegation_id": (await register.delegations(line.competition_id))[0].id,
        "sitting_id": sitting_id,
        "candidate_id": candidate_id,
        "ledger": line.ledger,
        "key": sheet.key,
        "code": code,
        "number": 1,
        "digest": "0" * 64,
    }


@pytest.mark.parametrize("duty", [duty for duty in Duty if duty is not Duty.ADMINISTRATOR])
async def test_is_told_nothing(duty: Duty, sqlite_database, tmp_path):
    place = await a_place()
    told = []

    for kind, number in ELSEWHERE.items():
        stranger = await somebody(duty, scope=Scope(kind, number))
        async with a_visit(tmp_path, stranger) as visitor:
            for address in places():
                answer = await visitor.get(address.format(**place))
                if answer.status_code not in {403, 404}:
                    told.append(f"{answer.status_code} {address} for one of another {kind}")

    assert told == []


@pytest.mark.parametrize("duty", [duty for duty in Duty if duty is not Duty.ADMINISTRATOR])
async def test_changes_nothing(duty: Duty, sqlite_database, tmp_path):
    place = defaultdict(lambda: 1, await a_place())
    taken = []

    async with a_visit(tmp_path, await somebody(duty, scope=Scope("event", "77"))) as visitor:
        for address in places("POST"):
            answer = await visitor.send("/desk", address.format_map(place))
            if answer.status_code not in {403, 404, 422}:
                taken.append(f"{answer.status_code} {address}")

    assert taken == []


@pytest.mark.parametrize(
    ("duty", "kind", "place_id"),
    [
        (Duty.MARKING_JUDGE, "event", "event_id"),
        (Duty.CODING_JUDGE, "event", "event_id"),
        (Duty.AUDITOR, "competition", "competition_id"),
        (Duty.EXAMINER, "sitting", "sitting_id"),
    ],
)
async def test_is_told_no_more_than_the_duty_here_allows(
    duty: Duty, kind: str, place_id: str, sqlite_database, tmp_path
):
    place = await a_place()
    here = Scope(kind, str(place[place_id]))
    busy = await somebody(duty, scope=here)
    for number, other in enumerate(Duty, start=70):
        if other is not Duty.ADMINISTRATOR:
            grant = Grant(other, Scope("event", str(number)), AT)
            async with write_transaction():
                await grants.grant_within(busy.account_id or 0, grant, by=SYSTEM, at=AT)

    told = []
    for actor in (await somebody(duty, scope=here), busy):
        async with a_visit(tmp_path, actor) as visitor:
            answers = [await visitor.get(address.format(**place)) for address in places()]
        told.append([answer.status_code in {403, 404} for answer in answers])

    more = [
        address
        for address, *refused in zip(places(), *told, strict=True)
        if refused[0] != refused[1]
    ]
    assert more == []
