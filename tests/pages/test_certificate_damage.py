"""One row of the register that cannot be read spoils no list, and is named."""

import io
from typing import Any

import pytest
import qrcode
from openpyxl import load_workbook

from app.certificates import register, soundness, workbooks
from app.certificates.register import CertificateFilter
from app.storage import engine
from tests.builders.certificates import BASIS, issued, some_facts
from tests.builders.visits import a_visit
from tests.pages.test_certificate_pages import an_officer, house, revoke, symbol_of

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
        sheet: Any = load_workbook(io.BytesIO(workbook.content)).active
        told = {row[1].value: row[8].value for row in sheet.iter_rows(min_row=2)}
        assert told == {line.number: "登记损坏", other.number: "有效"}
        assert [one.is_damaged for one in await register.certificates_of(BASIS)] == [True, False]
        assert f"certificate {line.id} " in " ".join(await soundness.log_problems())

    async def test_names_it_beside_the_papers_that_lack_it(self, house):
        line, other = await issued(some_facts(2))
        async with a_visit(house, await an_officer()) as visitor:
            whole = await visitor.get("/desk/certificates/batches/1")
            await engine.run_each("UPDATE certificate SET kind = 9 WHERE id = ?", [[line.id]])
            harmed = await visitor.get("/desk/certificates/batches/1")

        said = "有 1 张证书的登记损坏，不在 PDF 和 ZIP 里"
        assert (said in whole.text, said in harmed.text) == (False, True)
        assert line.number in harmed.text
        assert other.number not in harmed.text


class TestAPicture:
    async def test_is_read_though_its_row_cannot_be(self, house):
        line = (await issued(some_facts(1)))[0]
        picture = io.BytesIO()
        qrcode.make(await symbol_of(line)).get_image().save(picture, "PNG")
        await engine.run_each("UPDATE certificate SET kind = 9 WHERE id = ?", [[line.id]])
        async with a_visit(house) as visitor:
            page = await visitor.send(
                "/verify", "/verify/file", {}, file=("a.png", picture.getvalue(), "image/png")
            )

        assert 'data-verdict="uncertain"' in page.text
        assert "登记被改动或损坏" in page.text
        assert line.name in page.text


class TestTheWorkbook:
    async def test_holds_what_the_list_shows(self, house):
        _, revoked = await issued(some_facts(2))
        await revoke(revoked)
        async with a_visit(house, await an_officer()) as visitor:
            listed = await visitor.get("/desk/certificates?status=revoked")
            answer = await visitor.get("/desk/certificates/register.xlsx?status=revoked")

        sheet: Any = load_workbook(io.BytesIO(answer.content)).active
        assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [revoked.number]
        assert 'href="/desk/certificates/register.xlsx?status=revoked"' in listed.text

    async def test_is_refused_where_it_would_be_too_long(self, house, monkeypatch):
        monkeypatch.setattr(workbooks, "MOST_ROWS", 1)
        await issued(some_facts(2))
        async with a_visit(house, await an_officer()) as visitor:
            answer = await visitor.get("/desk/certificates/register.xlsx")
            fewer = await visitor.get("/desk/certificates/register.xlsx?q=甲")

        assert (answer.status_code, fewer.status_code) == (422, 200)
        assert "要导出的有 2 张证书，一份表格最多 1 张" in answer.text

    async def test_goes_on_past_one_part(self, house, monkeypatch):
        monkeypatch.setattr(register, "PART", 2)
        lines = await issued(some_facts(5))

        content = await workbooks.register_workbook(bases=[BASIS])
        sheet: Any = load_workbook(io.BytesIO(content)).active

        assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [one.number for one in lines]
        assert await register.part_of(CertificateFilter(), []) == []
