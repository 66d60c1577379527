"""One row of the register that cannot be read spoils no list, and is named."""

import pytest

from app.certificates import register, soundness
from app.storage import engine
from tests.builders.certificates import BASIS, issued, some_facts
from tests.builders.visits import a_visit
from tests.pages.test_certificate_pages import an_officer, house

__all__ = ["house"]
pytestmark = pytest.mark.anyio


class TestTheDesk:
    @pytest.mark.parametrize("damage", ["issued_on = '2026/01/01'", "kind = 9", "status = 'x'"])
    async def test_marks_a_damaged_row_and_shows_the_others(self, house, damage):
        if engine.is_server() and "issued_on" in damage:
            return
        line, other = await issued(some_facts(2))
        await engine.run_each(f"UPDATE certificate SET {damage} WHERE id = ?", [[line.id]])

        officer = await an_officer()
        async with a_visit(house, officer) as visitor:
            listed = await visitor.get("/desk/certificates")
            shown = await visitor.client.get(
                f"/desk/certificates/{line.id}", headers={"accept": "text/html"}
            )
            workbook = await visitor.get("/desk/certificates/register.xlsx")

        assert listed.status_code == 200
        assert listed.text.count("登记损坏") == 1
        assert line.number in listed.text
        assert other.number in listed.text
        assert (shown.status_code, "xiangjiang check" in shown.text) == (422, True)
        assert workbook.status_code == 200
        assert [one.is_damaged for one in await register.certificates_of(BASIS)] == [True, False]
        assert f"certificate {line.id} " in " ".join(await soundness.log_problems())
