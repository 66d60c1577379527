"""Pages made for paper: each says how to print it, and leads back to where it belongs."""

import re

import pytest

from app.rules.actors import SYSTEM, Duty
from competitions.results import proposals
from tests.builders.certificates import issued, open_house, some_facts
from tests.builders.events import AT, an_event, an_official, marking
from tests.builders.visits import a_visit

pytestmark = pytest.mark.anyio

BACK = re.compile(
    r'<p class="sheet-head no-print"><a href="([^"]+)">‹ 返回</a><button[^>]*data-print'
)


async def backs(visitor, *addresses):
    """Follow the way back of each page; return where it leads and how that is answered."""
    found = {}
    for address in addresses:
        [back] = BACK.findall((await visitor.get(address)).text)
        found[back] = (await visitor.get(back)).status_code
    return found


class TestPagesForPaper:
    async def test_lead_back_to_their_desk(self, sqlite_database, tmp_path):
        line = await an_event()
        await marking(line)
        number = await proposals.propose_rule_set(
            line.id, "county-craft", reason="选错了规则", by=SYSTEM, at=AT
        )
        place = f"/desk/events/{line.id}"

        async with a_visit(tmp_path, await an_official(line, Duty.ORGANIZER)) as visitor:
            found = await backs(
                visitor,
                f"{place}/check-in/sheet",
                f"{place}/draw/record",
                f"{place}/proposals/{number}/print",
                "/desk/rule-sets/rural-national/1/print",
            )

        assert found == dict.fromkeys(
            (
                f"{place}/check-in",
                f"{place}/draw",
                f"{place}/proposals/{number}",
                "/desk/rule-sets/rural-national/1",
            ),
            200,
        )

    async def test_lead_whoever_is_not_signed_in_to_the_check(self, sqlite_database, tmp_path):
        open_house(tmp_path)
        await issued(some_facts(1))

        async with a_visit(tmp_path) as visitor:
            found = await backs(visitor, "/log/notice")

        assert found == {"/verify": 200}
