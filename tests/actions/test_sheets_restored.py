"""A house restored from an older backup: what tablets were told is lost, and comes back once."""

import pytest

from app.audit.acts import Act
from app.audit.tables import AuditRecord
from app.sheets import queries
from app.sheets.checking import verify_ledgers
from app.sheets.links import Link
from app.sheets.tables import MarkLedger
from tests.builders.sheets import LEDGER, a_judge, a_tablet, open_sheets, outcomes

pytestmark = pytest.mark.anyio


async def lose_what_follows(seq: int, version: int) -> None:
    """Put the house back to a record and a version, as a restored backup does."""
    for sql in (
        f"DELETE FROM mark_head WHERE version > {version}",
        f"DELETE FROM ledger_record WHERE seq > {seq}",
        f"UPDATE mark_sheet SET status = 'open', submitted_at = NULL, version = {version}",
        f"UPDATE mark_ledger SET seq = {seq},"
        f" root = (SELECT hash FROM ledger_record WHERE seq = {seq})",
    ):
        await MarkLedger.raw(sql)


class TestRestored:
    async def test_takes_in_again_what_it_has_lost(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        here, there = await a_tablet(judge), await a_tablet(judge)
        first = here.mark(sheet, "B1", "7")
        await here.send({sheet.key: 0})
        await there.send({sheet.key: 0})
        lost = here.mark(sheet, "B2", "5")
        here.submit(sheet)
        held_there = list(here.waiting)
        await here.send({sheet.key: 2})
        await lose_what_follows(1, 2)
        for value in ("8", "9"):  # The versions overtake those that the first tablet knows.
            there.mark(sheet, "B1", value, parents=[first])
            first = str(there.waiting[-1]["id"])
            answer = await there.send({sheet.key: 2})
            assert not answer.behind

        here.mark(sheet, "B2", "6", parents=[lost])
        here.waiting.append(there_is_more := here.waiting.pop())
        answer = await here.send({sheet.key: 3})

        assert there_is_more["parents"] == [lost]
        assert answer.behind
        assert answer.sheets[sheet.key].since == 0
        assert set(answer.sheets[sheet.key].cells) == {"B1:J1", "B2:J1"}
        here.waiting = held_there
        again = await here.send({sheet.key: 0})
        assert not again.behind
        assert outcomes(again.results) == [("ok", ""), ("ok", "")]
        found = {fact.aspect: fact.value for fact in await queries.marks_of(LEDGER)}
        assert found == {"B1": 9, "B2": 6}
        assert await verify_ledgers() == []
        assert await AuditRecord.count().where(AuditRecord.act == Act.TABLET_AHEAD) == 1

    async def test_is_noticed_until_the_tablet_has_heard_of_it(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1", "7")
        await tablet.send({sheet.key: 0})
        tablet.mark(sheet, "B1", "8")
        await tablet.send({sheet.key: 2})
        told = tablet.links
        await lose_what_follows(1, 2)
        tablet.mark(sheet, "B2", "5")

        assert (await tablet.send_again()).behind  # the answer is lost
        tablet.links = told
        assert (await tablet.send()).behind
        assert not (await tablet.send()).behind

    async def test_is_not_taken_for_the_house_of_an_exercise(self, database: str) -> None:
        judge = await a_judge("王建国")
        [sheet] = await open_sheets({"J1": judge})
        tablet = await a_tablet(judge)
        tablet.mark(sheet, "B1", "7")
        await tablet.send({sheet.key: 0})
        own = tablet.links
        tablet.links = {key: Link(link.seq + 40, "ab" * 8) for key, link in own.items()}

        for house, is_behind in (("cd" * 8, False), (tablet.house, True)):
            tablet.house = house
            assert (await tablet.send()).behind is is_behind
            tablet.links = {key: Link(link.seq + 40, "ab" * 8) for key, link in own.items()}
