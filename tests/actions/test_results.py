"""From locked sheets to published results."""

import io
import json
from datetime import date

import pytest
from openpyxl import load_workbook

from app.audit.acts import Act
from app.audit.queries import records_of
from app.certificates.early import NoticeOpen
from app.errors import NotAllowed, Stale
from app.rules.actors import SYSTEM, Duty
from app.rules.mark_sheet import MarkState
from app.rules.notice import SHANGHAI
from app.sheets.queries import MarkFact
from competitions.planning import queries as planning
from competitions.planning.actions import event_subject
from competitions.planning.tables import Competition
from competitions.recount.__main__ import recount
from competitions.results import actions, certifying, published, queries, tie_deciding, workbooks
from competitions.results.actions import NotAnnounced, SheetsNotLocked, StillUndecided
from competitions.results.certifying import NotPublished
from competitions.results.event_checklist import event_checklist
from competitions.results.tie_deciding import NoReason, NotTied
from competitions.rules.duties import CodeStatus
from competitions.rules.lifecycle import CompetitionStatus, EventStatus, WrongEventStage
from competitions.scoring import incidents
from tests.builders.certificates import open_house
from tests.builders.events import (
    AT,
    PANEL,
    a_scheme,
    an_event,
    an_official,
    lock,
    mark,
    marking,
    unseal,
)
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio


async def a_locked_event(*values, rule_set="rural-national"):
    """An event whose codes have these values, and the codes."""
    line = await an_event(entries=len(values), rule_set=rule_set)
    codes = await marking(line)
    await mark(line, dict(zip(codes, values, strict=True)))
    await lock(line)
    return line, codes


async def stands(line, status):
    """Let the competition of an event stand where no act leads back to."""
    await Competition.update({Competition.status: status.value}).where(
        Competition.id == line.competition_id
    )


async def places(line):
    line = await planning.event(line.id)
    result = await queries.latest(line.id)
    assert result is not None
    return await queries.places(line, result)


@pytest.mark.usefixtures("database")
class TestCompute:
    async def test_counts_with_both_calculators_and_locks_the_event(self):
        line, codes = await a_locked_event("90", "80.5", "85")

        number = await actions.compute(line.id, by=SYSTEM, at=AT)

        assert number == 1
        assert (await planning.event(line.id)).status is EventStatus.LOCKED
        assert [(item.code, item.rank, item.total, item.award) for item in await places(line)] == [
            (codes[0], 1, "90.00", "金牌"),
            (codes[2], 2, "85.00", "银牌"),
            (codes[1], 3, "80.50", "铜牌"),
        ]

    async def test_keeps_every_version(self):
        line, _ = await a_locked_event("90", "80")

        numbers = [await actions.compute(line.id, by=SYSTEM, at=AT) for _ in range(2)]

        assert numbers == [1, 2]

    async def test_counts_a_field_of_which_nobody_is_left(self, tmp_path):
        line = await an_event(entries=2)
        codes = await marking(line)
        for code in codes:
            await incidents.record_standing(
                line.id, code, CodeStatus.WITHDRAWN, reason="伤病", by=SYSTEM, at=AT
            )
        page = f"/desk/sheets/{line.ledger}"
        async with a_visit(tmp_path, await an_official(line, Duty.CHIEF_JUDGE)) as visitor:
            shown = (await visitor.get(page)).text
            assert "无人参评，可以直接锁定" in shown
            assert (await visitor.send(page, f"{page}/lock", {})).status_code == 303

        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        await actions.publish(line.id, by=SYSTEM, at=AT)

        assert [(item.rank, item.status) for item in await places(line)] == [
            (None, "withdrawn"),
            (None, "withdrawn"),
        ]
        line = await planning.event(line.id)
        assert {item.state for item in (await event_checklist(line))[6:9]} == {"done"}

    async def test_never_comes_after_what_was_published_meanwhile(self):
        line, _ = await a_locked_event("90", "80")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        seen = await planning.event(line.id)
        await actions.publish(line.id, by=SYSTEM, at=AT)

        with pytest.raises(Stale):
            await actions.count_again(seen, by=SYSTEM, at=AT)

        result = await queries.latest(line.id)
        assert result is not None
        assert (result.number, result.published_at) == (1, AT)

    async def test_waits_for_signed_and_locked_sheets(self):
        line = await an_event()
        codes = await marking(line)
        await mark(line, dict.fromkeys(codes, "80"))

        with pytest.raises(SheetsNotLocked):
            await actions.compute(line.id, by=SYSTEM, at=AT)

    async def test_leaves_out_who_did_not_compete_and_takes_deductions_off(self):
        line = await an_event()
        codes = await marking(line)
        await mark(line, dict.fromkeys(codes, "80"))
        await incidents.record_standing(
            line.id, codes[0], CodeStatus.WITHDRAWN, reason="自愿", by=SYSTEM, at=AT
        )
        await incidents.deduct(
            line.id, codes[1], "A", points="1.5", reason="超时", by=SYSTEM, at=AT
        )
        await lock(line)

        await actions.compute(line.id, by=SYSTEM, at=AT)

        assert [(item.code, item.total, item.absence) for item in await places(line)] == [
            (codes[2], "80.00", None),
            (codes[1], "78.50", None),
            (codes[0], None, CodeStatus.WITHDRAWN),
        ]

    async def test_is_for_the_chief_judge_and_the_organizer(self):
        line, _ = await a_locked_event("90")

        with pytest.raises(NotAllowed):
            await actions.compute(line.id, by=await an_official(line, Duty.AUDITOR), at=AT)

    async def test_keeps_a_bundle_that_anyone_can_recount(self):
        line, _ = await a_locked_event("90", "80.5")
        await actions.compute(line.id, by=SYSTEM, at=AT)

        result = await queries.latest(line.id)

        assert result is not None
        assert len(result.bundle["results"]) == 2
        assert recount(json.dumps(result.bundle).encode())["problems"] == []


class TestMarksOfABundle:
    def test_say_once_what_nobody_attempted(self):
        facts = [
            MarkFact("P1", "001", seat, None, MarkState.NOT_ATTEMPTED)
            for seat in ("J1", "J2", "J3")
        ]

        assert queries.marks_document(facts) == [
            {"aspect": "P1", "code": "001", "judge": "J1", "state": "not_attempted"}
        ]

    def test_keep_what_judges_say_differently(self):
        facts = [
            MarkFact("P1", "001", "J1", None, MarkState.NOT_ATTEMPTED),
            MarkFact("P1", "001", "J2", None, MarkState.MISSING),
        ]

        assert [item["state"] for item in queries.marks_document(facts)] == [
            "not_attempted",
            "missing",
        ]


@pytest.mark.usefixtures("database")
class TestTies:
    async def a_tie(self):
        line, codes = await a_locked_event("90", "90", "80", rule_set="rural-province")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        return line, codes

    async def test_stay_undecided_until_the_chief_judge_decides(self):
        line, codes = await self.a_tie()
        result = await queries.latest(line.id)
        assert result is not None
        assert await queries.undecided(line.id, result) == [codes[:2]]

        await tie_deciding.decide_tie(
            line.id, [codes[1], codes[0]], reason="按用时", by=SYSTEM, at=AT
        )

        assert [(item.code, item.rank) for item in await places(line)] == [
            (codes[1], 1),
            (codes[0], 2),
            (codes[2], 3),
        ]
        [decision] = await queries.tie_decisions(line.id)
        assert decision.reason == "按用时"

    async def test_are_parted_whole_and_with_a_reason(self):
        line, codes = await self.a_tie()

        for wrong in (codes[:1], codes, [codes[0], codes[0]], ["999"]):
            with pytest.raises(NotTied):
                await tie_deciding.decide_tie(line.id, wrong, reason="按用时", by=SYSTEM, at=AT)
        with pytest.raises(NoReason):
            await tie_deciding.decide_tie(line.id, codes[:2], reason=" ", by=SYSTEM, at=AT)

    async def test_are_the_chief_judges_to_decide(self):
        line, codes = await self.a_tie()

        with pytest.raises(NotAllowed):
            await tie_deciding.decide_tie(
                line.id, codes[:2], reason="x", by=await an_official(line, Duty.ORGANIZER), at=AT
            )

    async def test_forbid_publication(self):
        line, _ = await self.a_tie()
        await unseal(line)

        with pytest.raises(StillUndecided):
            await actions.publish(line.id, by=SYSTEM, at=AT)


@pytest.mark.usefixtures("database")
class TestPublication:
    async def test_follows_unsealing_and_opens_the_notice(self):
        line, _ = await a_locked_event("90", "80")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        with pytest.raises(WrongEventStage):
            await actions.publish(line.id, by=SYSTEM, at=AT)
        await unseal(line)

        await actions.publish(line.id, by=SYSTEM, at=AT)

        result = await queries.latest(line.id)
        assert result is not None
        assert result.notice_ends_at is not None
        assert f"{result.notice_ends_at.astimezone(SHANGHAI):%F %T}" == "2026-09-24 00:00:00"
        assert {item.names for item in await places(line)} != {""}

    async def test_is_not_made_where_nobody_could_read_it(self):
        line, _ = await a_locked_event("90", "80")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        line = await planning.event(line.id)
        await stands(line, CompetitionStatus.PREPARING)

        with pytest.raises(NotAnnounced):
            await actions.publish(line.id, by=SYSTEM, at=AT)

        step = next(item for item in await event_checklist(line) if item.title == "公布成绩")
        assert (step.state, step.note) == ("blocked", "大赛公告还没有发布")
        await stands(line, CompetitionStatus.ANNOUNCED)
        await actions.publish(line.id, by=SYSTEM, at=AT)
        assert [item.event_id for item in await published.latest_publications(3)] == [line.id]
        await stands(line, CompetitionStatus.PREPARING)
        assert await published.latest_publications(3) == []

    async def test_shows_the_scale_where_places_go_by_it(self, tmp_path):
        line, _ = await a_locked_event("90.4", "90.2", "40", "30", rule_set="worldskills")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        await actions.publish(line.id, by=SYSTEM, at=AT)
        scales = [item.scale for item in await places(line)]

        page = f"/competitions/{line.competition_id}/events/{line.id}"
        async with a_visit(tmp_path, await an_official(line, Duty.AUDITOR)) as visitor:
            shown = (await visitor.get(page)).text

        assert '<th class="number">换算分</th>' in shown
        assert all(f'data-label="换算分">{scale}</td>' in shown for scale in scales)

    async def test_comes_before_certificates(self):
        line, _ = await a_locked_event("90")
        await actions.compute(line.id, by=SYSTEM, at=AT)

        with pytest.raises(NotPublished):
            await certifying.order(line.id, by=SYSTEM, at=AT)

    async def test_is_waited_for_before_certificates_or_a_reason_is_kept(self, tmp_path):
        open_house(tmp_path)
        line, _ = await a_locked_event("90")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        await actions.publish(line.id, by=SYSTEM, at=AT)

        with pytest.raises(NoticeOpen):
            await certifying.order(line.id, reason=" ", by=SYSTEM, at=AT)
        await certifying.order(line.id, reason="颁奖大会", by=SYSTEM, at=AT)

        records = await records_of(event_subject(line.id))
        [early] = [item for item in records if item.act == Act.CERTIFICATES_EARLY]
        assert early.reason == "颁奖大会"
        [ordered] = await records_of("certificates.batch:1")
        assert early.number < ordered.number  # A crash between them leaves no order unexplained.

    async def test_is_over_with_its_last_day(self, tmp_path):
        open_house(tmp_path)
        line, _ = await a_locked_event("90")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        await unseal(line)
        await actions.publish(line.id, by=SYSTEM, at=AT)
        result = await queries.latest(line.id)
        assert result is not None
        assert result.notice_ends_at is not None
        assert result.notice_until == date(2026, 9, 23)

        await certifying.order(line.id, by=SYSTEM, at=result.notice_ends_at)

        acts = {item.act for item in await records_of(event_subject(line.id))}
        assert Act.CERTIFICATES_EARLY not in acts


@pytest.mark.usefixtures("database")
class TestWorkbook:
    async def test_has_names_only_when_open(self):
        line, codes = await a_locked_event("90", "80.5")
        await actions.compute(line.id, by=SYSTEM, at=AT)
        sealed = rows_of(workbooks.workbook(await places(line), is_open=False))
        await unseal(line)

        opened = rows_of(workbooks.workbook(await places(line), is_open=True))

        assert sealed[0] == ("名次", "加密号", "模块 A", "总分", "奖项", "情况")
        assert sealed[1][:4] == (1, codes[0], "90.00", "90.00")
        assert opened[0][2:4] == ("姓名", "代表队")
        assert opened[1][3].endswith("代表队")

    async def test_marks_of_a_panel_are_trimmed_and_meaned(self):
        line = await an_event(entries=1, scheme=a_scheme(PANEL))
        codes = await marking(line, seats=5)
        await mark(line, {codes[0]: "8.5"}, aspect="P1")
        await lock(line)

        await actions.compute(line.id, by=SYSTEM, at=AT)

        assert [item.total for item in await places(line)] == ["8.50"]


def rows_of(content):
    book = load_workbook(io.BytesIO(content))
    return [tuple(value for value in row if value is not None) for row in book.active.values]
