"""Judgements by several seats: sealed until all are in, shown together, too far apart to sign."""

import asyncio
from datetime import timedelta

import pytest

from app.rules.actors import SYSTEM, Actor, Duty
from app.rules.mark_sheet import AspectKind, SheetForm
from app.sheets import actions, keying, settings, signing
from app.sheets.actions import LedgerSpec, SheetSpec
from app.sheets.answers import CellFacts
from app.sheets.checking import verify_ledgers
from app.sheets.judgements import TALK, JudgementsApart, owed_by
from app.sheets.keying import MarkInput
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
            await actions.submit_sheet(hall.seats["J2"][0].key, ledger=LEDGER, by=chief, at=hall.at)

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
