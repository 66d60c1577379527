"""Judgements by several seats: sealed until all are in, shown together, too far apart to sign."""

import asyncio
from datetime import timedelta

import pytest

from app.audit.acts import Act
from app.audit.tables import AuditRecord
from app.errors import NotAllowed
from app.rules.actors import SYSTEM, Actor, Duty
from app.rules.mark_sheet import AspectKind, SheetForm
from app.sheets import actions, board, judgements, keying, refitting, settings, signing
from app.sheets.actions import LedgerSpec, SheetSpec
from app.sheets.acts import ReasonNeeded
from app.sheets.answers import CellFacts
from app.sheets.checking import verify_ledgers
from app.sheets.judgements import TALK, JudgementsApart, WordOwed, owed_by
from app.sheets.keying import MarkInput
from app.sheets.refitting import RefitDecision
from app.sheets.rows import SheetRow, row_by_key, rows_of
from app.sheets.tables import MarkLedger
from app.storage.engine import write_transaction
from tests.builders.sheets import (
    AT,
    LEDGER,
    SCOPE,
    FakeTablet,
    a_form,
    a_judge,
    a_tablet,
    an_aspect,
    outcomes,
)

pytestmark = pytest.mark.anyio
A_CHANGE = RefitDecision(reason="方案更改", first=SYSTEM, second=SYSTEM, scheme="cd" * 32)
JUDGED = an_aspect("C1", AspectKind.JUDGEMENT)
EVERY = a_form(an_aspect("B1"), JUDGED, title="全部")
SHARED = a_form(JUDGED, title="共评")


async def opened(
    forms: dict[str, SheetForm], *, max_spread: int = 1
) -> dict[str, tuple[SheetRow, FakeTablet]]:
    judges: dict[str, Actor] = {seat: await a_judge(f"裁判{seat}") for seat in forms}
    specs = [
        SheetSpec(subject_code="017", seat=seat, form=form, account_id=judges[seat].account_id)
        for seat, form in forms.items()
    ]
    ledger = LedgerSpec(name=LEDGER, title="砌筑", scopes=(SCOPE,), max_spread=max_spread)
    async with write_transaction():
        await actions.open_sheets_within(ledger=ledger, specs=specs, by=SYSTEM, at=AT)
    row = await MarkLedger.select(MarkLedger.id).first()
    assert row is not None
    return {
        sheet.seat: (sheet, await a_tablet(judges[sheet.seat]))
        for sheet in await rows_of(row["id"])
    }


async def others_of(sheet: SheetRow, tablet: FakeTablet) -> list[tuple[str, str | None]] | None:
    cell = (await tablet.send({sheet.key: 0})).sheets[sheet.key].cells["C1:" + sheet.seat]
    return None if cell.others is None else [(other.seat, other.v) for other in cell.others]


class TestRevealing:
    async def test_waits_for_every_seat_whatever_form_it_marks(self, database: str) -> None:
        seats = await opened({"J1": EVERY, "J2": SHARED, "J3": SHARED})
        for seat, value in (("J1", "2"), ("J2", "1")):
            sheet, tablet = seats[seat]
            tablet.mark(sheet, "C1", value)
            assert await others_of(sheet, tablet) is None
        sheet, tablet = seats["J3"]
        tablet.mark(sheet, "C1", "3")

        assert await others_of(sheet, tablet) == [("J1", "2"), ("J2", "1")]
        assert await others_of(*seats["J1"]) == [("J2", "1"), ("J3", "3")]


class Hall:
    """Judges at their tablets, one minute after the other."""

    def __init__(self, seats: dict[str, tuple[SheetRow, FakeTablet]]) -> None:
        self.seats = seats
        self.at = AT
        self.last: dict[str, str] = {}

    async def sends(
        self, seat: str, value: str | None = None, *, reason: str = "", submits: bool = False
    ) -> list[tuple[str, str]]:
        """Let a seat mark the judgement, with a word or without, and hand the sheet in."""
        sheet, tablet = self.seats[seat]
        self.at += timedelta(minutes=1)
        if value is not None:
            parents = [self.last[seat]] if seat in self.last else []
            self.last[seat] = tablet.mark(sheet, "C1", value, reason=reason, parents=parents)
        if submits:
            tablet.submit(sheet)
        return outcomes((await tablet.send(at=self.at)).results)

    async def cell(self, seat: str) -> CellFacts:
        """Return what the house says of a seat's judgement."""
        sheet, tablet = self.seats[seat]
        answer = await tablet.send({sheet.key: 0}, at=self.at)
        return answer.sheets[sheet.key].cells[f"C1:{seat}"]

    async def status(self, seat: str) -> tuple[str, str]:
        """Return where a seat's sheet stands, and why it came back."""
        row = await row_by_key(self.seats[seat][0].key)
        return row.status.value, row.returned_reason


OK = [("ok", "")]
TWO_OK = [("ok", ""), ("ok", "")]


class TestSpread:
    async def test_within_the_rules_limit_is_submitted_and_signed(self, database: str) -> None:
        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED}, max_spread=2))

        assert await hall.sends("J1", "1", submits=True) == TWO_OK
        assert await hall.sends("J2", "3", submits=True) == TWO_OK
        assert await signing.sign_sheets(ledger=LEDGER, by=chief, at=hall.at) == 2

    async def test_that_the_house_knows_of_is_not_submitted_and_no_mark_is_lost(
        self, database: str
    ) -> None:
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED}))
        await hall.sends("J1", "1")

        assert await hall.sends("J2", "3", submits=True) == [("ok", ""), ("rejected", "apart")]
        assert await hall.status("J2") == ("open", "")
        cell = await hall.cell("J2")
        assert (cell.heads[0].v, cell.talk) == ("3", "owed")

    async def test_asks_for_a_word_and_a_new_mark_by_each(self, database: str) -> None:
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED}))
        await hall.sends("J1", "1")
        await hall.sends("J2", "3")

        assert await hall.sends("J1", "2", submits=True) == [("ok", ""), ("rejected", "apart")]
        assert await hall.sends("J1", "2", reason="看漏一处缺口", submits=True) == TWO_OK
        assert (await hall.cell("J1")).talk == "given"
        assert (await hall.cell("J2")).talk == "owed"
        assert await hall.sends("J2", submits=True) == [("rejected", "apart")]
        assert await hall.sends("J2", "3", reason="维持，缺口在背面", submits=True) == TWO_OK
        assert (await hall.cell("J2")).talk == ""

    async def test_that_shows_later_opens_what_was_submitted(self, database: str) -> None:
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED}))
        assert await hall.sends("J1", "1", submits=True) == TWO_OK

        assert await hall.sends("J2", "3") == OK

        assert await hall.status("J1") == ("open", TALK)
        assert (await hall.cell("J1")).talk == "owed"
        assert await hall.sends("J1", "2", reason="商议后改", submits=True) == TWO_OK
        assert await hall.status("J1") == ("submitted", "")
        assert await verify_ledgers() == []

    async def test_that_stays_opens_the_sheets_again(self, database: str) -> None:
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED}))
        await hall.sends("J1", "0")
        await hall.sends("J2", "3")
        assert await hall.sends("J1", "0", reason="维持", submits=True) == TWO_OK

        await hall.sends("J2", "3", reason="也维持")

        assert await hall.status("J1") == ("open", TALK)

    async def test_of_two_who_submit_in_the_same_moment_opens_both(self, database: str) -> None:
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED}))

        await asyncio.gather(
            hall.sends("J1", "1", submits=True), hall.sends("J2", "3", submits=True)
        )

        assert [(await hall.status(seat))[0] for seat in ("J1", "J2")] == ["open", "open"]
        assert (await hall.cell("J1")).talk == (await hall.cell("J2")).talk == "owed"

    async def test_that_paper_brings_opens_what_was_submitted(self, database: str) -> None:
        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED}))
        await hall.sends("J1", "1", submits=True)

        async with write_transaction():
            paper = [MarkInput("017", "J2", "C1", "3")]
            await keying.record_marks_within(ledger=LEDGER, marks=paper, by=chief, at=hall.at)

        assert await hall.status("J1") == ("open", TALK)
        with pytest.raises(JudgementsApart):
            async with write_transaction():
                await actions.submit_sheets_within(ledger=LEDGER, by=chief, at=hall.at)

    async def test_after_the_signature_is_left_to_the_lead(self, database: str) -> None:
        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED}))
        await hall.sends("J1", "1", submits=True)
        await signing.sign_sheets(ledger=LEDGER, by=chief, at=hall.at)

        await hall.sends("J2", "3")

        assert await hall.status("J1") == ("signed", "")
        rows = {sheet.id: seat for seat, (sheet, _) in hall.seats.items()}
        assert {rows[sheet]: aspects for sheet, aspects in (await owed_by(rows)).items()} == {
            "J1": ("C1",),
            "J2": ("C1",),
        }


class TestGate:
    async def test_that_fails_ends_the_discussion_for_every_seat(self, database: str) -> None:
        gate = an_aspect("G1", AspectKind.GATE, zeroes=("C1",))
        hall = Hall(await opened({"J1": a_form(gate, JUDGED), "J2": SHARED}))
        await hall.sends("J1", "1")
        await hall.sends("J2", "3")
        sheet, tablet = hall.seats["J1"]
        failed = tablet.mark(sheet, "G1", "0")

        assert await hall.sends("J1", submits=True) == TWO_OK
        assert (await hall.cell("J2")).talk == ""
        assert await hall.sends("J2", submits=True) == OK

        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        await actions.return_sheet(sheet.key, ledger=LEDGER, reason="重查", by=chief, at=hall.at)
        tablet.mark(sheet, "G1", "1", parents=[failed])
        await hall.sends("J1")

        assert await hall.status("J2") == ("open", TALK)
        assert (await hall.cell("J2")).talk == "owed"


class TestScoreTakenBack:
    async def test_lets_the_others_hand_in_until_it_is_given_again(self, database: str) -> None:
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED}))
        await hall.sends("J1", "1")
        await hall.sends("J2", "3")
        sheet, tablet = hall.seats["J2"]
        hall.last["J2"] = tablet.mark(
            sheet, "C1", None, mark="cleared", reason="评错了编号", parents=[hall.last["J2"]]
        )
        await hall.sends("J2")

        assert (await hall.cell("J1")).talk == ""
        assert await hall.sends("J1", submits=True) == OK
        await hall.sends("J2", "3")

        assert await hall.status("J1") == ("open", TALK)


class TestVoidSheet:
    async def test_gives_no_score_that_the_others_wait_for(self, database: str) -> None:
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED, "J3": SHARED}))
        plan = await refitting.refits_of(LEDGER, lambda row: SHARED if row.seat != "J3" else None)
        async with write_transaction():
            await refitting.refit_within(LEDGER, plan, A_CHANGE, at=AT)
        await hall.sends("J1", "1")
        await hall.sends("J2", "3")

        assert await others_of(*hall.seats["J1"]) == [("J2", "3")]
        assert (await hall.cell("J1")).talk == "owed"


class TestAspectThatIsGone:
    async def test_holds_no_sheet_back_with_two_scores(self, database: str) -> None:
        hall = Hall(await opened({"J1": EVERY}))
        sheet, tablet = hall.seats["J1"]
        tablet.mark(sheet, "B1", "1")
        tablet.mark(sheet, "B1", "2")
        await hall.sends("J1", "1")
        plan = await refitting.refits_of(LEDGER, lambda _: SHARED)
        async with write_transaction():
            await refitting.refit_within(LEDGER, plan, A_CHANGE, at=AT)

        assert await hall.sends("J1", submits=True) == OK


async def one_left_to_answer() -> tuple[Hall, Actor]:
    """J1 handed in and went home; J2 marked far apart, and came near after the discussion."""
    hall = Hall(await opened({"J1": SHARED, "J2": SHARED}))
    await hall.sends("J1", "1", submits=True)
    await hall.sends("J2", "3")
    assert await hall.sends("J2", "2", reason="电话商议后改", submits=True) == TWO_OK
    assert await hall.status("J1") == ("open", TALK)
    return hall, await a_judge("赵明", Duty.CHIEF_JUDGE)


class TestJudgeWhoHasGone:
    async def test_is_answered_for_by_the_lead_with_a_reason(self, database: str) -> None:
        hall, chief = await one_left_to_answer()
        key = hall.seats["J1"][0].key

        await actions.submit_for_judge(
            key, ledger=LEDGER, reason=" 电话商议，维持 1 分 ", by=chief, at=hall.at
        )

        assert await hall.status("J1") == ("submitted", "")
        assert await signing.sign_sheets(ledger=LEDGER, by=chief, at=hall.at) == 2
        await actions.lock_ledger(LEDGER, by=chief, at=hall.at)
        assert await verify_ledgers() == []
        said = await board.history_of(await row_by_key(key))
        mark, submission = [row for row in said if row["account_name"] == "赵明"][:2]
        assert (mark["kind"], mark["value_e4"], mark["reason"]) == (
            "mark",
            10_000,
            "电话商议，维持 1 分",
        )
        assert (submission["kind"], submission["reason"]) == ("submit", "电话商议，维持 1 分")
        [entry] = await AuditRecord.select(AuditRecord.reason).where(
            AuditRecord.act == Act.SHEETS_SUBMITTED.value
        )
        assert entry["reason"] == "电话商议，维持 1 分"

    async def test_is_answered_for_by_nobody_else_and_not_without_a_reason(
        self, database: str
    ) -> None:
        hall, chief = await one_left_to_answer()
        sheet, _ = hall.seats["J1"]

        with pytest.raises(ReasonNeeded):
            await actions.submit_for_judge(
                sheet.key, ledger=LEDGER, reason=" ", by=chief, at=hall.at
            )
        judge = await a_judge("李秀兰")
        with pytest.raises(NotAllowed):
            await actions.submit_for_judge(
                sheet.key, ledger=LEDGER, reason="代", by=judge, at=hall.at
            )
        assert await hall.status("J1") == ("open", TALK)

    async def test_is_not_answered_for_while_the_scores_lie_apart(self, database: str) -> None:
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED}))
        await hall.sends("J1", "1", submits=True)
        await hall.sends("J2", "3")
        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        key = hall.seats["J1"][0].key

        with pytest.raises(JudgementsApart):
            await actions.submit_for_judge(key, ledger=LEDGER, reason="代", by=chief, at=hall.at)

        assert (await hall.cell("J1")).talk == "owed"

    async def test_has_the_word_on_paper_though_the_score_stays(self, database: str) -> None:
        hall, chief = await one_left_to_answer()
        paper = [MarkInput("017", "J1", "C1", "1")]
        assert await keying.outcomes_of(LEDGER, paper) == [True]

        async with write_transaction():
            keyed = await keying.record_marks_within(
                ledger=LEDGER, marks=paper, by=chief, at=hall.at
            )

        assert keyed == 1
        assert (await hall.cell("J1")).talk == ""
        assert await keying.outcomes_of(LEDGER, paper) == [False]

    async def test_keeps_the_ledger_open_until_the_word_is_said(self, database: str) -> None:
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED}))
        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        await hall.sends("J1", "1", submits=True)
        await signing.sign_sheets(ledger=LEDGER, by=chief, at=hall.at)
        await hall.sends("J2", "3")
        await hall.sends("J2", "2", reason="商议后改", submits=True)
        await signing.sign_sheets(ledger=LEDGER, by=chief, at=hall.at)

        with pytest.raises(WordOwed):
            await actions.lock_ledger(LEDGER, by=chief, at=hall.at)


async def allow(most: int) -> None:
    async with write_transaction():
        await judgements.allow_within(LEDGER, most, at=AT)


class TestChangedLimit:
    async def test_that_is_narrower_gives_back_what_was_handed_in(self, database: str) -> None:
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED}, max_spread=2))
        await hall.sends("J1", "1", submits=True)
        await hall.sends("J2", "3", submits=True)
        before = (await row_by_key(hall.seats["J1"][0].key)).version

        assert (await hall.cell("J1")).most == 2

        await allow(1)

        assert [await hall.status(seat) for seat in ("J1", "J2")] == [("open", TALK)] * 2
        told = await hall.cell("J1")
        assert (told.talk, told.most) == ("owed", 1)
        assert (await row_by_key(hall.seats["J1"][0].key)).version > before
        assert await verify_ledgers() == []

    async def test_that_is_wider_lets_the_scores_stand(self, database: str) -> None:
        hall = Hall(await opened({"J1": SHARED, "J2": SHARED}))
        await hall.sends("J1", "1")
        await hall.sends("J2", "3")

        await allow(2)

        assert (await hall.cell("J1")).talk == ""
        assert await hall.sends("J1", submits=True) == OK
        assert await hall.sends("J2", submits=True) == OK


class TestSettings:
    async def test_the_leads_choice_outlives_a_change_of_the_rules(self, database: str) -> None:
        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        await opened({"J1": SHARED})
        await settings.choose(LEDGER, shows_sum=True, asks_contestant=False, by=chief, at=AT)
        async with write_transaction():
            ledger = LedgerSpec(name=LEDGER, title="砌筑", scopes=(SCOPE,), max_spread=2)
            await actions.open_sheets_within(ledger=ledger, specs=[], by=SYSTEM, at=AT)

        row = await MarkLedger.select().first()

        assert row is not None
        chosen = settings.settings_of(row)
        assert (chosen.max_spread, chosen.shows_sum, chosen.asks_contestant) == (2, True, False)
