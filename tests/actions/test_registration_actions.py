"""Delegations, entries, vetting and judges on a real database."""

import asyncio
from datetime import date, timedelta

import msgspec
import pytest

from app.accounts import actions as accounts
from app.accounts import grants, holders
from app.accounts import queries as account_queries
from app.accounts.actions import account_id_of
from app.accounts.tables import Account
from app.audit.queries import records_of
from app.documents import workbooks as documents
from app.errors import NotAllowed, Stale
from app.imports import registry, work
from app.imports.progress import tell_nobody
from app.people import correcting, filling
from app.people.actions import NameDiffers
from app.people.correcting import Correction
from app.people.queries import known_persons, person_count
from app.rules.actors import SYSTEM, DutiesExclude, Duty, Grant, Scope
from app.storage.engine import write_transaction
from competitions.draw import actions as draw
from competitions.planning import events as planned
from competitions.planning import queries as planning
from competitions.planning.actions import competition_subject
from competitions.planning.tables import Event
from competitions.registration import (
    actions,
    bulk,
    delegations,
    importing,
    judge_correcting,
    judges,
    queries,
    searching,
    vetting,
    workbooks,
)
from competitions.registration.actions import EntryChange, NoSuchEvent, entry_subject
from competitions.registration.delegations import DelegationFacts, DelegationTaken
from competitions.registration.judge_correcting import NumberOfMore, NumberTaken
from competitions.registration.judge_matching import JudgeFacts
from competitions.registration.judges import (
    AccountOfAnother,
    HoldsMore,
    JudgeTwice,
    KnownByAnotherName,
    NobodyToInvite,
    OtherNumber,
    UnknownDelegation,
)
from competitions.registration.searching import EntryFilter
from competitions.registration.vetting import NothingChosen
from competitions.rules.eligibility import (
    EnteredElsewhere,
    EntriesClosed,
    EntriesNotOpen,
    TooYoungToEnter,
)
from competitions.rules.entries import EntryStatus, ReasonNeeded
from competitions.rules.lifecycle import WrongEventStage
from competitions.rules.quotas import (
    QuotaExceeded,
    QuotaTooSmall,
    TeamFull,
    TeamIncomplete,
    TeamNameNeeded,
    TeamsTooSmall,
)
from tests.builders.competitions import (
    AT,
    a_competition,
    a_person,
    an_entry,
    an_event,
    an_id_number,
    entry_facts,
    somebody,
)
from tests.builders.large import DELEGATIONS, row_of

pytestmark = pytest.mark.anyio
registry.learn(*importing.IMPORTERS)


async def vet(entry_id: int, outcome: EntryStatus, note: str = "", seen: int = 1) -> None:
    await vetting.vet(entry_id, outcome, note=note, seen_version=seen, by=SYSTEM, at=AT)


class TestRegister:
    async def test_makes_delegation_person_and_entry_with_one_record(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id)

        entry_id = await an_entry(competition_id, event_id, employer="古州镇合作社", coach="石磊")

        entry = await queries.entry(entry_id)
        assert (entry.delegation, entry.status) == ("古州镇", EntryStatus.REGISTERED)
        assert entry.contestants[0].employer == "古州镇合作社"
        assert "*" in entry.contestants[0].id_masked
        [record] = await records_of(entry_subject(entry_id))
        assert entry.contestants[0].id_masked[:6] not in record.after

    async def test_refuses_ages_quota_and_a_second_event(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id)
        person = a_person()
        await an_entry(competition_id, event_id, person=person)
        other = await an_event(competition_id, "电工")

        with pytest.raises(QuotaExceeded):
            await an_entry(competition_id, event_id)
        with pytest.raises(EnteredElsewhere):
            await an_entry(competition_id, other, person=person)
        with pytest.raises(TooYoungToEnter):
            await an_entry(competition_id, other, person=a_person(birth_on=date(2015, 1, 1)))
        with pytest.raises(NoSuchEvent):
            await an_entry(competition_id, 9999)
        assert await person_count() == 1

    async def test_refuses_a_number_that_is_known_under_another_name(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id)
        number = an_id_number()
        await an_entry(competition_id, event_id, person=a_person("王建国", number=number))
        later = await a_competition(name="下一届")

        with pytest.raises(NameDiffers):
            await an_entry(later, await an_event(later), person=a_person("王建华", number=number))

    async def test_keeps_the_phone_of_somebody_the_register_knows(self, database: str) -> None:
        first, later = await a_competition(), await a_competition(name="下一届")
        person = a_person()
        await an_entry(first, await an_event(first), person=person)
        again = msgspec.structs.replace(person, phone="13800138000")

        await an_entry(later, await an_event(later), person=again)

        known = (await filling.details_of([person.digest]))[person.digest]
        assert known.phone == "13800138000"

    async def test_keeps_to_the_window_but_for_an_organizer(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id, quota=5)
        scope = Scope("competition", str(competition_id))
        registrar = await somebody(Duty.REGISTRAR, scope=scope)
        organizer = await somebody(Duty.ORGANIZER, scope=scope)
        late, early = AT + timedelta(days=6), AT - timedelta(days=6)

        for at, refusal in ((late, EntriesClosed), (early, EntriesNotOpen)):
            with pytest.raises(refusal):
                await actions.register(competition_id, entry_facts(event_id), by=registrar, at=at)
        entry_id = await actions.register(
            competition_id, entry_facts(event_id), by=organizer, at=late
        )
        [record] = await records_of(entry_subject(entry_id))
        assert '"is_late":true' in record.after

    async def test_lets_one_of_two_have_the_last_place(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id)

        answers = await asyncio.gather(
            *(an_entry(competition_id, event_id) for _ in range(3)), return_exceptions=True
        )

        assert sum(isinstance(item, int) for item in answers) == 1
        assert len(await queries.entries_of_event(event_id)) == 1

    async def test_is_for_those_who_run_it(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id)
        judge = await somebody(Duty.CHIEF_JUDGE, scope=Scope("competition", str(competition_id)))

        with pytest.raises(NotAllowed):
            await actions.register(competition_id, entry_facts(event_id), by=judge, at=AT)


class TestTeams:
    async def test_gather_in_one_entry_up_to_their_number(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id, "插花", members=2)

        first = await an_entry(competition_id, event_id, team="一队")
        second = await an_entry(competition_id, event_id, team="一队")

        assert first == second
        assert len((await queries.entry(first)).contestants) == 2
        with pytest.raises(TeamFull):
            await an_entry(competition_id, event_id, team="一队")
        with pytest.raises(QuotaExceeded):
            await an_entry(competition_id, event_id, team="二队")
        with pytest.raises(TeamNameNeeded):
            await an_entry(competition_id, event_id)

    async def test_are_accepted_once_they_are_whole(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id, "插花", members=2)
        entry_id = await an_entry(competition_id, event_id, team="一队")

        with pytest.raises(TeamIncomplete):
            await vet(entry_id, EntryStatus.ACCEPTED)
        assert await vetting.accept_all(event_id, by=SYSTEM, at=AT) == 0


class TestVetting:
    async def test_says_why_it_returns_an_entry(self, database: str) -> None:
        competition_id = await a_competition()
        entry_id = await an_entry(competition_id, await an_event(competition_id))

        with pytest.raises(ReasonNeeded):
            await vet(entry_id, EntryStatus.RETURNED)
        await vet(entry_id, EntryStatus.RETURNED, "照片不清")

        entry = await queries.entry(entry_id)
        assert (entry.status, entry.note) == (EntryStatus.RETURNED, "照片不清")
        assert (await records_of(entry_subject(entry_id)))[0].reason == "照片不清"

    async def test_frees_the_place_and_the_person_of_who_withdraws(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id)
        other = await an_event(competition_id, "电工")
        person = a_person()
        fallen = await an_entry(competition_id, event_id, person=person)

        await vet(fallen, EntryStatus.WITHDRAWN, "本人申请")
        await an_entry(competition_id, event_id)
        await an_entry(competition_id, other, person=person)

        with pytest.raises(QuotaExceeded):
            await vet(fallen, EntryStatus.REGISTERED, seen=2)

    async def test_takes_back_who_is_free_to_come_back(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id)
        entry_id = await an_entry(competition_id, event_id)
        await vet(entry_id, EntryStatus.REFUSED, "材料不全")

        await vet(entry_id, EntryStatus.REGISTERED, seen=2)

        assert (await queries.entry(entry_id)).status is EntryStatus.REGISTERED
        with pytest.raises(QuotaExceeded):
            await an_entry(competition_id, event_id)

    async def test_lets_one_of_two_decide(self, database: str) -> None:
        competition_id = await a_competition()
        entry_id = await an_entry(competition_id, await an_event(competition_id))

        answers = await asyncio.gather(
            vet(entry_id, EntryStatus.ACCEPTED),
            vet(entry_id, EntryStatus.REFUSED, "超龄"),
            return_exceptions=True,
        )

        assert sorted(type(item).__name__ for item in answers) == ["NoneType", "Stale"]

    async def test_accepts_the_chosen_ones_of_several_events(self, database: str) -> None:
        competition_id = await a_competition()
        chosen = [
            await an_entry(competition_id, await an_event(competition_id, name))
            for name in ("砌筑", "电工", "美发")
        ]

        count = await vetting.accept_chosen(competition_id, chosen[:2], by=SYSTEM, at=AT)

        assert count == 2
        assert (await queries.entry(chosen[2])).status is EntryStatus.REGISTERED
        with pytest.raises(NothingChosen):
            await vetting.accept_chosen(competition_id, [], by=SYSTEM, at=AT)
        with pytest.raises(NothingChosen):
            await vetting.accept_chosen(competition_id, chosen[:2], by=SYSTEM, at=AT)

    async def test_ends_with_the_draw(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id)
        entry_id = await an_entry(competition_id, event_id)
        await vetting.accept_all(event_id, by=SYSTEM, at=AT)
        await draw.draw(event_id, by=SYSTEM, at=AT)

        with pytest.raises(WrongEventStage):
            await vet(entry_id, EntryStatus.WITHDRAWN, "本人申请", seen=2)


class TestChangeEntry:
    async def test_mends_and_sends_back_to_vetting(self, database: str) -> None:
        competition_id = await a_competition()
        entry_id = await an_entry(competition_id, await an_event(competition_id))
        await vet(entry_id, EntryStatus.RETURNED, "缺单位")
        one = (await queries.entry(entry_id)).contestants[0]

        await actions.change_entry(
            one.id, EntryChange(employer="合作社"), seen_version=2, by=SYSTEM, at=AT
        )

        entry = await queries.entry(entry_id)
        assert entry.status is EntryStatus.REGISTERED
        assert entry.contestants[0].employer == "合作社"
        with pytest.raises(Stale):
            await actions.change_entry(
                one.id, EntryChange(employer="公司"), seen_version=2, by=SYSTEM, at=AT
            )
        assert (await queries.entry(entry_id)).contestants[0].employer == "合作社"

    async def test_puts_another_person_where_the_number_was_wrong(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id, quota=2)
        entry_id = await an_entry(competition_id, event_id)
        taken = a_person()
        await an_entry(competition_id, event_id, person=taken)
        one = (await queries.entry(entry_id)).contestants[0]
        right = a_person("石玉兰")

        with pytest.raises(EnteredElsewhere):
            await actions.change_entry(
                one.id, EntryChange(person=taken), seen_version=1, by=SYSTEM, at=AT
            )
        await actions.change_entry(
            one.id, EntryChange(person=right), seen_version=1, by=SYSTEM, at=AT
        )

        assert (await queries.entry(entry_id)).names == "石玉兰"

    async def test_corrects_a_name_as_the_register_of_persons_has_it(self, database: str) -> None:
        competition_id = await a_competition()
        entry_id = await an_entry(
            competition_id, await an_event(competition_id), person=a_person("石玉蓝")
        )
        one = (await queries.entry(entry_id)).contestants[0]
        with pytest.raises(NameDiffers):
            await actions.change_entry(
                one.id, EntryChange(name="石玉兰"), seen_version=1, by=SYSTEM, at=AT
            )
        corrected = Correction(name="石玉兰", phone=None, reason="错录一字")
        await correcting.correct_person(one.person_id, corrected, seen_version=1, by=SYSTEM, at=AT)

        await actions.change_entry(
            one.id, EntryChange(name="石玉兰"), seen_version=1, by=SYSTEM, at=AT
        )

        assert (await queries.entry(entry_id)).names == "石玉兰"
        record = (await records_of(entry_subject(entry_id)))[0]
        assert ("石玉蓝" in record.before, "石玉兰" in record.after) == (True, True)


class TestRegisterMany:
    async def test_makes_no_doubles_and_updates_what_changed(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id, quota=50)
        facts = [entry_facts(event_id, employer="旧单位") for _ in range(20)]
        assert await bulk.register_many(competition_id, facts, by=SYSTEM, at=AT) == (20, 0)

        changed = [msgspec.structs.replace(item, employer="新单位") for item in facts[:3]]
        again = await bulk.register_many(
            competition_id, [*changed, *facts[3:], entry_facts(event_id)], by=SYSTEM, at=AT
        )

        assert again == (1, 3)
        entries = await queries.entries_of_event(event_id)
        assert len(entries) == 21
        employers = [one.employer for item in entries for one in item.contestants]
        assert employers.count("新单位") == 3
        records = [
            item
            for item in await records_of(competition_subject(competition_id))
            if item.act == "competitions.entry.changed"
        ]
        assert len(records) == 1
        assert "旧单位" in records[0].before
        assert "新单位" in records[0].after

    async def test_fills_what_the_register_lacks_of_a_person(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id, quota=50)
        facts = [entry_facts(event_id) for _ in range(3)]
        bare = [
            msgspec.structs.replace(
                item, person=msgspec.structs.replace(item.person, phone=None, education=None)
            )
            for item in facts
        ]
        await bulk.register_many(competition_id, bare, by=SYSTEM, at=AT)
        whole = msgspec.structs.replace(
            facts[0], person=msgspec.structs.replace(facts[0].person, education="大专")
        )

        assert await bulk.register_many(competition_id, [whole, *bare[1:]], by=SYSTEM, at=AT) == (
            0,
            1,
        )
        known = (await filling.details_of([whole.person.digest]))[whole.person.digest]
        assert known.education == "大专"

    async def test_changes_nothing_when_nothing_changed(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id, quota=50)
        facts = [entry_facts(event_id) for _ in range(5)]
        await bulk.register_many(competition_id, facts, by=SYSTEM, at=AT)
        before = await queries.entries_of_event(event_id)

        assert await bulk.register_many(competition_id, facts, by=SYSTEM, at=AT) == (0, 0)

        assert await queries.entries_of_event(event_id) == before

    async def test_takes_up_again_what_was_returned_and_mended(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id)
        facts = entry_facts(event_id)
        await bulk.register_many(competition_id, [facts], by=SYSTEM, at=AT)
        [entry] = await queries.entries_of_event(event_id)
        await vet(entry.id, EntryStatus.RETURNED, "缺单位")

        mended = msgspec.structs.replace(facts, employer="合作社", coach="石磊")
        await bulk.register_many(competition_id, [mended], by=SYSTEM, at=AT)

        [entry] = await queries.entries_of_event(event_id)
        assert (entry.status, entry.coach) == (EntryStatus.REGISTERED, "石磊")

    async def test_undoes_the_whole_where_a_race_broke_the_quota(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id, quota=2)
        facts = [entry_facts(event_id) for _ in range(3)]

        with pytest.raises(QuotaExceeded):
            await bulk.register_many(competition_id, facts, by=SYSTEM, at=AT)

        assert await queries.entries_of_event(event_id) == []
        assert await queries.delegations(competition_id) == []

    async def test_gathers_teams(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id, "插花", members=3)
        facts = [entry_facts(event_id, team="一队") for _ in range(2)]
        await bulk.register_many(competition_id, facts, by=SYSTEM, at=AT)

        await bulk.register_many(
            competition_id, [entry_facts(event_id, team="一队")], by=SYSTEM, at=AT
        )

        [entry] = await queries.entries_of_event(event_id)
        assert len(entry.contestants) == 3
        with pytest.raises(TeamFull):
            await bulk.register_many(
                competition_id, [entry_facts(event_id, team="一队")], by=SYSTEM, at=AT
            )

    async def test_refuses_a_person_of_another_event(self, database: str) -> None:
        competition_id = await a_competition()
        facts = entry_facts(await an_event(competition_id, "砌筑"))
        other = await an_event(competition_id, "电工")
        await bulk.register_many(competition_id, [facts], by=SYSTEM, at=AT)

        with pytest.raises(EnteredElsewhere):
            await bulk.register_many(
                competition_id, [msgspec.structs.replace(facts, event_id=other)], by=SYSTEM, at=AT
            )

    async def test_is_not_refused_over_what_it_does_not_touch(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id, quota=2)
        full = [entry_facts(event_id, "甲队") for _ in range(2)]
        await bulk.register_many(competition_id, full, by=SYSTEM, at=AT)
        await Event.update({Event.quota: 1}).where(Event.id == event_id)

        mended = [msgspec.structs.replace(item, employer="新单位") for item in full]
        others = [entry_facts(event_id, "乙队")]
        found = await bulk.register_many(competition_id, [*mended, *others], by=SYSTEM, at=AT)

        assert found == (1, 2)
        more = [entry_facts(event_id, "甲队")]
        with pytest.raises(QuotaExceeded):
            await bulk.register_many(competition_id, more, by=SYSTEM, at=AT)


class TestCheckedTable:
    async def test_names_the_cell_of_a_change_after_the_draw(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id, quota=9)
        scope = await imported(competition_id, [{}, {}])
        await vetting.accept_all(event_id, by=SYSTEM, at=AT)
        await draw.draw(event_id, by=SYSTEM, at=AT)

        problems = await problems_of(scope, [{}, {"employer": "新单位"}])

        assert [cell for cell, _ in problems] == ["B3"]

    async def test_names_the_cell_of_a_move_into_a_full_delegation(self, database: str) -> None:
        competition_id = await a_competition()
        await an_event(competition_id, quota=1)
        scope = await imported(competition_id, [{}, {}])
        first, second = DELEGATIONS[:2]

        into_full = await problems_of(scope, [{}, {"delegation": first}])
        exchanged = await problems_of(scope, [{"delegation": second}, {"delegation": first}])

        assert [cell for cell, _ in into_full] == ["A3"]
        assert exchanged == []

    async def test_names_the_cells_of_judges_who_are_one(self, database: str) -> None:
        scope = Scope("competition", str(await a_competition()))
        await accounts.create_account(sign_in_name="admin2", name="新管理员", by=SYSTEM, at=AT)
        rows = [
            {"name": "吴勇", "employer": "协会"},
            {"name": "吴勇", "employer": "协会"},
            {"name": "潘秀", "sign_in_name": "admin2"},
        ]
        content = documents.export(workbooks.JUDGES, rows)

        table, checked = await work.examine("judges", scope, content, AT, tell_nobody)

        assert [problem.cell for problem in table.problems] == ["A3", "B4"]
        assert len(checked.good) == 1

    async def test_names_the_cell_of_a_number_that_the_register_has_otherwise(
        self, database: str
    ) -> None:
        competition_id = await a_competition()
        scope = Scope("competition", str(competition_id))
        mistyped = JudgeFacts(name="吴勇", sign_in_name="wuyong", person=a_person("吴勇"))
        await judges.register_judges(competition_id, [mistyped], by=SYSTEM, at=AT)
        account_id = await account_id_of("wuyong")
        await Account.update({Account.password_hash: "set"}).where(Account.id == account_id)
        rows = [{"name": "吴勇", "sign_in_name": "wuyong", "id_number": an_id_number()}]
        content = documents.export(workbooks.JUDGES, rows)

        here, _ = await work.examine("judges", scope, content, AT, tell_nobody)
        other = Scope("competition", str(await a_competition(name="下一届")))
        there, _ = await work.examine("judges", other, content, AT, tell_nobody)

        assert [problem.cell for problem in here.problems] == ["H2"]
        assert [problem.cell for problem in there.problems] == ["H2"]


async def imported(competition_id: int, changes: list[dict[str, str]]) -> Scope:
    scope = Scope("competition", str(competition_id))
    content = await a_table(scope, changes)
    _, checked = await work.examine("entries", scope, content, AT, tell_nobody)
    async with write_transaction():
        await work.write_within("entries", scope, checked, by=SYSTEM, at=AT)
    return scope


async def problems_of(scope: Scope, changes: list[dict[str, str]]) -> list[tuple[str, str]]:
    content = await a_table(scope, changes)
    table, _ = await work.examine("entries", scope, content, AT, tell_nobody)
    return [(problem.cell, problem.reason) for problem in table.problems]


async def a_table(scope: Scope, changes: list[dict[str, str]]) -> bytes:
    """The same people each time, each with what is changed of it."""
    events = await planning.events(int(scope.key))
    rows = [row_of(place, events[0]) | change for place, change in enumerate(changes)]
    return documents.export(workbooks.entries_layout(events), rows)


class TestChangingAnEvent:
    async def test_keeps_the_places_that_are_taken(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id, "插花", quota=2, members=2)
        facts = [entry_facts(event_id, "甲队", team=team) for team in ("一", "一", "二")]
        await bulk.register_many(competition_id, facts, by=SYSTEM, at=AT)
        line = await planning.event(event_id)
        plan = planned.plan_of(line)

        for change, refusal in (({"quota": 1}, QuotaTooSmall), ({"members": 1}, TeamsTooSmall)):
            wanted = msgspec.structs.replace(plan, **change)
            with pytest.raises(refusal):
                await planned.change_event(
                    event_id, wanted, seen_version=line.version, by=SYSTEM, at=AT
                )
        wanted = msgspec.structs.replace(plan, quota=5)
        await planned.change_event(event_id, wanted, seen_version=line.version, by=SYSTEM, at=AT)


class TestFiltered:
    async def test_finds_by_word_state_and_place_a_page_at_a_time(self, database: str) -> None:
        competition_id = await a_competition()
        event_id = await an_event(competition_id, quota=50)
        facts = [
            entry_facts(event_id, "甲队" if number % 2 else "乙队", employer=f"单位{number}")
            for number in range(12)
        ]
        await bulk.register_many(competition_id, facts, by=SYSTEM, at=AT)
        [first, *_] = await queries.entries_of_event(event_id)
        await vet(first.id, EntryStatus.ACCEPTED)
        places = {item.name: item.id for item in await queries.delegations(competition_id)}

        async def found(**chosen: object) -> tuple[int, int]:
            lines, count = await searching.filtered(
                competition_id, msgspec.convert(chosen, EntryFilter), 5
            )
            return len(lines), count

        assert await found() == (5, 12)
        assert await found(page=3) == (2, 12)
        assert await found(delegation=places["甲队"]) == (5, 6)
        assert await found(status="accepted") == (1, 1)
        assert await found(status="waiting") == (5, 11)
        assert await found(q="单位11") == (1, 1)
        assert await found(q="%") == (0, 0)
        for sort in searching.SORTS:
            assert await found(sort=sort) == (5, 12)
        newest, _ = await searching.filtered(competition_id, EntryFilter(sort="newest"), 1)
        assert newest[0].contestants[0].employer == "单位11"


class TestDelegations:
    async def test_are_registered_once_by_name(self, database: str) -> None:
        competition_id = await a_competition()
        facts = DelegationFacts(name="古州镇", leader="石磊", leader_phone="13800138000")

        new_id = await delegations.register_delegation(competition_id, facts, by=SYSTEM, at=AT)

        _, line = await queries.delegation(new_id)
        assert line.leader_phone_masked == "138******00"
        with pytest.raises(DelegationTaken):
            await delegations.register_delegation(competition_id, facts, by=SYSTEM, at=AT)

    async def test_keep_their_phone_when_none_is_given(self, database: str) -> None:
        competition_id = await a_competition()
        facts = DelegationFacts(name="古州镇", leader="石磊", leader_phone="13800138000")
        new_id = await delegations.register_delegation(competition_id, facts, by=SYSTEM, at=AT)

        changed = DelegationFacts(name="古州镇代表队", leader="石玉兰")
        await delegations.change_delegation(new_id, changed, seen_version=1, by=SYSTEM, at=AT)

        _, line = await queries.delegation(new_id)
        assert (line.name, line.leader_phone_masked) == ("古州镇代表队", "138******00")
        with pytest.raises(Stale):
            await delegations.change_delegation(new_id, facts, seen_version=1, by=SYSTEM, at=AT)

    async def test_of_a_table_are_added_changed_or_left(self, database: str) -> None:
        competition_id = await a_competition()
        facts = [DelegationFacts(name=name, leader="石磊") for name in ("甲队", "乙队")]

        async def register(*items: DelegationFacts) -> tuple[int, int]:
            return await delegations.register_delegations(competition_id, items, by=SYSTEM, at=AT)

        assert await register(*facts) == (2, 0)
        assert await register(*facts) == (0, 0)
        assert await register(facts[0], DelegationFacts(name="乙队", leader="潘秀")) == (0, 1)


class TestJudges:
    async def test_get_an_account_and_a_link(self, database: str) -> None:
        competition_id = await a_competition()
        facts = [
            JudgeFacts(name="吴勇", sign_in_name="wuyong", employer="协会"),
            JudgeFacts(name="潘秀"),
        ]

        assert await judges.register_judges(competition_id, facts, by=SYSTEM, at=AT) == (2, 0)

        lines = await queries.judges(competition_id)
        assert [line.has_password for line in lines] == [False, False]
        assert await account_id_of(lines[1].sign_in_name) == lines[1].account_id
        links = await judges.invite_judges(competition_id, [], by=SYSTEM, at=AT)
        assert {link.sign_in_name for link in links} == {line.sign_in_name for line in lines}

    async def test_are_known_again(self, database: str) -> None:
        competition_id = await a_competition()
        facts = [
            JudgeFacts(name="吴勇", sign_in_name="wuyong"),
            JudgeFacts(name="潘秀", employer="学校"),
        ]
        await judges.register_judges(competition_id, facts, by=SYSTEM, at=AT)

        again = [
            msgspec.structs.replace(facts[0], qualification="高级技师"),
            facts[1],
        ]
        assert await judges.register_judges(competition_id, again, by=SYSTEM, at=AT) == (0, 1)

    async def test_are_known_by_their_document_before_anything_else(self, database: str) -> None:
        competition_id = await a_competition()
        facts = JudgeFacts(name="吴勇", employer="协汇", person=a_person("吴勇"))
        await judges.register_judges(competition_id, [facts], by=SYSTEM, at=AT)

        mended = msgspec.structs.replace(facts, employer="协会")
        namesake = msgspec.structs.replace(mended, person=a_person("吴勇"))
        again = await judges.register_judges(competition_id, [mended, namesake], by=SYSTEM, at=AT)

        assert again == (1, 1)
        assert [line.employer for line in await queries.judges(competition_id)] == ["协会", "协会"]
        other_name = msgspec.structs.replace(mended, sign_in_name="wuyong")
        with pytest.raises(KnownByAnotherName):
            await judges.register_judges(competition_id, [other_name], by=SYSTEM, at=AT)

    async def test_keep_the_document_that_a_later_table_brings(self, database: str) -> None:
        competition_id = await a_competition()
        plain = JudgeFacts(name="吴勇", employer="协会")
        with_number = msgspec.structs.replace(plain, person=a_person("吴勇"))
        await judges.register_judges(competition_id, [plain], by=SYSTEM, at=AT)

        for wanted in ((0, 1), (0, 0)):
            facts = [with_number]
            assert await judges.register_judges(competition_id, facts, by=SYSTEM, at=AT) == wanted

    async def test_are_the_person_of_their_account_whose_duties_never_meet(
        self, database: str
    ) -> None:
        competition_id = await a_competition()
        scope = Scope("competition", str(competition_id))
        person = a_person("吴勇")
        codes = Grant(Duty.CODING_JUDGE, scope, AT)
        keeper, _ = await holders.create_account(
            sign_in_name="codes", name="吴勇", person=person, by=SYSTEM, at=AT
        )
        await grants.grant(keeper, codes, by=SYSTEM, at=AT)
        marks = await somebody(Duty.MARKING_JUDGE, scope=scope)
        name = (await account_queries.account(marks.account_id or 0)).sign_in_name
        await Account.update({Account.password_hash: "set"}).where(Account.id == marks.account_id)
        plain = JudgeFacts(name="吴勇", sign_in_name=name)
        with_number = msgspec.structs.replace(plain, person=person)

        with pytest.raises(DutiesExclude):
            await judges.register_judges(competition_id, [with_number], by=SYSTEM, at=AT)
        await judges.register_judges(competition_id, [plain], by=SYSTEM, at=AT)
        with pytest.raises(DutiesExclude):
            await judges.register_judges(competition_id, [with_number], by=SYSTEM, at=AT)
        other = msgspec.structs.replace(plain, person=a_person("吴勇"))
        await judges.register_judges(competition_id, [other], by=SYSTEM, at=AT)

        assert other.person is not None
        known = await known_persons([other.person.digest])
        account = await account_queries.account(marks.account_id or 0)
        assert account.person_id == known[other.person.digest][0]

    async def test_stand_in_one_table_once(self, database: str) -> None:
        competition_id = await a_competition()
        facts = JudgeFacts(name="吴勇", employer="协会")

        with pytest.raises(JudgeTwice):
            await judges.register_judges(competition_id, [facts, facts], by=SYSTEM, at=AT)

        assert await queries.judges(competition_id) == []

    async def test_never_get_an_account_that_waits_for_somebody_else(self, database: str) -> None:
        competition_id = await a_competition()
        organizer = await somebody(Duty.ORGANIZER, scope=Scope("competition", str(competition_id)))
        await accounts.create_account(sign_in_name="admin2", name="新管理员", by=SYSTEM, at=AT)

        with pytest.raises(AccountOfAnother):
            await judges.register_judges(
                competition_id,
                [JudgeFacts(name="吴勇", sign_in_name="Admin2")],
                by=organizer,
                at=AT,
            )

        assert await queries.judges(competition_id) == []

    async def test_with_other_duties_are_invited_by_an_administrator(self, database: str) -> None:
        competition_id = await a_competition()
        organizer = await somebody(Duty.ORGANIZER, scope=Scope("competition", str(competition_id)))
        facts = [JudgeFacts(name="吴勇", sign_in_name="wuyong"), JudgeFacts(name="潘秀")]
        await judges.register_judges(competition_id, facts, by=organizer, at=AT)
        lines = await queries.judges(competition_id)
        duty = Grant(Duty.CODING_JUDGE, Scope("competition", str(competition_id)), AT)
        await grants.grant(lines[0].account_id, duty, by=SYSTEM, at=AT)

        links = await judges.invite_judges(competition_id, [], by=organizer, at=AT)

        assert [link.name for link in links] == ["潘秀"]
        with pytest.raises(HoldsMore):
            await judges.invite_judges(competition_id, [lines[0].id], by=organizer, at=AT)

    async def test_come_with_a_delegation_of_the_register(self, database: str) -> None:
        competition_id = await a_competition()
        facts = JudgeFacts(name="吴勇", delegation="无此队")

        with pytest.raises(UnknownDelegation):
            await judges.register_judges(competition_id, [facts], by=SYSTEM, at=AT)
        assert await queries.judges(competition_id) == []

    async def test_of_an_empty_register_are_not_invited(self, database: str) -> None:
        with pytest.raises(NobodyToInvite):
            await judges.invite_judges(await a_competition(), [], by=SYSTEM, at=AT)

    async def test_are_changed_by_the_organizer_alone(self, database: str) -> None:
        competition_id = await a_competition()
        await judges.register_judges(competition_id, [JudgeFacts(name="吴勇")], by=SYSTEM, at=AT)
        [line] = await queries.judges(competition_id)
        registrar = await somebody(Duty.REGISTRAR, scope=Scope("competition", str(competition_id)))

        with pytest.raises(NotAllowed):
            await judge_correcting.change_judge(
                line.id, JudgeFacts(name="吴永"), seen_version=1, by=registrar, at=AT
            )
        await judge_correcting.change_judge(
            line.id, JudgeFacts(name="吴永"), seen_version=1, by=SYSTEM, at=AT
        )
        with pytest.raises(Stale):
            await judge_correcting.change_judge(
                line.id, JudgeFacts(name="吴咏"), seen_version=1, by=SYSTEM, at=AT
            )
        assert (await account_queries.account(line.account_id)).name == "吴永"

    async def test_are_another_person_where_the_number_was_mistyped(self, database: str) -> None:
        competition_id = await a_competition()
        organizer = await somebody(Duty.ORGANIZER, scope=Scope("competition", str(competition_id)))
        wrong = JudgeFacts(name="吴勇", sign_in_name="wuyong", person=a_person("吴勇"))
        other = JudgeFacts(name="潘秀", person=a_person("潘秀"))
        await judges.register_judges(competition_id, [wrong, other], by=SYSTEM, at=AT)
        line, _ = await queries.judges(competition_id)
        right = msgspec.structs.replace(wrong, person=a_person("吴勇"))
        assert right.person is not None

        async def change(facts: JudgeFacts, seen: int = 1) -> None:
            await judge_correcting.change_judge(
                line.id, facts, seen_version=seen, by=organizer, at=AT
            )

        with pytest.raises(OtherNumber):
            await judges.register_judges(competition_id, [right], by=SYSTEM, at=AT)
        with pytest.raises(NumberTaken):
            await change(msgspec.structs.replace(other, sign_in_name="wuyong"))
        with pytest.raises(NameDiffers):
            await change(JudgeFacts(name="吴永"))
        await change(right)

        person_id = (await known_persons([right.person.digest]))[right.person.digest][0]
        assert (await account_queries.account(line.account_id)).person_id == person_id
        assert await judges.register_judges(competition_id, [right], by=SYSTEM, at=AT) == (0, 0)
        duty = Grant(Duty.SUPERVISOR, Scope("competition", str(competition_id)), AT)
        await grants.grant(line.account_id, duty, by=SYSTEM, at=AT)
        with pytest.raises(NumberOfMore):
            await change(wrong, seen=2)


async def test_a_competition_of_another_edition_takes_the_same_person(database: str) -> None:
    person = a_person()
    for name in ("第一届", "第二届"):
        competition_id = await a_competition(name=name)
        await an_entry(competition_id, await an_event(competition_id), person=person)

    assert await person_count() == 1
    assert len(await planning.competitions()) == 2
