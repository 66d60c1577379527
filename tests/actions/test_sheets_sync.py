"""score-sync/1 on a real database: once, in any order, and nothing lost."""

import asyncio
import json
from dataclasses import replace
from itertools import permutations

import pytest
from msgspec import structs

from app.rules.actors import Duty
from app.rules.mark_sheet import AspectKind, MarkState, SchemeName, SheetForm
from app.sheets import acts, backups, forms, queries, rejects, sync
from app.sheets.backups import NotABackup
from app.sheets.board import cells_of, form_of
from app.sheets.checking import verify_ledgers
from app.sheets.deciding import Decision, decide
from app.sheets.keying import MarkUnfit
from app.sheets.rows import row_by_key
from app.sheets.sync import NotOurProtocol, TooManyEntries
from app.sheets.tables import LedgerRecord, MarkSheet, RejectedEntry, Tablet
from app.storage.engine import write_transaction
from tests.builders.sheets import (
    AT,
    LEDGER,
    a_form,
    a_judge,
    a_tablet,
    an_aspect,
    open_sheets,
    outcomes,
    shown,
)

pytestmark = pytest.mark.anyio
DEEP = b"[" * 100_000 + b"]" * 100_000


async def marks() -> dict[tuple[str, str, str], object]:
    return {
        (fact.code, fact.seat, fact.aspect): fact.value for fact in await queries.marks_of(LEDGER)
    }


class TestTakingABatch:
    async def test_each_mark_becomes_one_chained_record(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1", "8.25")
        tablet.mark(sheet, "B2", None)

        answer = await tablet.send({sheet.key: 1})

        assert outcomes(answer.results) == [("ok", ""), ("ok", "")]
        assert await LedgerRecord.count() == 2
        facts = {fact.aspect: fact for fact in await queries.marks_of(LEDGER)}
        assert str(facts["B1"].value) == "33/4"
        assert facts["B2"].state is MarkState.NOT_ATTEMPTED
        assert answer.sheets[sheet.key].cells["B1:J1"].heads[0].v == "8.25"
        assert await verify_ledgers() == []

    async def test_what_was_sent_twice_counts_once(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1")
        first = await tablet.send_again()

        again = await tablet.send_again()

        assert [(r.status, r.dup) for r in first.results] == [("ok", False)]
        assert [(r.status, r.dup) for r in again.results] == [("ok", True)]
        assert await LedgerRecord.count() == 1

    async def test_the_same_batch_twice_at_once_counts_once(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        for number in range(10):
            tablet.mark(sheet, "B1", str(number))

        answers = await asyncio.gather(*(tablet.send_again() for _ in range(4)))

        assert all(result.status == "ok" for answer in answers for result in answer.results)
        assert await LedgerRecord.count() == 10
        assert await verify_ledgers() == []

    async def test_another_content_under_a_known_id_is_rejected_and_kept(
        self, database: str
    ) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        known = tablet.mark(sheet, "B1", "8")
        await tablet.send()
        tablet.mark(sheet, "B1", "9", id=known)

        answer = await tablet.send()

        assert outcomes(answer.results) == [("rejected", "id_reuse")]
        assert await marks() == {("017", "J1", "B1"): 8}
        assert await RejectedEntry.count() == 1

    async def test_a_bad_entry_does_not_fail_the_others(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1")
        tablet.mark(sheet, "B2", "10.01")
        tablet.mark(sheet, "B9")
        tablet.mark(sheet, "B2", "1e3")
        tablet.mark(sheet, "B2", sheet="nowhere")
        tablet.mark(sheet, "B2", actor="forged.pass")
        tablet.mark(sheet, "B2", seq="five")
        tablet.mark(sheet, "B2", mark="thought_about")
        tablet.mark(sheet, "B2")

        answer = await tablet.send_again()
        again = await tablet.send()

        assert outcomes(answer.results) == [
            ("ok", ""),
            ("rejected", "above_range"),
            ("rejected", "unknown_aspect"),
            ("rejected", "not_a_number"),
            ("rejected", "unknown_sheet"),
            ("rejected", "unknown_judge"),
            ("rejected", "unreadable"),
            ("rejected", "unreadable"),
            ("ok", ""),
        ]
        assert outcomes(again.results) == outcomes(answer.results)
        assert await RejectedEntry.count() == 7
        assert len(await marks()) == 2

    async def test_a_clock_that_is_years_wrong_changes_nothing(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        first = tablet.mark(sheet, "B1", "3", at=0)
        tablet.mark(sheet, "B1", "4", at=4_102_444_800_000, parents=[first])

        await tablet.send()

        assert await marks() == {("017", "J1", "B1"): 4}

    async def test_a_heartbeat_tells_how_the_tablet_is(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)

        answer = await tablet.send({sheet.key: 0})

        assert answer.sheets[sheet.key].version == 1
        row = await Tablet.select(Tablet.pending, Tablet.clock_error_ms).first()
        assert row == {"pending": 0, "clock_error_ms": 0}

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"proto":"other/1"}', b"\xff", DEEP])
    async def test_a_strange_body_is_not_our_protocol(self, body: bytes) -> None:
        with pytest.raises(NotOurProtocol):
            sync.decode_batch(body)

    async def test_too_many_entries_are_sent_in_parts(self) -> None:
        batch = {"proto": "score-sync/1", "batch": "b", "device": "d", "seq": 1, "pending": 1}
        body = json.dumps(batch | {"sent_at": 1, "entries": [{}] * 501}).encode()

        with pytest.raises(TooManyEntries):
            sync.decode_batch(body)


class TestWhatWasNotTaken:
    async def test_is_told_to_the_lead_with_its_sheet(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        [elsewhere] = await open_sheets({"J1": judge}, name="competitions.event:13")
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1", "10.5")
        tablet.mark(sheet, "B9", None)
        tablet.mark(sheet, "B2", "8", seq="five")
        tablet.mark(sheet, "B7", None, act="note", mark="", reason="漏浆")
        tablet.mark(sheet, "B2", mark=["marked"], value={"a": 1}, actor=7)
        tablet.mark(sheet, "B1", "8", sheet="no\u0000where")
        tablet.mark(elsewhere, "B9", "8")
        tablet.submit(sheet)
        await tablet.send()

        found = await rejects.rejects_of(sheet.ledger)

        assert [(line.aspect, line.text, line.by) for line in found] == [
            ("B2", "{'a': 1}", ""),
            ("B7", "漏浆", "王建国"),
            ("B2", "8", "王建国"),
            ("B9", "未做", "王建国"),
            ("B1", "10.5", "王建国"),
        ]
        assert {(line.key, line.code, line.seat) for line in found} == {(sheet.key, "017", "J1")}
        assert found[-1].why == "高于最大值。"
        assert await RejectedEntry.count() == 8


class TestConflicts:
    async def test_two_tablets_that_differ_are_a_conflict_until_one_mark_replaces_both(
        self, database: str
    ) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        here, there = await a_tablet(judge), await a_tablet(judge)
        mine, other = here.mark(sheet, "B1", "7"), there.mark(sheet, "B1", "8")
        await here.send()
        await there.send()
        assert await marks() == {}

        here.mark(sheet, "B1", "8", parents=[mine, other])
        answer = await here.send({sheet.key: 0})

        assert await marks() == {("017", "J1", "B1"): 8}
        assert len(answer.sheets[sheet.key].cells["B1:J1"].heads) == 1

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    async def test_the_order_of_arrival_does_not_matter(
        self, database: str, order: tuple[int, ...]
    ) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        first = tablet.mark(sheet, "B1", "1")
        second = tablet.mark(sheet, "B1", "2", parents=[first])
        tablet.mark(sheet, "B1", "3", parents=[second])
        entries = tablet.waiting

        for place in order:
            tablet.waiting = [entries[place]]
            await tablet.send()

        assert await marks() == {("017", "J1", "B1"): 3}
        assert await verify_ledgers() == []

    async def test_the_same_value_from_two_tablets_is_no_conflict(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        here, there = await a_tablet(judge), await a_tablet(judge)
        here.mark(sheet, "B1", "7")
        there.mark(sheet, "B1", "7")
        await here.send()
        await there.send()

        assert await marks() == {("017", "J1", "B1"): 7}


class TestLateMarks:
    async def test_a_mark_on_anothers_sheet_is_held(self, database: str) -> None:
        judge, other = await a_judge("王建国"), await a_judge("李秀兰")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(other)
        tablet.mark(sheet, "B1")

        answer = await tablet.send_again()
        again = await tablet.send()

        assert outcomes(answer.results) == [("held", "reassigned")]
        assert outcomes(again.results) == [("held", "reassigned")]
        assert await marks() == {}
        assert await verify_ledgers() == []

    async def test_a_mark_after_the_submission_is_held(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1")
        tablet.mark(sheet, "B2")
        tablet.submit(sheet)
        tablet.mark(sheet, "B1", "9")

        answer = await tablet.send({sheet.key: 0})

        assert outcomes(answer.results) == [("ok", ""), ("ok", ""), ("ok", ""), ("held", "closed")]
        assert answer.sheets[sheet.key].status == "submitted"
        [line] = await queries.sheets_of(LEDGER)
        assert (line.held_count, line.open_count, line.status.value) == (1, 0, "submitted")

    async def test_a_mark_by_another_scheme_is_held(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1", scheme="cd" * 32)

        answer = await tablet.send()

        assert outcomes(answer.results) == [("held", "scheme_changed")]

    async def test_a_mark_that_fitted_the_former_scheme_is_held_and_set_aside(
        self, database: str
    ) -> None:
        judge, chief = await a_judge("王建国"), await a_judge("赵明", Duty.CHIEF_JUDGE)
        former = a_form(an_aspect("B1"), an_aspect("B2", decimals=2))
        [sheet] = await open_sheets({"J1": judge}, form=former)
        narrow = SheetForm(
            title=former.title,
            scheme=SchemeName("砌筑评分标准", 2, "cd" * 32),
            aspects=(replace(an_aspect("B1"), max="5"), an_aspect("B2", decimals=0)),
        )
        async with write_transaction():
            [form_id] = (await forms.store_within([narrow])).values()
            await acts.set_by_id_within([sheet.id], {MarkSheet.form: form_id})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1", "8")
        tablet.mark(sheet, "B2", "7.25")
        tablet.mark(sheet, "B1", "11")

        answer = await tablet.send()

        assert outcomes(answer.results) == [
            ("held", "scheme_changed"),
            ("held", "scheme_changed"),
            ("rejected", "above_range"),
        ]
        row = await row_by_key(sheet.key)
        for cell in await cells_of(row, await form_of(row)):
            assert [side.is_held for side in cell.sides] == [True]
            assert cell.sides[0].unfit
            seen = await shown(sheet.key, cell.aspect)
            late = Decision(
                sheet=sheet.key,
                aspect=cell.aspect,
                state=MarkState.MARKED,
                value=cell.sides[0].value,
                reason="旧标准",
                seen=seen,
            )
            with pytest.raises(MarkUnfit):
                await decide(LEDGER, late, by=chief, at=AT)
            aside = structs.replace(late, state=MarkState.CLEARED, value=None)
            await decide(LEDGER, aside, by=chief, at=AT)
        [line] = await queries.sheets_of(LEDGER)
        assert (line.held_count, line.open_count) == (0, 2)
        assert await verify_ledgers() == []

    async def test_an_incomplete_sheet_is_not_submitted(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1")
        tablet.submit(sheet)

        answer = await tablet.send({sheet.key: 0})

        assert outcomes(answer.results) == [("ok", ""), ("rejected", "incomplete")]
        assert answer.sheets[sheet.key].status == "open"

    async def test_a_sheet_in_conflict_is_not_submitted(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge}, form=a_form(an_aspect("B1")))
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1", "1")
        tablet.mark(sheet, "B1", "2")
        tablet.submit(sheet)

        answer = await tablet.send()

        assert outcomes(answer.results)[-1] == ("rejected", "conflict")


class TestSealedJudgement:
    async def test_scores_are_told_to_the_others_only_when_all_are_in(self, database: str) -> None:
        judges = {seat: await a_judge(seat) for seat in ("J1", "J2", "J3")}
        form = a_form(an_aspect("B1", AspectKind.JUDGEMENT))
        sheets = {row.seat: row for row in await open_sheets(judges, form=form)}
        tablets = {seat: await a_tablet(judge) for seat, judge in judges.items()}
        known = {sheets["J1"].key: 0}
        tablets["J1"].mark(sheets["J1"], "B1", "1")
        tablets["J2"].mark(sheets["J2"], "B1", "3")
        await tablets["J2"].send()

        before = await tablets["J1"].send(known)
        tablets["J3"].mark(sheets["J3"], "B1", "2")
        await tablets["J3"].send()
        after = await tablets["J1"].send(
            {sheets["J1"].key: before.sheets[sheets["J1"].key].version}
        )

        assert before.sheets[sheets["J1"].key].cells["B1:J1"].others is None
        others = after.sheets[sheets["J1"].key].cells["B1:J1"].others
        assert others is not None
        assert [(other.seat, other.v) for other in others] == [("J2", "3"), ("J3", "2")]

    async def test_a_tablet_hears_nothing_of_anothers_sheet(self, database: str) -> None:
        judges = {seat: await a_judge(seat) for seat in ("J1", "J2")}
        sheets = {row.seat: row for row in await open_sheets(judges)}
        tablet = await a_tablet(judges["J1"])

        answer = await tablet.send({sheets["J2"].key: 0})

        assert answer.sheets == {}


class TestBackup:
    async def test_a_backup_file_and_the_tablet_later_count_once(self, database: str) -> None:
        judge, chief = await a_judge("王建国"), await a_judge("赵明")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1")
        tablet.mark(sheet, "B2", "99")

        taken = await backups.take_in(tablet.body(), by=chief, at=AT)
        later = await tablet.send()

        assert (taken.taken, taken.again, taken.held, taken.rejected) == (1, 0, 0, 1)
        assert later.results[0].dup
        assert await LedgerRecord.count() == 1

    @pytest.mark.parametrize("body", [b"no", b'{"proto":"score-sync/1"}'])
    async def test_a_strange_file_is_refused(self, database: str, body: bytes) -> None:
        with pytest.raises(NotABackup):
            await backups.take_in(body, by=await a_judge("赵明"), at=AT)
