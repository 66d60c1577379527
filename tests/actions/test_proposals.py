"""Changing what is locked: proposed, voted on, put in force by two, or canceled; as a whole."""

import asyncio
import re
from dataclasses import replace

import msgspec
import pytest

from app.audit import queries as journal
from app.errors import NotAllowed, Stale
from app.rules.actors import SYSTEM, Duty
from app.sheets import actions as sheet_actions
from app.sheets import judgements
from app.sheets import queries as sheets
from app.sheets.acts import SheetIncomplete
from app.sheets.checking import verify_ledgers
from app.sheets.keying import MarkInput, record_marks_within
from app.sheets.refitting import MarksFinal, RefitDecision
from app.sheets.rows import row_by_key
from app.sheets.settings import settings_of
from app.storage.engine import write_transaction
from app.web import locale
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject
from competitions.planning.tables import Event
from competitions.registration.judge_matching import JudgeFacts
from competitions.results import actions, proposal_applying, proposal_votes, proposals, queries
from competitions.results import proposal_queries as found
from competitions.results.actions import ProposalsOpen
from competitions.results.proposal_applying import NotCarried, OtherDutyNeeded
from competitions.results.proposal_effects import CannotBeCounted, CannotBeSoFar, preview
from competitions.results.proposal_records import ProposalOutdated, ProposalOver
from competitions.results.proposal_views import changes_of
from competitions.results.proposals import (
    NothingChanged,
    ProposedAlready,
    ReasonMissing,
    VotedAlready,
)
from competitions.rules.lifecycle import EventStatus
from competitions.rules.proposals import (
    MeansAnother,
    ModuleRecorded,
    NotLockedYet,
    ProposalStatus,
    PublishedAlready,
    UsedBefore,
    Vote,
)
from competitions.rules.scheme import SchemeAspect, SchemeFacts, SchemeModule
from competitions.scoring import actions as scoring
from competitions.scoring import incidents, refitting
from tests.builders.events import (
    AT,
    POINTS,
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
from tests.builders.sheets import a_tablet, outcomes, shown
from tests.builders.visits import a_visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

CHINESE = re.compile(r"[\u3400-\u9fff]")
HALF = replace(POINTS, max="50")
EXTRA = SchemeAspect("A2", "points", "清洁", "10")
FEW = replace(POINTS, max="85")
MEASURED = SchemeAspect("A2", "measurement", "尺寸", "10")
ERRORS = {"kind": "deduct", "per_error": "1"}
JUDGED = SchemeAspect("J1", "judgement", "工艺", "10", descriptors=("差", "中", "良", "优"))
PRACTICE = SchemeFacts((SchemeModule("A", "实操", "100", (POINTS,)),))


async def a_marked_event(*values, rule_set="rural-national", scheme=None, seats=1):
    """An event in marking whose codes have these values, and the codes."""
    line = await an_event(entries=len(values), rule_set=rule_set, scheme=scheme)
    codes = await marking(line, seats=seats)
    await mark(line, dict(zip(codes, values, strict=True)))
    return await planning.event(line.id), codes


async def a_computed_event(*values, **facts):
    line, codes = await a_marked_event(*values, **facts)
    await lock(line)
    await actions.compute(line.id, by=SYSTEM, at=AT)
    return await planning.event(line.id), codes


async def vote(line, number, said=Vote.FOR):
    """Let everybody on the bench vote."""
    for actor in (await judges_on(line)).values():
        await proposals.vote(line.id, number, said, by=actor, at=AT)


async def vote_of_seats(line, number):
    """Let those who mark and the chief judge vote, without the reserves."""
    for name, actor in (await judges_on(line)).items():
        if not name.startswith("R"):
            await proposals.vote(line.id, number, Vote.FOR, by=actor, at=AT)


async def put_in_force(line, number, *, second=Duty.SUPERVISOR):
    """Let the chief judge and another confirm."""
    chief = (await judges_on(line))["C"]
    assert not await proposal_applying.confirm(line.id, number, by=chief, at=AT)
    other = await an_official(line, second)
    assert await proposal_applying.confirm(line.id, number, by=other, at=AT)


async def scheme_of(line):
    scheme = await planning.scheme(line.id)
    assert scheme is not None
    return scheme


async def latest(line):
    result = await queries.latest(line.id)
    assert result is not None
    return result


async def propose(line, scheme, reason="试题有误"):
    return await proposals.propose_scheme(line.id, scheme, reason=reason, by=SYSTEM, at=AT)


async def propose_rules(line, key="worldskills"):
    return await proposals.propose_rule_set(line.id, key, reason="选错了规则", by=SYSTEM, at=AT)


async def carried(line, scheme):
    number = await propose(line, scheme)
    await vote(line, number)
    return number


class TestProposing:
    async def test_keeps_what_counts_and_what_shall_count(self):
        line, _ = await a_marked_event("90", "80", "70")

        number = await propose(line, a_scheme(POINTS, EXTRA))

        proposal = await found.proposal(line.id, number)
        assert number == 1
        assert [scheme.modules[0].aspects for scheme in proposal.wish.schemes] == [
            (POINTS,),
            (POINTS, EXTRA),
        ]
        assert [(item.of, item.side, item.after) for item in changes_of(proposal.wish)] == [
            ("评分点 A2 清洁", "新增", "打分（一人），满分 10")
        ]
        assert (await scheme_of(line)).version_number == 1

    async def test_is_for_the_chief_judge_and_the_organizer(self):
        line, _ = await a_marked_event("90")
        for duty in (Duty.MARKING_JUDGE, Duty.SUPERVISOR, Duty.CODING_JUDGE):
            with pytest.raises(NotAllowed):
                await proposals.propose_scheme(
                    line.id,
                    a_scheme(POINTS, EXTRA),
                    reason="x",
                    by=await an_official(line, duty),
                    at=AT,
                )

    async def test_is_not_needed_before_the_lock(self):
        line = await an_event()

        with pytest.raises(NotLockedYet):
            await propose(line, a_scheme(POINTS, EXTRA))

    async def test_needs_a_reason_and_a_difference_and_is_made_once(self):
        line, _ = await a_marked_event("90")
        with pytest.raises(ReasonMissing):
            await propose(line, a_scheme(POINTS, EXTRA), reason="  ")
        with pytest.raises(NothingChanged):
            await propose(line, a_scheme())
        await propose(line, a_scheme(POINTS, EXTRA))

        with pytest.raises(ProposedAlready):
            await propose(line, a_scheme(POINTS, EXTRA), reason="又一次")

    async def test_refuses_what_would_make_marks_mean_something_else(self):
        line, codes = await a_marked_event("90")
        await incidents.deduct(line.id, codes[0], "A", points="1", reason="超时", by=SYSTEM, at=AT)

        with pytest.raises(MeansAnother):
            await propose(line, a_scheme(replace(POINTS, kind="panel")))
        with pytest.raises(ModuleRecorded):
            await propose(line, SchemeFacts((SchemeModule("B", "实操", "", (EXTRA,)),)))

    async def test_does_not_use_an_identifier_again(self):
        line, codes = await a_marked_event("5", scheme=a_scheme(HALF, EXTRA))
        await mark(line, {codes[0]: "5"}, aspect="A2")
        number = await carried(line, a_scheme(HALF))
        await put_in_force(line, number)

        with pytest.raises(UsedBefore):
            await propose(line, a_scheme(HALF, EXTRA))


class TestVoting:
    async def test_counts_the_last_vote_and_keeps_the_earlier(self):
        line, _ = await a_marked_event("90", seats=1)
        number = await propose(line, a_scheme(POINTS, EXTRA))
        judge = (await judges_on(line))["J1"]
        await proposals.vote(line.id, number, Vote.FOR, by=judge, at=AT)

        await proposals.vote(line.id, number, Vote.AGAINST, remark="不同意", by=judge, at=AT)

        proposal = await found.proposal(line.id, number)
        votes = await proposal_votes.votes(proposal.id)
        entitled = await proposal_votes.voters(line, AT)
        tally = proposal_votes.tally_of(entitled, votes, are_names_known=False)
        assert [item.vote for item in votes] == [Vote.FOR, Vote.AGAINST]
        assert (tally.agreed, tally.counts[Vote.AGAINST], tally.waiting) == (0, 1, 1)

    async def test_the_same_twice_is_refused(self):
        line, _ = await a_marked_event("90")
        number = await propose(line, a_scheme(POINTS, EXTRA))
        judge = (await judges_on(line))["J1"]
        await proposals.vote(line.id, number, Vote.FOR, by=judge, at=AT)

        with pytest.raises(VotedAlready):
            await proposals.vote(line.id, number, Vote.FOR, by=judge, at=AT)

    async def test_is_for_the_bench_alone(self):
        line, _ = await a_marked_event("90")
        number = await propose(line, a_scheme(POINTS, EXTRA))

        for duty in (Duty.SUPERVISOR, Duty.ORGANIZER, Duty.MARKING_JUDGE):
            with pytest.raises(NotAllowed):
                await proposals.vote(
                    line.id, number, Vote.FOR, by=await an_official(line, duty), at=AT
                )

    async def test_lets_a_chief_judge_without_a_seat_vote(self):
        line, _ = await a_marked_event("90")
        chief = next(item for item in await proposal_votes.voters(line, AT) if item.is_chief)
        assert chief.seat == "C"
        async with write_transaction():
            from competitions.scoring.tables import JudgeAssignment

            await JudgeAssignment.update({JudgeAssignment.withdrawn_at: AT}).where(
                JudgeAssignment.seat == "C"
            )
        await an_official(line, Duty.CHIEF_JUDGE)

        names = [item.name for item in await proposal_votes.voters(line, AT) if item.is_chief]

        assert "官员chief_judge" in names


class TestPuttingInForce:
    async def test_needs_a_majority_with_the_chief_judge(self):
        line, _ = await a_marked_event("90")
        number = await propose(line, a_scheme(POINTS, EXTRA))
        bench = await judges_on(line)
        await proposals.vote(line.id, number, Vote.FOR, by=bench["J1"], at=AT)

        with pytest.raises(NotCarried) as refused:
            await proposal_applying.confirm(line.id, number, by=bench["C"], at=AT)

        assert (refused.value.needed, refused.value.found) == (2, 1)

    async def test_needs_two_persons_with_two_duties(self):
        line, _ = await a_marked_event("90")
        number = await carried(line, a_scheme(POINTS, EXTRA))
        both = await an_official(line, Duty.CHIEF_JUDGE, Duty.ORGANIZER)
        assert not await proposal_applying.confirm(line.id, number, by=both, at=AT)

        for second in (both, (await judges_on(line))["C"]):
            with pytest.raises(OtherDutyNeeded):
                await proposal_applying.confirm(line.id, number, by=second, at=AT)
        with pytest.raises(NotAllowed):
            await proposal_applying.confirm(
                line.id, number, by=(await judges_on(line))["J1"], at=AT
            )

    async def test_asks_judges_for_what_is_missing_and_counts_what_stays(self):
        line, codes = await a_marked_event("90", "80")
        async with write_transaction():
            await sheet_actions.submit_sheets_within(ledger=line.ledger, by=SYSTEM, at=AT)
        number = await carried(line, a_scheme(POINTS, EXTRA))

        await put_in_force(line, number)

        scheme = await scheme_of(line)
        opened = await sheets.sheets_of(line.ledger)
        assert (scheme.version_number, scheme.locked_at is not None) == (2, True)
        assert [(item.status, item.open_count) for item in opened] == [("open", 1)] * 2
        assert all("试题有误" in item.returned_reason for item in opened)
        with pytest.raises(SheetIncomplete):
            async with write_transaction():
                await sheet_actions.submit_sheets_within(ledger=line.ledger, by=SYSTEM, at=AT)
        await mark(line, dict.fromkeys(codes, "7"), aspect="A2")
        await lock(line)
        await actions.compute(line.id, by=SYSTEM, at=AT)
        result = await latest(line)
        assert [item["total"] for item in result.standings["standings"]] == ["97.00", "87.00"]
        assert await verify_ledgers() == []

    async def test_tells_the_sheets_how_far_judgements_may_lie_apart_now(self):
        line, _ = await a_marked_event("90")
        rules = line.rule_set | {"judgement": line.rule_set["judgement"] | {"max_spread": 2}}
        changed = msgspec.structs.replace(line, rule_set=rules)
        plan = await refitting.planned(changed, await scheme_of(line))
        decision = RefitDecision(reason="改规则", first=SYSTEM, second=SYSTEM, scheme="")

        async with write_transaction():
            await refitting.refit_within(changed, plan, decision, by=SYSTEM, at=AT)

        row = await sheets.ledger_row(line.ledger)
        assert row is not None
        assert settings_of(row).max_spread == 2

    async def test_that_narrows_the_spread_is_refused_once_marks_are_final(self):
        line = await an_event(entries=1, scheme=a_scheme(JUDGED))
        [code] = await marking(line, seats=3)
        async with write_transaction():
            await judgements.allow_within(line.ledger, 2, at=AT)
            given = [
                MarkInput(code=code, seat=seat, aspect="J1", value=value)
                for seat, value in (("J1", "1"), ("J2", "3"), ("J3", "2"))
            ]
            await record_marks_within(
                ledger=line.ledger, marks=given, by=SYSTEM, at=AT, reason="试"
            )
        await lock(line)
        line = await planning.event(line.id)
        number = await propose_rules(line)
        await vote(line, number)

        with pytest.raises(CannotBeSoFar, match=f"{code}/J1：评判相差超过 1") as refused:
            await put_in_force(line, number)
        locale.use("en")
        told = locale.sentence(refused.value)
        locale.use("zh")
        assert told.startswith("Marking is locked, and by the changed rules 1 place cannot")
        assert not CHINESE.search(told)

        now = await planning.event(line.id)
        assert now.rule_set_code == line.rule_set_code

    @pytest.mark.parametrize(
        ("before", "after", "seats"),
        [
            (MEASURED, replace(MEASURED, calculation=ERRORS), 1),
            (SchemeAspect("A2", "panel", "外观", "10"), EXTRA, 5),
        ],
    )
    async def test_that_gives_marks_another_meaning_is_refused_as_they_are_then(
        self, before, after, seats
    ):
        line = await an_event(entries=1, scheme=a_scheme(HALF, before))
        codes = await marking(line, seats=seats)
        line = await planning.event(line.id)
        number = await carried(line, a_scheme(HALF, after))
        bench = await judges_on(line)
        await proposal_applying.confirm(line.id, number, by=bench["C"], at=AT)
        await mark(line, {codes[0]: "8"}, aspect="A2")
        root = await sheets.ledger_root(line.ledger)
        proposal = await found.proposal(line.id, number)
        ahead = await preview(line, proposal.wish)
        assert [type(item) for item in ahead.obstacles] == [MeansAnother]

        with pytest.raises(MeansAnother):
            await proposal_applying.confirm(
                line.id, number, by=await an_official(line, Duty.SUPERVISOR), at=AT
            )

        assert (await scheme_of(line)).version_number == 1
        assert await sheets.ledger_root(line.ledger) == root
        assert (await found.proposal(line.id, number)).is_open

    async def test_says_of_an_open_ledger_only_what_cannot_be_counted(self):
        line, _ = await a_marked_event("90")
        number = await propose(line, a_scheme(POINTS, EXTRA))
        await Event.update({Event.name: "砌\t筑"}).where(Event.id == line.id)
        line = await planning.event(line.id)

        ahead = await preview(line, (await found.proposal(line.id, number)).wish)

        [obstacle] = ahead.obstacles
        assert isinstance(obstacle, CannotBeCounted)
        assert "评分已经锁定" not in str(obstacle)

    async def test_takes_back_marks_above_a_lowered_maximum(self):
        line, codes = await a_marked_event("90", "80")
        number = await carried(line, a_scheme(FEW))
        proposal = await found.proposal(line.id, number)
        ahead = await preview(line, proposal.wish)
        assert ahead.refitting is not None
        assert [(item.code, dict(item.unfit)) for item in ahead.refitting.asked] == [
            (codes[0], {"A1": "above_range"})
        ]

        await put_in_force(line, number)

        marks = {fact.code: fact.value for fact in await sheets.marks_of(line.ledger)}
        assert marks == {codes[1]: 80}
        opened = {item.code: item for item in await sheets.sheets_of(line.ledger)}
        assert opened[codes[0]].open_count == 1
        assert await verify_ledgers() == []

    async def test_leaves_the_marks_of_a_removed_aspect_in_the_ledger(self):
        line, codes = await a_marked_event("50", "40", scheme=a_scheme(HALF, EXTRA))
        await mark(line, dict.fromkeys(codes, "10"), aspect="A2")
        await lock(line)
        number = await carried(line, a_scheme(HALF))

        await put_in_force(line, number)
        await actions.compute(line.id, by=SYSTEM, at=AT)

        result = await latest(line)
        assert [item["total"] for item in result.standings["standings"]] == ["50.00", "40.00"]
        assert await sheets.marked_aspects(line.ledger) == {"A1", "A2"}
        opened = await sheets.sheets_of(line.ledger)
        assert {(item.marked_count, item.aspect_count) for item in opened} == {(1, 1)}

    async def test_keeps_the_results_before_and_computes_new_ones(self):
        line, codes = await a_computed_event("90", "80", "70")
        number = await propose_rules(line)
        await vote(line, number)

        await put_in_force(line, number, second=Duty.ORGANIZER)

        proposal = await found.proposal(line.id, number)
        now = await planning.event(line.id)
        result = await latest(line)
        assert now.rule_set_code == "worldskills"
        assert (proposal.result_before, proposal.result_after) == (1, 2)
        assert result.rule_set_sha256 == now.rule_set_sha256
        assert [item["award"] for item in result.standings["standings"]] == [
            "gold",
            "silver",
            "bronze",
        ]
        assert proposal.effect is not None
        assert [item.code for item in proposal.effect.effects] == codes
        assert proposal.effect.effects[0].before.award == "金牌"
        before = await queries.version(line.id, 1)
        assert before.bundle["rule_set"]["id"] == "rural-national"

    async def test_is_refused_after_the_lock_where_marks_would_be_needed(self):
        line, codes = await a_computed_event("90", "80")
        number = await carried(line, a_scheme(FEW))
        await proposal_applying.confirm(line.id, number, by=(await judges_on(line))["C"], at=AT)

        with pytest.raises(MarksFinal) as refused:
            await proposal_applying.confirm(
                line.id, number, by=await an_official(line, Duty.SUPERVISOR), at=AT
            )

        assert codes[0] in str(refused.value)
        assert (await scheme_of(line)).version_number == 1
        assert (await found.proposal(line.id, number)).is_open

    async def test_happens_once_when_two_do_it_at_once(self):
        line, _ = await a_computed_event("90", "80")
        number = await propose_rules(line)
        await vote(line, number)
        await proposal_applying.confirm(line.id, number, by=(await judges_on(line))["C"], at=AT)
        seconds = [await an_official(line, duty) for duty in (Duty.SUPERVISOR, Duty.ORGANIZER)]

        done = await asyncio.gather(
            *(proposal_applying.confirm(line.id, number, by=one, at=AT) for one in seconds),
            return_exceptions=True,
        )

        assert [item for item in done if item is True] == [True]
        assert next(type(item) for item in done if item is not True) in {ProposalOver, Stale}
        assert (await latest(line)).number == 2
        with pytest.raises(ProposalOver):
            await proposal_applying.confirm(line.id, number, by=seconds[0], at=AT)

    async def test_overtakes_every_other_proposal(self):
        line, _ = await a_marked_event("90", "80")
        other = await propose_rules(line)
        number = await carried(line, a_scheme(POINTS, EXTRA))

        await put_in_force(line, number)

        assert (await found.proposal(line.id, other)).status is ProposalStatus.OUTDATED
        judge = (await judges_on(line))["J1"]
        with pytest.raises(ProposalOver):
            await proposals.vote(line.id, other, Vote.FOR, by=judge, at=AT)

    async def test_is_written_into_the_history_of_the_event(self):
        line, _ = await a_marked_event("90", "80")
        number = await carried(line, a_scheme(POINTS, EXTRA))

        await put_in_force(line, number)

        acts = [item.act for item in await journal.records_of(event_subject(line.id))]
        steps = ["made", "voted", "confirmed", "applied"]
        assert all(f"competitions.proposal.{step}" in acts for step in steps)
        assert await journal.journal_problems() == []

    async def test_opens_sheets_for_judges_who_had_none(self):
        line, codes = await a_marked_event("90", "80", seats=5)
        assert {item.seat for item in await sheets.sheets_of(line.ledger)} == {"J1"}
        panel = SchemeAspect("P1", "panel", "外观", "10")
        number = await carried(line, a_scheme(POINTS, panel))

        await put_in_force(line, number)

        opened = await sheets.sheets_of(line.ledger)
        assert sorted({item.seat for item in opened}) == ["J1", "J2", "J3", "J4", "J5"]
        assert {item.seat: item.aspect_count for item in opened}["J1"] == 2
        await mark(line, dict.fromkeys(codes, "8"), aspect="P1")
        await lock(line)
        assert await actions.compute(line.id, by=SYSTEM, at=AT) == 1

    async def test_lets_a_reserve_take_a_seat_afterwards(self):
        line = await an_event(entries=2)
        await seat(line, reserves=[JudgeFacts(name="替补", sign_in_name="reserve")])
        await drawn(line)
        await scoring.start_marking(line.id, by=SYSTEM, at=AT)
        line = await planning.event(line.id)
        number = await propose_rules(line)
        await vote_of_seats(line, number)
        await put_in_force(line, number)
        reserve = (await judges_of(line))["替补"]

        taken = await scoring.stand_in(line.id, "J1", reserve, reason="离场", by=SYSTEM, at=AT)

        assert taken == 2


class TestTablets:
    async def test_that_still_have_the_old_scheme_lose_nothing(self):
        line, _codes = await a_marked_event(
            "90", "80", scheme=a_scheme(replace(POINTS, max="90"), EXTRA)
        )
        [first, _] = await sheets.sheets_of(line.ledger)
        judge = (await judges_on(line))["J1"]
        tablet = await a_tablet(judge)
        row = await row_by_key(first.key)
        old = (await scheme_of(line)).sha256
        number = await carried(line, a_scheme(replace(POINTS, max="95"), EXTRA))
        await put_in_force(line, number)
        new = (await scheme_of(line)).sha256

        tablet.mark(row, "A2", "6", scheme=old)
        tablet.mark(row, "A2", "7", scheme=new)
        answer = await tablet.send({row.key: row.version})

        assert outcomes(answer.results) == [("held", "scheme_changed"), ("ok", "")]
        ledger = await sheets.ledger_of(line.ledger)
        assert ledger is not None
        assert ledger.held_count == 1
        assert answer.sheets[row.key].version > row.version
        assert answer.sheets[row.key].scheme == new

    async def test_that_mark_what_is_gone_are_held_and_decided_with_a_reason(self, tmp_path):
        line, _codes = await a_marked_event("90", "80", scheme=a_scheme(POINTS, EXTRA))
        [first, _] = await sheets.sheets_of(line.ledger)
        bench = await judges_on(line)
        tablet = await a_tablet(bench["J1"])
        row = await row_by_key(first.key)
        old = (await scheme_of(line)).sha256
        await put_in_force(line, await carried(line, a_scheme(POINTS)))

        tablet.mark(row, "A2", "6", scheme=old)
        tablet.mark(row, "A2", "11", scheme=old)
        tablet.mark(row, "A9", "6", scheme=old)
        tablet.mark(row, "A2", "6", scheme=(await scheme_of(line)).sha256)
        answer = await tablet.send({row.key: row.version})

        assert outcomes(answer.results) == [
            ("held", "scheme_changed"),
            ("rejected", "above_range"),
            ("rejected", "unknown_aspect"),
            ("rejected", "unknown_aspect"),
        ]
        page = f"/desk/sheets/{line.ledger}/sheets/{row.key}"
        seen = await shown(row.key, "A2")
        decision = {"aspect": "A2", "state": "cleared", "reason": "评分点已取消", "seen": seen}
        async with a_visit(tmp_path, bench["C"]) as visitor:
            before = await visitor.get(page)
            taken = await visitor.send(page, f"{page}/decide", decision | {"state": "marked"})
            sent = await visitor.send(page, f"{page}/decide", decision)
            again = await visitor.send(page, f"{page}/decide", decision)
            after = await visitor.get(page)
        assert all(word in before.text for word in ("A2 清洁", "评分点已取消", "留存，不计分"))
        assert (sent.status_code, again.status_code) == (303, 422)
        assert taken.status_code == 422
        assert "留存，不计分" not in after.text
        ledger = await sheets.ledger_of(line.ledger)
        assert ledger is not None
        assert ledger.held_count == 0
        assert await verify_ledgers() == []
        assert await propose(line, a_scheme(replace(POINTS, max="95"))) == 2


class TestCanceling:
    async def test_leaves_everything_as_it_was(self):
        line, _ = await a_computed_event("90", "80")
        number = await propose_rules(line)
        root = await sheets.ledger_root(line.ledger)

        await proposals.cancel(line.id, number, reason="经查无误", by=SYSTEM, at=AT)

        proposal = await found.proposal(line.id, number)
        assert (proposal.status, proposal.decision_reason) == (ProposalStatus.CANCELED, "经查无误")
        assert proposal.effect is not None
        assert await sheets.ledger_root(line.ledger) == root
        assert (await planning.event(line.id)).version == line.version
        assert (await latest(line)).number == 1

    async def test_needs_a_reason_and_is_done_once(self):
        line, _ = await a_marked_event("90")
        number = await propose(line, a_scheme(POINTS, EXTRA))
        with pytest.raises(ReasonMissing):
            await proposals.cancel(line.id, number, reason=" ", by=SYSTEM, at=AT)
        await proposals.cancel(line.id, number, reason="撤", by=SYSTEM, at=AT)

        with pytest.raises(ProposalOver):
            await proposals.cancel(line.id, number, reason="撤", by=SYSTEM, at=AT)


class TestAfterUnsealing:
    async def test_everybody_must_agree_and_the_supervisor_confirms(self):
        line, _ = await a_computed_event("90", "80")
        await unseal(line)
        line = await planning.event(line.id)
        assert line.status is EventStatus.UNSEALED
        number = await propose_rules(line)
        bench = await judges_on(line)
        await proposals.vote(line.id, number, Vote.FOR, by=bench["C"], at=AT)
        with pytest.raises(NotCarried):
            await proposal_applying.confirm(line.id, number, by=bench["C"], at=AT)
        await proposals.vote(line.id, number, Vote.FOR, by=bench["J1"], at=AT)
        await proposal_applying.confirm(line.id, number, by=bench["C"], at=AT)
        with pytest.raises(OtherDutyNeeded):
            await proposal_applying.confirm(
                line.id, number, by=await an_official(line, Duty.ORGANIZER), at=AT
            )

        assert await proposal_applying.confirm(line.id, number, by=SYSTEM, at=AT)

        assert (await planning.event(line.id)).status is EventStatus.UNSEALED
        assert (await latest(line)).number == 2

    async def test_an_open_proposal_stands_before_publication_and_none_comes_after(self):
        line, _ = await a_computed_event("90", "80")
        await unseal(line)
        number = await propose_rules(line)
        with pytest.raises(ProposalsOpen):
            await actions.publish(line.id, by=SYSTEM, at=AT)
        await proposals.cancel(line.id, number, reason="撤", by=SYSTEM, at=AT)
        await actions.publish(line.id, by=SYSTEM, at=AT)

        with pytest.raises(PublishedAlready):
            await propose_rules(line)


class TestOutdated:
    async def test_is_what_starts_from_something_else(self):
        line, _ = await a_marked_event("90")
        number = await propose(line, a_scheme(POINTS, EXTRA))
        async with write_transaction():
            from competitions.results.tables import ChangeProposal

            await ChangeProposal.update({ChangeProposal.rule_set_sha256: "0" * 64}).where(
                ChangeProposal.number == number
            )
        judge = (await judges_on(line))["J1"]

        with pytest.raises(ProposalOutdated):
            await proposals.vote(line.id, number, Vote.FOR, by=judge, at=AT)
