"""From open sheets to a locked ledger, and what may still change after that."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from app.errors import NotAllowed, NotFound, Refusal, Stale
from app.rules.actors import SYSTEM, Actor, Duty
from app.rules.mark_sheet import MarkState, SheetStatus
from app.sheets import (
    actions,
    amendments,
    deciding,
    devices,
    forms,
    keying,
    queries,
    signing,
    watching,
)
from app.sheets import ledger as chain
from app.sheets.acts import (
    ReasonNeeded,
    SheetIncomplete,
    SheetInConflict,
    SheetsUnsigned,
    UndecidedMarks,
)
from app.sheets.amendment_lines import amendments_of
from app.sheets.amendments import NotLockedYet, Overtaken, OwnProposal
from app.sheets.board import cells_of, form_of, ledgers_for, matrix_of
from app.sheets.checking import verify_ledgers
from app.sheets.deciding import Decision, NotAmongThem, NothingToDecide, SignedAlready
from app.sheets.devices import SignOn
from app.sheets.keying import MarkInput, MarkUnfit, NoSuchCell, SheetClosed
from app.sheets.ledger import LedgerLocked
from app.sheets.reopening import reopen_sheets_within
from app.sheets.rows import SheetRow, rows_for
from app.sheets.tables import Amendment, LedgerRecord, MarkHead, MarkLedger, MarkSheet
from app.storage.engine import write_transaction
from competitions.scoring.paper_sheets import Wanted
from tests.builders.sheets import (
    AT,
    LEDGER,
    a_form,
    a_judge,
    a_tablet,
    an_aspect,
    open_sheets,
    shown,
)

pytestmark = pytest.mark.anyio


async def key_in(*marks: MarkInput, by: Actor = SYSTEM) -> int:
    async with write_transaction():
        return await keying.record_marks_within(ledger=LEDGER, marks=marks, by=by, at=AT)


async def submit_all(by: Actor = SYSTEM) -> int:
    async with write_transaction():
        return await actions.submit_sheets_within(ledger=LEDGER, by=by, at=AT)


async def a_signed_ledger(codes: tuple[str, ...] = ("017",)) -> tuple[list[SheetRow], Actor]:
    """A ledger whose sheets are all signed by its chief judge."""
    judge, chief = await a_judge("王建国"), await a_judge("赵明", Duty.CHIEF_JUDGE)
    sheets = await open_sheets({"J1": judge}, codes=codes)
    await key_in(*(MarkInput(code, "J1", aspect, "8") for code in codes for aspect in ("B1", "B2")))
    await submit_all()
    await signing.sign_sheets(ledger=LEDGER, by=chief, at=AT)
    return sheets, chief


async def line() -> queries.SheetLine:
    [found] = await queries.sheets_of(LEDGER)
    return found


async def a_decision(
    sheet: SheetRow, value: str | None = "9", reason: str = "漏看一处", **facts: Any
) -> Decision:
    """A decision about B1 by one who saw its page just now."""
    decision = Decision(
        sheet=sheet.key,
        aspect="B1",
        state=MarkState.MARKED if value is not None else MarkState.NOT_ATTEMPTED,
        value=value,
        reason=reason,
        seen=await shown(sheet.key, "B1"),
    )
    return msgspec.structs.replace(decision, **facts)


async def a_late_mark(sheet: SheetRow, value: str | None = "9", **facts: Any) -> None:
    """A mark on B1 by a judge who is not the sheet's: it is held."""
    tablet = await a_tablet(await a_judge("李秀兰"))
    tablet.mark(sheet, "B1", value, **facts)
    [result] = (await tablet.send()).results
    assert result.status == "held"


class TestOpeningSheets:
    async def test_the_same_sheets_are_not_opened_twice(self, database: str) -> None:
        judge = await a_judge("王建国")
        first = await open_sheets({"J1": judge, "J2": None}, codes=("001", "002"))

        again = await open_sheets({"J1": judge, "J2": None}, codes=("001", "002", "003"))

        assert len(first) == 4
        assert {row.key for row in first} < {row.key for row in again}
        assert len(again) == 6

    async def test_an_open_sheet_goes_to_its_new_judge(self, database: str) -> None:
        judge, other = await a_judge("王建国"), await a_judge("李秀兰")
        await open_sheets({"J1": judge})

        [sheet] = await open_sheets({"J1": other})

        assert sheet.account == other.account_id
        assert sheet.version == 2
        assert [row.key for row in await rows_for(other.account_id or 0)] == [sheet.key]
        assert await rows_for(judge.account_id or 0) == []

    async def test_a_locked_ledger_takes_no_new_sheets(self, database: str) -> None:
        _, chief = await a_signed_ledger()
        await actions.lock_ledger(LEDGER, by=chief, at=AT)

        with pytest.raises(LedgerLocked):
            await open_sheets({"J1": None}, codes=("099",))

    async def test_a_ledger_nobody_opened_is_empty(self, database: str) -> None:
        assert await queries.sheets_of(LEDGER) == []
        assert await queries.ledger_of(LEDGER) is None
        assert await queries.ledger_root(LEDGER) == "0" * 64
        assert await queries.marks_of(LEDGER) == []


class TestKeyingIn:
    async def test_marks_from_paper_count_as_any_other(self, database: str) -> None:
        await open_sheets({"J1": None})

        count = await key_in(
            MarkInput("017", "J1", "B1", "8.25"), MarkInput("017", "J1", "B2", "0")
        )
        same = await key_in(MarkInput("017", "J1", "B1", "8.25"))
        changed = await key_in(MarkInput("017", "J1", "B1", "8.5"))

        assert (count, same, changed) == (2, 0, 1)
        assert {fact.aspect: str(fact.value) for fact in await queries.marks_of(LEDGER)} == {
            "B1": "17/2",
            "B2": "0",
        }
        assert await verify_ledgers() == []

    @pytest.mark.parametrize(
        ("mark", "refusal"),
        [
            (MarkInput("018", "J1", "B1", "8"), NoSuchCell),
            (MarkInput("017", "J1", "B7", "8"), NoSuchCell),
            (MarkInput("017", "J1", "B1", "11"), MarkUnfit),
            (MarkInput("017", "J1", "B1", "acht"), MarkUnfit),
            (MarkInput("017", "J1", "B1", None, MarkState.MISSING), MarkUnfit),
        ],
    )
    async def test_what_does_not_fit_is_refused(
        self, database: str, mark: MarkInput, refusal: type[Refusal]
    ) -> None:
        await open_sheets({"J1": None})

        with pytest.raises(refusal):
            await key_in(mark)

    async def test_a_submitted_sheet_takes_no_marks(self, database: str) -> None:
        await a_signed_ledger()

        with pytest.raises(SheetClosed):
            await key_in(MarkInput("017", "J1", "B1", "9"))


class TestSubmittingAndSigning:
    async def test_an_incomplete_sheet_is_not_submitted(self, database: str) -> None:
        await open_sheets({"J1": None})
        await key_in(MarkInput("017", "J1", "B1", "8"))

        with pytest.raises(SheetIncomplete) as refused:
            await submit_all()

        assert refused.value.facts()["aspects"] == "B2"

    async def test_a_sheet_in_conflict_is_not_submitted(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge}, form=a_form(an_aspect("B1")))
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1", "1")
        tablet.mark(sheet, "B1", "2")
        await tablet.send()

        with pytest.raises(SheetInConflict):
            await submit_all()

    async def test_a_judge_submits_the_own_sheet_and_no_other(self, database: str) -> None:
        judge, other = await a_judge("王建国"), await a_judge("李秀兰")
        await open_sheets({"J1": judge})
        await key_in(MarkInput("017", "J1", "B1", "8"), MarkInput("017", "J1", "B2", "8"))

        with pytest.raises(NotAllowed):
            await submit_all(other)
        assert await submit_all(judge) == 1

        assert (await line()).status is SheetStatus.SUBMITTED

    async def test_only_a_lead_signs(self, database: str) -> None:
        judge, lead = await a_judge("王建国"), await a_judge("孙丽", Duty.EXAMINER)
        assert lead.account_id is not None
        await open_sheets({"J1": judge}, lead_ids=(lead.account_id,))
        await key_in(MarkInput("017", "J1", "B1", "8"), MarkInput("017", "J1", "B2", "8"))
        await submit_all()

        with pytest.raises(NotAllowed):
            await signing.sign_sheets(ledger=LEDGER, by=judge, at=AT)
        assert await signing.sign_sheets(ledger=LEDGER, by=lead, at=AT) == 1

        found = await line()
        assert (found.status, found.signed_by) == (SheetStatus.SIGNED, "孙丽")

    async def test_two_leads_sign_once(self, database: str) -> None:
        judge, chief = await a_judge("王建国"), await a_judge("赵明", Duty.CHIEF_JUDGE)
        await open_sheets({"J1": judge})
        await key_in(MarkInput("017", "J1", "B1", "8"), MarkInput("017", "J1", "B2", "8"))
        await submit_all()

        attempts = (signing.sign_sheets(ledger=LEDGER, by=chief, at=AT) for _ in range(2))
        found = await asyncio.gather(*attempts, return_exceptions=True)

        assert sorted(type(item).__name__ for item in found) == ["Stale", "int"]
        assert await verify_ledgers() == []

    async def test_a_returned_sheet_is_open_again_with_its_reason(self, database: str) -> None:
        [sheet], chief = await a_signed_ledger()

        with pytest.raises(ReasonNeeded):
            await actions.return_sheet(sheet.key, ledger=LEDGER, reason=" ", by=chief, at=AT)
        await actions.return_sheet(sheet.key, ledger=LEDGER, reason="漏签", by=chief, at=AT)
        with pytest.raises(Stale):
            await actions.return_sheet(sheet.key, ledger=LEDGER, reason="漏签", by=chief, at=AT)

        found = await line()
        assert (found.status, found.returned_reason, found.signed_by) == (
            SheetStatus.OPEN,
            "漏签",
            "",
        )


class TestLocking:
    async def test_every_sheet_is_signed_first(self, database: str) -> None:
        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        await open_sheets({"J1": None})

        with pytest.raises(SheetsUnsigned):
            await actions.lock_ledger(LEDGER, by=chief, at=AT)

    async def test_a_void_sheet_needs_no_signature_and_counts_for_nothing(
        self, database: str
    ) -> None:
        _, chief = await a_signed_ledger()
        await open_sheets({"J1": None}, codes=("018",))
        await key_in(MarkInput("018", "J1", "B1", "5"))
        async with write_transaction():
            await actions.void_sheets_within(
                ledger=LEDGER, codes=("018",), reason="缺考", by=chief, at=AT
            )

        await actions.lock_ledger(LEDGER, by=chief, at=AT)

        assert {fact.code for fact in await queries.marks_of(LEDGER)} == {"017"}
        found = await queries.ledger_of(LEDGER)
        assert found is not None
        assert (found.sheet_count, found.signed_count) == (1, 1)

    async def test_a_void_sheet_comes_back_open_with_its_marks(self, database: str) -> None:
        [sheet], chief = await a_signed_ledger()
        async with write_transaction():
            await actions.void_sheets_within(
                ledger=LEDGER, codes=("017",), reason="缺考", by=chief, at=AT
            )

        async with write_transaction():
            count = await reopen_sheets_within(
                ledger=LEDGER, codes=("017",), reason="号码输错", by=chief, at=AT
            )

        found = await line()
        assert count == 1
        assert (found.status, found.returned_reason, found.signed_by) == (
            SheetStatus.OPEN,
            "号码输错",
            "",
        )
        assert (found.marked_count, found.open_count) == (2, 0)
        assert [row.key for row in await rows_for(sheet.account or 0)] == [sheet.key]
        assert await verify_ledgers() == []

    async def test_reopening_asks_for_a_reason_and_an_open_ledger(self, database: str) -> None:
        _, chief = await a_signed_ledger()
        with pytest.raises(ReasonNeeded):
            async with write_transaction():
                await reopen_sheets_within(
                    ledger=LEDGER, codes=("017",), reason=" ", by=chief, at=AT
                )
        await actions.lock_ledger(LEDGER, by=chief, at=AT)

        with pytest.raises(LedgerLocked):
            async with write_transaction():
                await reopen_sheets_within(
                    ledger=LEDGER, codes=("017",), reason="号码输错", by=chief, at=AT
                )

    async def test_the_root_is_the_hash_of_the_last_record(self, database: str) -> None:
        _, chief = await a_signed_ledger()

        root = await actions.lock_ledger(LEDGER, by=chief, at=AT)

        last = await LedgerRecord.select().order_by(LedgerRecord.seq, ascending=False).first()
        assert last is not None
        assert root == last["hash"] == await queries.ledger_root(LEDGER)
        assert (await line()).status is SheetStatus.LOCKED
        assert await verify_ledgers() == []

    async def test_a_signed_sheet_that_lacks_a_mark_is_not_locked(self, database: str) -> None:
        [sheet], chief = await a_signed_ledger()
        async with write_transaction():
            held = await chain.lock_within(LEDGER)
            cleared = await a_decision(sheet, None, state=MarkState.CLEARED)
            place = await deciding.place_within(held, cleared)
            await deciding.append_within(held, place, cleared, authors=(chief, None), at=AT)

        with pytest.raises(SheetIncomplete):
            await actions.lock_ledger(LEDGER, by=chief, at=AT)

    async def test_a_held_mark_is_decided_first(self, database: str) -> None:
        [sheet], chief = await a_signed_ledger()
        await a_late_mark(sheet)
        with pytest.raises(UndecidedMarks):
            await actions.lock_ledger(LEDGER, by=chief, at=AT)
        assert any(cell.sides for cell in await cells_of(sheet, await form_of(sheet)))

        await deciding.decide(LEDGER, await a_decision(sheet, "8", "维持"), by=chief, at=AT)

        assert await actions.lock_ledger(LEDGER, by=chief, at=AT)
        assert await verify_ledgers() == []


class TestDeciding:
    """The lead chooses between marks that judges gave, and gives none."""

    async def a_sheet_in_conflict(self) -> tuple[SheetRow, Actor]:
        judge, chief = await a_judge("王建国"), await a_judge("赵明", Duty.CHIEF_JUDGE)
        [sheet] = await open_sheets({"J1": judge})
        for value in ("5", "7"):
            tablet = await a_tablet(judge)
            tablet.mark(sheet, "B1", value)
            await tablet.send()
        return sheet, chief

    async def test_takes_one_of_two_marks(self, database: str) -> None:
        sheet, chief = await self.a_sheet_in_conflict()

        with pytest.raises(NotAmongThem):
            await deciding.decide(LEDGER, await a_decision(sheet, "6"), by=chief, at=AT)
        await deciding.decide(LEDGER, await a_decision(sheet, "7"), by=chief, at=AT)

        assert {fact.aspect: fact.value for fact in await queries.marks_of(LEDGER)} == {"B1": 7}
        assert await verify_ledgers() == []

    @pytest.mark.parametrize("is_submitted", [False, True])
    async def test_overwrites_no_single_mark(self, database: str, is_submitted: bool) -> None:
        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        [sheet] = await open_sheets({"J1": None}, form=a_form(an_aspect("B1")))
        await key_in(MarkInput("017", "J1", "B1", "8"))
        if is_submitted:
            await submit_all()

        for value in ("8", "9"):
            with pytest.raises(NothingToDecide):
                await deciding.decide(LEDGER, await a_decision(sheet, value), by=chief, at=AT)

        assert [fact.value for fact in await queries.marks_of(LEDGER)] == [8]

    async def test_gives_no_mark_where_there_is_none(self, database: str) -> None:
        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        [sheet] = await open_sheets({"J1": None})

        with pytest.raises(NothingToDecide):
            await deciding.decide(LEDGER, await a_decision(sheet), by=chief, at=AT)

    async def test_a_signed_sheet_goes_back_before_a_late_mark_is_taken(
        self, database: str
    ) -> None:
        [sheet], chief = await a_signed_ledger()
        await a_late_mark(sheet)

        with pytest.raises(SignedAlready):
            await deciding.decide(LEDGER, await a_decision(sheet, "9"), by=chief, at=AT)
        await actions.return_sheet(sheet.key, ledger=LEDGER, reason="迟到", by=chief, at=AT)
        await deciding.decide(LEDGER, await a_decision(sheet, "9"), by=chief, at=AT)

        marks = {fact.aspect: fact.value for fact in await queries.marks_of(LEDGER)}
        assert marks == {"B1": 9, "B2": 8}

    async def test_a_late_mark_is_set_aside_where_nothing_holds(self, database: str) -> None:
        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        [sheet] = await open_sheets({"J1": None})
        await a_late_mark(sheet)
        nothing = await a_decision(sheet, None, state=MarkState.CLEARED)

        await deciding.decide(LEDGER, nothing, by=chief, at=AT)

        assert await queries.marks_of(LEDGER) == []
        found = await line()
        assert (found.held_count, found.open_count) == (0, 2)

    async def test_replaces_no_mark_that_its_page_did_not_show(self, database: str) -> None:
        sheet, chief = await self.a_sheet_in_conflict()
        decision = await a_decision(sheet, "7")
        await a_late_mark(sheet, "9")

        with pytest.raises(Stale):
            await deciding.decide(LEDGER, decision, by=chief, at=AT)
        await deciding.decide(LEDGER, await a_decision(sheet, "7"), by=chief, at=AT)
        with pytest.raises(Stale):
            await deciding.decide(LEDGER, decision, by=chief, at=AT)

    async def test_two_who_decide_at_once_replace_nothing_of_each_other(
        self, database: str
    ) -> None:
        sheet, chief = await self.a_sheet_in_conflict()
        deputy = await a_judge("孙丽", Duty.CHIEF_JUDGE)
        wishes = [
            (await a_decision(sheet, value), by) for value, by in (("5", chief), ("7", deputy))
        ]

        found = await asyncio.gather(
            *(deciding.decide(LEDGER, wish, by=by, at=AT) for wish, by in wishes),
            return_exceptions=True,
        )

        assert sorted(type(item).__name__ for item in found) == ["NoneType", "Stale"]
        assert len(await queries.marks_of(LEDGER)) == 1
        assert await verify_ledgers() == []

    async def test_is_for_sheets_of_the_ledger(self, database: str) -> None:
        _, chief = await self.a_sheet_in_conflict()
        [other] = await open_sheets({"J1": None}, name="competitions.event:13")

        with pytest.raises(NotFound):
            await deciding.decide(LEDGER, await a_decision(other), by=chief, at=AT)


class TestAmendments:
    async def test_it_takes_a_second_person(self, database: str) -> None:
        [sheet], chief = await a_signed_ledger()
        second = await a_judge("钱进", Duty.SUPERVISOR)
        root = await actions.lock_ledger(LEDGER, by=chief, at=AT)
        number = await amendments.propose(LEDGER, await a_decision(sheet), by=chief, at=AT)

        with pytest.raises(OwnProposal):
            await amendments.confirm(LEDGER, number, by=chief, at=AT)
        await amendments.confirm(LEDGER, number, by=second, at=AT + timedelta(hours=1))
        with pytest.raises(Stale):
            await amendments.confirm(LEDGER, number, by=second, at=AT)

        marks = {fact.aspect: fact.value for fact in await queries.marks_of(LEDGER)}
        assert marks == {"B1": 9, "B2": 8}
        assert await queries.ledger_root(LEDGER) != root
        assert await verify_ledgers() == []

    async def test_a_refused_one_changes_nothing(self, database: str) -> None:
        [sheet], chief = await a_signed_ledger()
        second = await a_judge("钱进", Duty.SUPERVISOR)
        root = await actions.lock_ledger(LEDGER, by=chief, at=AT)
        number = await amendments.propose(LEDGER, await a_decision(sheet, None), by=chief, at=AT)

        with pytest.raises(ReasonNeeded):
            await amendments.refuse(LEDGER, number, reason="", by=second, at=AT)
        await amendments.refuse(LEDGER, number, reason="录像不支持", by=second, at=AT)

        assert await queries.ledger_root(LEDGER) == root
        [item] = await amendments_of(sheet.ledger)
        assert (item.outcome, item.decision_reason) == ("refused", "录像不支持")

    async def test_it_needs_a_reason_and_an_aspect_of_the_sheet(self, database: str) -> None:
        [sheet], chief = await a_signed_ledger()
        await actions.lock_ledger(LEDGER, by=chief, at=AT)
        nowhere = await a_decision(sheet, "1", aspect="B9")

        with pytest.raises(ReasonNeeded):
            await amendments.propose(LEDGER, await a_decision(sheet, reason=" "), by=chief, at=AT)
        with pytest.raises(NotFound):
            await amendments.propose(LEDGER, nowhere, by=chief, at=AT)

    async def test_is_for_sheets_of_the_ledger(self, database: str) -> None:
        _, chief = await a_signed_ledger()
        await actions.lock_ledger(LEDGER, by=chief, at=AT)
        [other] = await open_sheets({"J1": None}, name="competitions.event:13")

        with pytest.raises(NotFound):
            await amendments.propose(LEDGER, await a_decision(other), by=chief, at=AT)

    async def test_replaces_nothing_that_came_after_it_was_proposed(self, database: str) -> None:
        [sheet], chief = await a_signed_ledger()
        second = await a_judge("钱进", Duty.SUPERVISOR)
        await actions.lock_ledger(LEDGER, by=chief, at=AT)
        before = await a_decision(sheet, "7")
        await a_late_mark(sheet, "10")
        with pytest.raises(Stale):
            await amendments.propose(LEDGER, before, by=chief, at=AT)
        number = await amendments.propose(LEDGER, await a_decision(sheet, "7"), by=chief, at=AT)
        [item] = await amendments_of(sheet.ledger)
        assert (item.present, item.text, item.is_overtaken) == ("8", "7", False)
        await a_late_mark(sheet, "6")

        [item] = await amendments_of(sheet.ledger)
        assert (item.present, item.text, item.is_overtaken) == ("8", "7", True)
        with pytest.raises(Overtaken):
            await amendments.confirm(LEDGER, number, by=second, at=AT)
        await amendments.refuse(LEDGER, number, reason="有迟到的分数", by=second, at=AT)
        number = await amendments.propose(LEDGER, await a_decision(sheet, "7"), by=chief, at=AT)
        await amendments.confirm(LEDGER, number, by=second, at=AT)

        assert {fact.aspect: fact.value for fact in await queries.marks_of(LEDGER)}["B1"] == 7
        assert (await line()).held_count == 0

    async def test_proposed_before_records_were_named_is_confirmed(self, database: str) -> None:
        [sheet], chief = await a_signed_ledger()
        second = await a_judge("钱进", Duty.SUPERVISOR)
        await actions.lock_ledger(LEDGER, by=chief, at=AT)
        number = await amendments.propose(LEDGER, await a_decision(sheet, "7"), by=chief, at=AT)
        await Amendment.update({Amendment.seen: None}).where(Amendment.id == number)

        await amendments.confirm(LEDGER, number, by=second, at=AT)

        assert {fact.aspect: fact.value for fact in await queries.marks_of(LEDGER)}["B1"] == 7

    async def test_is_confirmed_where_the_ledger_is_locked_and_it_fits(self, database: str) -> None:
        [sheet], chief = await a_signed_ledger()
        second = await a_judge("钱进", Duty.SUPERVISOR)
        await actions.lock_ledger(LEDGER, by=chief, at=AT)
        number = await amendments.propose(LEDGER, await a_decision(sheet, "7"), by=chief, at=AT)
        narrow = a_form(an_aspect("B1", decimals=0), an_aspect("B2"))
        async with write_transaction():
            form_ids = await forms.store_within([narrow])

        await Amendment.update({Amendment.value_e4: 75_000}).where(Amendment.id == number)
        await MarkSheet.update({MarkSheet.form: next(iter(form_ids.values()))}).where(
            MarkSheet.id == sheet.id
        )
        with pytest.raises(MarkUnfit):
            await amendments.confirm(LEDGER, number, by=second, at=AT)
        await MarkLedger.update({MarkLedger.locked_at: None}).where(MarkLedger.name == LEDGER)
        with pytest.raises(NotLockedYet):
            await amendments.confirm(LEDGER, number, by=second, at=AT)

    async def test_before_the_lock_there_is_none(self, database: str) -> None:
        [sheet], chief = await a_signed_ledger()

        with pytest.raises(NotLockedYet):
            await amendments.propose(LEDGER, await a_decision(sheet), by=chief, at=AT)

    @pytest.mark.parametrize("value", ["10.5", "x"])
    async def test_an_amendment_fits_its_aspect(self, database: str, value: str) -> None:
        [sheet], chief = await a_signed_ledger()
        await actions.lock_ledger(LEDGER, by=chief, at=AT)

        with pytest.raises(MarkUnfit):
            await amendments.propose(LEDGER, await a_decision(sheet, value), by=chief, at=AT)

    async def test_the_sheets_own_judge_may_propose(self, database: str) -> None:
        [sheet], chief = await a_signed_ledger()
        await actions.lock_ledger(LEDGER, by=chief, at=AT)
        judge = Actor(sheet.account, "王建国")

        number = await amendments.propose(LEDGER, await a_decision(sheet), by=judge, at=AT)

        await amendments.confirm(LEDGER, number, by=chief, at=AT)

    async def test_a_stranger_neither_proposes_nor_confirms(self, database: str) -> None:
        [sheet], chief = await a_signed_ledger()
        stranger = await a_judge("李秀兰")
        await actions.lock_ledger(LEDGER, by=chief, at=AT)
        number = await amendments.propose(LEDGER, await a_decision(sheet), by=chief, at=AT)

        with pytest.raises(NotAllowed):
            await amendments.propose(LEDGER, await a_decision(sheet), by=stranger, at=AT)
        with pytest.raises(NotAllowed):
            await amendments.confirm(LEDGER, number, by=stranger, at=AT)
        with pytest.raises(NotFound):
            await amendments.confirm("assessments.sitting:1", number, by=stranger, at=AT)


class TestVerifying:
    async def test_finds_a_changed_value(self, database: str) -> None:
        await a_signed_ledger()
        await LedgerRecord.update({LedgerRecord.value_e4: 99_000}).where(LedgerRecord.seq == 1)

        assert await verify_ledgers() == [
            f"ledger {LEDGER}: record 1 was changed, or one before it"
        ]

    async def test_finds_a_missing_record(self, database: str) -> None:
        await a_signed_ledger()
        await LedgerRecord.delete().where(LedgerRecord.seq == 2)

        assert await verify_ledgers() == [f"ledger {LEDGER}: record 2 is missing"]

    async def test_finds_a_present_mark_that_nobody_gave(self, database: str) -> None:
        await a_signed_ledger()
        await MarkHead.update({MarkHead.value_e4: 1}).where(MarkHead.aspect == "B1")

        assert await verify_ledgers() == [
            f"ledger {LEDGER}: 2 present marks do not follow from the records"
        ]


class TestTablets:
    async def test_a_revoked_tablet_sends_no_more_and_is_not_paired_again(
        self, database: str
    ) -> None:
        judge, chief = await a_judge("王建国"), await a_judge("赵明", Duty.CHIEF_JUDGE)
        tablet = await a_tablet(judge)
        await watching.revoke(tablet.facts.id, reason="遗失", by=chief, at=AT)

        assert await devices.tablet_of(tablet.token) is None
        with pytest.raises(devices.TabletRevoked):
            await devices.sign_on(
                SignOn(device=tablet.facts.key, token=tablet.token), by=judge, at=AT
            )
        with pytest.raises(NotFound):
            await watching.revoke(tablet.facts.id, reason="遗失", by=chief, at=AT)
        assert [item.is_revoked for item in await watching.tablets()] == [True]

    async def test_a_tablet_that_shows_its_token_keeps_it(self, database: str) -> None:
        judge = await a_judge("王建国")
        tablet = await a_tablet(judge)

        async def again(token: str) -> str:
            found, _ = await devices.sign_on(
                SignOn(device=tablet.facts.key, token=token), by=judge, at=AT
            )
            return found

        assert await again(tablet.token) == tablet.token
        assert await again("lost") != tablet.token
        assert await devices.tablet_of(tablet.token) is None

    async def test_a_pass_of_another_house_names_nobody(self, database: str) -> None:
        given = devices.make_pass(7, "王建国")

        assert devices.read_pass(given) == devices.Pass(7, "王建国")
        assert devices.read_pass(given[:-2] + "AA") is None
        assert devices.read_pass("") is None
        assert devices.read_pass("%.%") is None


class TestTheBoard:
    async def test_sheets_stand_by_code_and_seat(self, database: str) -> None:
        judge, chief = await a_judge("王建国"), await a_judge("赵明", Duty.CHIEF_JUDGE)
        await open_sheets({"J1": judge, "J2": None}, codes=("001", "002"))

        matrix = matrix_of(await queries.sheets_of(LEDGER))

        assert [(column.seat, column.judges) for column in matrix.columns] == [
            ("J1", ("王建国",)),
            ("J2", ()),
        ]
        assert [row.code for row in matrix.rows] == ["001", "002"]
        assert [ledger.name for ledger in await ledgers_for(chief)] == [LEDGER]
        assert await ledgers_for(judge) == []

    async def test_codes_stand_in_the_order_of_their_numbers(self, database: str) -> None:
        seats = {f"J{number}": await a_judge("王建国") for number in (10, 9)}
        await open_sheets(seats, codes=("10", "2", "1"))

        lines = await queries.sheets_of(LEDGER)
        matrix = matrix_of(lines)

        wanted = [(code, seat) for code in ("1", "2", "10") for seat in ("J9", "J10")]
        assert [(line.code, line.seat) for line in lines] == wanted
        assert [row.code for row in matrix.rows] == ["1", "2", "10"]
        assert [column.seat for column in matrix.columns] == ["J9", "J10"]
        chosen = Wanted(seat="J9", first="2", last="10")
        assert [line.code for line in lines if chosen.takes(line)] == ["2", "10"]

    async def test_records_are_read_newest_first(self, database: str) -> None:
        [sheet], _ = await a_signed_ledger()

        found = await queries.records_of(sheet.ledger, most=2)
        older = await queries.records_of(sheet.ledger, before=found[-1]["seq"])

        assert [row["kind"] for row in [*found, *older]] == ["sign", "submit", "mark", "mark"]
