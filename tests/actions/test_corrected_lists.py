"""A list of entries that is corrected and imported again: who moves, who stays fallen."""

import json
from typing import Any

import msgspec
import pytest

from app.audit.queries import records_of
from app.documents import workbooks as documents
from app.imports import registry, work
from app.imports.progress import tell_nobody
from app.rules.actors import SYSTEM, Scope
from app.storage.engine import write_transaction
from competitions.planning import queries as planning
from competitions.planning.actions import competition_subject
from competitions.registration import bulk, exporting, importing, queries, vetting, workbooks
from competitions.registration.vetting import TeamStandsAgain
from competitions.rules.entries import EntryStatus
from tests.builders.competitions import AT, a_competition, an_entry, an_event, entry_facts
from tests.builders.large import DELEGATIONS, row_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]
registry.learn(*importing.IMPORTERS)


async def standing_teams(event_id: int) -> dict[tuple[str, str], int]:
    return {
        (item.delegation, item.team): len(item.contestants)
        for item in await queries.entries_of_event(event_id)
        if item.status is not EntryStatus.WITHDRAWN
    }


async def two_teams(members: int = 2, quota: int = 2, **event: Any) -> tuple[int, int, list[Any]]:
    """An event with the teams 一 and 二 of 甲, imported; and their rows."""
    competition_id = await a_competition()
    event_id = await an_event(competition_id, "插花", members=members, quota=quota, **event)
    facts = [entry_facts(event_id, "甲队", team=team) for team in ("一", "一", "二", "二")]
    await bulk.register_many(competition_id, facts, by=SYSTEM, at=AT)
    return competition_id, event_id, facts


def changed(facts: Any, **changes: Any) -> Any:
    return msgspec.structs.replace(facts, **changes)


async def imported_again(competition_id: int, rows: list[Any]) -> tuple[int, int]:
    return await bulk.register_many(competition_id, rows, by=SYSTEM, at=AT)


class TestTeams:
    async def test_are_renamed_where_the_whole_list_says_so(self):
        competition_id, event_id, (one, two, *others) = await two_teams()
        await vetting.accept_all(event_id, by=SYSTEM, at=AT)

        found = await imported_again(
            competition_id, [changed(one, team="三"), changed(two, team="三"), *others]
        )

        assert found == (0, 2)
        entries = await queries.entries_of_event(event_id)
        assert [(item.team, len(item.contestants)) for item in entries] == [("三", 2), ("二", 2)]
        assert {item.status for item in entries} == {EntryStatus.ACCEPTED}
        assert await imported_again(competition_id, [changed(one, team="三")]) == (0, 0)

    async def test_lose_one_to_another_delegation_and_keep_the_rest(self):
        competition_id, event_id, (one, *others) = await two_teams()
        await vetting.accept_all(event_id, by=SYSTEM, at=AT)

        found = await imported_again(competition_id, [changed(one, delegation="乙队"), *others])

        assert found == (0, 1)
        assert await standing_teams(event_id) == {
            ("甲队", "一"): 1,
            ("甲队", "二"): 2,
            ("乙队", "一"): 1,
        }
        by_team = {
            (item.delegation, item.team): item for item in await queries.entries(competition_id)
        }
        assert by_team["甲队", "一"].status is EntryStatus.REGISTERED
        assert by_team["甲队", "二"].status is EntryStatus.ACCEPTED

    async def test_exchange_their_members_or_their_names(self):
        competition_id, event_id, (one, two, three, four) = await two_teams()

        one_each = [changed(one, team="二"), two, changed(three, team="一"), four]
        assert await imported_again(competition_id, one_each) == (0, 2)
        assert await standing_teams(event_id) == {("甲队", "一"): 2, ("甲队", "二"): 2}
        all_of_them = [changed(item, team="一" if item.team == "二" else "二") for item in one_each]
        assert await imported_again(competition_id, all_of_them) == (0, 4)

        assert await standing_teams(event_id) == {("甲队", "一"): 2, ("甲队", "二"): 2}
        assert await imported_again(competition_id, all_of_them) == (0, 0)

    async def test_that_nobody_is_left_in_are_withdrawn_and_give_up_their_place(self):
        competition_id, event_id, (one, two, *others) = await two_teams(members=4, quota=2)

        rows = [changed(one, team="二"), changed(two, team="二"), *others]
        assert await imported_again(competition_id, rows) == (0, 2)

        assert await standing_teams(event_id) == {("甲队", "二"): 4}
        await an_entry(competition_id, event_id, "甲队", team="三")

    async def test_go_by_what_each_contestant_was_in_the_journal(self):
        competition_id, _, rows = await two_teams()

        employers = [changed(item, employer=f"单位{at}") for at, item in enumerate(rows)]
        await imported_again(competition_id, employers)

        [record] = [
            item
            for item in await records_of(competition_subject(competition_id))
            if item.act == "competitions.entry.changed"
        ]
        after = json.loads(record.after)
        assert [item["employer"] for item in after.values()] == ["单位0", "单位1", "单位2", "单位3"]

    async def test_of_one_name_do_not_stand_twice(self):
        competition_id, event_id, _ = await two_teams(quota=5)
        [fallen, _other] = await queries.entries_of_event(event_id)
        await vetting.vet(
            fallen.id, EntryStatus.WITHDRAWN, note="退赛", seen_version=1, by=SYSTEM, at=AT
        )
        await an_entry(competition_id, event_id, "甲队", team="一")

        with pytest.raises(TeamStandsAgain):
            await vetting.vet(
                fallen.id, EntryStatus.REGISTERED, note="", seen_version=2, by=SYSTEM, at=AT
            )

    async def test_are_checked_as_they_will_stand(self):
        competition_id = await a_competition()
        event_id = await an_event(competition_id, "插花", members=2, quota=2)
        scope = Scope("competition", str(competition_id))
        await write(scope, event_id, [{"team": "一"}, {"team": "一"}, {"team": "二"}])

        good = await examined(scope, event_id, [{"team": "二"}, {"team": "一"}, {"team": "二"}])
        full = await examined(scope, event_id, [{"team": "二"}, {"team": "二"}, {"team": "二"}])
        nameless = await examined(scope, event_id, [{"team": ""}, {"team": "一"}])
        renamed = await examined(scope, event_id, [{"team": "三"}, {"team": "三"}])

        assert [table.problems for table, _ in (good, renamed)] == [[], []]
        assert [(checked.new, checked.changed) for _, checked in (good, renamed)] == [
            (0, 1),
            (0, 2),
        ]
        assert [item.cell for item in full[0].problems] == ["D3"]
        assert [item.cell for item in nameless[0].problems] == ["D2"]

    async def test_come_whole_to_a_delegation_that_has_room_or_not_at_all(self):
        competition_id = await a_competition()
        event_id = await an_event(competition_id, "插花", members=2, quota=1)
        scope = Scope("competition", str(competition_id))
        first, second, *_ = DELEGATIONS
        teams = [{"delegation": first, "team": "一"}] * 2 + [{"delegation": second, "team": "一"}]
        await write(scope, event_id, teams)

        rows = [{"delegation": second, "team": "二"}] * 2 + teams[2:]
        table, checked = await examined(scope, event_id, rows)

        assert [item.cell for item in table.problems] == ["A2", "A3"]
        assert len(checked.good) == 1


class TestFallenEntries:
    async def test_are_named_at_their_rows_and_stay_so(self):
        competition_id = await a_competition()
        event_id = await an_event(competition_id, quota=1)
        scope = Scope("competition", str(competition_id))
        rows = [{}, {"delegation": DELEGATIONS[1]}]
        await write(scope, event_id, rows)
        [first, _second] = await queries.entries_of_event(event_id)
        await vetting.vet(
            first.id, EntryStatus.WITHDRAWN, note="退赛", seen_version=1, by=SYSTEM, at=AT
        )

        table, checked = await examined(scope, event_id, rows)
        content = await exporting.entries_workbook(competition_id, by=SYSTEM, at=AT)
        given, again = await work.examine("entries", scope, content, AT, tell_nobody)

        assert [item.cell for item in table.problems] == ["E2"]
        assert "退赛" in table.problems[0].reason
        assert (checked.new, checked.unchanged) == (0, 1)
        assert (given.problems, again.new, again.unchanged) == ([], 0, 1)

    async def test_do_not_keep_a_person_from_another_team(self):
        competition_id, event_id, (one, two, *_) = await two_teams(quota=3)
        [fallen, _other] = await queries.entries_of_event(event_id)
        await vetting.vet(
            fallen.id, EntryStatus.REFUSED, note="材料不全", seen_version=1, by=SYSTEM, at=AT
        )

        rows = [changed(one, team="三"), changed(two, team="三")]

        assert await imported_again(competition_id, rows) == (2, 0)
        assert (await standing_teams(event_id))["甲队", "三"] == 2


async def write(scope: Scope, event_id: int, changes: list[dict[str, str]]) -> None:
    _, checked = await examined(scope, event_id, changes)
    async with write_transaction():
        await work.write_within("entries", scope, checked, by=SYSTEM, at=AT)


async def examined(scope: Scope, event_id: int, changes: list[dict[str, str]]) -> Any:
    """Check a list of the same people each time, each with what is changed of it."""
    content = await a_list(scope, event_id, changes)
    return await work.examine("entries", scope, content, AT, tell_nobody)


async def a_list(scope: Scope, event_id: int, changes: list[dict[str, str]]) -> bytes:
    event = await planning.event(event_id)
    rows = [
        row_of(place, event) | {"delegation": DELEGATIONS[0]} | change
        for place, change in enumerate(changes)
    ]
    layout = workbooks.entries_layout(await planning.events(int(scope.key)))
    return documents.export(layout, rows)
