"""Seats, recusal, stand-ins, and what happens to a code besides marks."""

import asyncio
import json

import msgspec
import pytest

from app.accounts import queries as accounts
from app.accounts.tables import Account
from app.audit.acts import Act
from app.audit.queries import records_of
from app.errors import NotAllowed, NotFound
from app.rules.actors import SYSTEM, Duty
from app.sheets import queries as sheets
from app.sheets.checking import verify_ledgers
from app.sheets.ledger import LedgerLocked
from app.sheets.moments import moments_of
from app.sheets.rows import row_by_key
from app.storage.engine import write_transaction
from competitions.draw import checkin
from competitions.draw import queries as codes
from competitions.draw.actions import LevelsMissing
from competitions.draw.checkin import CheckInFacts
from competitions.planning import queries as planning
from competitions.planning import schemes
from competitions.planning.actions import event_subject
from competitions.planning.rule_sets import RuleSetMisfit
from competitions.planning.schemes import SchemeLocked
from competitions.planning.tables import Competition, Event, RuleSetVersion
from competitions.registration import queries as register
from competitions.registration.judge_matching import JudgeFacts
from competitions.registration.tables import Contestant
from competitions.results import actions as results
from competitions.results import queries as result_queries
from competitions.rules.duties import CodeStatus, SeatKind
from competitions.rules.lifecycle import EventStatus, Level, WrongEventStage
from competitions.rules.scheme import SchemeAspect
from competitions.scoring import actions, incidents, queries, refitting, reinstating, seating
from competitions.scoring.actions import (
    NothingToTakeOver,
    TooFewForCode,
    TooFewJudges,
)
from competitions.scoring.incidents import (
    ReasonNeeded,
    StandingRecorded,
    UnknownCode,
    UnknownModule,
    WrongPoints,
    WrongTime,
)
from competitions.scoring.reinstating import NotRecorded
from competitions.scoring.seating import ChiefSeated, DeclaredAlready, SeatedAlready
from tests.builders.events import (
    AT,
    PANEL,
    POINTS,
    a_person,
    a_scheme,
    an_event,
    an_official,
    drawn,
    judges_of,
    judges_on,
    lock,
    mark,
    marking,
    seat,
    unseal,
)
from tests.builders.sheets import a_tablet
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio
RESERVE = JudgeFacts(name="替补", sign_in_name="reserve")


async def sheets_by(line):
    """The judges of the sheets, by code and seat."""
    return {(item.code, item.seat): item.judge for item in await sheets.sheets_of(line.ledger)}


async def code_of(line, delegation):
    entries = {item.id: item for item in await register.entries_of_event(line.id)}
    by_code = await codes.entries_by_code_within(line.id)
    return next(code for code, entry in by_code.items() if entries[entry].delegation == delegation)


async def away(line, code):
    status = CodeStatus.WITHDRAWN
    await incidents.record_standing(line.id, code, status, reason="自愿", by=SYSTEM, at=AT)


async def take_back(line, code, reason="号码输错"):
    await reinstating.take_back_standing(line.id, code, reason=reason, by=SYSTEM, at=AT)


@pytest.mark.usefixtures("database")
class TestSeats:
    async def test_are_numbered_by_role_and_carry_the_duty(self):
        line = await an_event()

        await seat(line, marking=2, reserves=[RESERVE])

        found = await queries.seats(line.id)
        assert [(item.seat, item.kind) for item in found] == [
            ("C", SeatKind.CHIEF),
            ("J1", SeatKind.MARKING),
            ("J2", SeatKind.MARKING),
            ("R1", SeatKind.RESERVE),
        ]

    async def test_are_taken_once(self):
        line = await an_event()
        await seat(line)
        ids = await judges_of(line)

        with pytest.raises(SeatedAlready):
            await seating.seat(line.id, ids["裁判一"], by=SYSTEM, at=AT)
        other = await judges_of(line, JudgeFacts(name="另一人", sign_in_name="other"))
        with pytest.raises(ChiefSeated):
            await seating.seat(line.id, other["另一人"], kind=SeatKind.CHIEF, by=SYSTEM, at=AT)

    async def test_make_the_account_of_a_known_judge_theirs(self):
        line = await an_event()
        person = a_person(60)
        ids = await judges_of(line, JudgeFacts(name=person.name, person=person))
        [judge] = await register.judges(line.competition_id)
        await Account.update({Account.person: None}).where(Account.id == judge.account_id)

        await seating.seat(line.id, ids[person.name], by=SYSTEM, at=AT)

        assert (await accounts.account(judge.account_id)).person_id == judge.person_id

    async def test_are_given_one_after_the_other_to_those_who_come_at_once(self):
        line = await an_event()
        facts = [
            JudgeFacts(name=name, sign_in_name=f"at-once-{at}")
            for at, name in enumerate("甲乙丙丁")
        ]
        ids = await judges_of(line, *facts)

        async def sit(name: str, kind: SeatKind) -> str:
            return await seating.seat(line.id, ids[name], kind=kind, by=SYSTEM, at=AT)

        marks = await asyncio.gather(sit("甲", SeatKind.MARKING), sit("乙", SeatKind.MARKING))
        chiefs = await asyncio.gather(
            sit("丙", SeatKind.CHIEF), sit("丁", SeatKind.CHIEF), return_exceptions=True
        )

        assert sorted(marks) == ["J1", "J2"]
        assert sorted(type(item).__name__ for item in chiefs) == ["ChiefSeated", "str"]

    async def test_may_be_left_and_taken_again(self):
        line = await an_event()
        await seat(line, marking=2)
        ids = await judges_of(line)

        await seating.unseat(line.id, ids["裁判一"], by=SYSTEM, at=AT)
        assert [item.seat for item in await queries.seats(line.id)] == ["C", "J2"]
        assert await seating.seat(line.id, ids["裁判一"], by=SYSTEM, at=AT) == "J1"

    async def test_are_for_judges_of_the_register_and_given_by_the_organizer(self):
        line = await an_event()

        with pytest.raises(NotFound):
            await seating.seat(line.id, 999, by=SYSTEM, at=AT)
        with pytest.raises(NotAllowed):
            await seating.seat(line.id, 1, by=await an_official(line, Duty.CHIEF_JUDGE), at=AT)

    async def test_of_marking_judges_stand_once_marking_began(self):
        line = await an_event()
        await marking(line)
        ids = await judges_of(line, RESERVE)

        with pytest.raises(WrongEventStage):
            await seating.seat(line.id, ids["替补"], by=SYSTEM, at=AT)
        name = await seating.seat(line.id, ids["替补"], kind=SeatKind.RESERVE, by=SYSTEM, at=AT)
        assert name == "R1"


@pytest.mark.usefixtures("database")
class TestStartMarking:
    async def test_opens_a_sheet_for_each_seat_and_code(self):
        line = await an_event(scheme=a_scheme(PANEL), rule_set="county-craft")

        found = await marking(line, seats=3)

        assert set(await sheets_by(line)) == {
            (code, name) for code in found for name in ("J1", "J2", "J3")
        }
        assert (await planning.event(line.id)).status is EventStatus.MARKING

    async def test_needs_as_many_judges_as_the_rule_set_says(self):
        line = await an_event(scheme=a_scheme(PANEL))
        await seat(line, marking=4)
        await drawn(line)

        with pytest.raises(TooFewJudges):
            await actions.start_marking(line.id, by=SYSTEM, at=AT)

    async def test_gives_a_recused_judges_place_to_a_reserve(self):
        line = await an_event()
        judge = JudgeFacts(name="同队", sign_in_name="same", delegation="甲镇代表队")
        ids = await judges_of(line, judge, RESERVE)
        await seating.seat(line.id, ids["同队"], by=SYSTEM, at=AT)
        await seating.seat(line.id, ids["替补"], kind=SeatKind.RESERVE, by=SYSTEM, at=AT)
        await drawn(line)

        await actions.start_marking(line.id, by=SYSTEM, at=AT)

        own = await code_of(line, "甲镇代表队")
        found = await sheets_by(line)
        assert {code: name for (code, _), name in found.items() if name == "替补"} == {own: "替补"}
        [stood_in] = await queries.stand_ins(line.id)
        assert (stood_in.code, stood_in.seat, stood_in.instead_of) == (own, "J1", "同队")
        assert stood_in.is_recusal

    @pytest.mark.parametrize(("level", "stood_in"), [(Level.CITY, 1), (Level.COUNTY, 0)])
    async def test_lets_no_judge_mark_their_own_county(self, level, stood_in):
        line = await an_event()
        await Competition.update({Competition.level: level.value}).where(
            Competition.id == line.competition_id
        )
        [one, *_] = [item.contestants[0] for item in await register.entries_of_event(line.id)]
        await Contestant.update({Contestant.county_code: "522632"}).where(Contestant.id == one.id)
        judge = JudgeFacts(name="同县", sign_in_name="county", county_code="522632")
        ids = await judges_of(line, judge, RESERVE)
        await seating.seat(line.id, ids["同县"], by=SYSTEM, at=AT)
        await seating.seat(line.id, ids["替补"], kind=SeatKind.RESERVE, by=SYSTEM, at=AT)
        await drawn(line)

        await actions.start_marking(line.id, by=SYSTEM, at=AT)

        found = await queries.stand_ins(line.id)
        assert [item.instead_of for item in found] == ["同县"] * stood_in
        assert all(item.is_recusal for item in found)

    async def test_is_refused_where_recusal_leaves_nobody(self):
        line = await an_event()
        ids = await judges_of(
            line, JudgeFacts(name="同单位", sign_in_name="firm", employer="乙镇合作社")
        )
        await seating.seat(line.id, ids["同单位"], by=SYSTEM, at=AT)
        await drawn(line)

        with pytest.raises(TooFewForCode):
            await actions.start_marking(line.id, by=SYSTEM, at=AT)

    async def test_heeds_a_declared_conflict(self):
        line = await an_event()
        await seat(line, reserves=[RESERVE])
        ids = await judges_of(line)
        entry = (await register.entries_of_event(line.id))[1]
        await seating.declare_conflict(
            line.id, ids["裁判一"], entry.id, reason="师徒", by=SYSTEM, at=AT
        )
        await drawn(line)

        await actions.start_marking(line.id, by=SYSTEM, at=AT)

        own = await code_of(line, entry.delegation)
        assert (await sheets_by(line))[own, "J1"] == "替补"

    async def test_leaves_out_who_is_away_already(self):
        line = await an_event()
        await seat(line)
        found = await drawn(line)
        await incidents.record_standing(
            line.id, found[0], CodeStatus.ABSENT, reason="", by=SYSTEM, at=AT
        )

        await actions.start_marking(line.id, by=SYSTEM, at=AT)

        assert {code for code, _ in await sheets_by(line)} == set(found[1:])

    async def test_sees_everybody_whom_the_check_in_found_away(self):
        line = await an_event()
        await seat(line, marking=1)
        found = await drawn(line)
        entries = await codes.entries_by_code_within(line.id)
        gone = CheckInFacts(is_present=False, note="未到")

        answers = await asyncio.gather(
            actions.start_marking(line.id, by=SYSTEM, at=AT),
            *(checkin.check_in(entries[code], gone, by=SYSTEM, at=AT) for code in found[:2]),
            return_exceptions=True,
        )

        away = await codes.absent_codes_within(line.id)
        assert {item.code for item in await queries.standings_of_codes(line.id)} == away
        assert {code for code, _ in await sheets_by(line)} == set(found) - away
        assert {type(item) for item in answers} <= {int, type(None), WrongEventStage}

    async def test_opens_sheets_on_the_scheme_that_it_locks(self):
        line = await an_event()
        await seat(line, marking=1)
        await drawn(line)
        other = a_scheme(POINTS, SchemeAspect("A2", "points", "清洁", "10"))

        _, written = await asyncio.gather(
            actions.start_marking(line.id, by=SYSTEM, at=AT),
            schemes.write_scheme(line.id, other, by=SYSTEM, at=AT),
            return_exceptions=True,
        )

        scheme = await planning.scheme(line.id)
        assert scheme is not None
        assert scheme.locked_at is not None
        assert isinstance(written, SchemeLocked) is (scheme.version_number == 1)
        opened = await sheets.sheets_of(line.ledger)
        assert {item.aspect_count for item in opened} == {len(list(scheme.facts.aspects()))}

    async def test_is_refused_where_a_tie_key_names_nothing(self):
        line = await an_event()
        await seat(line)
        await drawn(line)
        key = {"key": "time", "module": "Z", "order": "ascending"}
        ranking = {"by": "total", "tie_break": [key], "ties": "shared"}
        await RuleSetVersion.update(
            {RuleSetVersion.document: json.dumps(line.rule_set | {"ranking": ranking})}
        ).where(RuleSetVersion.id == line.rule_set_id)

        with pytest.raises(RuleSetMisfit, match="没有模块 Z"):
            await actions.start_marking(line.id, by=SYSTEM, at=AT)


@pytest.mark.usefixtures("database")
class TestDeclaredConflicts:
    async def test_have_a_reason_and_stand_once(self):
        line = await an_event()
        await seat(line)
        judge = (await judges_of(line))["裁判一"]
        entry = (await register.entries_of_event(line.id))[0].id

        with pytest.raises(ReasonNeeded):
            await seating.declare_conflict(line.id, judge, entry, reason=" ", by=SYSTEM, at=AT)
        await seating.declare_conflict(line.id, judge, entry, reason="亲属", by=SYSTEM, at=AT)
        with pytest.raises(DeclaredAlready):
            await seating.declare_conflict(line.id, judge, entry, reason="亲属", by=SYSTEM, at=AT)
        with pytest.raises(NotFound):
            await seating.declare_conflict(line.id, judge, 999, reason="亲属", by=SYSTEM, at=AT)


@pytest.mark.usefixtures("database")
class TestStandIn:
    async def a_marked_event(self):
        line = await an_event()
        await seat(line, reserves=[RESERVE])
        found = await drawn(line)
        await actions.start_marking(line.id, by=SYSTEM, at=AT)
        return line, found, (await judges_of(line))["替补"]

    async def test_takes_over_what_is_open(self):
        line, found, reserve = await self.a_marked_event()

        count = await actions.stand_in(line.id, "J1", reserve, reason="身体不适", by=SYSTEM, at=AT)

        assert count == 3
        assert set((await sheets_by(line)).values()) == {"替补"}
        assert {item.code for item in await queries.stand_ins(line.id)} == set(found)

    async def test_is_refused_without_reason_or_a_second_time(self):
        line, _, reserve = await self.a_marked_event()

        with pytest.raises(ReasonNeeded):
            await actions.stand_in(line.id, "J1", reserve, reason="", by=SYSTEM, at=AT)
        await actions.stand_in(line.id, "J1", reserve, reason="身体不适", by=SYSTEM, at=AT)
        with pytest.raises(NothingToTakeOver):
            await actions.stand_in(line.id, "J1", reserve, reason="身体不适", by=SYSTEM, at=AT)

    async def test_is_a_reserve_for_a_seat_that_is_there(self):
        line, _, reserve = await self.a_marked_event()
        judge = (await judges_of(line))["裁判一"]

        with pytest.raises(NotFound):
            await actions.stand_in(line.id, "J9", reserve, reason="不适", by=SYSTEM, at=AT)
        with pytest.raises(NotFound):
            await actions.stand_in(line.id, "J1", judge, reason="不适", by=SYSTEM, at=AT)


@pytest.mark.usefixtures("database")
class TestIncidents:
    async def test_take_a_codes_sheets_out_of_the_count(self):
        line = await an_event()
        found = await marking(line)

        await incidents.record_standing(
            line.id, found[0], CodeStatus.DISQUALIFIED, reason="作弊", by=SYSTEM, at=AT
        )

        status = {item.code: item.status for item in await sheets.sheets_of(line.ledger)}
        assert status[found[0]] == "void"
        with pytest.raises(StandingRecorded):
            await incidents.record_standing(
                line.id, found[0], CodeStatus.ABSENT, reason="", by=SYSTEM, at=AT
            )

    async def test_wait_until_every_level_is_drawn(self):
        line = await an_event()
        await Event.update({Event.code_levels: 2}).where(Event.id == line.id)
        found = await drawn(line)

        with pytest.raises(LevelsMissing):
            await incidents.record_standing(
                line.id, found[0], CodeStatus.WITHDRAWN, reason="自愿", by=SYSTEM, at=AT
            )

    async def test_need_a_code_and_a_reason_but_for_absence(self):
        line = await an_event()
        found = await marking(line)

        with pytest.raises(UnknownCode):
            await incidents.record_standing(
                line.id, "999", CodeStatus.ABSENT, reason="", by=SYSTEM, at=AT
            )
        with pytest.raises(ReasonNeeded):
            await incidents.record_standing(
                line.id, found[0], CodeStatus.WITHDRAWN, reason="", by=SYSTEM, at=AT
            )

    async def test_of_points_stand_until_they_are_taken_back(self):
        line = await an_event()
        found = await marking(line)
        await incidents.deduct(
            line.id, found[0], "A", points="0.5", reason="未戴安全帽", by=SYSTEM, at=AT
        )
        [deduction] = await queries.deductions(line.id)
        assert (deduction.code, deduction.points) == (found[0], "0.5")

        await incidents.take_back_deduction(line.id, deduction.id, reason="误记", by=SYSTEM, at=AT)

        assert await queries.deductions(line.id) == []
        assert [item.taken_back_reason for item in await queries.all_deductions(line.id)] == [
            "误记"
        ]
        with pytest.raises(NotFound):
            await incidents.take_back_deduction(
                line.id, deduction.id, reason="误记", by=SYSTEM, at=AT
            )

    @pytest.mark.parametrize("points", ["0", "-1", "x", "1e2", "0.00001", ""])
    async def test_of_points_are_more_than_nothing(self, points):
        line = await an_event()
        found = await marking(line)

        with pytest.raises(WrongPoints):
            await incidents.deduct(
                line.id, found[0], "A", points=points, reason="x", by=SYSTEM, at=AT
            )
        with pytest.raises(UnknownModule):
            await incidents.deduct(line.id, found[0], "Z", points="1", reason="x", by=SYSTEM, at=AT)

    async def test_of_points_are_the_chief_judges(self):
        line = await an_event()
        found = await marking(line)
        organizer = await an_official(line, Duty.ORGANIZER)

        with pytest.raises(NotAllowed):
            await incidents.deduct(
                line.id, found[0], "A", points="1", reason="x", by=organizer, at=AT
            )

    async def test_of_points_and_time_may_come_until_the_codes_are_opened(self):
        line = await an_event()
        found = await marking(line)
        await mark(line, dict.fromkeys(found, "80"))
        await lock(line)
        await results.compute(line.id, by=SYSTEM, at=AT)

        await incidents.deduct(line.id, found[0], "A", points="2", reason="迟到", by=SYSTEM, at=AT)
        await incidents.deduct(line.id, found[1], "A", points="3", reason="误记", by=SYSTEM, at=AT)
        wrong = (await queries.deductions(line.id))[1]
        await incidents.take_back_deduction(line.id, wrong.id, reason="误记", by=SYSTEM, at=AT)
        await incidents.record_time(line.id, found[0], "A", seconds=60, by=SYSTEM, at=AT)
        await results.compute(line.id, by=SYSTEM, at=AT)

        computed = await result_queries.latest(line.id)
        assert computed is not None
        totals = {item["code"]: item["total"] for item in computed.standings["standings"]}
        assert [totals[code] for code in found] == ["78.00", "80.00", "80.00"]
        await unseal(line)
        with pytest.raises(WrongEventStage):
            await incidents.deduct(line.id, found[0], "A", points="1", reason="x", by=SYSTEM, at=AT)
        with pytest.raises(WrongEventStage):
            await incidents.record_time(line.id, found[0], "A", seconds=61, by=SYSTEM, at=AT)

    async def test_of_a_stand_in_leaves_the_first_judge_what_they_marked(self):
        other_aspect = SchemeAspect("P2", "panel", "工艺", "10")
        line = await an_event(entries=1, scheme=a_scheme(PANEL, other_aspect))
        await seat(line, marking=5, reserves=[JudgeFacts(name="替补", sign_in_name="reserve")])
        await drawn(line)
        await actions.start_marking(line.id, by=SYSTEM, at=AT)
        first = (await judges_on(line))["J1"]
        [sheet] = [item for item in await sheets.sheets_of(line.ledger) if item.seat == "J1"]
        row = await row_by_key(sheet.key)
        tablet = await a_tablet(first)
        scheme = await planning.scheme(line.id)
        assert scheme is not None
        tablet.mark(row, "P1", "6", scheme=scheme.sha256)
        await tablet.send({row.key: row.version})

        reserve = (await judges_of(line))["替补"]
        await actions.stand_in(line.id, "J1", reserve, reason="离场", by=SYSTEM, at=AT)
        await mark(line, {sheet.code: "8"}, aspect="P2")

        found = [item for item in await moments_of(line.ledger) if item.seat == "J1"]
        other = (await judges_on(line))["R1"]
        assert {item.aspect: item.account_id for item in found} == {
            "P1": first.account_id,
            "P2": other.account_id,
        }

    async def test_may_disqualify_until_the_codes_are_opened_and_be_taken_back(self, tmp_path):
        line = await an_event()
        found = await marking(line)
        await mark(line, dict.fromkeys(found, "80"))
        await lock(line)
        await results.compute(line.id, by=SYSTEM, at=AT)

        async def out(code, status=CodeStatus.DISQUALIFIED):
            await incidents.record_standing(
                line.id, code, status, reason="冒名顶替", by=SYSTEM, at=AT
            )

        with pytest.raises(LedgerLocked):
            await out(found[0], CodeStatus.ABSENT)
        chief = await an_official(line, Duty.CHIEF_JUDGE)
        page = f"/desk/events/{line.id}/marking"
        async with a_visit(tmp_path, chief) as visitor:
            shown = (await visitor.get(page)).text
            facts = {"code": found[0], "status": "disqualified", "reason": "冒名顶替"}
            sent = await visitor.send(page, f"/desk/events/{line.id}/standings", facts)
        assert "只能登记取消资格" in shown
        assert ">缺考</option>" not in shown
        assert sent.status_code == 303
        await out(found[1])
        await take_back(line, found[1], reason="登记错了")
        await results.compute(line.id, by=SYSTEM, at=AT)

        computed = await result_queries.latest(line.id)
        assert computed is not None
        ranks = {item["code"]: item["rank"] for item in computed.standings["standings"]}
        assert [ranks[code] for code in found] == [None, 1, 1]
        assert await verify_ledgers() == []
        await unseal(line)
        with pytest.raises(WrongEventStage):
            await out(found[1])

    async def test_of_time_may_be_mended(self):
        line = await an_event()
        found = await marking(line)

        for seconds in (9000, 9120):
            await incidents.record_time(line.id, found[0], "A", seconds=seconds, by=SYSTEM, at=AT)

        assert [(item.code, item.text) for item in await queries.times(line.id)] == [
            (found[0], "2:32:00")
        ]


@pytest.mark.usefixtures("database")
class TestTakingBack:
    async def test_opens_the_sheets_with_their_marks(self):
        line = await an_event()
        found = await marking(line)
        await mark(line, {found[0]: "80"})
        await away(line, found[0])

        await take_back(line, found[0])

        by_code = {item.code: item for item in await sheets.sheets_of(line.ledger)}
        own = by_code[found[0]]
        assert (own.status, own.open_count, own.returned_reason) == ("open", 0, "号码输错")
        assert len(by_code) == len(found)
        assert await queries.standings_of_codes(line.id) == []
        acts = [item.act for item in await records_of(event_subject(line.id))]
        assert acts.count(Act.CODE_STANDING_TAKEN_BACK) == 1

    async def test_opens_the_sheets_of_a_code_that_was_away_at_the_start(self):
        line = await an_event(scheme=a_scheme(PANEL, POINTS), rule_set="county-craft")
        await seat(line, marking=3)
        found = await drawn(line)
        await away(line, found[0])
        await actions.start_marking(line.id, by=SYSTEM, at=AT)

        await take_back(line, found[0])

        opened = {(item.code, item.seat): item for item in await sheets.sheets_of(line.ledger)}
        assert set(opened) == {(code, name) for code in found for name in ("J1", "J2", "J3")}
        for name in ("J1", "J2", "J3"):
            own, other = opened[found[0], name], opened[found[1], name]
            assert (own.judge, own.form_digest) == (other.judge, other.form_digest)

    async def test_lets_later_changes_count_a_code_that_came_after_the_check_in(self):
        line = await an_event(rule_set="county-craft")
        await seat(line, marking=3)
        found = await drawn(line)
        entries = await codes.entries_by_code_within(line.id)
        gone = CheckInFacts(is_present=False, note="未到")
        await checkin.check_in(entries[found[0]], gone, by=SYSTEM, at=AT)
        await actions.start_marking(line.id, by=SYSTEM, at=AT)
        await take_back(line, found[0], reason="迟到，裁判长准许参赛")

        now = await planning.event(line.id)
        scheme = await planning.scheme(line.id)
        assert scheme is not None
        facts = a_scheme(POINTS, PANEL)
        plan = await refitting.planned(now, msgspec.structs.replace(scheme, facts=facts))

        assert {(item.code, item.place.seat) for item in plan.opened} == {
            (code, name) for code in found for name in ("J2", "J3")
        }

    async def test_brings_the_sheets_to_the_scheme_of_today(self):
        line = await an_event()
        found = await marking(line)
        await away(line, found[0])
        half = SchemeAspect("A1", "points", "成品得分", "50")
        other = SchemeAspect("A2", "points", "整洁", "50")
        async with write_transaction():
            await schemes.replace_within(line.id, a_scheme(half, other), by=SYSTEM, at=AT)

        await take_back(line, found[0])

        by_code = {item.code: item for item in await sheets.sheets_of(line.ledger)}
        assert by_code[found[0]].aspect_count == 2
        assert await verify_ledgers() == []

    async def test_lets_a_code_in_before_marking(self):
        line = await an_event()
        await seat(line)
        found = await drawn(line)
        await away(line, found[0])

        await take_back(line, found[0])
        await actions.start_marking(line.id, by=SYSTEM, at=AT)

        assert {code for code, _ in await sheets_by(line)} == set(found)

    async def test_has_a_reason_and_something_to_take_back(self):
        line = await an_event()
        found = await marking(line)

        with pytest.raises(NotRecorded):
            await take_back(line, found[0])
        with pytest.raises(ReasonNeeded):
            await take_back(line, found[0], reason=" ")

    async def test_comes_before_the_lock(self):
        line = await an_event()
        found = await marking(line)
        await away(line, found[0])
        await mark(line, dict.fromkeys(found[1:], "80"))
        await lock(line)

        with pytest.raises(LedgerLocked):
            await take_back(line, found[0])

        assert [item.code for item in await queries.standings_of_codes(line.id)] == [found[0]]


class TestTimes:
    @pytest.mark.parametrize(
        ("text", "seconds"), [("2:32:00", 9120), ("152:00", 9120), ("0:05", 5), ("1：02：03", 3723)]
    )
    def test_are_read(self, text, seconds):
        assert incidents.seconds_of(text) == seconds

    @pytest.mark.parametrize(
        "text", ["", "9120", "1:60", "1:60:00", "a:b", "-1:00", "1:2:3:4", "99999:00:00"]
    )
    def test_are_refused(self, text):
        with pytest.raises(WrongTime):
            incidents.seconds_of(text)
