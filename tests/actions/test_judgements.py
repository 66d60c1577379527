"""Judgements by several seats: sealed until all are in, shown together, too far apart to sign."""

import pytest

from app.rules.actors import SYSTEM, Actor, Duty
from app.rules.mark_sheet import AspectKind, SheetForm
from app.sheets import actions, settings, signing
from app.sheets.actions import LedgerSpec, SheetSpec
from app.sheets.judgements import JudgementsApart
from app.sheets.rows import SheetRow, rows_of
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


class TestSpread:
    @pytest.mark.parametrize(("most", "is_apart"), [(1, True), (2, False)])
    async def test_beyond_the_rules_limit_is_not_signed(
        self, database: str, most: int, *, is_apart: bool
    ) -> None:
        chief = await a_judge("赵明", Duty.CHIEF_JUDGE)
        seats = await opened({"J1": SHARED, "J2": SHARED}, max_spread=most)
        for (sheet, tablet), value in zip(seats.values(), ("1", "3"), strict=True):
            tablet.mark(sheet, "C1", value)
            tablet.submit(sheet)
            await tablet.send()

        if is_apart:
            with pytest.raises(JudgementsApart):
                await signing.sign_sheets(ledger=LEDGER, by=chief, at=AT)
        else:
            assert await signing.sign_sheets(ledger=LEDGER, by=chief, at=AT) == 2


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
